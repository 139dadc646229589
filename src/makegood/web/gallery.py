"""Every component in every state, on one page: to look at, and for tests. Only a demonstration routes it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

from django import forms
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from .forms import DayField, Hinted, KitForm, MoneyField, WhenField, WordsField


class Every(KitForm):
    """A form with every kind of field."""

    name = WordsField(max_length=100, label="Your name")
    email = forms.EmailField(label="Email address", help_text="We write only about this report.")
    what = WordsField(
        max_length=500, rows=4, label="What is wrong?", help_text="Please leave out names of other people."
    )
    bin = forms.ChoiceField(
        label="Which bin?",
        widget=forms.RadioSelect,
        choices=[("r", Hinted("Rubbish", hint="The grey bin")), ("c", "Recycling"), ("f", "Food waste")],
    )
    signs = forms.MultipleChoiceField(
        label="What do you see?",
        widget=forms.CheckboxSelectMultiple,
        choices=[("d", "Damp"), ("m", Hinted("Mould", hint="Black or green spots")), ("l", "A leak")],
    )
    call = forms.BooleanField(label="You may call me about this", required=False)
    ward = forms.ChoiceField(label="Ward", choices=[("", "Choose a ward"), ("n", "North"), ("s", "South")])
    day = DayField(label="When should it have been collected?", help_text="For example, 16 6 2026")
    when = WhenField(label="When did it happen?")
    amount = MoneyField(label="Amount in pounds", at_most=Decimal(250))
    photo = forms.FileField(label="A photo", required=False, help_text="Up to 10 MB.")


class Words(KitForm):
    """The search of a first page."""

    words = WordsField(max_length=80, label="What is it about?")


class Narrow(KitForm):
    """What a list may be narrowed by."""

    words = WordsField(max_length=80, label="Words or reference", required=False)
    state = forms.ChoiceField(label="State", choices=[("", "Any"), ("b", "Broken")], required=False)
    ward = forms.MultipleChoiceField(
        label="Wards", widget=forms.CheckboxSelectMultiple, choices=[("n", "North"), ("s", "South")], required=False
    )


@dataclass(frozen=True, kw_only=True, slots=True)
class _Day:
    day: date
    number: int | None
    why: str
    name: str = ""


_NOT_COUNTED = {
    date(2026, 6, 11): ("start", ""),
    date(2026, 6, 13): ("closed", "Saturday"),
    date(2026, 6, 14): ("closed", "Sunday"),
    date(2026, 6, 15): ("paused", "we asked you which gate"),
    date(2026, 6, 19): ("closed", "a bank holiday"),
    date(2026, 6, 20): ("closed", "Saturday"),
    date(2026, 6, 21): ("closed", "Sunday"),
}


def _days() -> list[_Day]:
    days, number = [], 0
    for step in range(13):
        day = date(2026, 6, 11) + timedelta(days=step)
        why, name = _NOT_COUNTED.get(day, ("counted", ""))
        number += why == "counted"
        days.append(_Day(day=day, number=number if why == "counted" else None, why=why, name=name))
    return days


def gallery(request: HttpRequest) -> HttpResponse:
    """The page; with `?errors` its form was sent with nothing right in it."""
    now = datetime(2026, 6, 16, 10, 5, tzinfo=UTC)
    wrong = {"email": "nobody", "when_day": "31", "when_month": "2", "amount": "much"}
    shown = {
        "now": now,
        "later": now + timedelta(days=3),
        "soon": datetime(2026, 6, 17, 17, tzinfo=UTC),
        "today_end": datetime(2026, 6, 16, 22, 59, 59, tzinfo=UTC),
        "started": now - timedelta(days=1, hours=3),
        "days": _days(),
        "today": date(2026, 6, 16),
        "last_day": date(2026, 6, 23),
        "form": Every(wrong if "errors" in request.GET else None),
        "search": Words(auto_id="search_%s"),
        "narrow": Narrow(auto_id="narrow_%s"),
    }
    return render(request, "web/gallery.html", shown)
