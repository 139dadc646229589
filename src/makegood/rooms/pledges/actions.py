"""The door for publishing promises and the calendars that they count in."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime, time
from zoneinfo import ZoneInfo

from django.conf import settings
from django.db import connection
from django.db.models import Max

from makegood.rooms.journal.actions import action, ask_again
from makegood.rooms.journal.events import Act
from makegood.rules import Finding, PledgeError, read_calendar
from makegood.rules.check import check_text
from makegood.rules.errors import Severity
from makegood.schemes import load, scheme_names
from makegood.web.refusals import NotPossible

from . import queries
from .events import CalendarPublished, PledgePublished
from .models import CalendarVersion, PledgeVersion
from .permissions import may_publish

MOST_TEXT = 200_000


class Findings(NotPossible):
    """A text that was refused, with every finding: where, what, what was expected, and the likely mend."""

    def __init__(self, what: str, findings: Iterable[Finding]) -> None:
        self.findings = tuple(findings)
        count = len(self.findings)
        told = "\n".join(str(each) for each in self.findings)
        super().__init__(f"{what}: {count} {'thing' if count == 1 else 'things'} to mend.\n{told}", field="text")


def check(text: str) -> list[Finding]:
    """Every finding about a pledge's text, warnings too; its own examples are run."""
    named = frozenset(scheme_names())
    others = {name: load(name) for name in named if f"{name}/" in text}
    return check_text(text[:MOST_TEXT], "pledge", queries.calendars(), others=others)[1]


@action("pledges.publish_pledge", may=may_publish)
def publish_pledge(act: Act, *, text: str, valid_from: date | None = None) -> int:
    """Publish a version of a pledge, in force from a day (today, unless said); its id.

    Cases keep the version that they were opened under. Raises `Findings` when the text has errors or an example does
    not come out, and `NotPossible` for a day that is past or a text that is already in force.
    """
    _bounded(text)
    errors = [each for each in check(text) if each.severity is Severity.ERROR]
    if errors:
        raise Findings("This promise cannot be published", errors)
    pledge, _ = check_text(text, "pledge", queries.calendars())
    assert pledge is not None  # what has no error was read
    today = queries.local_day(act.at)
    first = valid_from or today
    if first < today:
        raise NotPossible("A promise cannot begin in the past: choose today or a later day.", field="valid_from")
    _alone(f"pledge:{pledge.name}")
    latest = PledgeVersion.objects.filter(name=pledge.name).order_by("-number").first()
    if latest and (latest.text, latest.valid_from) == (text, first):
        raise NotPossible("This text is already published for that day.", field="text")
    row = PledgeVersion.objects.create(
        name=pledge.name,
        number=latest.number + 1 if latest else 1,
        title=pledge.title,
        text=text,
        valid_from=first,
        published_at=act.at,
    )
    begins = datetime.combine(first, time(), ZoneInfo(settings.PLACE_ZONE))
    act.about(f"pledge:{row.name}", version=row.number, id=row.id, valid_from=first.isoformat())
    act.announce(PledgePublished(subject=f"pledge:{row.name}", version=row.number, valid_from=begins))
    return row.id


@action("pledges.publish_calendar", may=may_publish)
def publish_calendar(act: Act, *, text: str) -> int:
    """Publish a calendar, or a new version of one; its id. It counts at once, for open cases too.

    Raises `Findings` when the text has errors.
    """
    _bounded(text)
    try:
        calendar = read_calendar(text, "calendar", calendars=queries.calendars())
    except PledgeError as error:
        raise Findings("This calendar cannot be published", error.findings) from error
    _alone(f"calendar:{calendar.name}")
    number = CalendarVersion.objects.filter(name=calendar.name).aggregate(most=Max("number"))["most"] or 0
    row = CalendarVersion.objects.create(
        name=calendar.name, number=number + 1, title=calendar.title, text=text, published_at=act.at
    )
    ask_again(queries.calendar_state)
    act.about(f"calendar:{row.name}", version=row.number)
    act.announce(CalendarPublished(subject=f"calendar:{row.name}", version=row.number))
    return row.id


def _bounded(text: str) -> None:
    if len(text) > MOST_TEXT:
        raise NotPossible(f"The text has more than {MOST_TEXT:,} letters.", field="text")


def _alone(subject: str) -> None:
    """Let two who publish the same thing at once do so one after the other."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtext(%s))", [subject])
