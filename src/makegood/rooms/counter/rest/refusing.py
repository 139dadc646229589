"""Every refusal of the JSON API in one shape: {"error": {"code", "message", "field"}}."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.core.exceptions import RequestDataTooBig
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from ninja import NinjaAPI
from ninja.errors import AuthenticationError, HttpError, ValidationError

from makegood.web.errors import answer_to
from makegood.web.refusals import Refusal

NOT_SIGNED_IN = (401, "not-signed-in", "Send the key as “Authorization: Bearer KEY”.")
NO_SUCH_ADDRESS = (404, "not-found", "There is nothing at this address.")
WRONG_METHOD = (405, "method-not-allowed", "This address does not take this method.")
NOT_READABLE = (400, "not-readable", "The body is not readable as JSON in UTF-8.")
TOO_LARGE = (400, "too-large", "The body is larger than this address takes.")
NOT_VALID = (422, "not-valid", "This is not as it should be.")


def refused(status: int, code: str, message: str, field: str | None = None) -> HttpResponse:
    """A refusal in the one shape."""
    answer = JsonResponse({"error": {"code": code, "message": message, "field": field}}, status=status)
    if status == 401:
        answer["WWW-Authenticate"] = "Bearer"
    return answer


def teach(api: NinjaAPI) -> None:
    """Let an API answer in this shape, whatever goes wrong that is nobody's fault of ours."""

    @api.exception_handler(Refusal)
    def on_refusal(request: HttpRequest, refusal: Refusal) -> HttpResponse:
        return refused(answer_to(refusal).status, refusal.code, str(refusal), refusal.field or None)

    @api.exception_handler(ValidationError)
    def on_validation(request: HttpRequest, error: ValidationError) -> HttpResponse:
        first: dict[str, Any] = error.errors[0] if error.errors else {}
        parts = [str(part) for part in first.get("loc", ()) if part not in ("body", "given", "path", "header", "query")]
        status, code, message = NOT_VALID
        return refused(status, code, str(first.get("msg", message)), ".".join(parts[-2:]) or None)

    @api.exception_handler(AuthenticationError)
    def on_authentication(request: HttpRequest, error: AuthenticationError) -> HttpResponse:
        return refused(*NOT_SIGNED_IN)

    @api.exception_handler(HttpError)
    def on_http(request: HttpRequest, error: HttpError) -> HttpResponse:
        return refused(*NOT_READABLE) if error.status_code == 400 else refused(error.status_code, "refused", str(error))

    @api.exception_handler(RequestDataTooBig)
    def on_too_large(request: HttpRequest, error: RequestDataTooBig) -> HttpResponse:
        return refused(*TOO_LARGE)

    @api.exception_handler(Http404)
    def on_nothing(request: HttpRequest, error: Http404) -> HttpResponse:
        return refused(*NO_SUCH_ADDRESS)


def in_one_shape(view: Callable[..., Any]) -> Callable[..., Any]:
    """Wrap a view of the API, so that a wrong method is told in the one shape too. Keys are asked for within."""

    @wraps(view)
    def shown(request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
        response = view(request, *args, **kwargs)
        if response.status_code == 405:
            answer = refused(*WRONG_METHOD)
            answer["Allow"] = response["Allow"]
            return answer
        return response

    shown.open_to = frozenset({"visitor"})  # type: ignore[attr-defined]  # as web.access writes it
    shown.csrf_exempt = True  # type: ignore[attr-defined]  # no cookie opens anything of the API
    return shown


def nothing_here(request: HttpRequest, rest: str = "") -> HttpResponse:
    """What the API says below its address where there is nothing."""
    return refused(*NO_SUCH_ADDRESS)


nothing_here.open_to = frozenset({"visitor"})  # type: ignore[attr-defined]  # as web.access writes it
nothing_here.csrf_exempt = True  # type: ignore[attr-defined]  # it changes nothing
