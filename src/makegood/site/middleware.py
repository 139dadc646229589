"""What happens around each request: a line in the log, and the database told who looks."""

from __future__ import annotations

import re
import secrets
import time
from collections.abc import Callable

from django.core.exceptions import BadRequest, PermissionDenied, SuspiciousOperation
from django.db import connection
from django.db.utils import InterfaceError, OperationalError
from django.http import Http404, HttpRequest, HttpResponse
from django.http.multipartparser import MultiPartParserError

from makegood.rooms.journal.events import VISITOR
from makegood.rooms.journal.queries import see_as
from makegood.rooms.people.queries import actor_of

from .logs import tell, tell_fault

Answer = Callable[[HttpRequest], HttpResponse]
_NO_FAULTS = (Http404, PermissionDenied, SuspiciousOperation, BadRequest, MultiPartParserError)
_QUIET = ("/static/", "/health")
_WITHOUT_DATABASE = (*_QUIET, "/ready")  # they answer when there is no database


class Log:
    """A line for each request: method, the route's pattern (an address may hold a secret), status, time."""

    def __init__(self, answer: Answer) -> None:
        self.answer = answer

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Answer, then tell."""
        begun = time.perf_counter()
        reference = secrets.token_hex(6)
        request.META["makegood.reference"] = reference
        response = self.answer(request)
        match = request.resolver_match
        if not request.path.startswith(_QUIET):
            tell(
                "request",
                method=request.method,
                route=re.sub(r"\s", "", match.route) if match else "",
                status=response.status_code,
                ms=round((time.perf_counter() - begun) * 1000, 1),
                request=reference,
            )
        response["X-Request"] = reference
        return response

    def process_exception(self, request: HttpRequest, fault: Exception) -> None:
        """Tell of a fault under the request's reference; what Django answers by itself (400, 403, 404) is none."""
        if isinstance(fault, _NO_FAULTS):
            return
        tell_fault("fault", fault, request=request.META.get("makegood.reference", ""))
        request.META["makegood.told"] = True


class WhoLooks:
    """`request.actor` is who looks, and the database is told: its walls are open to staff, and closed to visitors."""

    def __init__(self, answer: Answer) -> None:
        self.answer = answer

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Tell the database before the page, and take it back after."""
        if request.path.startswith(_WITHOUT_DATABASE):
            return self.answer(request)
        try:
            _let_see(request)
        except (OperationalError, InterfaceError):  # the connection was lost since the last request
            connection.close()
            _let_see(request)
        try:
            return self.answer(request)
        finally:
            _see_nothing()


def _let_see(request: HttpRequest) -> None:
    """Find out who looks, and tell the database: a lost connection shows here, so Django need not try it before."""
    connection.health_check_done = True  # type: ignore[attr-defined]  # the types of Django leave it out
    actor = actor_of(request.user) if request.user.is_authenticated else VISITOR
    request.actor = actor  # type: ignore[attr-defined]  # what pages pass to actions and queries
    see_as(actor)


def _see_nothing() -> None:
    """Take the database's eyes back; a connection that was lost is let go, so that nobody else gets it."""
    try:
        see_as(VISITOR)
    except (OperationalError, InterfaceError):
        connection.close()
