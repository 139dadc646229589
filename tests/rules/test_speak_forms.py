"""Text, Markdown and HTML: complete, accessible, and deaf to what a pledge text may try."""

import json
import re
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from html.parser import HTMLParser
from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from makegood import schemes
from makegood.rules import Pledge, evaluate_all
from makegood.rules.language import model as m
from makegood.rules.speak import Form, explain, say_deadline
from makegood.rules.speak.document import Document, Paragraph, tidy
from makegood.rules.speak.forms import escape_markdown, write
from makegood.rules.speak.style import STYLE
from makegood.schemes import CALENDARS
from tests.rules.pledges import CALENDARS as GENERATED_CALENDARS
from tests.rules.pledges import cases_for, pledges
from tests.rules.speaking import FORMS, THURSDAY, everything, example_outcomes

EMPTY = {"meta"}
HOSTILE = (
    "<script>alert(1)</script>",
    '"><img src=x onerror=alert(1)>',
    "</style></title><b>",
    "[click](javascript:alert(1))",
    "![x](http://example.org/x.png)",
    "# not a heading",
    "- not a list",
    "1. not a list",
    "a | b | c",
    "`code` *bold* _it_ ~~no~~ $x$",
    "&lt;b&gt; &amp;",
    "{amount} %s {0}",
    "bell\x07 escape\x1b[31m null\x00 turned\u202e round",
    "two\n\n# lines",
    "half \ud800 character",
)


