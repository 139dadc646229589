"""Every act on a case, through its page."""

from __future__ import annotations

import re
from datetime import timedelta
from zoneinfo import ZoneInfo

import pytest
from django.test import Client

from makegood.rooms.cases import actions as cases
from makegood.rooms.cases import queries
from makegood.rooms.cases.queries import if_waiting
from makegood.rooms.journal.events import SYSTEM, VISITOR, Actor, By, Who
from makegood.rooms.journal.queries import now, see_as
from makegood.rooms.messages.queries import messages_about
from makegood.web.saying import say_by

from .place import PNG, Somebody, broken, fill_in, form_of, hear, of, opened, signed_in, words


def when(ago: timedelta = timedelta(0)) -> dict[str, str]:
    """An instant as the form's four fields."""
    local = (now() - ago).astimezone(ZoneInfo("Europe/London"))
    return {
        "at_day": str(local.day),
        "at_month": str(local.month),
        "at_year": str(local.year),
        "at_time": f"{local:%H:%M}",
    }


def facts(reference: str) -> list[queries.FactSeen]:
    """The facts as logged."""
    see_as(SYSTEM)
    return queries.fact_list(reference)


def test_the_page_of_a_case_shows_everything(adviser: Client) -> None:
    reference = broken()
    page = words(adviser.get(f"/desk/cases/{reference}/"))
    for said in (
        "Rosa Quick",
        "Which bin did we miss?",
        "Rubbish",
        "We come back for a bin that we missed.",
        "How this was worked out, day by day",
        "Breach on record",
        "The promise was broken",
        "Voucher",
        "The ledger of this case",
        "Facts: when they happened, when they were logged",
        "Journal of this case",
        "They got in touch",
        "With Waste and Recycling",
    ):
        assert said in page, said


def test_a_fact_is_recorded_as_of_now_unless_another_time_is_given(adviser: Client) -> None:
    reference = opened()
    answer = fill_in(adviser, f"/desk/cases/{reference}/record/", fact="bin_collected")
    assert answer.status_code == 302
    [_, fact] = facts(reference)
    assert fact.name == "bin_collected"
    assert abs(fact.at - now()) < timedelta(seconds=20)


def test_a_fact_keeps_when_it_happened_and_when_it_was_logged(adviser: Client) -> None:
    reference = opened(timedelta(days=1))
    fill_in(adviser, f"/desk/cases/{reference}/record/", fact="bin_collected", **when(timedelta(hours=3)))
    [_, fact] = facts(reference)
    assert timedelta(hours=2, minutes=55) < fact.recorded_at - fact.at < timedelta(hours=3, minutes=5)
    assert "Logged" in words(adviser.get(f"/desk/cases/{reference}/"))


def test_a_time_to_come_is_refused_beside_its_field_and_what_was_typed_stays(adviser: Client) -> None:
    reference = opened()
    answer = fill_in(
        adviser,
        f"/desk/cases/{reference}/record/",
        fact="bin_collected",
        note="By the crew",
        **when(timedelta(days=-2)),
    )
    assert answer.status_code == 422
    assert "This time is still to come" in words(answer)
    assert "By the crew" in answer.content.decode()
    assert len(facts(reference)) == 1


def test_an_officer_corrects_a_time_and_both_stay(officer: Client) -> None:
    reference = opened(timedelta(days=3))
    fact = facts(reference)[0]
    answer = fill_in(
        officer,
        f"/desk/cases/{reference}/facts/{fact.id}/",
        how="time",
        reason="She called a day before",
        **when(timedelta(days=2)),
    )
    assert answer.status_code == 302, words(answer)
    was, is_now = facts(reference)
    assert was.corrected_by == is_now.id
    page = words(officer.get(f"/desk/cases/{reference}/"))
    assert "She called a day before" in page
    assert "Corrected" in page


def test_an_officer_takes_back_what_never_happened(officer: Client, place: dict[str, Somebody]) -> None:
    reference = opened()
    number = cases.record_fact(By(actor=place["adviser"].actor), case=reference, fact="bin_collected")
    fill_in(officer, f"/desk/cases/{reference}/facts/{number}/", how="never", reason="It was another bin")
    assert facts(reference)[-1].withdrawn


