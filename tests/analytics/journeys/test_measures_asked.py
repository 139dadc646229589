"""What customers were asked for although it was held, counted on paper first."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import narwhals.stable.v2 as nw
import pytest

from makegood.analytics.journeys.agreements import Agreement, read_agreements
from makegood.analytics.journeys.columns import CONTACT_COLUMNS
from makegood.analytics.journeys.filtering import filtered
from makegood.analytics.journeys.measures import asked
from makegood.analytics.journeys.measures.settings import Settings
from makegood.analytics.journeys.remaking import part, remade
from tests.analytics.journeys.counting import BY, Row, at, gone_without, journeys_of, measured, of, stores

PAYSLIPS = """
agreements:
  - {name: Payslips, purpose: [benefit], items: [payslip], from: council, to: [jobcentre, college],
     from date: 2026-06-01, until date: 2026-06-30}
"""
SHARED = Settings(agreements=read_agreements(PAYSLIPS))


def contact(name: str, day: float, organisation: str | None, **more: object) -> Row:
    """A contact of the customer and journey of its first letter."""
    return {
        "contact": name,
        "case": name[0],
        "subject": name[0],
        "need": "benefit",
        "channel": "telephone",
        "start": at(day),
        "organisation": organisation,
        "kind": "other",
        **more,
    }


def item(name: str, how: str, *things: str, holder: str | None = None) -> list[Row]:
    """Items noted in a contact."""
    return [{"contact": name, "item": each, "how": how, "holder": holder} for each in things]


# j gives the council a payslip and a birth certificate. The council asks for the certificate again (own record), the
# jobcentre for both (the payslip is covered by the agreement, the certificate is not) and for a new thing. The college
# asks for a photo that the contact itself notes as held by the jobcentre, which no agreement covers.
# k is asked and gives in one contact: nothing was held.
CONTACTS = (
    contact("j1", 0, "council"),
    contact("j2", 2, "council"),
    contact("j3", 4, "jobcentre"),
    contact("j4", 6, "college"),
    contact("k1", 1, "council", need="rent"),
    contact("m1", 1, "council"),
)
ITEMS = (
    *item("j1", "given", "payslip", "birth certificate"),
    *item("j2", "asked", "birth certificate"),
    *item("j3", "asked", "payslip", "birth certificate", "passport"),
    *item("j4", "asked", "photo"),
    *item("j4", "held", "photo", holder="jobcentre"),
    *item("k1", "asked", "payslip"),
    *item("k1", "given", "payslip"),
)
Table = dict[tuple[str, str, str | None], tuple[str, int, bool]]


def table(
    contacts: Sequence[Row], items: Sequence[Row], agreements: tuple[Agreement, ...] = SHARED.agreements
) -> Table:
    """By contact, item and holder: how it is shareable, since when it was held, and whether it counts."""
    both = []
    for store in stores():
        rows = store.rows(asked.asked_again(journeys_of(contacts, items, store=store), store, agreements))
        both.append(
            {
                (row["contact"], row["item"], row["holder"]): (row["shareable"], row["since"], row["counts"])
                for row in rows
            }
        )
        assert len(both[-1]) == len(rows)
    assert both[0] == both[1]
    return both[0]


def test_the_table_says_who_held_what_since_when_and_whether_it_could_have_been_shared() -> None:
    assert table(CONTACTS, ITEMS) == {
        ("j2", "birth certificate", "council"): ("own record", at(0), True),
        ("j3", "payslip", "council"): ("Payslips", at(0), True),
        ("j3", "birth certificate", "council"): ("not shareable", at(0), True),
        ("j4", "photo", "jobcentre"): ("not shareable", at(6), True),
    }


def test_items_asked_again_are_counted_for_all_and_by_asker_holder_and_item() -> None:
    found = measured(asked, CONTACTS, ITEMS, settings=SHARED, by=BY)
    assert (of(found, "asked_again").value, of(found, "asked_again").n) == (2, 6)
    assert of(found, "asked_again_share").value == pytest.approx(2 / 6)
    assert of(found, "asked_again_per_journey").value == pytest.approx(2 / 3)
    assert of(found, "asked_again", asker="council").value == 1
    assert of(found, "asked_again", asker="jobcentre").value == 1
    assert of(found, "asked_again", organisation="college").value == 0
    assert of(found, "asked_again_share", asker="jobcentre").value == pytest.approx(1 / 3)
    assert of(found, "asked_again", holder="council").value == 2
    assert of(found, "asked_again", item="birth certificate").value == 1
    assert of(found, "asked_again", asker="jobcentre", item="birth certificate").value == 0
    assert of(found, "asked_again", asker="council", item="birth certificate").value == 1
    assert of(found, "asked_again", need="rent").value == 0
    assert of(found, "asked_again_per_journey", need="benefit").value == 1


def test_without_an_agreement_only_what_the_asker_holds_itself_was_asked_again() -> None:
    found = measured(asked, CONTACTS, ITEMS)
    assert (of(found, "asked_again").value, of(found, "asked_again").n) == (1, 6)


def test_an_agreement_holds_on_its_first_and_last_day_by_the_clock_of_its_zone() -> None:
    # `at(0)` is ten o'clock in London on Monday 1 June, whose midnight lies 10 / 24 = 0.4167 days before it; 30 June
    # ends 29.583 days after it.
    agreed = {-0.5: False, -0.41: True, 28.5: True, 29.5: True, 29.59: False, 40: False}
    contacts = [contact(f"{place}1", -5, "council") for place in range(len(agreed))]
    contacts += [contact(f"{place}2", day, "jobcentre") for place, day in enumerate(agreed)]
    items = [item(row["contact"], "given" if row["contact"][1] == "1" else "asked", "payslip") for row in contacts]
    found = table(contacts, [each for some in items for each in some])
    for place, (day, holds) in enumerate(agreed.items()):
        assert found[f"{place}2", "payslip", "council"][0] == ("Payslips" if holds else "not shareable"), day


def test_giver_taker_item_and_need_must_all_be_covered() -> None:
    cases = [
        ("council", "jobcentre", "payslip", "benefit", "Payslips"),
        ("jobcentre", "council", "payslip", "benefit", "not shareable"),
        ("council", "advice bureau", "payslip", "benefit", "not shareable"),
        ("council", "jobcentre", "passport", "benefit", "not shareable"),
        ("council", "jobcentre", "payslip", "rent", "not shareable"),
        ("council", "jobcentre", "payslip", None, "unknown"),
        ("council", "jobcentre", "passport", None, "not shareable"),
        (None, "jobcentre", "payslip", "benefit", "unknown"),
        ("council", None, "payslip", "benefit", "unknown"),
    ]
    counted = {"unknown": (0, 1), "not shareable": (1, 0), "Payslips": (1, 0)}
    contacts, items = [], []
    for place, (giver, taker, what, need, _) in enumerate(cases):
        one, two = f"{place}1", f"{place}2"
        contacts += [contact(one, 0, giver, need=need), contact(two, 1, taker, need=need, channel=str(place))]
        items += [*item(one, "given", what), *item(two, "asked", what)]
    shown = table(contacts, items)
    found = measured(asked, contacts, items, settings=SHARED, by=("channel",))
    for place, (giver, _, what, _, shareable) in enumerate(cases):
        assert shown[f"{place}2", what, giver][0] == shareable, place
        told = of(found, "asked_again", channel=str(place))
        assert (told.n, told.unknown) == counted[shareable], place
    assert of(found, "asked_again").value == 1
    journeys = of(found, "asked_again_per_journey")
    assert (journeys.value, journeys.n, journeys.unknown) == (1 / 6, 6, 3)


def test_an_agreement_for_any_need_and_item_covers_what_has_no_need() -> None:
    text = "agreements: [{name: All, purpose: any, items: any, from: council, to: jobcentre, from date: 2026-01-01}]"
    contacts = [contact("j1", 0, "council", need=None), contact("j2", 1, "jobcentre", need=None)]
    items = [*item("j1", "given", "x"), *item("j2", "asked", "x")]
    assert table(contacts, items, read_agreements(text))["j2", "x", "council"] == ("All", at(0), True)


def test_an_item_that_several_hold_counts_once_by_the_best_of_them() -> None:
    contacts = [
        contact("j1", 0, "tax office"),
        contact("j2", 1, "council"),
        contact("j3", 2, "jobcentre"),
        contact("j4", 3, "jobcentre"),
    ]
    items = [
        *item("j1", "given", "payslip"),
        *item("j2", "given", "payslip"),
        *item("j3", "asked", "payslip"),
        *item("j3", "given", "payslip"),
        *item("j4", "asked", "payslip"),
    ]
    found = table(contacts, items)
    assert found["j3", "payslip", "tax office"] == ("not shareable", at(0), False)
    assert found["j3", "payslip", "council"] == ("Payslips", at(1), True)
    assert found["j4", "payslip", "jobcentre"] == ("own record", at(2), True)
    assert [key for key, (_, _, counts) in found.items() if counts and key[0] == "j4"] == [
        ("j4", "payslip", "jobcentre")
    ]
    assert of(measured(asked, contacts, items, settings=SHARED), "asked_again").value == 2


def test_what_is_given_after_the_asking_or_by_somebody_else_was_not_held() -> None:
    contacts = [contact("j1", 0, "council"), contact("j2", 1, "council"), contact("k1", 0, "council")]
    items = [
        *item("j1", "asked", "payslip"),
        *item("j2", "given", "payslip"),
        *item("k1", "given", "passport"),
        *item("j2", "asked", "passport"),
    ]
    assert table(contacts, items) == {}


def test_what_was_given_in_another_journey_of_the_same_customer_is_held() -> None:
    contacts = [contact("j1", 0, "council", subject="one"), contact("k1", 300, "council", subject="one")]
    items = [*item("j1", "given", "payslip"), *item("k1", "asked", "payslip")]
    assert table(contacts, items)["k1", "payslip", "council"] == ("own record", at(0), True)


def test_contacts_at_one_instant_are_told_apart_by_their_sequence() -> None:
    contacts = [contact("j1", 0, "council", sequence=2), contact("j2", 0, "council", sequence=1)]
    items = [*item("j1", "given", "payslip"), *item("j2", "asked", "payslip")]
    assert table(contacts, items) == {}
    assert ("j2", "payslip", "council") in table([{**contacts[0], "sequence": 0}, contacts[1]], items)


def test_an_unknown_customer_leaves_the_item_unknown() -> None:
    contacts = [contact("j1", 0, "council", subject=None), contact("k1", 0, "council")]
    items = [*item("j1", "asked", "payslip"), *item("k1", "asked", "payslip"), *item("k1", "given", "payslip")]
    found = measured(asked, contacts, items)
    assert (of(found, "asked_again").n, of(found, "asked_again").unknown) == (1, 1)


def test_a_visit_only_served_to_bring_when_all_that_it_gave_had_been_asked_for_again() -> None:
    contacts = [
        contact("a1", 0, "council"),
        contact("a2", 1, "jobcentre"),
        contact("a3", 2, "jobcentre", kind="visit"),  # brings the payslip that a2 asked for again: in vain
        contact("a4", 3, "jobcentre", kind="appointment"),  # a passport too, that was needed: not in vain
        contact("a5", 4, "jobcentre", kind="visit"),  # nobody asked for the letter: not in vain
        contact("a6", 5, "jobcentre", kind="visit"),  # nothing given: no such visit at all
        contact("a7", 6, "jobcentre"),  # no visit
        contact("a8", 7, "council", kind="visit"),  # asks for its own record and is given it: in vain
    ]
    items = [
        *item("a1", "given", "payslip", "rent book"),
        *item("a2", "asked", "payslip", "passport"),
        *item("a3", "given", "payslip"),
        *item("a4", "given", "payslip", "passport"),
        *item("a5", "given", "letter"),
        *item("a7", "given", "payslip"),
        *item("a8", "asked", "rent book"),
        *item("a8", "given", "rent book"),
    ]
    found = measured(asked, contacts, items, settings=SHARED, by=BY)
    assert (of(found, "visits_to_bring").value, of(found, "visits_to_bring").n) == (2, 4)
    assert of(found, "visits_to_bring_share").value == 0.5
    assert of(found, "visits_to_bring", organisation="jobcentre").value == 1
    assert of(found, "visits_to_bring", organisation="council").value == 1


def test_a_visit_is_judged_by_the_last_asking_before_it_and_unknown_where_that_is() -> None:
    contacts = [
        contact("a1", 0, "jobcentre"),  # asks before anybody holds it
        contact("a2", 1, "jobcentre", kind="visit"),  # needed
        contact("a3", 2, "jobcentre"),  # asks again
        contact("a4", 3, "jobcentre", kind="visit"),  # in vain
        contact("b1", 0, None),
        contact("b2", 1, "jobcentre"),
        contact("b3", 2, "jobcentre", kind="visit"),  # somebody unknown held it
    ]
    items = [
        *item("a1", "asked", "photo"),
        *item("a2", "given", "photo"),
        *item("a3", "asked", "photo"),
        *item("a4", "given", "photo"),
        *item("b1", "given", "photo"),
        *item("b2", "asked", "photo"),
        *item("b3", "given", "photo"),
    ]
    found = of(measured(asked, contacts, items), "visits_to_bring")
    assert (found.value, found.n, found.unknown) == (1, 2, 1)


def test_names_and_items_hold_any_text() -> None:
    body, thing = "x'; DROP TABLE kept_1; --", "null"
    contacts = [contact("j1", 0, body), contact("j2", 1, body)]
    found = measured(asked, contacts, [*item("j1", "given", thing, ""), *item("j2", "asked", thing, "")])
    assert of(found, "asked_again", asker=body, item=thing).value == 1
    assert of(found, "asked_again", asker=body, item="").value == 1


def test_an_item_noted_twice_is_one_item_and_the_order_of_rows_makes_no_difference() -> None:
    contacts = [{**row, "sequence": 0} for row in CONTACTS]
    once = measured(asked, contacts, ITEMS, settings=SHARED)
    assert measured(asked, contacts[::-1], [*ITEMS, *ITEMS[::-1]], settings=SHARED) == once


def test_a_deleted_column_leaves_its_measures_unknown_and_the_others_as_they_were() -> None:
    gone = {
        "subject": {each.name for each in asked.DEFINITIONS},
        "organisation": {each.name for each in asked.DEFINITIONS},
        "asked": {each.name for each in asked.DEFINITIONS},
        "given": {each.name for each in asked.DEFINITIONS},
        "kind": {"visits_to_bring", "visits_to_bring_share"},
        "channel": set(),
    }
    assert gone_without(asked, list(gone), CONTACTS, ITEMS, settings=SHARED) == gone


def test_a_log_that_does_not_note_what_is_held_says_so_in_the_definition() -> None:
    found = measured(asked, CONTACTS, ITEMS, settings=SHARED, lacks="held")
    assert all(each.definition.title.endswith(", at least") for each in found.values())
    assert not of(measured(asked, CONTACTS, ITEMS, settings=SHARED), "asked_again").definition.at_least
    assert of(found, "asked_again").value == 2
    assert "does not note what is held" in of(found, "asked_again").definition.says
    assert "does not note" not in of(measured(asked, CONTACTS, ITEMS), "asked_again").definition.says


def test_every_measure_is_told_of_a_log_in_which_nothing_was_asked() -> None:
    found = measured(asked, CONTACTS, [])
    assert {name for name, _ in found} == {each.name for each in asked.DEFINITIONS}
    assert of(found, "asked_again").value is None


def test_a_column_of_what_is_held_without_a_word_in_it_notes_nothing() -> None:
    for store in stores():
        journeys = journeys_of(CONTACTS, [each for each in ITEMS if each["how"] != "held"], store=store)
        journeys = replace(journeys, log=replace(journeys.log, known=journeys.log.known | {"held"}))
        (found, *_) = asked.measures(journeys, store, SHARED, ())
        assert "does not note what is held" in found.definition.at_least


def test_what_was_given_for_another_need_is_held_whichever_journeys_are_looked_at() -> None:
    contacts = (
        contact("a1", 0, "council", subject="a", case="rent", need="rent"),
        contact("a2", 5, "jobcentre", subject="a", case="claim"),
    )
    items = (*item("a1", "given", "payslip"), *item("a2", "asked", "payslip"))
    for store in stores():
        journeys = journeys_of(contacts, items, store=store)
        for chosen in (filtered(journeys, store, need=["benefit"]), part(journeys, nw.col("need") == "benefit", store)):
            rows = store.rows(asked.asked_again(chosen, store, SHARED.agreements))
            assert [(row["contact"], row["holder"], row["shareable"]) for row in rows] == [
                ("a2", "council", "Payslips")
            ]
            again = remade(chosen, chosen.contacts.select("journey", *CONTACT_COLUMNS), store)
            assert len(store.rows(asked.asked_again(again, store, SHARED.agreements))) == 1
