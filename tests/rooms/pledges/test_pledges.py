"""A promise is published only when it is fine, keeps its versions, and judges cases as it stood."""

from __future__ import annotations

import json
from datetime import UTC, date, datetime
from pathlib import Path

import pytest
from django.db import transaction
from django.db.utils import DatabaseError

from makegood.rooms.journal.events import SYSTEM, VISITOR, Actor, By, Who
from makegood.rooms.journal.models import Announced
from makegood.rooms.journal.queries import done_to
from makegood.rooms.pledges import queries
from makegood.rooms.pledges.actions import Findings, check, publish_calendar, publish_pledge
from makegood.rooms.pledges.models import PledgeVersion
from makegood.rules import Case, Fact, Status, evaluate, read_pledge
from makegood.schemes import scheme_names, text_of
from makegood.web.refusals import NotAllowed, NotFound, NotPossible

AT = datetime(2026, 6, 1, 9, tzinfo=UTC)
BY = By(actor=Actor(who=Who.STAFF, id="9", roles=frozenset({"manager"})), at=AT)
PLACE = Path(__file__).parents[3] / "src/makegood/rooms/demonstration/place"
TEXT = (PLACE / "pledges/missed-bin.yaml").read_text(encoding="utf-8")
DEMONSTRATION = sorted(PLACE.glob("pledges/*.yaml"))
CALENDAR = """
calendar: depot
title: Days on which the depot works
open: {monday to friday: all day}
closed as in: [england-and-wales]
closed: [2026-06-15 Depot's own day]
complete: 2026-01-01 to 2027-12-31
"""


@pytest.mark.parametrize("file", DEMONSTRATION, ids=lambda file: file.stem)
@pytest.mark.django_db
def test_the_demonstration_place_has_promises_without_a_finding(file: Path) -> None:
    text = file.read_text(encoding="utf-8")
    assert check(text) == []
    number = publish_pledge(BY, text=text)
    assert "Anyborough" in queries.say(number, date(2026, 6, 1), "text")
    assert len(read_pledge(text).examples) >= 4


@pytest.mark.django_db
def test_a_published_promise_is_in_force_and_shown() -> None:
    number = publish_pledge(BY, text=TEXT)
    version = queries.in_force("missed-bin", AT)
    assert (version.id, version.number, version.valid_from) == (number, 1, date(2026, 6, 1))
    assert version.text == TEXT
    [shown] = queries.published(AT)
    assert (shown.name, shown.title, shown.version) == ("missed-bin", "If we miss your bin", 1)
    assert shown.says == ("We come back for a bin that we missed.",)
    assert [each.verb for each in done_to("pledge:missed-bin")] == ["pledges.publish_pledge"]
    assert Announced.objects.get(kind="pledges.PledgePublished").data["version"] == 1


@pytest.mark.django_db
def test_before_its_first_day_a_promise_is_not_in_force() -> None:
    publish_pledge(BY, text=TEXT, valid_from=date(2026, 7, 1))
    with pytest.raises(NotFound):
        queries.in_force("missed-bin", datetime(2026, 6, 30, 22, 59, 59, tzinfo=UTC))
    assert queries.published(AT) == []
    assert queries.in_force("missed-bin", datetime(2026, 6, 30, 23, tzinfo=UTC)).number == 1  # midnight in the place


@pytest.mark.django_db
def test_a_new_version_takes_over_on_its_day_and_the_old_one_stays() -> None:
    first = publish_pledge(BY, text=TEXT)
    better = TEXT.replace("at most £25", "at most £50").replace("owed: £25}", "owed: £50}")
    second = publish_pledge(BY, text=better, valid_from=date(2026, 7, 1))
    assert queries.in_force("missed-bin", datetime(2026, 6, 30, 12, tzinfo=UTC)).id == first
    assert queries.in_force("missed-bin", datetime(2026, 7, 1, 12, tzinfo=UTC)).id == second
    assert [each.number for each in queries.versions("missed-bin")] == [2, 1]
    assert queries.version(first).text == TEXT
    [shown] = queries.published(datetime(2026, 7, 1, 12, tzinfo=UTC))
    assert shown.version == 2


@pytest.mark.django_db
def test_a_correction_on_the_same_day_takes_over_at_once() -> None:
    publish_pledge(BY, text=TEXT)
    second = publish_pledge(BY, text=TEXT.replace("Head of Waste", "Lead of Waste"))
    assert queries.in_force("missed-bin", AT).id == second
    with pytest.raises(NotPossible, match="already published"):
        publish_pledge(BY, text=TEXT.replace("Head of Waste", "Lead of Waste"))


@pytest.mark.django_db
def test_a_promise_cannot_begin_in_the_past() -> None:
    with pytest.raises(NotPossible) as refused:
        publish_pledge(BY, text=TEXT, valid_from=date(2026, 5, 31))
    assert refused.value.field == "valid_from"


@pytest.mark.django_db
def test_every_mistake_is_told_with_its_place_and_nothing_is_published() -> None:
    wrong = TEXT.replace("2 working days, by 18:00", "2 wokring days, by 18:00").replace(
        "we will: bin_collected", "we will: bin_emptied"
    )
    with pytest.raises(Findings) as refused:
        publish_pledge(BY, text=wrong)
    assert refused.value.field == "text"
    assert len(refused.value.findings) >= 2
    said = str(refused.value)
    assert "pledge:" in said
    assert "wokring" in said
    assert "working days" in said
    assert PledgeVersion.objects.count() == 0