def test_the_clock_stops_only_for_the_resident_and_runs_on(adviser: Client) -> None:
    reference = opened()
    fill_in(adviser, f"/desk/cases/{reference}/pause/", reason="We cannot find the bin", needed="Which gate is it?")
    assert of(reference).waiting
    page = adviser.get(f"/desk/cases/{reference}/")
    assert "Which gate is it?" in words(page)
    adviser.post(f"/desk/cases/{reference}/resume/", form_of(page, f"/desk/cases/{reference}/resume/"))
    assert not of(reference).waiting


def test_before_the_clock_is_stopped_the_page_says_what_that_does_to_the_deadline(adviser: Client) -> None:
    reference = opened()
    page = adviser.get(f"/desk/cases/{reference}/pause/")
    see_as(SYSTEM)
    [told] = if_waiting(reference, now(), [now() + timedelta(days=7)])
    assert told.then[0][1] > told.due_at
    for due in (told.due_at, told.then[0][1]):
        assert say_by(due, ZoneInfo("Europe/London"), now=now())[1:] in words(page)
    assert "at most 28 days in all, of which 28 days are left" in words(page)
    assert "even if they answer within a minute" in words(page)


def test_it_is_foreseen_that_a_minute_wins_a_working_day(adviser: Client) -> None:
    noon = (now() - timedelta(days=now().weekday() + 5)).replace(hour=12, minute=0)
    reference = opened(now() - noon + timedelta(hours=1))
    see_as(SYSTEM)
    thursday = noon + timedelta(days=1)
    [told] = if_waiting(reference, thursday, [thursday + timedelta(minutes=1)])
    assert (told.due_at.strftime("%A"), told.then[0][1].strftime("%A")) == ("Friday", "Monday")


def test_what_the_page_foresees_is_what_happens(adviser: Client) -> None:
    reference = opened()
    see_as(SYSTEM)
    at = now()
    [told] = if_waiting(reference, at, [at + timedelta(minutes=1)])
    by = By(actor=SYSTEM, at=at)
    cases.pause_for_resident(by, case=reference, reason="A tag", needed="What does it say?")
    cases.end_pause(By(actor=SYSTEM, at=at + timedelta(minutes=1)), case=reference)
    assert of(reference).due_at == told.then[0][1]


def test_after_a_breach_the_clock_cannot_be_stopped(adviser: Client) -> None:
    reference = broken()
    answer = fill_in(adviser, f"/desk/cases/{reference}/pause/", reason="We lost it", needed="Where is it?")
    assert "The promise is broken already" in words(answer)
    assert not of(reference).waiting


def test_a_hand_over_is_accepted_by_the_other_team(adviser: Client, place: dict[str, Somebody]) -> None:
    reference = opened()
    fill_in(adviser, f"/desk/cases/{reference}/hand-over/", team="lighting", context="The lamp fell on the bin")
    assert of(reference).team == "waste"
    other = signed_in(place["colleague"])
    assert "The lamp fell on the bin" in words(other.get("/desk/hand-overs/"))
    page = other.get(f"/desk/cases/{reference}/")
    accept = next(each for each in re.findall(r'action="([^"]*)"', page.content.decode()) if each.endswith("/accept/"))
    other.post(accept, form_of(page, accept))
    assert of(reference).team == "lighting"
    assert of(reference).owner == place["colleague"].actor.id


def test_a_hand_over_is_declined_with_a_reason(adviser: Client, place: dict[str, Somebody]) -> None:
    reference = opened()
    fill_in(adviser, f"/desk/cases/{reference}/hand-over/", team="lighting", context="Please look")
    see_as(SYSTEM)
    [asked] = queries.hand_overs_of(reference)
    fill_in(
        signed_in(place["colleague"]), f"/desk/cases/{reference}/hand-overs/{asked.id}/decline/", reason="No lamp there"
    )
    page = words(adviser.get(f"/desk/cases/{reference}/"))
    assert "Declined: No lamp there" in page
    assert of(reference).team == "waste"


