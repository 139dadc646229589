"""Publishing what a place may change: its wordings and its sending hours."""

from __future__ import annotations

from django.db import connection
from django.db.models import Max

from makegood.rooms.journal.actions import action
from makegood.rooms.journal.events import Act
from makegood.rules import PledgeError, read_calendar
from makegood.web.refusals import NotPossible

from .. import queries
from ..events import WordingPublished
from ..models import PublishedWording, SendingHours
from ..permissions import may_publish
from ..rules.wordings import check_replaces, read_wording


@action("messages.publish_wording", may=may_publish)
def publish_wording(act: Act, *, name: str, language: str, text: str) -> int:
    """Publish a wording; its version. A language is used only once somebody has published the wording in it.

    Raises `NotPossible` when the text lacks a word that it must say, or has a place that nothing fills.
    """
    if language not in queries.LANGUAGES:
        raise NotPossible("Choose a language that messages are written in.", field="language")
    check_replaces(read_wording(text, name, language), queries.shipped(name))
    with connection.cursor() as cursor:  # two who publish at once do so one after the other
        cursor.execute("SELECT pg_advisory_xact_lock(hashtext(%s))", [f"wording:{name}"])
    rows = PublishedWording.objects.filter(name=name, language=language)
    version = (rows.aggregate(most=Max("version"))["most"] or 0) + 1
    PublishedWording.objects.create(name=name, language=language, version=version, text=text, published_at=act.at)
    act.about(f"wording:{name}", language=language, version=version)
    act.announce(WordingPublished(subject=f"wording:{name}", language=language, version=version))
    return version


@action("messages.set_sending_hours", may=may_publish)
def set_sending_hours(act: Act, *, text: str) -> None:
    """Set when messages may go out, as the text of a calendar. Raises `NotPossible` with every finding."""
    try:
        read_calendar(text, "sending hours")
    except PledgeError as error:
        raise NotPossible(str(error), field="text") from error
    SendingHours.objects.create(text=text, set_at=act.at)
    act.about("sending-hours")