@pytest.mark.django_db
def test_a_promise_whose_own_example_does_not_come_out_is_refused() -> None:
    with pytest.raises(Findings, match="£15"):
        publish_pledge(BY, text=TEXT.replace("£5 for each further full", "£4 for each further full"))


@pytest.mark.django_db
@pytest.mark.parametrize(
    "text", ["", "x", "{", "- a", "pledge: a\npledge: b", "\x00", "a: &b c", "x" * 300_000, "[" * 100]
)
def test_a_text_that_is_no_promise_is_refused_in_words(text: str) -> None:
    with pytest.raises(NotPossible) as refused:
        publish_pledge(BY, text=text)
    assert refused.value.field == "text"


@pytest.mark.django_db
@pytest.mark.parametrize(
    "actor", [VISITOR, Actor(who=Who.STAFF, id="1", roles=frozenset({"officer", "administrator"}))]
)
def test_only_a_manager_publishes(actor: Actor) -> None:
    for publish, text in ((publish_pledge, TEXT), (publish_calendar, CALENDAR)):
        with pytest.raises(NotAllowed):
            publish(By(actor=actor, at=AT), text=text)


@pytest.mark.django_db
def test_what_was_promised_cannot_be_changed_or_deleted() -> None:
    number = publish_pledge(BY, text=TEXT)
    for change in ({"text": "x"}, None):
        rows = PledgeVersion.objects.filter(id=number)
        with pytest.raises(DatabaseError), transaction.atomic():
            rows.update(**change) if change else rows.delete()


@pytest.mark.django_db
def test_a_case_is_judged_by_the_version_that_it_keeps() -> None:
    pledge, calendars = queries.judging(publish_pledge(BY, text=TEXT))
    assert queries.judging(queries.in_force("missed-bin", AT).id)[0] is pledge
    case = Case(
        id="1",
        details={"collection_date": "2026-06-11"},
        facts=(Fact(name="bin_reported", at=datetime(2026, 6, 12, 8, tzinfo=UTC)),),
    )
    [outcome] = evaluate(pledge, case, as_of=datetime(2026, 6, 17, 8, tzinfo=UTC), calendars=calendars)
    assert outcome.status is Status.BROKEN
    assert outcome.due_at == datetime(2026, 6, 16, 17, tzinfo=UTC)


@pytest.mark.django_db
def test_a_calendar_of_the_place_counts_at_once_and_keeps_its_versions() -> None:
    publish_calendar(BY, text=CALENDAR)
    number = publish_pledge(BY, text=TEXT.split("\nexamples:")[0].replace("england-and-wales", "depot"))
    before = queries.judging(number)
    monday = (date(2026, 6, 15) - date(1970, 1, 1)).days
    assert before[1]["depot"].why_closed(monday) == "Depot's own day"
    publish_calendar(BY, text=CALENDAR.replace("closed: [2026-06-15 Depot's own day]\n", ""))
    assert queries.judging(number)[1]["depot"].why_closed(monday) is None
    shown = {each.name: each.version for each in queries.calendars_shown()}
    assert shown["depot"] == 2
    assert shown["scotland"] == 0
    assert "england-and-wales" in queries.calendars()
    assert Announced.objects.filter(kind="pledges.CalendarPublished").count() == 2


@pytest.mark.django_db
def test_a_calendar_with_a_mistake_is_refused_with_its_place() -> None:
    with pytest.raises(Findings, match="calendar:4"):
        publish_calendar(BY, text=CALENDAR.replace("monday to friday", "munday"))
    with pytest.raises(Findings, match="no calendar “depot”"):
        publish_calendar(
            BY, text=CALENDAR.replace("calendar: depot", "calendar: other").replace("england-and-wales", "depot")
        )


@pytest.mark.django_db
def test_a_version_is_said_in_words_as_json_and_in_stars() -> None:
    number = publish_pledge(BY, text=TEXT)
    assert "<h" in queries.say(number, date(2026, 6, 1))
    assert "within 2 working days" in queries.say(number, date(2026, 6, 1), "text")
    assert json.loads(queries.as_json(number))["pledge"] == "missed-bin"
    assert queries.five_ys(number).stars["ease"] == 5
    with pytest.raises(NotFound):
        queries.say(number + 1, date(2026, 6, 1))


@pytest.mark.django_db
def test_a_version_tells_the_names_that_a_service_may_use() -> None:
    names = queries.names_in(publish_pledge(BY, text=(PLACE / "pledges/street-light.yaml").read_text(encoding="utf-8")))
    assert "cable_fault_found" in names.facts
    assert names.details == {"danger"}
    assert names.allowed == {"danger": {"yes", "no"}}


@pytest.mark.django_db
@pytest.mark.parametrize("name", scheme_names())
def test_every_scheme_that_ships_can_be_published(name: str) -> None:
    assert publish_pledge(By(actor=SYSTEM, at=AT), text=text_of(name)) > 0
