"""Finding a case, what a crew records of one, and what waits in the post."""

from __future__ import annotations

from typing import Any

from django import forms

from makegood.web.forms import KitForm, WordsField


class FindForm(KitForm):
    """Words to look for."""

    words = WordsField(
        label="Find a case",
        max_length=200,
        required=False,
        widget=forms.TextInput(attrs={"type": "search", "autocomplete": "off"}),
    )


class ReferenceForm(KitForm):
    """A reference, however it is written."""

    reference = WordsField(
        label="Reference",
        max_length=40,
        widget=forms.TextInput(attrs={"autocomplete": "off", "autocapitalize": "characters", "spellcheck": "false"}),
        error_messages={"required": "Enter the reference"},
    )


class CrewForm(KitForm):
    """Which fact a crew records, now."""

    fact = forms.ChoiceField(label="What happened?")
    note = WordsField(label="Note (you can leave this empty)", max_length=500, rows=2, required=False)


class LettersForm(KitForm):
    """Which letters were printed and posted."""

    letters = forms.MultipleChoiceField(
        label="Which letters?",
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": "Choose at least one letter"},
    )

    def __init__(self, *args: Any, choices: list[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["letters"].choices = choices  # type: ignore[attr-defined]
        self.fields["letters"].initial = [value for value, _ in choices]


class MailForm(KitForm):
    """Another address for a mail that failed."""

    email = forms.EmailField(label="Email address", max_length=254, required=False)
    address = WordsField(label="Postal address", max_length=1_000, rows=4, required=False)
