"""A case on the telephone: who it is for, and the questions of its service, on one page."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from django import forms
from django.utils.html import format_html

from makegood.rooms.cases.actions import contact_channels
from makegood.rooms.places.events import Address, Place
from makegood.rooms.places.queries import find_addresses, place_of
from makegood.rooms.services.events import Kind, OnlyIf, Question, Service
from makegood.rooms.services.queries import say_answer
from makegood.web.forms import DayField, KitForm, WhenField, WordsField

from .acts import LONG, minute
from .resident import PersonFields


def answer_field(question: Question, service: Service) -> forms.Field:
    """The field for a question of a service, without the reason that only the person who answers needs."""
    said: dict[str, Any] = {"label": question.ask, "required": question.required and question.only_if is None}
    if question.only_if is not None:
        said["help_text"] = _only_after(question.only_if, service)
    match question.kind:
        case Kind.CHOICE:
            return forms.ChoiceField(
                choices=[(each.value, each.label) for each in question.choices], widget=forms.RadioSelect, **said
            )
        case Kind.YES_NO:
            radios = forms.RadioSelect(attrs={"inline": True})
            return forms.ChoiceField(choices=[("yes", "Yes"), ("no", "No")], widget=radios, **said)
        case Kind.DATE:
            return DayField(**said)
        case Kind.NUMBER:
            digits = forms.TextInput(attrs={"inputmode": "numeric", "class": "govuk-input--width-5"})
            return WordsField(max_length=9, widget=digits, **said)
        case Kind.WORDS:
            return WordsField(max_length=2_000, rows=2, **said)


def _only_after(condition: OnlyIf, service: Service) -> str:
    """After which answers a question is asked."""
    before = next(each for each in service.questions if each.name == condition.question)
    answers = " or ".join(f"“{say_answer(before, each)}”" for each in sorted(condition.answers))
    return format_html("Only if they answered {} to “{}”.", answers, before.ask)


NONE_OF_THESE = "none"


class CallerForm(PersonFields, KitForm):
    """A whole case on one page, at the speed of a telephone call."""

    place = WordsField(label="Where is it?", max_length=300, required=False, help_text="A street and number, or words.")
    address = forms.ChoiceField(label="Is it one of these?", required=False, widget=forms.RadioSelect)
    words = WordsField(label="In their own words (you can leave this empty)", max_length=LONG, rows=3, required=False)
    channel = forms.ChoiceField(label="How did it reach us?", initial="telephone")
    received_at = WhenField(label="When did it reach us?", help_text="The promise counts from then.")
    mine = forms.BooleanField(label="I take this case on", required=False)
    opened = forms.CharField(widget=forms.HiddenInput, required=False, max_length=40)

    def __init__(self, *args: Any, service: Service, at: datetime, **kwargs: Any) -> None:
        kwargs["initial"] = {"received_at": at, "wants": "phone", "opened": minute(at).isoformat()} | (
            kwargs.get("initial") or {}
        )
        super().__init__(*args, **kwargs)
        self.service, self.at = service, at
        self.fields["channel"].choices = list(contact_channels().items())  # type: ignore[attr-defined]
        self.found = self._addresses() if service.asks_place else []
        none = (NONE_OF_THESE, "It is none of these: keep the words")
        self.fields["address"].choices = [*((each.id, str(each)) for each in self.found), none]  # type: ignore[attr-defined]
        if not self.found:
            del self.fields["address"]
        if not service.asks_place:
            del self.fields["place"]
        for question in service.questions:
            self.fields[f"q_{question.name}"] = answer_field(question, service)
            field = self.fields[f"q_{question.name}"]
            field.error_messages["required"] = "Answer the question"

    def clean(self) -> dict[str, Any]:
        """Whoever is reached by letter needs an address."""
        data: dict[str, Any] = super().clean() or self.cleaned_data
        if data.get("wants") == "letter" and not data.get("post"):
            self.add_error("post", "Enter the address to write to, or choose another way")
        if data.get("wants") == "phone" and not data.get("phone"):
            self.add_error("phone", "Enter the telephone number, or choose another way")
        if self.found and not data.get("address"):
            self.add_error("address", "Choose an address, or say that it is none of these")
        return data

    def _addresses(self) -> list[Address]:
        """The addresses that are most like what was typed."""
        typed = self.data.get("place") if self.is_bound else self.initial.get("place")
        return find_addresses(str(typed), 8) if typed else []

    def again(self) -> CallerForm:
        """The same form as it was filled in, with addresses to choose from, and without a word of what is missing."""
        typed = {name: self[name].value() for name in self.fields}
        return CallerForm(initial=typed, service=self.service, at=self.at)

    def place_chosen(self) -> Place:
        """Where it is: the address that was chosen, else the words."""
        chosen = next((each for each in self.found if each.id == self.cleaned_data.get("address")), None)
        words = str(chosen) if chosen else self.cleaned_data.get("place", "")
        return place_of(words=words, address_id=chosen.id if chosen else "")

    @property
    def questions(self) -> list[forms.BoundField]:
        """The service's questions."""
        return [self[f"q_{question.name}"] for question in self.service.questions]

    def answers(self) -> dict[str, str]:
        """The answers as they are kept."""
        found: dict[str, Any] = {q.name: self.cleaned_data.get(f"q_{q.name}") for q in self.service.questions}
        return {name: _as_text(value) for name, value in found.items()}


def _as_text(answer: Any) -> str:
    return answer.isoformat() if isinstance(answer, date) else str(answer or "")