def test_an_adviser_takes_a_case_with_one_press(adviser: Client, place: dict[str, Somebody]) -> None:
    reference = opened()
    page = adviser.get(f"/desk/cases/{reference}/")
    adviser.post(f"/desk/cases/{reference}/take/", form_of(page, f"/desk/cases/{reference}/take/"))
    assert of(reference).owner == place["adviser"].actor.id


def test_an_exemption_needs_evidence_and_the_resident_is_told(officer: Client) -> None:
    reference = opened()
    address = f"/desk/cases/{reference}/exempt/"
    assert fill_in(officer, address, fact="severe_weather_declared").status_code == 422
    answer = fill_in(officer, address, fact="severe_weather_declared", evidence="Met Office amber warning")
    assert answer.status_code == 302
    assert of(reference).standing == "excused"
    hear()
    assert any("Met Office amber warning" in each.body for each in messages_about(reference))


def test_a_case_is_closed_as_fixed_only_by_a_reason_that_says_so(adviser: Client) -> None:
    fixed, not_fixed = opened(), opened()
    fill_in(adviser, f"/desk/cases/{fixed}/close/", closing="emptied")
    fill_in(adviser, f"/desk/cases/{not_fixed}/close/", closing="not-ours")
    assert (of(fixed).open, of(fixed).fixed, of(fixed).standing) == (False, True, "kept")
    assert (of(not_fixed).open, of(not_fixed).fixed, of(not_fixed).standing) == (False, False, "running")


def test_a_closed_case_is_opened_again(adviser: Client) -> None:
    reference = opened()
    fill_in(adviser, f"/desk/cases/{reference}/close/", closing="emptied")
    fill_in(adviser, f"/desk/cases/{reference}/reopen/", reason="It was the neighbour’s bin")
    assert of(reference).open


def test_a_caller_says_that_it_is_not_fixed(adviser: Client) -> None:
    reference = opened()
    fill_in(adviser, f"/desk/cases/{reference}/close/", closing="emptied")
    fill_in(adviser, f"/desk/cases/{reference}/not-fixed/", words="Still full")
    assert of(reference).open


def test_a_contact_is_noted_with_two_presses(adviser: Client) -> None:
    reference = opened()
    page = adviser.get(f"/desk/cases/{reference}/")
    address = f"/desk/cases/{reference}/contact/"
    sent = form_of(page, address)
    assert sent["channel"] == "telephone"
    adviser.post(address, sent | {"channel": "email", "reason": "progress_chasing"})
    see_as(SYSTEM)
    [contact] = queries.contacts_of(reference)
    assert (contact.channel, contact.reason, contact.resolved) == ("email", "progress_chasing", False)


def test_a_contact_without_a_reason_is_refused_on_the_same_page(adviser: Client) -> None:
    reference = opened()
    answer = adviser.post(f"/desk/cases/{reference}/contact/", {"channel": "telephone"})
    assert answer.status_code == 422
    assert "Choose why they got in touch" in words(answer)


def test_a_message_is_shown_before_it_goes_out(adviser: Client) -> None:
    reference = opened()
    address = f"/desk/cases/{reference}/write/"
    look = fill_in(adviser, address, words="The crew comes tomorrow.")
    assert "As it will look" in words(look)
    assert "Hello" in words(look)
    see_as(SYSTEM)
    assert not queries.conversation(reference)
    sent = adviser.post(address, form_of(look) | {"send": "yes"})
    assert sent.status_code == 302, words(sent)
    hear()
    assert any("The crew comes tomorrow." in each.body for each in messages_about(reference))


def test_what_the_resident_wrote_waits_until_somebody_deals_with_it(adviser: Client) -> None:
    reference = opened()
    resident = Actor(who=Who.RESIDENT, id=str(of(reference).number), case=reference)
    cases.write_from_resident(By(actor=resident), case=reference, words="When do you come?")
    page = adviser.get(f"/desk/cases/{reference}/")
    assert "The resident wrote" in words(page)
    adviser.post(f"/desk/cases/{reference}/dealt/", form_of(page, f"/desk/cases/{reference}/dealt/"))
    assert not of(reference).unread


