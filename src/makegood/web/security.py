"""The headers of every answer: a strict content security policy, no tale-telling, nothing private kept by caches."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any, TypeVar, cast

from django.conf import settings
from django.http import HttpRequest, HttpResponseBase

View = TypeVar("View", bound=Callable[..., HttpResponseBase])

_PERMISSIONS = ", ".join(
    f"{feature}=()"
    for feature in (
        "accelerometer",
        "browsing-topics",
        "camera",
        "display-capture",
        "geolocation",
        "gyroscope",
        "microphone",
        "payment",
        "usb",
    )
)


def content_policy(form_origins: tuple[str, ...] = ()) -> str:
    """The policy: scripts, styles, pictures and partial updates from this site, and nothing else from anywhere.

    `form_origins` are further places a posted form may end at: the sign-in service of the organisation, for instance.
    """
    return "; ".join(
        (
            "default-src 'none'",
            "script-src 'self'",
            "style-src 'self'",
            "img-src 'self'",
            "connect-src 'self'",
            f"form-action {' '.join((chr(39) + 'self' + chr(39), *form_origins))}",
            "frame-ancestors 'none'",
            "base-uri 'none'",
        )
    )


class SecurityHeaders:
    """Middleware, the outermost of ours: what a view or a decorator below has already set stays as it is.

    `settings.FORM_ACTION_ORIGINS`, where there is one, widens the places where posted forms may end.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response
        self.headers = {
            "Content-Security-Policy": content_policy(tuple(getattr(settings, "FORM_ACTION_ORIGINS", ()))),
            "Referrer-Policy": "same-origin",
            "X-Content-Type-Options": "nosniff",
            "X-Frame-Options": "DENY",
            "Permissions-Policy": _PERMISSIONS,
            "Cross-Origin-Opener-Policy": "same-origin",
            "Cross-Origin-Resource-Policy": "same-origin",
            "Cache-Control": "no-store",
        }
        if settings.SECURE_HSTS_SECONDS:
            self.headers["Strict-Transport-Security"] = f"max-age={settings.SECURE_HSTS_SECONDS}"

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        """The answer with every header that it does not have yet."""
        response = self.get_response(request)
        for name, value in self.headers.items():
            response.headers.setdefault(name, value)
        return response


def for_everybody(view: View) -> View:
    """Mark a page that is the same for all who look: a browser may keep it, asking each time whether it still holds."""

    @wraps(view)
    def shown(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        response = view(request, *args, **kwargs)
        response.headers.setdefault("Cache-Control", "no-cache")
        return response

    return cast("View", shown)


def by_private_link(view: View) -> View:
    """Mark a page whose address is itself a secret: no site that it links to learns the address, no search engine
    lists it, and no cache keeps it."""

    @wraps(view)
    def shown(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        response = view(request, *args, **kwargs)
        response.headers["Referrer-Policy"] = "no-referrer"
        response.headers["X-Robots-Tag"] = "noindex, nofollow"
        response.headers["Cache-Control"] = "no-store"
        return response

    return cast("View", shown)
