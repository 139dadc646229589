"""The forms of the counter, one question each."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any

from django import forms
from django.utils.html import escape

from makegood.rooms.places.events import Address
from makegood.rooms.services.events import Kind, Question
from makegood.web.forms import DayField, Hinted, KitForm, WordsField

YES_NO = (("yes", "Yes"), ("no", "No"))
NONE_OF_THESE = "none"
WAYS = (
    ("email", Hinted("By email", hint="We send you a private link to follow your report")),
    ("letter", Hinted("By letter", hint="We print it and post it to you")),
    ("phone", Hinted("By phone", hint="We call you")),
)
EASE = (("5", "Very easy"), ("4", "Easy"), ("3", "Neither easy nor hard"), ("2", "Hard"), ("1", "Very hard"))


def answer_field(question: Question) -> forms.Field:
    """The field for a question, its label the question and its hint the reason why we ask."""
    said: dict[str, Any] = {"label": question.ask, "help_text": escape(question.why), "required": question.required}
    match question.kind:
        case Kind.CHOICE:
            choices = [(each.value, Hinted(each.label, hint=each.hint)) for each in question.choices]
            return _one_of(choices, **said)
        case Kind.YES_NO:
            return _one_of(YES_NO, **said)
        case Kind.DATE:
            return DayField(**said)
        case Kind.NUMBER:
            widget = forms.TextInput(attrs={"inputmode": "numeric", "class": "govuk-input--width-5"})
            return WordsField(max_length=9, widget=widget, **said)
        case Kind.WORDS:
            return WordsField(max_length=2_000, rows=5, **said)


def _one_of(choices: Any, **said: Any) -> forms.ChoiceField:
    wanted = {"required": "Choose one of the answers", "invalid_choice": "Choose one of the answers"}
    return forms.ChoiceField(choices=choices, widget=forms.RadioSelect, error_messages=wanted, **said)


class AnswerForm(KitForm):
    """One question of a service."""

    def __init__(self, *args: Any, question: Question, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = answer_field(question)
        if field.required and question.kind not in (Kind.CHOICE, Kind.YES_NO):
            field.error_messages["required"] = "Answer the question"
        self.fields["answer"] = field

    def as_text(self) -> str:
        """The answer as it is kept."""
        answer = self.cleaned_data["answer"]
        return answer.isoformat() if isinstance(answer, date) else str(answer or "")


class FindForm(KitForm):
    """Plain words for what is wrong."""

    words = WordsField(
        label="What is wrong?",
        max_length=200,
        required=False,
        help_text="In your own words, such as “my bin was not emptied”",
        widget=forms.TextInput(attrs={"type": "search", "autocomplete": "off"}),
    )


class PlaceForm(KitForm):
    """Where it is, in words."""

    words = WordsField(
        label="Where is it?",
        max_length=300,
        help_text="A street and number, a postcode, or words such as “by the bus stop in Station Road”",
        error_messages={"required": "Enter where it is"},
    )


class ChoosePlaceForm(KitForm):
    """One of the addresses that were found, or the words as they were written."""

    address = forms.ChoiceField(
        label="Is it one of these?",
        widget=forms.RadioSelect,
        error_messages={"required": "Choose an address, or say that it is none of these"},
    )

    def __init__(self, *args: Any, found: list[Address], words: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        none = (NONE_OF_THESE, Hinted("It is none of these", hint=f"We use your words: {words}"))
        self.fields["address"].choices = [*((each.id, str(each)) for each in found), none]  # type: ignore[attr-defined]


class PhotoForm(KitForm):
    """A photo, if there is one."""

    photo = forms.FileField(
        label="Do you have a photo?",
        required=False,
        help_text="It helps us find it. We take out the place and time that your phone wrote into it. At most 10 MB.",
        widget=forms.FileInput(attrs={"accept": "image/jpeg,image/png"}),
        error_messages={"empty": "The file is empty. Choose another photo, or go on without one"},
    )


class NameForm(KitForm):
    """Who reports it."""

    name = WordsField(
        label="What is your name?",
        max_length=200,
        help_text="So that we know what to call you",
        error_messages={"required": "Enter your name"},
    )


class ReachForm(KitForm):
    """By which way she wants to hear from us."""

    wants = forms.ChoiceField(
        label="How should we tell you what happens?",
        choices=WAYS,
        widget=forms.RadioSelect,
        help_text="You do not need email. Choose what suits you best.",
        error_messages={"required": "Choose how we should tell you"},
    )


class EmailForm(KitForm):
    """For those who want email."""

    email = forms.EmailField(
        label="What is your email address?",
        max_length=254,
        help_text="We only use it to tell you about this report",
        error_messages={
            "required": "Enter your email address",
            "invalid": "Enter an email address in the right form, like name@example.com",
        },
    )


class PostForm(KitForm):
    """For those who want letters."""

    post = WordsField(
        label="To which address should we write?",
        max_length=500,
        rows=4,
        help_text="Street and number, town and postcode, each on a line of its own",
        error_messages={"required": "Enter the address to write to"},
    )


class PhoneForm(KitForm):
    """For those who want a call."""

    phone = WordsField(
        label="What is your phone number?",
        max_length=40,
        help_text="We only use it to tell you about this report",
        widget=forms.TextInput(attrs={"type": "tel", "class": "govuk-input--width-20"}),
        error_messages={"required": "Enter your phone number"},
    )

    def clean_phone(self) -> str:
        """A number as people write it."""
        phone = str(self.cleaned_data["phone"])
        if sum(sign.isdigit() for sign in phone) < 6 or any(not (c.isdigit() or c in " +()-./x") for c in phone):
            raise forms.ValidationError("Enter a phone number, like 01632 960 001")
        return phone


REACHED_BY: dict[str, type[KitForm]] = {"email": EmailForm, "letter": PostForm, "phone": PhoneForm}
"""The form for the address of each way."""
FIELD_OF = {"email": "email", "letter": "post", "phone": "phone"}
"""The name of its field."""


class ReferenceForm(KitForm):
    """The reference of a report."""

    reference = WordsField(
        label="Reference",
        max_length=40,
        help_text="It begins with MG. You find it in every message from us.",
        error_messages={"required": "Enter your reference"},
        widget=forms.TextInput(attrs={"autocomplete": "off", "spellcheck": "false", "class": "govuk-input--width-20"}),
    )


class FindCaseForm(ReferenceForm):
    """The reference and the e-mail address, to be sent a code."""

    email = forms.EmailField(
        label="Email address",
        max_length=254,
        help_text="The one that you gave us",
        error_messages={
            "required": "Enter your email address",
            "invalid": "Enter an email address in the right form, like name@example.com",
        },
    )


class CodeForm(KitForm):
    """The code that was sent."""

    code = WordsField(
        label="What is your code?",
        max_length=20,
        help_text="It has 8 digits and works for 15 minutes",
        error_messages={"required": "Enter the code"},
        widget=forms.TextInput(attrs={"inputmode": "numeric", "class": "govuk-input--width-10"}),
    )


class ToldCodeForm(ReferenceForm, CodeForm):
    """The reference, and a code that somebody read out."""


class MessageForm(KitForm):
    """Words from the resident."""

    words = WordsField(
        label="Your message", max_length=5_000, rows=5, error_messages={"required": "Enter your message"}
    )


class AnswerUsForm(KitForm):
    """What we asked her for."""

    words = WordsField(label="Your answer", max_length=5_000, rows=5, error_messages={"required": "Enter your answer"})


class NotFixedForm(KitForm):
    """What is still wrong."""

    words = WordsField(
        label="What is still wrong?",
        max_length=5_000,
        rows=5,
        help_text="So that we know what to look for. Your report opens again as soon as you send this.",
        error_messages={"required": "Say what is still wrong"},
    )


class ChooseRemedyForm(KitForm):
    """Which of several remedies."""

    choice = forms.ChoiceField(
        label="What would you like?",
        widget=forms.RadioSelect,
        error_messages={"required": "Choose what you would like"},
    )

    def __init__(self, *args: Any, choices: Sequence[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["choice"].choices = choices  # type: ignore[attr-defined]


class EaseForm(KitForm):
    """How easy it was."""

    score = forms.ChoiceField(
        label="How easy was it to get this sorted out?",
        choices=EASE,
        widget=forms.RadioSelect,
        error_messages={"required": "Choose how easy it was"},
    )
    words = WordsField(
        label="What should we do better? (You can leave this empty)", max_length=2_000, rows=3, required=False
    )


class ShopKeyForm(KitForm):
    """The key of a shop."""

    key = WordsField(
        label="What is the key of your shop?",
        max_length=100,
        help_text="You got it from us when you joined. You need it once a day.",
        error_messages={"required": "Enter the key of your shop"},
        widget=forms.PasswordInput(attrs={"autocomplete": "current-password", "spellcheck": "false"}),
    )


class VoucherForm(KitForm):
    """The code of a voucher."""

    code = WordsField(
        label="What is the code on the voucher?",
        max_length=40,
        help_text="12 letters and digits, like ABCD-EFGH-JKLM. Or scan the square.",
        error_messages={"required": "Enter the code"},
        widget=forms.TextInput(
            attrs={
                "autocomplete": "off",
                "spellcheck": "false",
                "autocapitalize": "characters",
                "class": "govuk-input--width-20",
            }
        ),
    )
