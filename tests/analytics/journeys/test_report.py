"""The report for a meeting of partners: what to change stands first, in plain words, and nothing can break the page."""

from __future__ import annotations

import re
from collections.abc import Mapping
from html.parser import HTMLParser
from itertools import pairwise

import pytest

from makegood.analytics.journeys.measure import Definition, Measure
from makegood.analytics.journeys.pages.report import report_page
from makegood.analytics.journeys.pages.report_style import STYLE
from makegood.analytics.journeys.trying.changes import Change, Compared, Saved
from makegood.analytics.sureness import Interval

from .flows import CLAIM, CLAIMS, DECIDED, big, flow_through

HOSTILE = ["<script>alert(1)</script>", '"><img src=x onerror=alert(1)>', "</svg></style>", "a\x00b\u202ec", "]]>"]


class Page(HTMLParser):
    """Every tag of a page with its attributes, and all its text."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.open: list[str] = []
        self.words: list[str] = []
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))
        if tag != "meta":
            self.open.append(tag)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        if "style" not in self.open:
            self.words.append(data)

    def all(self, tag: str) -> list[dict[str, str | None]]:
        return [attributes for name, attributes in self.tags if name == tag]


def definition(
    title: str, unit: str, *, of: str = "journeys", needs: tuple[str, ...] = (), name: str = ""
) -> Definition:
    return Definition(
        name=name or title, title=title, unit=unit, of=of, says="How many contacts it takes.", formula="a ÷ b",
        source="a handbook, 2008", needs=needs, better="lower",
    )  # fmt: skip


CONTACTS = definition("Contacts per completed outcome", "contacts")
FIRST_TIME = definition("Resolved at first contact", "share")
AGAIN = definition("Items asked for again", "items", of="items", needs=("asked", "given"))


def measure(
    what: Definition,
    value: float | None,
    *,
    n: int = 1_200,
    by: Mapping[str, str] | None = None,
    lacks: tuple[str, ...] = (),
) -> Measure:
    ends = Interval(value * 0.9, value * 1.1) if value is not None else None
    return Measure(
        definition=what, value=value, n=n, unknown=37, interval=ends, method="bootstrap", by=by or {}, lacks=lacks
    )


def change(
    title: str = "Share proof of income", *, journeys: int = 310, allowed: bool = True, agreement: str = "Work together"
) -> Change:
    return Change(
        title=title, assumption="the proof that one holds is good enough for the other", journeys=journeys,
        contacts=Saved(value=420.3, low=310, high=530), minutes=Saved(value=25_200, low=18_000, high=31_800),
        pounds=Saved(value=2_122, low=1_100, high=3_400), agreement=agreement, allowed=allowed,
    )  # fmt: skip


def compared(*, sure: bool) -> Compared:
    return Compared(
        definition=FIRST_TIME, before=measure(FIRST_TIME, 0.184), after=measure(FIRST_TIME, 0.2), difference=0.016,
        interval=Interval(-0.02, 0.05), sure=sure, sentence="About as many were resolved at first contact.",
    )  # fmt: skip


def asked(name: str = "proof of income", partner: str = "Tax office") -> list[Measure]:
    counts = {
        (partner, name): 45,
        (partner, "date of birth"): 3,
        ("Jobcentre", "bank details"): 9,
        ("Jobcentre", name): 0,
    }
    return [
        measure(AGAIN, 57, n=900),
        *(measure(AGAIN, count, n=80, by={"asker": asker, "item": item}) for (asker, item), count in counts.items()),
    ]


def whole(text: str = "Out of work in Anyborough") -> str:
    step = (text, text)
    flow = flow_through([((CLAIM, step, DECIDED), 30), ((CLAIM, step, CLAIM, step, DECIDED), 20)], {})
    return report_page(
        title=text, about="223 journeys, from Monday 5 January 2026 to Friday 26 June 2026.",
        changes=[change(text, agreement=text), change(text, allowed=False), change(), change(text)],
        measures=[
            measure(CONTACTS, 4.5), measure(FIRST_TIME, None, lacks=("resolved",)),
            measure(CONTACTS, 3, by={"need": text}),
        ],
        flow=flow, asked=asked(text, text), pillar=[measure(CONTACTS, 2, by={"organisation": text})],
        compared=[compared(sure=True)], readings=([measure(CONTACTS, 1)], [measure(FIRST_TIME, 0.5)]),
        cannot_say=[text], counted=[text],
    )  # fmt: skip


def said(text: str) -> str:
    return " ".join(" ".join(Page(text).words).split())


def test_nothing_is_fetched_and_nothing_runs() -> None:
    text = whole()
    page = Page(text)
    assert not page.open
    assert {tag for tag, _ in page.tags}.isdisjoint(
        {"script", "link", "img", "iframe", "object", "embed", "use", "form"}
    )
    assert not [name for _, attributes in page.tags for name in attributes if name.startswith("on") or name == "style"]
    assert "default-src 'none'" in text
    assert "url(" not in text
    assert "@import" not in STYLE
    assert set(re.findall(r"https?://[^\s\"<]+", text)) == {"http://www.w3.org/2000/svg"}


def test_every_link_leads_to_a_place_on_the_page() -> None:
    page = Page(report_page(title="Big", about="", flow=big()[0], measures=[measure(CONTACTS, 4.5)]))
    names = [attributes["id"] for _, attributes in page.tags if "id" in attributes]
    assert len(names) == len(set(names))
    links = [attributes["href"] or "" for attributes in page.all("a")]
    assert len(links) > 100
    assert {link.removeprefix("#") for link in links} <= set(names)
    assert all(link.startswith("#") for link in links)


def test_headings_stand_in_order_and_what_to_change_comes_first() -> None:
    page = Page(whole())
    levels = [int(tag[1]) for tag, _ in page.tags if re.fullmatch(r"h[1-6]", tag)]
    assert levels[0] == 1
    assert all(after <= before + 1 for before, after in pairwise(levels))
    first = next(attributes["id"] for attributes in page.all("h2"))
    assert first == "changes"


def test_the_three_changes_are_told_in_words_with_range_assumption_and_agreement() -> None:
    text = report_page(title="t", about="", changes=[change(), change(allowed=False), change(agreement="")])
    words = said(text)
    assert (
        "It would save about 420 contacts (310 to 530), about 420 hours of customers' time (300 to 530) and about "
        "£2,120 of partners' cost (£1,100 to £3,400). It touches 310 journeys."
    ) in words
    assert "This holds if: the proof that one holds is good enough for the other." in words
    assert "Allowed under: Work together." in words
    assert "Not allowed yet. It would have to be agreed first: Work together." in words
    assert "It needs no sharing agreement." in words


def test_further_changes_stand_in_a_table_and_rare_ones_nowhere() -> None:
    text = report_page(
        title="t", about="", changes=[*[change()] * 3, change("A fourth"), change("A rare one", journeys=4)]
    )
    assert len(Page(text.split("</ol>")[0]).all("h3")) == 3
    assert "A fourth" in text.split("</ol>")[1]
    assert "A rare one" not in text


def test_no_change_worth_making_is_said() -> None:
    assert "No change was found that would save effort" in report_page(title="t", about="", changes=[])


def test_a_measure_has_its_value_interval_number_unknowns_and_meaning() -> None:
    words = said(report_page(title="t", about="", measures=[measure(CONTACTS, 4.5)]))
    assert "Contacts per completed outcome 4.5 contacts 4.0 to 5.0 contacts, 95 times in 100" in words
    assert "1,200 journeys; not known for 37 more" in words
    assert "What this means : Contacts per completed outcome How many contacts it takes." in words
    assert "Formula: a ÷ b" in words
    assert "Source: a handbook, 2008" in words


def test_an_unknown_measure_says_which_columns_it_would_need() -> None:
    words = said(report_page(title="t", about="", measures=[measure(AGAIN, None, n=0, lacks=("asked", "given"))]))
    assert "1 measure cannot be told from this log" in words
    assert f"{AGAIN.title} The log would need the columns “asked” and “given”." in words
    words = said(report_page(title="t", about="", measures=[measure(AGAIN, None, n=0, lacks=("a completed journey",))]))
    assert f"{AGAIN.title} It would take a completed journey." in words


def test_parts_that_rest_on_fewer_than_five_journeys_are_not_named() -> None:
    parts = [measure(CONTACTS, 4, n=n, by={"need": name}) for name, n in (("housing", 80), ("very rare need", 4))]
    text = report_page(title="t", about="", measures=[measure(FIRST_TIME, 0.77, n=3), *parts])
    assert "very rare need" not in text
    assert "77.0%" not in text
    assert "too few to show" in text
    assert "and 1 more with fewer than 5 journeys" in text
    assert "what fewer than 5 journeys went through is counted but not named" in text


def test_the_matrix_has_a_row_for_each_partner_with_shading_and_numbers() -> None:
    text = report_page(title="t", about="", asked=asked())
    matrix = text.split('<div class="matrix">')[1].split("</table>")[0]
    assert re.findall(r'scope="col"[^>]*>([^<]*)', matrix) == ["partner", "proof of income", "bank details"]
    cells = re.findall(r"<td ([^>]*)>([^<]*)</td>", matrix)
    assert [words for _, words in cells][:4] == ["45 of 80", "–", "0", "9 of 80"]
    assert [re.findall(r'class="(\w+)"', each) for each, _ in cells][:4] == [["h4"], [], [], ["h1"]]
    assert "date of birth" not in text
    assert "Not shown: 1 more item with less of it." in text
    assert "The most often: Tax office asked for proof of income 45 times" in text
    assert "57 items" in text


def test_no_difference_is_called_none() -> None:
    assert "no difference can be claimed" in report_page(title="t", about="", compared=[compared(sure=False)])
    text = report_page(title="t", about="", compared=[compared(sure=True)])
    assert "no difference can be claimed" not in text
    assert re.findall(r'data-head="([^"]*)">([^<]*)<', text) == [
        ("before", "18.4%"), ("after", "20.0%"), ("difference, like for like", "1.6 points"),
        ("95 times in 100", "−2 to 5 points"),
    ]  # fmt: skip


def test_what_is_compared_is_a_table_under_one_sentence() -> None:
    text = report_page(
        title="t", about="", compared=[compared(sure=False), compared(sure=True)],
        names=("the period before 1 October 2025", "north.csv"),
    )  # fmt: skip
    section = text.split('id="compared"')[1].split("</section>")[0]
    lead = "1 of 2 measures differs by more than chance would explain, and is worse for the customer."
    assert section.index(lead) < section.index("<table")
    assert "“Before” is the period before 1 October 2025." in section
    assert re.findall(r'scope="col"[^>]*>([^<]*)', section)[:3] == ["measure", "before", "north.csv"]
    assert section.index('class="sure"') < section.index("no difference can be claimed")
    assert "<li>" not in section.split("<details>")[0]


def test_a_narrow_screen_stacks_the_cells_of_tables_each_with_its_head() -> None:
    text = whole()
    page = Page(text)
    assert all(each["data-head"] and each["role"] == "cell" for each in page.all("td"))
    assert {each["role"] for each in page.all("th")} == {"columnheader", "rowheader"}
    narrow = STYLE.split("@media screen and (max-width:40rem)")[1]
    assert "content:attr(data-head)" in narrow
    assert ".scroll tr{display:flex" in narrow


def test_a_screen_shows_the_map_that_fits_it() -> None:
    page = Page(report_page(title="t", about="", flow=CLAIMS))
    maps = [each["class"] for each in page.all("svg") if each.get("role") == "group"]
    assert maps == ["map wide-map", "map tall"]
    wide, narrow = STYLE.split("@media screen and (max-width:72rem)")
    assert ".tall,.on-tall{display:none}" in wide
    assert ".map.wide-map,.on-wide" in narrow
    assert ".map{display:block;max-width:100%;height:auto" in wide


def test_the_title_is_said_once() -> None:
    page = report_page(title="What customers go through", about="")
    words = said(page.split("<body>")[1].split("</body>")[0])
    assert words.lower().count("what customers go through") == 1


def test_what_is_not_given_is_left_out() -> None:
    page = Page(report_page(title="t", about=""))
    assert [attributes["id"] for attributes in page.all("h2")] == ["cannot-say", "counted"]
    page = Page(whole())
    assert [attributes["id"] for attributes in page.all("h2")] == [
        "changes", "journey-map", "measures", "asked", "pillar", "compared", "readings", "cannot-say", "counted",
    ]  # fmt: skip


def test_a_table_stands_after_the_map_and_every_table_has_a_caption_and_scrolls_by_keyboard() -> None:
    text = report_page(title="t", about="", flow=CLAIMS)
    page = Page(text)
    assert text.index("<table") > text.index("</figure>")
    tables = len(page.all("table"))
    assert tables == len(page.all("caption")) == len(page.all("thead")) == 5
    places = [each for each in page.all("div") if (each.get("class") or "").startswith("scroll")]
    assert len(places) == tables
    assert all(each.get("tabindex") == "0" and each.get("role") == "region" and each["aria-label"] for each in places)


def test_the_costliest_detour_is_told_before_the_map() -> None:
    words = said(report_page(title="t", about="", flow=CLAIMS).split("<figure")[0])
    assert "The costliest detours" in words
    assert "From Show proof of income (Jobcentre) to Chase the claim" in words
    assert "half wait 12 days or more. Taken together, these journeys wait about 720 days there." in words


def test_a_map_of_rare_steps_alone_says_that_there_is_nothing_to_draw() -> None:
    text = report_page(title="t", about="", flow=flow_through([((CLAIM, DECIDED), 2)], {}))
    assert "there is nothing to draw" in text
    assert CLAIM[0] not in text


@pytest.mark.parametrize("text", HOSTILE)
def test_words_from_outside_stay_words(text: str) -> None:
    plain, hostile = Page(whole()), Page(whole(text))
    assert {tag for tag, _ in hostile.tags} == {tag for tag, _ in plain.tags}
    assert not hostile.open
    assert not [name for _, attributes in hostile.tags for name in attributes if name.startswith("on")]


def test_nothing_is_told_by_member_of_staff() -> None:
    assert "Nothing here is told by member of staff." in whole()


def test_the_same_input_gives_the_same_page() -> None:
    assert whole() == whole()


def luminance(colour: str) -> float:
    """Relative luminance as in WCAG 2.2."""
    colour = colour if len(colour) == 7 else "#" + "".join(2 * digit for digit in colour[1:])
    parts = [int(colour[place : place + 2], 16) / 255 for place in (1, 3, 5)]
    red, green, blue = (part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


@pytest.mark.parametrize("dark", [False, True])
@pytest.mark.parametrize(
    ("text", "ground", "least"),
    [
        ("ink", "paper", 7), ("ink", "lane", 7), ("ink", "band", 7), ("soft", "card", 4.5), ("soft", "lane", 4.5),
        ("pine", "card", 4.5), ("card", "brick", 4.5), *((f"w{place}", "lane", 3) for place in range(5)),
        ("slate", "lane", 3),
    ],
)  # fmt: skip
def test_contrast_is_enough_by_day_and_by_night(text: str, ground: str, least: float, dark: bool) -> None:
    day, night = STYLE.split("@media screen and (prefers-color-scheme:dark)")
    colours = dict(re.findall(r"--(\w+):(#[0-9a-f]{3,6})\b", day))
    if dark:
        colours |= dict(re.findall(r"--(\w+):(#[0-9a-f]{3,6})\b", night))
    low, high = sorted(luminance(colours[name]) for name in (text, ground))
    assert (high + 0.05) / (low + 0.05) >= least
