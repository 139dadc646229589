"""What is answered when something fails that is nobody's wrong use: a page, or for programs an error of their shape."""

from __future__ import annotations

import sys

from django.db import connection
from django.db.utils import InterfaceError, OperationalError
from django.http import HttpRequest, HttpResponse

from makegood.rooms.counter.rest import refused
from makegood.web import errors

from .logs import tell_fault

_API = "/api/"
_LOST = (503, "unavailable", "The service is closed for a short while. Try again in a few minutes.")
_FAULT = (500, "fault", "Something went wrong here. It is noted.")


def fault(request: HttpRequest) -> HttpResponse:
    """503 and "try again" while the database is away; else 500. Everything is in the log under its reference.

    Django calls it while the exception is being handled, wherever it came from: the page, or what is around the page.
    """
    raised = sys.exc_info()[1]
    if raised is not None and not request.META.get("makegood.told"):
        tell_fault("fault", raised, request=request.META.get("makegood.reference", ""))
    lost = isinstance(raised, OperationalError | InterfaceError)
    if lost:
        connection.close()
    if request.path.startswith(_API):
        answer = refused(*(_LOST if lost else _FAULT))
        if lost:
            answer["Retry-After"] = "300"
        return answer
    return errors.unavailable(request) if lost else errors.fault(request)
