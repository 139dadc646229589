"""The components: well-formed, without anything inline, and safe with whatever people write."""

import re
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.http import HttpRequest
from django.template import Context, Template
from django.test import RequestFactory, override_settings

import makegood.web
from makegood.web.gallery import gallery

TEMPLATES = Path(makegood.web.__file__).parent / "templates"
STATIC = Path(makegood.web.__file__).parent / "static" / "web"


@pytest.fixture(autouse=True)
def kit_renderer() -> Iterator[None]:
    with override_settings(FORM_RENDERER="makegood.web.forms.KitRenderer", PLACE_ZONE="Europe/London"):
        yield


def shown(source: str, **words: Any) -> str:
    return Template("{% load kit %}" + source).render(Context(words))


def request(address: str = "/kit/") -> HttpRequest:
    return RequestFactory().get(address)


@pytest.fixture(params=["/kit/", "/kit/?errors"], ids=["plain", "with errors"])
def page(request: pytest.FixtureRequest) -> str:
    return gallery(RequestFactory().get(request.param)).content.decode()


def test_no_page_carries_style_or_script_inline(page: str) -> None:
    assert not re.search(r"<[^>]*\s(style|on[a-z]+)=", page)
    assert not re.search(r"<script(?![^>]*\bsrc=)", page)
    assert "<style" not in page
    assert "javascript:" not in page


def test_no_template_names_an_image_or_script_from_elsewhere() -> None:
    for template in TEMPLATES.rglob("*.html"):
        assert not re.search(r"(src|href)=\"(https?:)?//", template.read_text()), template


def test_every_id_is_unique_and_every_reference_to_one_leads_somewhere(page: str) -> None:
    ids = Counter(re.findall(r'\sid="([^"]+)"', page))
    assert [name for name, count in ids.items() if count > 1] == []
    named = [
        name
        for found in re.findall(r'(?:aria-describedby|aria-labelledby|for)="([^"]+)"', page)
        for name in found.split()
    ]
    assert set(named) <= set(ids)
    linked = re.findall(r"error-summary.*?</ul>", page, re.DOTALL)
    assert set(re.findall(r'href="#([^"]+)"', " ".join(linked))) <= set(ids)


def test_the_title_of_a_page_with_errors_says_so() -> None:
    assert "<title>Error: The kit" in gallery(request("/kit/?errors")).content.decode()
    assert "<title>The kit" in gallery(request()).content.decode()


def test_every_component_is_safe_with_whatever_people_write() -> None:
    evil = "<b onclick=x>\"'"
    for source in (
        "{% tag evil evil %}",
        "{% button evil href=evil %}",
        "{% door evil evil %}{{ evil }}{% enddoor %}",
        "{% row evil change=evil %}{{ evil }}{% endrow %}",
        "{% table evil evil %}{% rowhead %}{{ evil }}{% endrowhead %}{% endtable %}",
        "{% cell evil %}{{ evil }}{% endcell %}",
        "{% promise evil more=evil label=evil status=evil %}{{ evil }}{% endpromise %}",
        "{% moment evil evil when=evil %}{{ evil }}{% endmoment %}",
        "{% said evil evil %}{{ evil }}{% endsaid %}",
        "{% voucher evil code=evil %}{{ evil }}{% endvoucher %}",
        "{% banner title=evil %}{{ evil }}{% endbanner %}",
        "{% details evil %}{{ evil }}{% enddetails %}",
        "{% number evil evil note=evil %}{% qr evil evil %}{% crumbs evil %}{% nav_link evil evil %}",
    ):
        assert "<b" not in shown(source, evil=evil), source


def test_a_status_has_a_sign_and_a_word() -> None:
    html = shown('{% tag "broken" "Promise broken" %}')
    assert "Promise broken" in html
    assert "<svg" in html
    assert 'aria-hidden="true"' in html


def test_the_days_of_a_deadline_are_also_a_list_in_words() -> None:
    page = gallery(request()).content.decode()
    assert "<strong>Monday 15 June 2026</strong>: Waiting: not counted (we asked you which gate)" in page
    assert "<strong>Tuesday 23 June 2026</strong>: Day 6: the deadline" in page
    assert "<strong>Tuesday 16 June 2026</strong>: Day 2 (today)" in page


def test_the_navigation_knows_where_it_is() -> None:
    nav = '{% nav_link "/" "Home" exact=True %}{% nav_link "/kit/" "Kit" %}'
    assert shown(nav, request=request("/kit/more/")).count("aria-current") == 1
    assert 'href="/kit/" aria-current' in shown(nav, request=request("/kit/more/"))


def test_a_square_code_holds_its_words_as_a_drawing() -> None:
    html = shown('{% qr "https://anyborough.example/v/K7" "Code for the shop" %}')
    assert 'role="img" aria-label="Code for the shop"' in html
    assert "data:" not in html


def test_the_style_sheet_has_neither_the_crown_nor_its_font_nor_anything_from_elsewhere() -> None:
    css = (STATIC / "makegood.css").read_text()
    assert "gds transport" not in css.casefold()
    assert "@font-face" not in css
    assert not re.search(r"url\((?!['\"]?#)", css)
    assert "Crown Copyright" in (STATIC / "LICENSES.txt").read_text()


def test_motion_and_colours_give_way_to_what_people_set() -> None:
    css = (STATIC / "makegood.css").read_text()
    assert "prefers-reduced-motion" in css
    assert "forced-colors" in css