def test_what_a_caller_answers_lets_the_clock_run_on(adviser: Client) -> None:
    reference = opened()
    fill_in(adviser, f"/desk/cases/{reference}/pause/", reason="We cannot find it", needed="Which gate?")
    fill_in(adviser, f"/desk/cases/{reference}/said/", channel="telephone", words="The green gate")
    assert not of(reference).waiting


def test_cases_about_the_same_are_linked_and_unlinked(adviser: Client) -> None:
    one, two = opened(), opened()
    fill_in(adviser, f"/desk/cases/{two}/same/", original=one.lower())
    assert one in words(adviser.get(f"/desk/cases/{two}/"))
    assert two in words(adviser.get(f"/desk/cases/{one}/"))
    adviser.post(f"/desk/cases/{two}/same/{one}/unlink/", {})
    assert one not in words(adviser.get(f"/desk/cases/{two}/"))
    assert "We cannot find a case" in words(fill_in(adviser, f"/desk/cases/{two}/same/", original="nothing"))


def test_how_to_reach_the_resident_is_changed(adviser: Client) -> None:
    reference = opened()
    fill_in(adviser, f"/desk/cases/{reference}/resident/", name="Rosa Slow", wants="letter", post="1 High Street")
    see_as(SYSTEM)
    assert queries.person_of(reference).post == "1 High Street"


def test_a_link_is_made_to_print_and_ended(adviser: Client) -> None:
    reference = opened()
    page = words(adviser.post(f"/desk/cases/{reference}/link/", {}))
    [token] = re.findall(r"/track/\S*?([\w-]{32})", page)
    see_as(SYSTEM)
    assert queries.case_by_link(token)
    adviser.post(f"/desk/cases/{reference}/links/end/", {})
    see_as(SYSTEM)
    assert queries.case_by_link(token) is None


def test_a_code_is_read_out_and_opens_the_case_once(adviser: Client) -> None:
    reference = opened()
    page = words(adviser.post(f"/desk/cases/{reference}/code/", {}))
    [code] = re.findall(r"\b\d{8}\b", page.replace("code", " code "))
    visitor = By(actor=VISITOR)
    assert cases.redeem_code(visitor, reference=reference, code=code, network="n")
    assert not cases.redeem_code(visitor, reference=reference, code=code, network="n")


def test_a_photo_is_added_and_shown(adviser: Client) -> None:
    from django.core.files.uploadedfile import SimpleUploadedFile

    reference = opened()
    photo = SimpleUploadedFile("bin.png", PNG, "image/png")
    assert fill_in(adviser, f"/desk/cases/{reference}/photo/add/", photo=photo).status_code == 302
    assert adviser.get(f"/desk/cases/{reference}/photo/")["Content-Type"] == "image/jpeg"


def test_an_officer_erases_who_a_closed_case_was_for(officer: Client) -> None:
    reference = opened()
    fill_in(officer, f"/desk/cases/{reference}/close/", closing="not-ours")
    fill_in(officer, f"/desk/cases/{reference}/erase/")
    page = words(officer.get(f"/desk/cases/{reference}/"))
    assert "Rosa" not in page
    assert "The details were erased" in page


@pytest.mark.parametrize("act", ["exempt", "erase"])
def test_an_adviser_has_no_page_for_what_an_officer_decides(adviser: Client, act: str) -> None:
    assert adviser.get(f"/desk/cases/{opened()}/{act}/").status_code == 403


def test_a_form_that_is_sent_twice_is_done_once(adviser: Client) -> None:
    reference = opened()
    address = f"/desk/cases/{reference}/record/"
    sent = form_of(adviser.get(address)) | {"fact": "bin_tagged"}
    assert adviser.post(address, sent).status_code == 302
    assert adviser.post(address, sent).status_code == 302
    assert len(facts(reference)) == 2


# --- two officers, two tabs ------------------------------------------------------------------------------------------


