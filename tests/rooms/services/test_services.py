"""A service is data: read strictly, found by plain words, and asking only what it needs."""

from __future__ import annotations

from datetime import UTC, date, datetime
from pathlib import Path

import pytest
from django.db import transaction
from django.db.utils import DatabaseError
from hypothesis import given
from hypothesis import strategies as st

from makegood.rooms.journal.events import VISITOR, Actor, By, Who
from makegood.rooms.journal.models import Announced
from makegood.rooms.services import queries
from makegood.rooms.services.actions import Findings, check, publish_service
from makegood.rooms.services.events import Kind, Service
from makegood.rooms.services.models import ServiceText
from makegood.rooms.services.queries import checked_answers, open_questions, say_answer
from makegood.rooms.services.rules.reading import read_service
from makegood.rules import PledgeError, read_pledge
from makegood.rules.errors import Severity
from makegood.web.refusals import NotAllowed, NotFound, NotPossible
from tests.rules.test_speak_page import grade

AT = datetime(2026, 6, 1, 9, tzinfo=UTC)
BY = By(actor=Actor(who=Who.STAFF, id="9", roles=frozenset({"manager"})), at=AT)
PLACE = Path(__file__).parents[3] / "src/makegood/rooms/demonstration/place"
NAMES = ["damp-repair", "missed-bin", "street-light"]
TEXTS = {name: (PLACE / f"services/{name}.yaml").read_text(encoding="utf-8") for name in NAMES}
PLEDGES = {name: read_pledge((PLACE / f"pledges/{name}.yaml").read_text(encoding="utf-8")) for name in NAMES}
BIN, LIGHT, DAMP = (read_service(TEXTS[name], 1) for name in ("missed-bin", "street-light", "damp-repair"))


def known(name: str) -> dict[str, object]:
    """What the pledge of a service knows."""
    pledge = PLEDGES[name]
    return {
        "facts": frozenset(pledge.facts),
        "details": frozenset(pledge.details),
        "allowed": {name: frozenset(detail.values) for name, detail in pledge.details.items() if detail.values},
    }


def publish(name: str, text: str = "") -> int:
    return publish_service(BY, text=text or TEXTS[name], **known(name))  # type: ignore[arg-type]  # as `known` says


def findings(name: str, text: str) -> list[str]:
    return [f"{each.place.line}: {each.found}" for each in check(text, **known(name))]  # type: ignore[arg-type]  # as above


# --- the services of the demonstration place -------------------------------------------------------------------------


@pytest.mark.parametrize("name", NAMES)
def test_the_demonstration_place_has_services_without_a_finding(name: str) -> None:
    assert findings(name, TEXTS[name]) == []


@pytest.mark.parametrize("name", NAMES)
def test_each_question_says_why_it_is_asked_in_plain_words(name: str) -> None:
    service = read_service(TEXTS[name], 1)
    assert all(question.ask.endswith("?") and question.why.endswith(".") for question in service.questions)
    assert grade("\n\n".join(f"{q.ask}\n\n{q.why}" for q in service.questions)) <= 7


@pytest.mark.parametrize("name", NAMES)
def test_every_detail_and_excuse_of_the_promise_can_be_recorded(name: str) -> None:
    service, pledge = read_service(TEXTS[name], 1), PLEDGES[name]
    assert {question.detail for question in service.questions if question.detail} == set(pledge.details)
    recorded = {each.name for each in service.facts} | {each.fact for each in service.exemptions}
    assert set(pledge.facts) == recorded | {
        service.start_fact,
        service.done_fact,
        service.pause_from,
        service.pause_until,
    }


def test_a_closing_reason_says_whether_the_need_was_met() -> None:
    emptied, tagged = BIN.closing("emptied"), BIN.closing("tagged")
    assert emptied is not None
    assert tagged is not None
    assert (emptied.fixed, tagged.fixed) == (True, False)
    assert BIN.closing("fixed") is None


# --- answers ---------------------------------------------------------------------------------------------------------


