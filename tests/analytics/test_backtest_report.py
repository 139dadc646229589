"""The report: one page that opens anywhere, that everybody can read, and that nothing from outside can break."""

from __future__ import annotations

import json
import re
from dataclasses import replace
from datetime import timedelta
from html.parser import HTMLParser
from itertools import pairwise
from pathlib import Path

import pytest

from makegood.analytics import charts
from makegood.analytics.backtest import Backtest
from makegood.analytics.report import report
from makegood.analytics.report_style import STYLE

from .trying import FIRST, case, pledge, tried

HOSTILE = [
    "<script>alert(1)</script>", '"><img src=x onerror=alert(1)>', "</svg></style>", "&amp;", "a\x00b\u202ec", "]]>",
]  # fmt: skip


class Page(HTMLParser):
    """What stands on a page: every tag with its attributes, and the text of titles and descriptions."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.open: list[str] = []
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))
        if tag not in ("meta", "br"):
            self.open.append(tag)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag

    def all(self, tag: str) -> list[dict[str, str | None]]:
        return [attributes for name, attributes in self.tags if name == tag]


def made(
    *names: str, title: str = "We answer", vary: str = "answer limit 1..9 calendar days", teams: list[str] | None = None
) -> Backtest:
    teams = teams or ["north", "south"]
    cases = [
        case(
            f"c{number}", FIRST + timedelta(days=number), 8 if number % 4 == 0 else 2,
            kind="letter" if number % 3 else "call", team=teams[number % len(teams)],
        )
        for number in range(120)
    ]  # fmt: skip
    pledges = [replace(pledge(), name=name, title=title) for name in names or ("answers",)]
    return tried(cases, *pledges, vary=vary, by="team")


def test_nothing_is_fetched_and_nothing_runs() -> None:
    text = report(made())
    page = Page(text)
    assert not page.open
    assert {tag for tag, _ in page.tags}.isdisjoint({"script", "link", "img", "iframe", "object", "embed", "a", "use"})
    assert not [name for _, attributes in page.tags for name in attributes if name.startswith("on") or name == "style"]
    assert "default-src 'none'" in text
    assert "url(" not in text
    assert "@import" not in STYLE
    assert set(re.findall(r"https?://[^\s\"<]+", text)) == {"http://www.w3.org/2000/svg"}


def test_headings_stand_in_order() -> None:
    levels = [int(tag[1]) for tag, _ in Page(report(made("one", "two"))).tags if re.fullmatch(r"h[1-6]", tag)]
    assert levels[0] == 1
    assert levels.count(1) == 1
    assert all(after <= before + 1 for before, after in pairwise(levels))


def test_every_chart_has_a_title_a_description_and_a_table_after_it() -> None:
    text = report(made("one", "two"))
    page = Page(text)
    drawn = [attributes for attributes in page.all("svg") if attributes.get("role") == "img"]
    assert len(drawn) == len(page.all("figure")) >= 8
    names = [str(attributes.get("id")) for _, attributes in page.tags if attributes.get("id")]
    assert len(names) == len(set(names))
    for chart in drawn:
        assert set(str(chart["aria-labelledby"]).split()) <= set(names)
    for name in names:
        assert re.search(rf'id="{name}">[^<]{{3,}}<', text)
    for section in text.split("<h2>")[1:]:
        if "<figure>" in section:
            assert section.rindex("<table") > section.rindex("<figure>")


def test_every_table_has_a_caption_and_headers() -> None:
    page = Page(report(made()))
    tables = len(page.all("table"))
    assert tables == len(page.all("caption")) == len(page.all("thead")) > 5
    assert {attributes.get("scope") for attributes in page.all("th")} == {"row", "col"}
    assert all(
        attributes.get("tabindex") == "0" for attributes in page.all("div") if attributes.get("class") == "scroll"
    )


@pytest.mark.parametrize("text", HOSTILE)
def test_words_from_outside_stay_words(text: str) -> None:
    plain, hostile = Page(report(made())), Page(report(made(title=text, teams=[text, "south"])))
    assert {tag for tag, _ in hostile.tags} == {tag for tag, _ in plain.tags}
    assert not hostile.open
    assert not [name for _, attributes in hostile.tags for name in attributes if name.startswith("on")]


def test_strings_that_broke_others_do_not_break_the_page(shared: Path) -> None:
    strings = json.loads((shared / "data" / "naughty-strings.json").read_text(encoding="utf-8"))
    names = [text for text in strings if text.strip()]
    page = Page(report(made(teams=names, vary="")))
    assert not page.open
    assert {"script", "img", "a"}.isdisjoint(tag for tag, _ in page.tags)


def test_the_same_cases_give_the_same_page() -> None:
    assert report(made()) == report(made())


def test_dates_stand_as_people_say_them() -> None:
    text = report(made())
    assert "from Monday 5 January 2026 to Monday 4 May 2026 (120 days)" in text
    assert "judged as of Tuesday 15 September 2026, 09:00" in text
    assert "January 2026" in text
    assert not re.search(r"\d{4}-\d\d-\d\d", text.split("</style>")[1])


def test_what_cannot_be_told_apart_by_colour_has_lines_too() -> None:
    lined = {
        dress
        for dress in ("broken", "excused", "unknown", "running", "s1", "s2", "s3")
        if f"on-{dress}" in charts.swatch(dress)
    }
    assert lined == {"broken", "excused", "unknown", "running", "s1", "s2", "s3"}
    for dress in lined:
        assert f".on-{dress}" in STYLE


def luminance(colour: str) -> float:
    """Relative luminance as in WCAG 2.2."""
    parts = [int(colour[place : place + 2], 16) / 255 for place in (1, 3, 5)]
    red, green, blue = (part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


@pytest.mark.parametrize(
    ("text", "ground", "least"),
    [("ink", "paper", 7), ("soft", "paper", 4.5), ("pine", "paper", 4.5), ("brick", "paper", 3), ("plum", "paper", 3)],
)
def test_contrast_is_enough(text: str, ground: str, least: float) -> None:
    colours = dict(re.findall(r"--(\w+):(#[0-9a-f]{6})", STYLE))
    light, dark = sorted((luminance(colours[text]), luminance(colours[ground])), reverse=True)
    assert (light + 0.05) / (dark + 0.05) >= least


def test_nothing_to_judge_makes_a_page_that_says_so() -> None:
    text = report(tried([]))
    assert not Page(text).open
    assert "0 cases read; none had begun" in text
