"""The door for publishing services."""

from __future__ import annotations

from collections.abc import Mapping

from django.db import connection
from django.db.models import Max

from makegood.rooms.journal.actions import action
from makegood.rooms.journal.events import Act
from makegood.rules import Finding
from makegood.rules.errors import Severity
from makegood.web.refusals import NotPossible

from .events import ServicePublished
from .models import Listed, ServiceText
from .permissions import may_publish
from .rules.reading import Known, check_service
from .rules.words import words_of


class Findings(NotPossible):
    """A text that was refused, with every finding: where, what, what was expected, and the likely mend."""

    def __init__(self, findings: tuple[Finding, ...]) -> None:
        self.findings = findings
        count = len(findings)
        told = "\n".join(str(each) for each in findings)
        super().__init__(
            f"This service cannot be published: {count} {'thing' if count == 1 else 'things'} to mend.\n{told}",
            field="text",
        )


def check(
    text: str, *, facts: frozenset[str], details: frozenset[str], allowed: Mapping[str, frozenset[str]] | None = None
) -> list[Finding]:
    """Every finding about a service's text, warnings too.

    `facts` and `details` are the names that its pledge knows, `allowed` the values of those details that are one of
    some.
    """
    return check_service(text, Known(facts=facts, details=details, allowed=allowed or {}))[1]


@action("services.publish_service", may=may_publish)
def publish_service(
    act: Act,
    *,
    text: str,
    facts: frozenset[str],
    details: frozenset[str],
    allowed: Mapping[str, frozenset[str]] | None = None,
) -> int:
    """Publish a service, or a new version of one; the version. Open cases keep their answers as they are.

    `facts`, `details` and `allowed` are as for `check`. Raises `Findings` when the text has errors.
    """
    service, findings = check_service(text, Known(facts=facts, details=details, allowed=allowed or {}))
    errors = tuple(each for each in findings if each.severity is Severity.ERROR)
    if service is None or errors:
        raise Findings(errors)
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtext(%s))", [f"service:{service.code}"])
    most = ServiceText.objects.filter(code=service.code).aggregate(most=Max("version"))["most"] or 0
    row = ServiceText.objects.create(code=service.code, version=most + 1, text=text, published_at=act.at)
    Listed.objects.update_or_create(code=service.code, defaults={"current": row, "words": words_of(service)})
    act.about(f"service:{service.code}", version=row.version)
    act.announce(ServicePublished(subject=f"service:{service.code}", version=row.version))
    return row.version
