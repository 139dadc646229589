"""Who a case is for, and how to reach them."""

from __future__ import annotations

from django import forms

from makegood.rooms.cases.events import Resident
from makegood.web.forms import WordsField

WANTS = [("email", "By email"), ("letter", "By letter"), ("phone", "By phone")]


class PersonFields(forms.Form):
    """Who a case is for, and how to reach them."""

    name = WordsField(label="Name", max_length=200, required=False)
    wants = forms.ChoiceField(label="How do they want to hear from us?", widget=forms.RadioSelect, choices=WANTS)
    email = forms.EmailField(label="Email address", max_length=254, required=False)
    phone = WordsField(label="Telephone", max_length=40, required=False)
    post = WordsField(label="Postal address", max_length=1_000, rows=3, required=False)

    def resident(self) -> Resident:
        """Who it is."""
        data = self.cleaned_data
        return Resident(**{name: data[name] for name in ("name", "wants", "email", "phone", "post")})
