"""Parts of pages made without templates: what people wrote is escaped in every one, what is safe stays as it is."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest
from django import forms
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe

from makegood.web import parts
from makegood.web.written import as_letter

NAUGHTY = '<b onclick="x">\'&'
ESCAPED = "&lt;b onclick=&quot;x&quot;&gt;&#x27;&amp;"
AT = datetime(2026, 6, 16, 17, 5, tzinfo=UTC)
SAFE = mark_safe("<i>safe</i>")


@pytest.mark.parametrize(
    "made",
    [
        parts.tag("kept", NAUGHTY),
        parts.tag(NAUGHTY, "Kept"),
        parts.details(SAFE, NAUGHTY),
        parts.card(SAFE, NAUGHTY),
        parts.said(SAFE, "you", NAUGHTY, AT),
        parts.button(NAUGHTY, href="/x/"),
        parts.button("Send", name="a", value=NAUGHTY),
        parts.button("Go", href=NAUGHTY),
        parts.row(SAFE, NAUGHTY),
        parts.row(SAFE, "Name", change=NAUGHTY),
        parts.table(SAFE, NAUGHTY, "One|#Two"),
        parts.table(SAFE, "Caption", f"One|{NAUGHTY}"),
        parts.rowhead(NAUGHTY),
        parts.cell(NAUGHTY, "Name"),
        parts.cell("Rosa", NAUGHTY),
        parts.tab("/x/", NAUGHTY, count=2, alarm=True, current=True),
        parts.moment(SAFE, "done", NAUGHTY, AT),
        parts.filled("<p>{}</p>", NAUGHTY),
    ],
)
def test_what_people_wrote_is_escaped(made: SafeString) -> None:
    assert isinstance(made, SafeString)
    assert ESCAPED in made
    assert "<b " not in made


def test_what_is_safe_stays_as_it_is() -> None:
    for made in (parts.cell(SAFE, "Name"), parts.rowhead(SAFE), parts.card(SAFE), parts.details(SAFE, "More")):
        assert SAFE in made
    assert parts.filled("<p>{} {}</p>", SAFE, 5) == format_html("<p>{} {}</p>", SAFE, 5) == "<p><i>safe</i> 5</p>"


def test_a_tag_that_is_remembered_does_not_let_the_same_words_through_unescaped() -> None:
    assert "<i>safe</i>" in parts.tag("kept", SAFE)
    assert "<i>" not in parts.tag("kept", "".join(SAFE))


class Everything(forms.Form):
    """One control of each simple kind."""

    words = forms.CharField(widget=forms.TextInput(attrs={"class": "a", "autofocus": True, "disabled": False}))
    address = forms.EmailField()
    secret = forms.CharField(widget=forms.HiddenInput)
    one = forms.ChoiceField(choices=[("a", "A & B"), ("<", NAUGHTY)], widget=forms.RadioSelect(attrs={"inline": True}))
    several = forms.MultipleChoiceField(choices=[("1", "One"), ("2", "Two")], widget=forms.CheckboxSelectMultiple)


@pytest.mark.parametrize("data", [None, {"words": NAUGHTY, "secret": NAUGHTY, "one": "<", "several": ["2"]}])
def test_controls_are_those_of_django_with_the_kits_classes(data: dict[str, Any] | None) -> None:
    form = Everything(data)
    said = str(form["words"])
    assert said.startswith('<input type="text" name="words"')
    assert " autofocus" in said
    assert "disabled" not in said
    assert (f'value="{ESCAPED}"' in said) == (data is not None)
    assert str(form["secret"]).startswith('<input type="hidden" name="secret"')
    assert 'type="email"' in str(form["address"])
    assert str(form["one"]).count('type="radio"') == 2
    assert str(form["one"]).count(" checked") == (data is not None)
    assert all(part in str(form["one"]) for part in ("govuk-radios--inline", "A &amp; B", ESCAPED))
    assert str(form["several"]).count('type="checkbox"') == 2
    assert ('value="2" checked' in str(form["several"])) == (data is not None)


def test_a_letter_shows_its_lists_as_lists() -> None:
    told = as_letter(
        "What we promise\n* We mend it.\n\nIf we fail\n* We say sorry.\n* You choose:\n  * £5.\n  * £8.\n\n<b>"
    )
    assert told == (
        "<p>What we promise</p><ul><li>We mend it.</li></ul>"
        "<p>If we fail</p><ul><li>We say sorry.</li><li>You choose:<ul><li>£5.</li><li>£8.</li></ul></li></ul>"
        "<p>&lt;b&gt;</p>"
    )


def test_words_after_a_list_stand_below_it_and_a_stray_indent_is_no_list_of_its_own() -> None:
    assert as_letter("* one\nmore") == "<ul><li>one</li></ul><p>more</p>"
    assert as_letter("   * one\n  further") == "<ul><li>one<br>further</li></ul>"
