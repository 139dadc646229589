"""Who has a case, who may see it, and what is said in it."""

from __future__ import annotations

import io
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.db import connection
from PIL import Image

from makegood.rooms.cases import actions, queries
from makegood.rooms.cases.events import Resident
from makegood.rooms.cases.rules.photos import LONGEST_SIDE
from makegood.rooms.journal.events import SYSTEM, VISITOR, By
from makegood.rooms.journal.models import Announced, Entry
from makegood.rooms.journal.queries import see_as
from makegood.rooms.people.models import Organisation, Team
from makegood.web.refusals import Conflict, NotAllowed, NotFound, NotPossible

from .place import ADVISER, CREW, OFFICER, STREETS, opened, resident_of

pytestmark = pytest.mark.usefixtures("place")
AT = datetime(2026, 6, 12, 9, tzinfo=UTC)
HOUR = timedelta(hours=1)


def by(actor: Any = ADVISER, at: datetime = AT) -> By:
    return By(actor=actor, at=at)


@pytest.fixture
def teams(place: None) -> None:
    organisation = Organisation.objects.create(code="council", name="Anyborough Council")
    for code in ("waste", "streets", "homes"):
        Team.objects.create(code=code, name=code.title(), organisation=organisation)


# --- handing over ----------------------------------------------------------------------------------------------------


@pytest.mark.usefixtures("teams")
def test_a_case_stays_with_its_team_until_the_other_accepts() -> None:
    reference = opened()
    asked = actions.hand_over(by(), case=reference, team="streets", context="It stands on the main road")
    who = queries.who_has(reference)
    assert (who.team, who.offered_to) == ("waste", "streets")
    with pytest.raises(NotAllowed):
        actions.accept_hand_over(by(ADVISER), hand_over=asked)
    actions.accept_hand_over(by(STREETS), hand_over=asked)
    who = queries.who_has(reference)
    assert (who.team, who.owner, who.offered_to) == ("streets", STREETS.id, "")
    with pytest.raises(Conflict):
        actions.decline_hand_over(by(STREETS), hand_over=asked, reason="too late")


@pytest.mark.usefixtures("teams")
def test_a_declined_case_is_with_the_sender_with_the_reason() -> None:
    reference = opened()
    asked = actions.hand_over(by(), case=reference, team="streets", context="Main road")
    assert [each.id for each in queries.hand_overs_to(["streets"])] == [asked]
    with pytest.raises(NotPossible):
        actions.decline_hand_over(by(STREETS), hand_over=asked, reason=" ")
    actions.decline_hand_over(by(STREETS), hand_over=asked, reason="It is a private road")
    assert queries.who_has(reference).team == "waste"
    [handed] = queries.hand_overs_of(reference)
    assert (handed.answer, handed.reason) == ("declined", "It is a private road")
    assert queries.hand_overs_to(["streets"]) == []


@pytest.mark.usefixtures("teams")
@pytest.mark.parametrize(
    ("team", "context", "field"), [("nobody", "x", "team"), ("waste", "x", "team"), ("streets", "", "context")]
)
def test_a_hand_over_needs_another_team_and_context(team: str, context: str, field: str) -> None:
    with pytest.raises(NotPossible) as refused:
        actions.hand_over(by(), case=opened(), team=team, context=context)
    assert refused.value.field == field


# --- duplicates ------------------------------------------------------------------------------------------------------


def test_duplicates_are_linked_and_each_keeps_reference_clock_and_entitlement() -> None:
    first, second = opened(at=AT - HOUR), opened()
    before = [queries.standings_of(each)[0].due_at for each in (first, second)]
    actions.link_duplicate(by(), case=second, original=first)
    assert [(each.case, each.original) for each in queries.duplicates_of(second)] == [(first, True)]
    assert [(each.case, each.original) for each in queries.duplicates_of(first)] == [(second, False)]
    actions.close_case(by(at=AT + HOUR), case=first, closing="fixed")
    assert queries.case_of(second).open
    assert [queries.standings_of(each)[0].due_at for each in (first, second)] == before
    actions.unlink_duplicate(by(), case=second, original=first)
    assert queries.duplicates_of(first) == []
    with pytest.raises(NotPossible):
        actions.link_duplicate(by(), case=second, original=second)


def test_cases_of_one_subject_are_judged_together() -> None:
    home = {"home": "12"}
    first = opened("damp", AT, answers=home)
    second = opened("damp", AT + timedelta(days=9), answers=home)
    other = opened("damp", AT + timedelta(days=9), answers={"home": "13"})
    late = AT + timedelta(days=12)
    actions.notice_due(by(SYSTEM, late), limit=10)
    owed = {each: int(queries.standings_of(each)[0].owed) for each in (first, second, other)}
    assert owed == {first: 0, second: 20, other: 0}
    seen = next(fact for fact in queries.fact_list(first) if fact.name == "damp_reported")
    actions.record_fact(by(at=late), case=first, fact="damp_seen", at=AT + HOUR)
    assert seen.stands
    assert int(queries.standings_of(second)[0].owed) == 0  # the first was in time after all: this is no second breach
    assert len(queries.breaches_of([first, second])) == 2


