"""Texts to publish: promises, services, calendars and wordings; and shops."""

from __future__ import annotations

from typing import Any

from makegood.web.forms import DayField, KitForm, WordsField


class TextForm(KitForm):
    """A text to publish: a promise, a service or a calendar."""

    text = WordsField(label="Text", max_length=200_000, rows=28, error_messages={"required": "Write the text"})

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["text"].widget.attrs |= {"class": "mg-code", "spellcheck": "false", "wrap": "off"}
        self.fields["text"].strip = False  # type: ignore[attr-defined]


class PledgeForm(TextForm):
    """A promise, and from when it holds."""

    valid_from = DayField(label="From which day does it hold?", required=False, help_text="Leave this empty for today.")


class WordingForm(TextForm):
    """A wording."""


class ShopForm(KitForm):
    """A shop that takes vouchers."""

    name = WordsField(label="Name of the shop", max_length=120)
    code = WordsField(
        label="Short name", max_length=39, help_text="Small letters, digits and hyphens, like corner-shop."
    )
