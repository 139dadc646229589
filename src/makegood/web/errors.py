"""Refusals and faults as pages: one table from what happened to status, heading and the way on."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from http import HTTPStatus

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import render
from django.template import loader

from .refusals import Conflict, NotAllowed, NotFound, NotPossible, Refusal, TooOften


@dataclass(frozen=True, kw_only=True, slots=True)
class Answer:
    """How one kind of refusal is told: the HTTP status, the heading, and what the person can do next."""

    status: int
    heading: str
    next_step: str


ANSWERS: dict[type[Refusal], Answer] = {
    NotAllowed: Answer(
        status=403,
        heading="You may not do this",
        next_step="If you think that you should be able to, ask whoever looks after your account.",
    ),
    NotFound: Answer(
        status=404,
        heading="We cannot find this page",
        next_step="Check the address or the link that you used. Links that we send stop working after a while.",
    ),
    NotPossible: Answer(
        status=422,
        heading="This cannot be done",
        next_step="Go back, change your answer and try again. Nothing has been changed.",
    ),
    Conflict: Answer(
        status=409,
        heading="Somebody was quicker",
        next_step="Go back and load the page again to see how things stand now. Nothing of yours has been changed.",
    ),
    TooOften: Answer(
        status=429,
        heading="Please wait a little",
        next_step="Wait a few minutes and try again. We limit this to keep everyone safe.",
    ),
}


def answer_to(refusal: Refusal) -> Answer:
    """How this refusal is told; for pages and for the JSON API."""
    for kind in type(refusal).__mro__:
        if kind in ANSWERS:
            return ANSWERS[kind]
    return ANSWERS[NotPossible]


def refusal_page(request: HttpRequest, refusal: Refusal) -> HttpResponse:
    """The page for a refusal that no form could show."""
    answer = answer_to(refusal)
    return render(request, "web/refused.html", {"answer": answer, "sentence": str(refusal)}, status=answer.status)


class Refusals:
    """Middleware: a refusal that a view lets through, and an empty 405, become pages. Faults are left to Django."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        """Nothing on the way in; on the way out, words for an address that only takes what a form sends."""
        answer = self.get_response(request)
        if answer.status_code == HTTPStatus.METHOD_NOT_ALLOWED and not getattr(answer, "content", b"."):
            page = render(request, "405.html", status=answer.status_code)
            page["Allow"] = answer["Allow"]
            return page
        return answer

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        """The page of a refusal; None for anything else."""
        return refusal_page(request, exception) if isinstance(exception, Refusal) else None


# Django's own handlers: `handler404 = "makegood.web.errors.not_found"` and so on in the site's urls.


def bad_request(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """400: what was sent makes no sense."""
    return render(request, "400.html", status=400)


def forbidden(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """403: not for this person."""
    return render(request, "403.html", status=403)


def not_found(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """404: nothing here, or nothing that we may tell of."""
    return render(request, "404.html", status=404)


def fault(request: HttpRequest) -> HttpResponse:
    """500: our mistake. The page asks nothing of the database, and says the word by which the log finds the fault."""
    shown = {"reference": request.META.get("makegood.reference", ""), "place": settings.PLACE_NAME}
    return HttpResponse(loader.get_template("500.html").render(shown), status=500)


def unavailable(request: HttpRequest) -> HttpResponse:
    """503: the service is closed for a short while."""
    shown = {"place": settings.PLACE_NAME}
    return HttpResponse(loader.get_template("503.html").render(shown), status=503, headers={"Retry-After": "300"})


def csrf_failed(request: HttpRequest, reason: str = "") -> HttpResponse:
    """For `CSRF_FAILURE_VIEW`: the form was open too long, or cookies are refused."""
    return render(request, "403_csrf.html", status=403)