# --- contacts --------------------------------------------------------------------------------------------------------


def test_a_contact_has_channel_reason_and_whether_it_settled_it() -> None:
    reference = opened()
    actions.log_contact(by(), case=reference, channel="telephone", reason="progress_chasing", resolved=False)
    [contact] = queries.contacts_of(reference)
    assert (contact.channel, contact.reason, contact.resolved) == ("telephone", "progress_chasing", False)
    for wrong in ({"channel": "pigeon"}, {"reason": "boredom"}):
        with pytest.raises(NotPossible):
            actions.log_contact(
                by(),
                **({"case": reference, "channel": "web", "reason": "needed"} | wrong),  # type: ignore[arg-type]
            )


# --- what is personal ------------------------------------------------------------------------------------------------

SECRET = "Zebedee Quux"


def test_nothing_personal_is_in_journal_entries_or_events() -> None:
    person = Resident(name=SECRET, email="zebedee@example.org", phone="07700 900123", post=SECRET, wants="email")
    reference = opened(resident=person, words=f"{SECRET} reports")
    actions.pause_for_resident(by(), case=reference, reason=SECRET, needed=SECRET)
    actions.write_from_resident(by(resident_of(reference)), case=reference, words=SECRET)
    see_as(SYSTEM)
    actions.write_to_resident(by(), case=reference, words=SECRET)
    actions.log_contact(by(), case=reference, channel="telephone", reason="needed", words=SECRET)
    actions.exempt(by(OFFICER), case=reference, fact="snow", evidence=SECRET)
    actions.close_case(by(), case=reference, closing="fixed", note=SECRET)
    told = str(list(Entry.objects.values())) + str(list(Announced.objects.values()))
    assert SECRET not in told
    assert "zebedee" not in told
    assert "07700" not in told


@pytest.mark.usefixtures("teams")
def test_erasing_empties_what_is_personal_and_keeps_times_and_promises() -> None:
    reference = opened(resident=Resident(name=SECRET, email="z@example.org", wants="email"), words=SECRET)
    actions.write_from_resident(by(resident_of(reference)), case=reference, words=SECRET)
    see_as(SYSTEM)
    actions.pause_for_resident(by(), case=reference, reason=SECRET, needed=SECRET)
    actions.hand_over(by(), case=reference, team="streets", context=SECRET)
    actions.log_contact(by(), case=reference, channel="telephone", reason="needed", words=SECRET)
    actions.exempt(replace(by(OFFICER), reason=SECRET), case=reference, fact="snow", evidence=SECRET)
    actions.rate_ease(by(), case=reference, score=4, words=SECRET)
    with pytest.raises(NotPossible):
        actions.erase_resident(by(OFFICER), case=reference)
    actions.close_case(by(at=AT + HOUR), case=reference, closing="fixed", note=SECRET)
    actions.erase_resident(by(OFFICER, AT + 2 * HOUR), case=reference)
    assert queries.person_of(reference).erased
    assert queries.search(SECRET) == []
    with connection.cursor() as cursor:
        cursor.execute("SELECT tablename FROM pg_tables WHERE tablename LIKE 'cases\\_%'")
        tables = [name for (name,) in cursor.fetchall()]
        assert len(tables) > 15
        for table in (*tables, "journal_entrytext"):
            cursor.execute(f"SELECT count(*) FROM {table} t WHERE t::text ILIKE %s", ["%zebedee%"])
            assert cursor.fetchone() == (0,), table
    names = [fact.name for fact in queries.fact_list(reference)]
    assert names == ["bin_reported", "asked", "snow", "bin_emptied", "answered"]
    assert len(queries.standings_of(reference)) == 1


def test_the_database_shows_a_resident_her_own_case_and_a_visitor_none() -> None:
    mine, other = opened(), opened()
    for reference in (mine, other):
        actions.log_contact(by(), case=reference, channel="web", reason="needed", words="staff only")
    tables = ["case", "person", "fact", "promise", "contact", "search", "link", "factnote", "code", "handover"]

    def rows() -> dict[str, int]:
        with connection.cursor() as cursor:
            found = {}
            for table in tables:
                cursor.execute(f"SELECT count(*) FROM cases_{table}")
                found[table] = cursor.fetchone()[0]
            return found

    actor = resident_of(mine)
    see_as(actor)
    assert {name: count for name, count in rows().items() if count} == {"case": 1, "person": 1, "fact": 1, "promise": 1}
    assert queries.case_of(mine).reference == mine
    with pytest.raises(NotFound):
        queries.case_of(other)
    assert [each.case.reference for each in queries.search("Rosa")] == [mine]
    see_as(VISITOR)
    assert not any(rows().values())
    assert queries.search("Rosa") == []


def test_a_resident_acts_on_no_case_but_her_own() -> None:
    mine, other = opened(), opened()
    actor = resident_of(mine)
    for act in (actions.write_from_resident, actions.say_not_fixed):
        with pytest.raises(NotAllowed):
            act(by(actor), case=other, words="let me in")
    with pytest.raises(NotAllowed):
        actions.close_case(by(actor), case=mine, closing="fixed")
    with pytest.raises(NotAllowed):
        actions.rate_ease(by(VISITOR), case=mine, score=5)