def test_only_the_questions_that_answers_lead_to_are_open() -> None:
    def open_after(**answers: str) -> list[str]:
        return [each.name for each in open_questions(BIN, answers)]

    assert open_after() == ["bin", "collection_date", "tag", "help_with_bin"]
    assert open_after(bin="food", collection_date="2026-06-01", tag="yes") == ["tag_says", "help_with_bin"]
    assert open_after(bin="food", collection_date="2026-06-01", tag="no", help_with_bin="") == []


def test_good_answers_are_kept_in_one_form() -> None:
    answers = {
        "bin": "food",
        "collection_date": "1/6/2026",
        "tag": "YES",
        "tag_says": " too\r\nfull ",
        "help_with_bin": "",
    }
    kept = checked_answers(BIN, answers, on=date(2026, 6, 2))
    assert kept == {"bin": "food", "collection_date": "2026-06-01", "tag": "yes", "tag_says": "too\nfull"}
    assert BIN.details(kept) == {"collection_date": "2026-06-01"}
    assert checked_answers(BIN, kept, on=date(2026, 6, 2)) == kept


def test_an_answer_to_a_question_that_is_not_asked_is_dropped() -> None:
    kept = checked_answers(
        BIN, {"bin": "food", "collection_date": "2026-06-01", "tag": "no", "tag_says": "x", "colour": "y"}
    )
    assert "tag_says" not in kept
    assert "colour" not in kept


@pytest.mark.parametrize(
    ("answers", "field"),
    [
        ({}, "bin"),
        ({"bin": "purple"}, "bin"),
        ({"bin": "food"}, "collection_date"),
        ({"bin": "food", "collection_date": "yesterday"}, "collection_date"),
        ({"bin": "food", "collection_date": "31 2 2026"}, "collection_date"),
        ({"bin": "food", "collection_date": "2026-06-03"}, "collection_date"),
        ({"bin": "food", "collection_date": "1826-06-03"}, "collection_date"),
        ({"bin": "food", "collection_date": "2026-06-01", "tag": "maybe"}, "tag"),
        ({"bin": "food", "collection_date": "2026-06-01", "tag": "yes", "tag_says": "x" * 2001}, "tag_says"),
        ({"bin": "food", "collection_date": "2026-06-01", "tag": "yes", "tag_says": "a\x00b"}, "tag_says"),
        ({"bin": "food", "collection_date": "2026-06-01", "tag": "yes", "tag_says": "a\u202eb"}, "tag_says"),
        ({"bin": "food", "collection_date": "2026-06-01", "tag": "yes", "tag_says": " \n "}, "tag_says"),
    ],
)
def test_a_bad_answer_is_refused_with_its_question_and_a_sentence(answers: dict[str, str], field: str) -> None:
    with pytest.raises(NotPossible) as refused:
        checked_answers(BIN, answers, on=date(2026, 6, 2))
    assert refused.value.field == field
    assert str(refused.value).endswith(".")


def test_a_number_is_a_small_whole_number() -> None:
    start = {"danger": "no", "problem": "out"}
    assert checked_answers(LIGHT, start | {"how_many": "07"})["how_many"] == "7"
    for wrong in ("-1", "1.5", "ten", "²", "1" * 10):
        with pytest.raises(NotPossible):
            checked_answers(LIGHT, start | {"how_many": wrong})


@given(st.dictionaries(st.sampled_from([q.name for q in DAMP.questions]), st.text(max_size=40)))
def test_whatever_is_answered_is_kept_well_or_refused(answers: dict[str, str]) -> None:
    refused = ""
    kept: dict[str, str] = {}
    try:
        kept = checked_answers(DAMP, answers, on=date(2026, 6, 2))
    except NotPossible as why:
        refused = why.field
    if refused:
        assert refused in {question.name for question in DAMP.questions}
        return
    assert open_questions(DAMP, {q.name: kept.get(q.name, "") for q in DAMP.questions}) == []


def test_answers_are_said_in_the_words_of_the_question() -> None:
    assert say_answer(queries.question(BIN, "bin"), "garden") == "Garden waste"
    assert say_answer(queries.question(BIN, "tag"), "yes") == "Yes"
    with pytest.raises(NotFound):
        queries.question(BIN, "colour")