def test_two_in_two_tabs_the_second_sees_what_changed_and_keeps_what_was_typed(
    adviser: Client, officer: Client
) -> None:
    reference = opened()
    address = f"/desk/cases/{reference}/close/"
    mine = form_of(adviser.get(address))
    fill_in(officer, f"/desk/cases/{reference}/record/", fact="bin_tagged")
    conflict = adviser.post(address, mine | {"closing": "not-ours", "note": "A business bin"})
    assert conflict.status_code == 409
    assert "Somebody was quicker" in words(conflict)
    assert "Officer recorded what happened" in words(conflict)
    assert "A business bin" in conflict.content.decode()
    assert of(reference).open
    again = adviser.post(address, form_of(conflict) | {"closing": "not-ours"})
    assert again.status_code == 302
    assert not of(reference).open


def test_a_press_in_an_old_tab_shows_what_changed(adviser: Client, officer: Client) -> None:
    reference = opened()
    page = adviser.get(f"/desk/cases/{reference}/")
    fill_in(officer, f"/desk/cases/{reference}/record/", fact="bin_tagged")
    conflict = adviser.post(f"/desk/cases/{reference}/take/", form_of(page, f"/desk/cases/{reference}/take/"))
    assert conflict.status_code == 409
    assert "Officer recorded what happened" in words(conflict)
    assert not of(reference).owner


def resident_writes(reference: str, said: str = "Are you coming?") -> None:
    """The resident writes while somebody has a page open."""
    resident = Actor(who=Who.RESIDENT, id=str(of(reference).number), case=reference)
    cases.write_from_resident(By(actor=resident), case=reference, words=said)


def test_what_the_resident_wrote_meanwhile_is_not_dealt_with_by_an_old_answer(adviser: Client) -> None:
    reference = opened()
    address = f"/desk/cases/{reference}/write/"
    look = fill_in(adviser, address, words="The crew comes tomorrow.")
    resident_writes(reference, "Not tomorrow, please")
    conflict = adviser.post(address, form_of(look) | {"send": "yes"})
    assert conflict.status_code == 409
    assert "The crew comes tomorrow." in conflict.content.decode()
    assert of(reference).unread
    assert len(queries.conversation(reference)) == 1
    again = adviser.post(address, form_of(conflict) | {"send": "yes"})
    assert again.status_code == 302
    assert not of(reference).unread


def test_what_the_resident_wrote_meanwhile_is_not_dealt_with_by_an_old_press(adviser: Client) -> None:
    reference = opened()
    resident_writes(reference)
    page, address = adviser.get(f"/desk/cases/{reference}/"), f"/desk/cases/{reference}/dealt/"
    resident_writes(reference, "And there is a rat")
    conflict = adviser.post(address, form_of(page, address))
    assert conflict.status_code == 409
    assert of(reference).unread
    assert adviser.post(address, form_of(conflict)).status_code == 302
    assert not of(reference).unread


def test_an_old_page_does_not_undo_how_the_resident_is_reached(adviser: Client, officer: Client) -> None:
    reference = opened()
    address = f"/desk/cases/{reference}/resident/"
    mine = form_of(adviser.get(address))
    fill_in(officer, address, name="Rosa Slow", wants="letter", post="1 High Street")
    assert adviser.post(address, mine | {"name": "Rosa Quicker"}).status_code == 409
    see_as(SYSTEM)
    assert queries.person_of(reference).name == "Rosa Slow"


def test_nothing_is_erased_that_came_after_the_page_was_opened(officer: Client) -> None:
    reference = opened()
    fill_in(officer, f"/desk/cases/{reference}/close/", closing="not-ours")
    address = f"/desk/cases/{reference}/erase/"
    mine = form_of(officer.get(address))
    resident_writes(reference, "It is yours")
    assert officer.post(address, mine).status_code == 409
    see_as(SYSTEM)
    assert queries.person_of(reference).name == "Rosa Quick"


def test_a_contact_is_noted_whatever_happened_meanwhile(adviser: Client) -> None:
    reference = opened()
    page, address = adviser.get(f"/desk/cases/{reference}/"), f"/desk/cases/{reference}/contact/"
    resident_writes(reference)
    assert adviser.post(address, form_of(page, address) | {"reason": "needed"}).status_code == 302