# --- the photo -------------------------------------------------------------------------------------------------------


def picture(size: tuple[int, int] = (40, 20), form: str = "JPEG", **more: Any) -> bytes:
    kept = io.BytesIO()
    Image.new("RGB", size, "red").save(kept, form, **more)
    return kept.getvalue()


def located() -> bytes:
    """A photo that lies on its side and says where it was taken and with what."""
    exif = Image.Exif()
    exif[0x0112], exif[0x010F] = 6, "SECRETCAM"
    exif.get_ifd(0x8825)[2] = (53.0, 0.0, 25.0)
    return picture(exif=exif.tobytes(), comment=b"SECRETCAM")


def test_a_file_that_is_no_photo_is_told_so() -> None:
    reference = opened()
    with pytest.raises(NotPossible, match="could not open"):
        actions.add_photo(by(), case=reference, data=b"Dear Sir or Madam")


def test_a_photo_is_kept_upright_without_place_or_camera() -> None:
    reference = opened()
    assert b"SECRETCAM" in located()
    actions.add_photo(by(), case=reference, data=located())
    photo = queries.photo_of(reference)
    assert photo is not None
    assert (photo.width, photo.height) == (20, 40)
    assert b"SECRETCAM" not in photo.jpeg
    with Image.open(io.BytesIO(photo.jpeg)) as image:
        assert image.format == "JPEG"
        assert not dict(image.getexif())


def test_a_large_photo_is_made_smaller_and_a_see_through_one_white() -> None:
    reference = opened()
    actions.add_photo(by(), case=reference, data=picture((4000, 1000), "PNG"))
    photo = queries.photo_of(reference)
    assert photo is not None
    assert (photo.width, photo.height) == (LONGEST_SIDE, LONGEST_SIDE // 4)
    clear = io.BytesIO()
    Image.new("RGBA", (10, 10), (0, 0, 0, 0)).save(clear, "PNG")
    actions.add_photo(by(), case=reference, data=clear.getvalue())
    photo = queries.photo_of(reference)
    assert photo is not None
    with Image.open(io.BytesIO(photo.jpeg)) as image:
        assert image.getpixel((5, 5)) == (255, 255, 255)


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"no photo at all",
        b"<svg onload='x'/>",
        picture()[:200],
        b"\x00" * (10 * 1024 * 1024 + 1),
        picture((9000, 9000), "PNG"),
    ],
    ids=["empty", "words", "svg", "cut off", "too heavy", "too many pixels"],
)
def test_what_cannot_be_used_as_a_photo_is_refused_with_how_to_mend_it(data: bytes) -> None:
    with pytest.raises(NotPossible, match="go on without a photo") as refused:
        actions.add_photo(by(), case=opened(), data=data)
    assert refused.value.field == "photo"


def test_a_visitor_adds_a_photo_only_to_a_report_just_made_and_replaces_none() -> None:
    reference = opened(at=AT, by=VISITOR)
    see_as(SYSTEM)
    actions.add_photo(by(VISITOR, AT + HOUR / 2), case=reference, data=picture())
    with pytest.raises(NotFound):
        actions.add_photo(by(VISITOR, AT + HOUR / 2), case=reference, data=picture())
    with pytest.raises(NotFound):
        actions.add_photo(by(VISITOR, AT + 2 * HOUR), case=opened(at=AT), data=picture())


# --- reporting -------------------------------------------------------------------------------------------------------


def test_the_same_report_sent_twice_is_one_case() -> None:
    made = [
        actions.open_case(By(actor=VISITOR, at=AT, once="form-1"), service_code="bin", answers={}) for _ in range(2)
    ]
    assert made[0] == made[1]
    see_as(SYSTEM)
    assert len(queries.newest()) == 1


def test_words_with_characters_that_nobody_types_are_refused() -> None:
    for words in ("a\x00b", "turn \u202e around", "\x1b[31m"):
        with pytest.raises(NotPossible) as refused:
            opened(words=words)
        assert refused.value.field == "words"


def test_a_crew_may_not_work_on_cases() -> None:
    with pytest.raises(NotAllowed):
        actions.take_case(by(CREW), case=opened())


def test_the_story_tells_what_happened_in_order() -> None:
    reference = opened(at=AT)
    actions.pause_for_resident(by(at=AT + HOUR), case=reference, reason="No number", needed="Your number")
    actions.write_from_resident(by(resident_of(reference), AT + 2 * HOUR), case=reference, words="It is 4")
    see_as(SYSTEM)
    actions.close_case(by(at=AT + 3 * HOUR), case=reference, closing="fixed")
    kinds = [(step.kind, step.name) for step in queries.story(reference)]
    assert kinds == [
        ("received", ""),
        ("fact", "bin_reported"),
        ("paused", "No number"),
        ("resumed", "answered"),
        ("wrote", "resident"),
        ("fact", "bin_emptied"),
        ("closed", "fixed"),
    ]