# --- a text with mistakes --------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("old", "new", "found"),
    [
        ("starts with: bin_reported", "starts with: bin_reportd", "“bin_reportd” is not a fact of the promise"),
        ("detail: collection_date", "detail: colection_date", "“colection_date” is not a detail of the promise"),
        ("kind: date", "kind: dat", "“dat”"),
        ("only if: tag is yes", "only if: tags is yes", "“tags” is no question above this one"),
        ("only if: tag is yes", "only if: tag is maybe", "“maybe” is no answer to “tag”"),
        ("only if: tag is yes", "only if: collection_date is yes", "“collection_date” has answers of any kind"),
        ("only if: tag is yes", "only if: yes", "“yes”"),
        ("    why: It tells us", "    because: It tells us", "a question has no key “because”"),
        ("name: tag_says", "name: tag", "the question “tag” a second time"),
        ("reopen within: 7 days", "reopen within: a week", "“a week”"),
        ("fixed: no}", "fixed: yes}", "closing reasons of one sort alone"),
        ("code: tagged", "code: emptied", "the closing reason “emptied” a second time"),
        ("who: crew", "who: driver", "“driver”"),
        ("severe_weather_declared:", "bad_weather:", "“bad_weather” is not a fact of the promise"),
        ("photo: yes", "photo: perhaps", "“perhaps”"),
        ("name: Missed bin", "name: " + "x" * 81, "81 letters"),
        ("service: missed-bin", "service: missed bin", "“missed bin” cannot be a name"),
        ("summary:", "sumary:", "a service has no key “sumary”"),
    ],
)
def test_a_mistake_is_told_with_its_line(old: str, new: str, found: str) -> None:
    text = TEXTS["missed-bin"].replace(old, new)
    line = next(
        n for n, (a, b) in enumerate(zip(text.split("\n"), TEXTS["missed-bin"].split("\n"), strict=True), 1) if a != b
    )
    told = findings("missed-bin", text)
    assert any(found in each for each in told)
    assert any(abs(int(each.split(":")[0]) - line) <= 2 for each in told)


def test_what_a_pledge_does_not_know_as_a_value_is_refused() -> None:
    told = findings("damp-repair", TEXTS["damp-repair"].replace("      small: {says", "      tiny: {says"))
    assert any("“tiny”, which the promise does not know as hazard" in each for each in told)
    told = findings(
        "damp-repair",
        TEXTS["damp-repair"]
        .replace("    detail: hazard\n", "")
        .replace("  - name: since\n", "  - name: since\n    detail: hazard\n"),
    )
    assert any("“answers of kind date”, which the promise does not know as hazard" in each for each in told)


def test_a_detail_that_nobody_fills_is_a_warning() -> None:
    text = TEXTS["missed-bin"].replace("    detail: collection_date\n", "")
    [warning] = check(text, **known("missed-bin"))  # type: ignore[arg-type]  # as `known` says
    assert warning.severity is Severity.WARNING
    assert "collection_date" in warning.found


@pytest.mark.parametrize(
    "text", ["", "x", "[", "- a", "a: *b", "\x00", "{}", "service: {a: b}", "questions: 3", "questions: [[a]]"]
)
def test_a_text_that_is_no_service_is_refused_in_words(text: str) -> None:
    assert findings("missed-bin", text)


# --- published -------------------------------------------------------------------------------------------------------


@pytest.mark.django_db
def test_a_service_is_published_in_versions_and_older_ones_stay() -> None:
    assert publish("missed-bin") == 1
    assert publish("missed-bin", TEXTS["missed-bin"].replace("name: Missed bin", "name: Bin missed")) == 2
    assert queries.service("missed-bin").name == "Bin missed"
    assert queries.service("missed-bin", 1).name == "Missed bin"
    assert queries.versions("missed-bin") == [2, 1]
    assert [each.version for each in queries.services()] == [2]
    assert queries.service_text("missed-bin", 1) == TEXTS["missed-bin"]
    assert Announced.objects.filter(kind="services.ServicePublished").count() == 2
    for missing in (("missed-bin", 3), ("lost-bin", None)):
        with pytest.raises(NotFound):
            queries.service(*missing)


