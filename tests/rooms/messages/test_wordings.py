"""Wordings are plain, say sorry properly, and are filled wholly or not at all."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from makegood.rooms.messages import queries
from makegood.rooms.messages.actions import publish_wording
from makegood.rooms.messages.events import To
from makegood.rooms.messages.rules.wordings import Wording, fill, hide, read_wording
from makegood.web.refusals import NotAllowed, NotFound, NotPossible
from tests.rooms.messages.samples import ADVISER, BY, MANAGER, words_for
from tests.rules.test_speak_page import grade

NAMES = queries.wording_names()
PLAIN = "A subject: {reference}\n\n{hello}\n\nWe need {what}.\n\n{why?}\n\n{place}\n"


def wording(text: str = PLAIN) -> Wording:
    return read_wording(text, "test", "en")


def words(**more: str) -> dict[str, str]:
    return {"reference": "AB-12", "hello": "Hello Ann,", "place": "Anyborough", "what": "a photo"} | more


def test_every_act_that_a_resident_is_told_of_has_its_wording() -> None:
    expected = """case-opened tracking-code we-need-something clock-running-again promise-broken remedy-ready voucher
    remedy-changed remedy-late message-from-us handed-over not-our-fault case-closed-fixed case-closed-not-fixed
    case-reopened thank-you-for-your-words"""
    assert sorted(expected.split()) == NAMES


@pytest.mark.parametrize("name", NAMES)
def test_a_wording_is_filled_without_a_place_left_over(name: str) -> None:
    given_words = queries.given_words("Ann Example", "AB-1234", "en")
    filled = fill(queries.shipped(name), given_words | words_for(name))
    assert not re.search(r"[{}]", filled.subject + filled.body)
    assert "AB-1234" in filled.subject
    assert filled.body.startswith("Hello Ann Example,\n\n")
    assert filled.body.endswith("\nAnyborough Council\n")
    assert "01632 960 100" in filled.body or name in ("tracking-code", "clock-running-again")


@pytest.mark.parametrize("name", NAMES)
def test_a_wording_with_only_what_it_needs_has_no_hole_in_it(name: str) -> None:
    read = queries.shipped(name)
    needed = {word: said for word, said in words_for(name).items() if word in read.needs}
    body = fill(read, queries.given_words("", "AB-1234", "en") | needed).body
    assert body.startswith("Hello,\n\n")
    assert "\n\n\n" not in body
    paragraphs = body.strip().split("\n\n")
    assert all(not re.fullmatch(r"[A-Z][a-z ]{2,40}", each) for each in paragraphs[1:-1])  # a heading without its text


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("missing", ["needed", "empty", "stray"])
def test_a_word_that_is_missing_or_has_no_place_is_refused(name: str, missing: str) -> None:
    filled = queries.given_words("", "AB-1234", "en") | words_for(name)
    own = sorted(queries.shipped(name).needs - queries.given_words("", "AB", "en").keys())[0]
    wrong = {
        "needed": {word: said for word, said in filled.items() if word != own},
        "empty": filled | {own: " \n "},
        "stray": filled | {"colour": "blue"},
    }[missing]
    with pytest.raises(NotPossible, match=own if missing != "stray" else "colour"):
        fill(queries.shipped(name), wrong)


@pytest.mark.parametrize("name", NAMES)
def test_a_wording_can_be_read_by_a_twelve_year_old(name: str) -> None:
    body = fill(queries.shipped(name), queries.given_words("Ann", "AB-1234", "en") | words_for(name)).body
    prose = re.sub(r"https?://\S+|AB-1234|\d{5} \d{3} \d{3}", "this", body)
    assert grade(prose) <= 7


def test_we_say_sorry_for_what_we_did() -> None:
    for name in ("promise-broken", "remedy-ready", "remedy-late", "voucher"):
        text = queries.shipped_text(name).lower()
        assert re.search(r"\bwe are sorry\b", text)
        assert "we broke our promise" in text or "we let you down" in text or "our broken promise" in text
    for name in NAMES:
        text = queries.shipped_text(name).lower()
        assert not re.search(r"sorry (if|that you feel|for any)|apologi[sz]e|inconvenience|unfortunately|regret", text)


def test_the_message_of_a_broken_promise_says_whose_fault_it_was_why_and_what_comes_now() -> None:
    needs = queries.shipped("promise-broken").needs
    assert {"promise", "due", "explanation", "gets"} <= needs
    assert "our fault and not yours" in queries.shipped_text("promise-broken")


def test_a_line_break_in_a_word_does_not_leave_the_line() -> None:
    filled = fill(wording(), words(what="a\r\nBcc: all@example.org\nphoto"))
    assert "We need a Bcc: all@example.org photo." in filled.body
    subject = fill(wording(), words(reference="AB\r\nBcc: all@example.org")).subject
    assert subject == "A subject: AB Bcc: all@example.org"


def test_a_word_alone_on_its_line_keeps_its_own_lines() -> None:
    assert "\n\none\n\ntwo\n\n" in fill(wording(), words(why="one\r\n\r\ntwo")).body


def test_a_word_is_never_read_for_places_again() -> None:
    assert "We need {hello} {why?}." in fill(wording(), words(what="{hello} {why?}")).body


def test_a_paragraph_whose_word_is_missing_is_left_out_with_its_heading() -> None:
    text = "S: {reference}\n\n{hello}\n\nWhy\n{why?}\n\n{place}\n"
    assert fill(wording(text), {k: v for k, v in words().items() if k != "what"}).body == "Hello Ann,\n\nAnyborough\n"


def test_what_cannot_be_seen_is_left_out() -> None:
    assert "We need a photo." in fill(wording(), words(what="a\u202e pho\u200bto\x07")).body


@given(st.text(max_size=200))
def test_any_word_leaves_one_line_in_the_subject_and_no_hidden_signs(word: str) -> None:
    read = read_wording("S {reference} {what?} x".replace("{what?}", "{what}") + "\n\n{what}\n", "t", "en")
    try:
        filled = fill(read, {"reference": "r", "what": word})
    except NotPossible:
        assert not word.strip()
        return
    assert len(filled.subject.splitlines()) <= 1
    assert all(line.isprintable() or any(ord(sign) > 126 for sign in line) for line in filled.body.split("\n"))


@pytest.mark.parametrize(
    "text",
    [
        "",
        "Subject only",
        "Subject\nno empty line",
        "S\n\n{a b}",
        "S\n\n{A}",
        "S {x?}\n\nbody",
        "x" * 201 + "\n\nb",
        "S\n\n}",
    ],
)
def test_a_wording_that_cannot_be_used_is_refused_with_a_sentence(text: str) -> None:
    with pytest.raises(NotPossible) as refused:
        wording(text)
    assert refused.value.field == "text"
    assert str(refused.value).endswith(".")


def test_what_opens_something_is_hidden_from_others() -> None:
    filled = fill(queries.shipped("tracking-code"), queries.given_words("", "AB-1", "en") | words_for("tracking-code"))
    assert "418 205" in filled.secrets
    assert "418 205" not in hide(filled.body, filled.secrets)


# --- published by the place ------------------------------------------------------------------------------------------


@pytest.mark.django_db
def test_a_published_wording_takes_the_place_of_the_one_that_ships() -> None:
    text = queries.shipped_text("thank-you-for-your-words").replace("A person will read it.", "Asha will read it.")
    assert publish_wording(MANAGER, name="thank-you-for-your-words", language="en", text=text) == 1
    assert publish_wording(MANAGER, name="thank-you-for-your-words", language="en", text=text + "Bye.\n") == 2
    now = queries.usable_wording("thank-you-for-your-words", "en")
    assert now.version == 2
    assert "Asha will read it." in now.body


@pytest.mark.django_db
def test_a_wording_must_keep_what_people_need_to_know() -> None:
    text = queries.shipped_text("promise-broken").replace("{explanation}", "Things happen.")
    with pytest.raises(NotPossible, match="explanation"):
        publish_wording(MANAGER, name="promise-broken", language="en", text=text)
    with pytest.raises(NotPossible, match="colour"):
        publish_wording(
            MANAGER, name="promise-broken", language="en", text=queries.shipped_text("promise-broken") + "{colour}"
        )


@pytest.mark.django_db
def test_only_a_manager_publishes() -> None:
    with pytest.raises(NotAllowed):
        publish_wording(ADVISER, name="voucher", language="en", text=queries.shipped_text("voucher"))
    with pytest.raises(NotFound):
        publish_wording(MANAGER, name="../en/voucher", language="en", text="S\n\nb")
    with pytest.raises(NotPossible):
        publish_wording(MANAGER, name="voucher", language="fr", text="S\n\nb")


@pytest.mark.django_db
def test_a_welsh_draft_is_never_sent_until_somebody_publishes_it() -> None:
    from makegood.rooms.messages.actions import write

    cymraeg = To(name="Eleri", email="eleri@example.org", language="cy")
    name = "thank-you-for-your-words"
    assert "Helo" in queries.given_words("Eleri", "", "cy")["hello"]
    number = write(BY, wording=name, to=cymraeg, about="AB-1", words=words_for(name))
    assert queries.message(number).language == "en"
    draft = queries.shipped_text(name, "cy")
    assert draft.startswith("# Draft")
    publish_wording(MANAGER, name=name, language="cy", text=draft)
    number = write(BY, wording=name, to=cymraeg, about="AB-1", words=words_for(name))
    assert queries.message(number).language == "cy"
    assert queries.message(number).body.startswith("Helo Eleri,")


@pytest.mark.parametrize("name", NAMES)
def test_a_welsh_draft_says_what_the_english_one_says(name: str) -> None:
    text = queries.shipped_text(name, "cy")
    assert text.startswith("# Draft"), "marked as what it is"
    draft, english = read_wording(text, name, "cy"), queries.shipped(name)
    assert (draft.needs, draft.may_have) == (english.needs, english.may_have)


@pytest.mark.django_db
def test_a_manager_sees_every_wording_and_whether_it_goes_out() -> None:
    shown = {(each.name, each.language): each for each in queries.wordings()}
    assert shown["voucher", "en"].usable
    assert not shown["voucher", "cy"].usable
    assert "voucher_code" in shown["voucher", "en"].needs


@pytest.mark.django_db
def test_a_preview_shows_a_message_as_it_would_go_out() -> None:
    filled = queries.preview("voucher", "en", words_for("voucher") | {"reference": "AB-9"})
    assert filled.subject == "Your voucher for £5: AB-9"
    assert "K7QF-29MX-TT4D" in filled.body