class Structure(HTMLParser):
    """The tags of a page, and whether they nest."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.open: list[str] = []
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.text: list[str] = []
        self.feed(page)
        assert self.open == []

    def handle_starttag(self, tag: str, attrs: list) -> None:
        self.tags.append((tag, dict(attrs)))
        if tag not in EMPTY:
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        self.text.append(data)

    def names(self) -> list[str]:
        return [tag for tag, _ in self.tags]


def page_of(pledge: Pledge, form: Form = "html") -> str:
    return explain(pledge, CALENDARS, form=form, example_day=THURSDAY)


@pytest.mark.parametrize("name", schemes.scheme_names())
def test_a_page_is_complete_and_stands_alone(name: str) -> None:
    page = page_of(schemes.load(name))
    structure = Structure(page)
    names = structure.names()
    assert page.startswith('<!DOCTYPE html>\n<html lang="en-GB">')
    assert [names.count(tag) for tag in ("title", "style", "h1", "main", "script", "link", "img")] == [
        1,
        1,
        1,
        1,
        0,
        0,
        0,
    ]
    assert "http" not in re.sub(r"<style>.*?</style>", "", page, flags=re.DOTALL)
    assert "url(" not in STYLE
    assert "@import" not in STYLE
    assert not any(key.startswith("on") or key == "style" for _, attributes in structure.tags for key in attributes)


@pytest.mark.parametrize(
    "pledge", [everything(), *map(schemes.load, schemes.scheme_names())], ids=lambda each: each.name
)
def test_headings_go_down_one_level_at_a_time(pledge: Pledge) -> None:
    levels = [int(tag[1]) for tag in Structure(page_of(pledge)).names() if re.fullmatch(r"h[1-6]", tag)]
    assert levels[0] == 1
    assert all(after - before <= 1 for before, after in pairwise(levels))


def test_a_table_has_a_caption_and_headed_columns() -> None:
    structure = Structure(page_of(schemes.load("storm-power-cut")))
    assert structure.names().count("caption") == structure.names().count("table") == 2
    assert all(attributes.get("scope") == "col" for tag, attributes in structure.tags if tag == "th")
    assert all(attributes.get("data-label") for tag, attributes in structure.tags if tag == "td")


def luminance(colour: str) -> float:
    digits = colour.lstrip("#")
    digits = "".join(digit * 2 for digit in digits) if len(digits) == 3 else digits
    parts = [int(digits[place : place + 2], 16) / 255 for place in (0, 2, 4)]
    linear = [part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


@pytest.mark.parametrize(
    ("ink", "ground"),
    [
        ("--ink", "--paper"),
        ("--soft", "--paper"),
        ("--soft", "--page"),
        ("--soft", "#fff"),
        ("--green", "--paper"),
        ("--ink", "--green-soft"),
        ("#fff", "--green"),
        ("#cfe6dc", "--green"),
    ],
)
def test_words_stand_out_from_their_ground(ink: str, ground: str) -> None:
    colours = dict(re.findall(r"(--[\w-]+): (#[0-9a-f]{3,6})", STYLE))
    dark, light = sorted(luminance(colours.get(each, each)) for each in (ink, ground))
    assert (light + 0.05) / (dark + 0.05) >= 4.5


# --- hostile words -------------------------------------------------------------------------------------


def with_words(words: str) -> Pledge:
    """The pledge with every construct, all of whose free texts are these words."""
    whole = everything()
    standards = tuple(
        replace(
            standard,
            says=words,
            void=tuple(replace(each, because=words) for each in standard.void),
            remedies=tuple(replace(each, payer=words, evidence=words, words=words) for each in standard.remedies),
        )
        for standard in whole.standards
    )
    return replace(
        whole,
        title=words,
        provider=words,
        about=words,
        source=words,
        facts=dict.fromkeys(whole.facts, words),
        details={name: replace(detail, says=words) for name, detail in whole.details.items()},
        published=(m.Published(where=words, evidence=words),),
        standards=standards,
    )


@pytest.mark.parametrize("words", HOSTILE)
def test_hostile_words_stay_words_in_html(words: str) -> None:
    page = page_of(with_words(words))
    structure = Structure(page)
    assert structure.tags != []
    assert structure.names() == Structure(page_of(with_words("plain words"))).names()
    assert not re.search("[\x00-\x08\x0b-\x1f\x7f\u202e\ud800]", page)
    assert tidy(words).lower() in " ".join(structure.text).lower()


@pytest.mark.parametrize("words", HOSTILE)
def test_hostile_words_stay_words_in_markdown(words: str) -> None:
    page = page_of(with_words(words), "markdown")
    plain = page_of(with_words("plain words"), "markdown")
    assert "<" not in page
    assert not re.search(r"(?<!\\)[`*$~](?!\*)", re.sub(r"^\*\*|\*\*$", "", page, flags=re.MULTILINE))
    assert not re.search(r"(?<!\\)\]\(", page)
    for mark in ("#", "- ", r"\d+[.)] ", r"\|"):
        begins = re.compile(rf"^ *{mark}", re.MULTILINE)
        assert len(begins.findall(page)) == len(begins.findall(plain)), mark
    assert [line.count("|") - line.count("\\|") for line in page.split("\n") if line.startswith("|")] == [
        line.count("|") for line in plain.split("\n") if line.startswith("|")
    ]


@pytest.mark.parametrize("words", HOSTILE)
def test_hostile_words_send_nothing_to_a_terminal(words: str) -> None:
    assert not re.search("[\x00-\x08\x0b-\x1f\x7f\u202e\ud800]", page_of(with_words(words), "text"))


def test_every_naughty_string_leaves_the_page_whole(shared: Path) -> None:
    strings = json.loads((shared / "data" / "naughty-strings.json").read_text(encoding="utf-8"))
    pledge = schemes.load("missed-bin")
    tags = Structure(page_of(pledge)).names()
    for words in strings:
        if tidy(words):
            changed = replace(pledge, title=words, provider=words, source=words)
            assert Structure(page_of(changed)).names() == tags, words
            page_of(changed, "markdown").encode("utf-8")


def test_markdown_says_what_was_written() -> None:
    assert escape_markdown("1) a # b + c - d") == "1\\) a # b + c - d"
    assert escape_markdown("- d") == "\\- d"
    assert escape_markdown("R&D <5") == "R&amp;D &lt;5"


def test_text_keeps_to_a_terminal_of_eighty_columns() -> None:
    for name in schemes.scheme_names():
        assert max(map(len, page_of(schemes.load(name), "text").split("\n"))) <= 78, name


def test_another_form_is_refused() -> None:
    page = Document(language="en", title="A title", blocks=(Paragraph("Words."),))
    with pytest.raises(ValueError, match="pdf"):
        write(page, "pdf")  # type: ignore[arg-type] # the point of the test


# --- everything can be said ----------------------------------------------------------------------------


@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize("name", schemes.scheme_names())
def test_every_shipped_scheme_and_its_examples_can_be_said(name: str, form: Form) -> None:
    pledge = schemes.load(name)
    assert pledge.title in tidy(page_of(pledge, form).replace("&#x27;", "'"))
    for outcome in example_outcomes(pledge):
        assert say_deadline(outcome, pledge, form=form)


@settings(max_examples=12, suppress_health_check=list(HealthCheck))
@given(data=st.data())
def test_any_pledge_and_any_outcome_can_be_said(data: st.DataObject) -> None:
    pledge = data.draw(pledges(examples=False))
    form = data.draw(st.sampled_from(FORMS))
    day = data.draw(st.dates(date(2025, 1, 1), date(2027, 12, 31)))
    calendars = {**GENERATED_CALENDARS, **CALENDARS}
    page = explain(pledge, calendars, form=form, example_day=day)
    if form == "html":
        Structure(page)
    case = data.draw(cases_for(pledge))
    as_of = data.draw(st.integers(0, 400).map(lambda days: datetime(2025, 10, 1, tzinfo=UTC) + timedelta(days=days)))
    for outcome in evaluate_all(pledge, [case], as_of=as_of, calendars=calendars, explain=True):
        say_deadline(outcome, pledge, form=form)
