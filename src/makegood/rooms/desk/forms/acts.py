"""Acts on a case and on its remedies: each form knows what it is about, and what whoever fills it in has seen."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any

from django import forms

from makegood.rooms.cases.actions import contact_channels, contact_reasons
from makegood.rooms.cases.queries import CaseSeen, FactSeen, PersonSeen
from makegood.rooms.journal.events import Actor
from makegood.rooms.people.queries import Team
from makegood.rooms.remedies.queries import RemedySeen
from makegood.rooms.services.events import Service
from makegood.web.forms import Hinted, KitForm, MoneyField, WhenField, WordsField

from .resident import PersonFields

LONG = 5_000


@dataclass(frozen=True, kw_only=True, slots=True)
class About:
    """What an act on a case is about: what the forms need to know to offer what is possible."""

    case: CaseSeen
    service: Service
    actor: Actor
    at: datetime
    since: int
    labels: dict[str, str]
    person: PersonSeen | None = None
    teams: tuple[Team, ...] = ()
    fact: FactSeen | None = None
    remedy: RemedySeen | None = None

    @property
    def seen(self) -> int:
        """Which state of the remedy, or else of the case, this is."""
        return self.remedy.mark if self.remedy else self.case.version


def minute(at: datetime) -> datetime:
    """An instant as forms know it: to the minute."""
    return at.replace(second=0, microsecond=0)


def happened(data: Mapping[str, Any], name: str = "at") -> datetime | None:
    """When something happened. A time that was left as the page offered it means now, to the second: `None`."""
    at: datetime | None = data.get(name)
    return None if at is None or at.isoformat() == data.get("opened") else at


class ActForm(KitForm):
    """A form for an act on a case or a remedy. It remembers what the person saw: its version, and the last entry."""

    seen = forms.IntegerField(widget=forms.HiddenInput, required=False)
    since = forms.IntegerField(widget=forms.HiddenInput, required=False)
    opened = forms.CharField(widget=forms.HiddenInput, required=False, max_length=40)

    def __init__(self, *args: Any, about: About, **kwargs: Any) -> None:
        seen = {"seen": about.seen, "since": about.since, "opened": minute(about.at).isoformat()}
        kwargs["initial"] = seen | (kwargs.get("initial") or {})
        super().__init__(*args, **kwargs)
        self.about = about
        self.offer(about)

    def offer(self, about: About) -> None:
        """Fill in what depends on the case."""

    def choose_from(self, name: str, choices: list[tuple[str, Any]]) -> None:
        """Give a field its choices; a single one is chosen already."""
        self.fields[name].choices = choices  # type: ignore[attr-defined]
        if len(choices) == 1:
            self.initial.setdefault(name, choices[0][0])


class RecordForm(ActForm):
    """What happened, and when."""

    fact = forms.ChoiceField(
        label="What happened?", widget=forms.RadioSelect, error_messages={"required": "Choose what happened"}
    )
    at = WhenField(label="When did it happen?", help_text="When it happened, not when you heard of it.")
    note = WordsField(label="Note for staff (you can leave this empty)", max_length=LONG, rows=3, required=False)

    def offer(self, about: About) -> None:
        """The facts that staff record, what was promised first."""
        service = about.service
        kept_apart = {service.start_fact, service.pause_from, service.pause_until, ""}
        kept_apart |= {each.fact for each in service.exemptions}
        names = dict.fromkeys([service.done_fact, *(each.name for each in service.facts)])
        hint = "This is what we promised: it ends the clock."
        self.choose_from(
            "fact",
            [
                (name, Hinted(about.labels.get(name, name), hint=hint if name == service.done_fact else ""))
                for name in names
                if name not in kept_apart
            ],
        )
        self.initial.setdefault("at", about.at)


class CorrectForm(ActForm):
    """Put a time right, or say that it never happened."""

    how = forms.ChoiceField(
        label="What was wrong?",
        widget=forms.RadioSelect,
        choices=[
            ("time", Hinted("It happened at another time", hint="Enter the right time below.")),
            ("never", "It never happened"),
        ],
        error_messages={"required": "Choose what was wrong"},
    )
    at = WhenField(label="When did it really happen?", required=False)
    reason = WordsField(
        label="Why do you change it?",
        max_length=LONG,
        rows=3,
        help_text="Both times stay on the record, with your name and this reason.",
        error_messages={"required": "Say why the time was wrong"},
    )

    def offer(self, about: About) -> None:
        """The time as it is recorded."""
        if about.fact:
            self.initial.setdefault("at", about.fact.at)
            if about.fact.name == about.service.start_fact:
                self.choose_from("how", [("time", "It happened at another time")])

    def clean(self) -> dict[str, Any]:
        """A time is needed where another one is meant."""
        data: dict[str, Any] = super().clean() or self.cleaned_data
        if data.get("how") == "time" and not data.get("at") and "at" not in self.errors:
            self.add_error("at", "Enter when it really happened")
        return data


class PauseForm(ActForm):
    """Stop the clock until the resident answers."""

    reason = WordsField(
        label="Why can we not go on?", max_length=500, rows=2, error_messages={"required": "Say why we cannot go on"}
    )
    needed = WordsField(
        label="What do we need from them?",
        max_length=LONG,
        rows=4,
        help_text="Write it as you would say it to them. It is sent to them at once, in these words.",
        error_messages={"required": "Say what we need from them"},
    )


class HandOverForm(ActForm):
    """Ask another team."""

    team = forms.ChoiceField(
        label="Which team?", widget=forms.RadioSelect, error_messages={"required": "Choose a team"}
    )
    context = WordsField(
        label="What do they need to know?",
        max_length=LONG,
        rows=5,
        help_text="So that nobody has to ask the resident again.",
        error_messages={"required": "Say what the other team needs to know"},
    )

    def offer(self, about: About) -> None:
        """Every team but the one that has it."""
        others = [each for each in about.teams if each.code != about.case.team]
        self.choose_from("team", [(each.code, Hinted(each.name, hint=each.organisation)) for each in others])


class ExemptForm(ActForm):
    """Decide that the promise could not be held."""

    fact = forms.ChoiceField(
        label="What made it impossible?",
        widget=forms.RadioSelect,
        error_messages={"required": "Choose what made it impossible"},
    )
    evidence = WordsField(
        label="How do we know?",
        max_length=LONG,
        rows=4,
        help_text="The resident is told this, and may object. Name what you saw: a warning, a report, a photo.",
        error_messages={"required": "Say how we know"},
    )

    def offer(self, about: About) -> None:
        """The exemptions of the service."""
        self.choose_from("fact", [(each.fact, each.label) for each in about.service.exemptions])


class CloseForm(ActForm):
    """Close the case with a reason that says whether it is fixed."""

    closing = forms.ChoiceField(
        label="Why do you close it?", widget=forms.RadioSelect, error_messages={"required": "Choose why it is closed"}
    )
    at = WhenField(
        label="When was it done?",
        required=False,
        help_text="Only where it is fixed. When it happened, not when you heard of it.",
    )
    note = WordsField(label="Note for staff (you can leave this empty)", max_length=LONG, rows=3, required=False)

    def offer(self, about: About) -> None:
        """The closing reasons of the service."""
        self.choose_from(
            "closing",
            [
                (
                    each.code,
                    Hinted(
                        each.label,
                        hint="Counts as fixed."
                        if each.fixed
                        else "Not fixed: the clock runs on, and the promise counts.",
                    ),
                )
                for each in about.service.closings
            ],
        )
        self.initial.setdefault("at", about.at)


class ReasonForm(ActForm):
    """One sentence that says why."""

    reason = WordsField(label="Why?", max_length=LONG, rows=3, error_messages={"required": "Say why"})


class WriteForm(ActForm):
    """Words to the resident."""

    words = WordsField(
        label="Your message", max_length=LONG, rows=7, error_messages={"required": "Write what you want to tell them"}
    )


class SaidForm(ActForm):
    """What the resident told us by some other way than the pages."""

    channel = forms.ChoiceField(label="How did they tell us?", error_messages={"required": "Choose how they told us"})
    words = WordsField(
        label="What did they say?", max_length=LONG, rows=5, error_messages={"required": "Write what they said"}
    )

    def offer(self, about: About) -> None:
        """The channels."""
        self.choose_from("channel", list(contact_channels().items()))


class NotFixedForm(ActForm):
    """The resident says that it is not fixed."""

    words = WordsField(label="What is still wrong?", max_length=LONG, rows=4, required=False)


class DuplicateForm(ActForm):
    """The other case about the same thing."""

    original = WordsField(
        label="Reference of the other case",
        max_length=40,
        help_text="Each case keeps its own reference, clock and remedies.",
        widget=forms.TextInput(attrs={"class": "govuk-input--width-20", "autocomplete": "off"}),
    )


class PhotoForm(ActForm):
    """A photo that somebody sent us."""

    photo = forms.FileField(label="The photo", help_text="At most 10 MB.")


class JustDo(ActForm):
    """Nothing to fill in: the button is the answer."""


class ContactForm(ActForm):
    """Somebody got in touch: how, why, and whether that settled it."""

    channel = forms.ChoiceField(label="How?", widget=forms.RadioSelect, initial="telephone")
    resolved = forms.BooleanField(label="It is settled with that", required=False)
    reason = forms.ChoiceField(label="Why?", error_messages={"required": "Choose why they got in touch"})

    def offer(self, about: About) -> None:
        """The lists of the place."""
        self.choose_from("channel", list(contact_channels().items()))
        self.choose_from("reason", list(contact_reasons().items()))


class DealtForm(ActForm):
    """What the resident wrote is dealt with."""

    reason = forms.ChoiceField(label="Why did they write?", required=False)

    def offer(self, about: About) -> None:
        """The reasons, for contacts that have none yet."""
        self.choose_from("reason", [("", "It needs no reason"), *contact_reasons().items()])


# --- remedies --------------------------------------------------------------------------------------------------------


class ChooseForm(ActForm):
    """Which of several."""

    choice = forms.ChoiceField(
        label="What would they like?", widget=forms.RadioSelect, error_messages={"required": "Choose one"}
    )

    def offer(self, about: About) -> None:
        """What there is to choose."""
        choices = about.remedy.choices if about.remedy else ()
        self.choose_from("choice", [(str(each.index), Hinted(each.offer, hint=each.hint)) for each in choices])


class AddForm(ActForm):
    """Something more, at one's own judgement."""

    amount = MoneyField(label="How much?", at_least=Decimal("0.01"), at_most=Decimal(10_000))
    pays = forms.ChoiceField(
        label="As what?",
        widget=forms.RadioSelect,
        choices=[("voucher", "A voucher"), ("money", "Money")],
        initial="voucher",
    )
    reason = WordsField(label="Why?", max_length=500, rows=3, error_messages={"required": "Say why you add this"})

    def offer(self, about: About) -> None:
        """What was added before says as what."""
        if about.remedy and about.remedy.added:
            words = {"voucher": "A voucher", "money": "Money"}
            self.choose_from("pays", [(about.remedy.pays, words.get(about.remedy.pays, about.remedy.pays))])


class PaidForm(ActForm):
    """Money was paid."""

    how = WordsField(
        label="The payment's mark",
        max_length=80,
        help_text="The number that the bank or the finance system gave it. Nothing personal.",
        error_messages={"required": "Enter the payment's mark"},
    )


class BatchPaidForm(KitForm):
    """A batch was paid."""

    how = WordsField(
        label="The payment's mark",
        max_length=80,
        help_text="The number that the bank or the finance system gave the run. Nothing personal.",
        error_messages={"required": "Enter the payment's mark"},
    )


class ReturnedForm(KitForm):
    """Why a payment came back."""

    reason = WordsField(label="Why did it come back?", max_length=300)


class FinishForm(ActForm):
    """A task was done; the resident is told."""

    words = WordsField(
        label="What do you tell the resident?",
        max_length=4_000,
        rows=6,
        help_text="It is sent to them in these words.",
        error_messages={"required": "Write what you tell the resident"},
    )


class ResidentForm(PersonFields, ActForm):
    """Put right how to reach the resident."""

    def offer(self, about: About) -> None:
        """As it is now."""
        if about.person:
            for name in ("name", "wants", "email", "phone", "post"):
                self.initial.setdefault(name, getattr(about.person, name))
