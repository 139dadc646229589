"""Every fixed phrase lives in the catalogue, is used, and can be said in another language."""

import re
from dataclasses import replace
from datetime import date
from fractions import Fraction
from html.parser import HTMLParser

import pytest

from makegood import schemes
from makegood.rules import Outcome, Pledge, Status
from makegood.rules.speak import ENGLISH, Catalogue, Form, explain, say_deadline, say_outcome
from makegood.schemes import CALENDARS
from tests.rules.speaking import (
    FORMS,
    THURSDAY,
    everything,
    example_outcomes,
    odd_outcomes,
    shouted,
    shouted_calendars,
)


class Heard(dict):
    """Phrases that remember which of them were asked for."""

    def __init__(self, phrases: dict) -> None:
        super().__init__(phrases)
        self.asked: set[str] = set()

    def get(self, key: str, default: object = None) -> object:
        self.asked.add(key)
        return super().get(key, default)


def say_all(catalogue: Catalogue) -> None:
    """Say every page and story that the tests know."""
    whole = everything()
    for month in range(1, 13):
        explain(whole, CALENDARS, form="html", example_day=date(2026, month, 21), catalogue=catalogue)
    for name in schemes.scheme_names():
        pledge = schemes.load(name)
        for day in (THURSDAY, date(2026, 2, 4), date(2026, 12, 23), date(2028, 12, 30)):
            explain(pledge, CALENDARS, form="html", example_day=day, catalogue=catalogue)
        for outcome in example_outcomes(pledge):
            say_deadline(outcome, pledge, catalogue, form="html")
    for outcome, pledge in odd_outcomes():
        say_deadline(outcome, pledge, catalogue, form="html")


def test_every_phrase_that_is_asked_for_exists_and_every_phrase_is_asked_for() -> None:
    heard = Heard(dict(ENGLISH.phrases))
    say_all(replace(ENGLISH, phrases=heard))
    assert heard.asked - set(ENGLISH.phrases) == set()
    assert set(ENGLISH.phrases) - heard.asked == set()


def test_a_missing_phrase_falls_back_to_english_and_says_so() -> None:
    welsh = Catalogue(
        language="cy",
        phrases={key: phrase for key, phrase in ENGLISH.phrases.items() if key != "page.promise"},
        plural=ENGLISH.plural,
        ordinal=ENGLISH.ordinal,
        fallback=ENGLISH,
    )
    page = explain(schemes.load("missed-bin"), CALENDARS, example_day=THURSDAY, catalogue=welsh)
    assert "[en-GB: What we promise]" in page
    assert page.count("[en-GB") == 1


def test_a_phrase_that_no_language_has_is_an_error() -> None:
    with pytest.raises(KeyError, match=r"no\.such\.phrase"):
        ENGLISH.say("no.such.phrase")


def test_the_form_of_a_phrase_goes_with_its_number() -> None:
    welsh = Catalogue(
        language="cy",
        phrases={"dogs": {"one": "{n} ci", "two": "{n} gi", "other": "{n} chi"}},
        plural=lambda n: {1: "one", 2: "two"}.get(int(n), "many"),
        ordinal=lambda n: "other",
    )
    assert [welsh.count("dogs", n, n=str(n)) for n in (1, 2, 3)] == ["1 ci", "2 gi", "3 chi"]
    assert ENGLISH.count("unit.hour", Fraction(3, 2), n="1.5") == "1.5 hours"


def test_words_that_fill_a_slot_are_never_read_as_a_phrase() -> None:
    assert ENGLISH.say("quoted", words="{words} {0} %s") == "“{words} {0} %s”"


# --- no English outside the catalogue ------------------------------------------------------------------


def foreign() -> Catalogue:
    """The English catalogue with every letter outside the slots made foreign."""

    def made_foreign(text: str) -> str:
        return re.sub(r"\{\w+\}|[A-Za-z]", lambda match: match[0] if match[0][0] == "{" else "ж", text)

    return replace(
        ENGLISH,
        language="xx",
        phrases={
            key: made_foreign(phrase)
            if isinstance(phrase, str)
            else {category: made_foreign(form) for category, form in phrase.items()}
            for key, phrase in ENGLISH.phrases.items()
        },
    )


class Visible(HTMLParser):
    """What a reader of a page sees or hears: its text, and the attributes that are read out."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.said: list[str] = []
        self.hidden = False
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list) -> None:
        self.hidden = tag == "style"
        self.said += [value or "" for name, value in attrs if name in ("data-label", "aria-label", "title", "alt")]

    def handle_endtag(self, tag: str) -> None:
        self.hidden = False

    def handle_data(self, data: str) -> None:
        if not self.hidden:
            self.said.append(data)


def small_letters(page: str, form: Form) -> list[str]:
    """The words with small Latin letters that a page shows, other than the marks of its form."""
    text = " ".join(Visible(page).said) if form == "html" else page
    text = re.sub(r"&(?:amp|lt|gt);", "", text)
    return re.findall(r"[a-z]+", text)


@pytest.mark.parametrize("form", FORMS)
def test_no_english_word_outside_the_catalogue_reaches_a_page(form: Form) -> None:
    calendars = shouted_calendars()
    for pledge in [everything(), *map(schemes.load, schemes.scheme_names())]:
        page = explain(shouted(pledge), calendars, form=form, example_day=THURSDAY, catalogue=foreign())
        assert small_letters(page, form) == [], pledge.name


@pytest.fixture(scope="module")
def shouted_outcomes() -> list[tuple[Outcome, Pledge]]:
    """Outcomes of pledges whose own words are all in capitals, each with its pledge."""
    calendars = shouted_calendars()
    pledges = [shouted(schemes.load(name)) for name in schemes.scheme_names()]
    found = [(outcome, pledge) for pledge in pledges for outcome in example_outcomes(pledge, calendars)]
    return [*found, *odd_outcomes(shouted)]


@pytest.mark.parametrize("form", FORMS)
def test_no_english_word_outside_the_catalogue_reaches_a_story(
    form: Form, shouted_outcomes: list[tuple[Outcome, Pledge]]
) -> None:
    assert {outcome.status for outcome, _ in shouted_outcomes} == set(Status)
    for outcome, pledge in shouted_outcomes:
        said = say_deadline(outcome, pledge, foreign(), form=form)
        assert small_letters(said, form) == [], (pledge.name, outcome.standard, said)
        assert re.findall("[a-z]+", say_outcome(outcome, pledge, foreign())) == []