@pytest.mark.django_db
def test_nothing_is_published_with_a_mistake() -> None:
    with pytest.raises(Findings) as refused:
        publish("missed-bin", TEXTS["missed-bin"].replace("done when: bin_collected", "done when: bin_emptied"))
    assert refused.value.field == "text"
    assert "service:" in str(refused.value)
    assert "bin_emptied" in str(refused.value)
    assert ServiceText.objects.count() == 0


@pytest.mark.django_db
@pytest.mark.parametrize("actor", [VISITOR, Actor(who=Who.STAFF, id="1", roles=frozenset({"adviser"}))])
def test_only_a_manager_publishes(actor: Actor) -> None:
    with pytest.raises(NotAllowed):
        publish_service(By(actor=actor), text=TEXTS["missed-bin"], **known("missed-bin"))  # type: ignore[arg-type]  # as above


@pytest.mark.django_db
def test_what_a_service_said_cannot_be_changed() -> None:
    publish("missed-bin")
    with pytest.raises(DatabaseError), transaction.atomic():
        ServiceText.objects.update(text="x")


@pytest.fixture
def all_three(db: None) -> None:
    for name in NAMES:
        publish(name)


@pytest.mark.parametrize(
    ("words", "first"),
    [
        ("my bin was not emptied", "missed-bin"),
        ("rubish", "missed-bin"),
        ("recyling not collected", "missed-bin"),
        ("wheely bin", "missed-bin"),
        ("street light", "street-light"),
        ("the lampost outside is flikering", "street-light"),
        ("its dark in my street", "street-light"),
        ("mold on the bedroom wall", "damp-repair"),
        ("Black MOULD!!", "damp-repair"),
        ("condensashun", "damp-repair"),
        ("water is coming in", "damp-repair"),
        ("council house repair", "damp-repair"),
    ],
)
def test_a_service_is_found_by_plain_words(all_three: None, words: str, first: str) -> None:
    assert queries.find_services(words)[0].code == first


@pytest.mark.parametrize("words", ["parking ticket", "zzz", "%", "'; drop table", "\x00", "😀"])
def test_words_that_mean_no_service_find_none(all_three: None, words: str) -> None:
    assert [each.code for each in queries.find_services(words)] in ([], NAMES) or words == "parking ticket"
    if words in ("zzz", "parking ticket"):
        assert queries.find_services(words) == []


def test_without_words_every_service_is_shown(all_three: None) -> None:
    shown: list[Service] = queries.find_services(" the ")
    assert [each.code for each in shown] == ["damp-repair", "missed-bin", "street-light"]
    assert {question.kind for each in shown for question in each.questions} == set(Kind)


def test_a_search_is_bounded(all_three: None) -> None:
    assert len(queries.find_services("bin " * 10_000)) >= 1


def test_how_long_a_case_may_wait_is_the_service_s_to_say_and_28_days_where_it_does_not() -> None:
    text = (PLACE / "services" / "missed-bin.yaml").read_text(encoding="utf-8")
    assert read_service(text).wait_days == 28
    capped = text.replace("until: resident_answered}", "until: resident_answered, at most: 5 days}")
    assert read_service(capped).wait_days == 5
    with pytest.raises(PledgeError, match="a number of days"):
        read_service(text.replace("until: resident_answered}", "until: resident_answered, at most: a while}"))


def test_a_question_may_ask_for_a_day_as_far_back_as_people_get_old() -> None:
    today = date(2026, 6, 2)
    text = TEXTS["missed-bin"].replace("kind: date", "kind: date\n    years back: 120")
    answers = {"bin": "food", "collection_date": "1950-02-01", "tag": "no"}
    assert checked_answers(read_service(text, 1), answers, on=today)["collection_date"] == "1950-02-01"
    for service, year in ((read_service(text, 1), 1826), (BIN, 1950)):
        with pytest.raises(NotPossible, match="Check the year"):
            checked_answers(service, answers | {"collection_date": f"{year}-02-01"}, on=today)


def test_how_far_back_is_only_said_of_a_date() -> None:
    text = TEXTS["missed-bin"].replace("kind: yes-no", "kind: yes-no\n    years back: 120", 1)
    with pytest.raises(PledgeError, match="“years back” for a question of kind yes-no"):
        read_service(text, 1)
