"""The forms of the desk."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from django import forms
from django.utils.html import format_html

from makegood.rooms.cases.actions import contact_channels, contact_reasons
from makegood.rooms.cases.events import Resident
from makegood.rooms.cases.queries import CaseSeen, FactSeen, PersonSeen
from makegood.rooms.journal.events import Actor
from makegood.rooms.people.events import ROLE_WORDS, Role
from makegood.rooms.people.queries import Member, Team
from makegood.rooms.remedies.queries import RemedySeen
from makegood.rooms.services.events import Kind, OnlyIf, Question, Service
from makegood.rooms.services.queries import say_answer
from makegood.web.forms import DayField, Hinted, KitForm, MoneyField, WhenField, WordsField
from makegood.web.saying import say_money

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


def minute(at: datetime) -> datetime:
    """An instant as forms know it: to the minute."""
    return at.replace(second=0, microsecond=0)


def happened(data: Mapping[str, Any], name: str = "at") -> datetime | None:
    """When something happened. A time that was left as the page offered it means now, to the second: `None`."""
    at: datetime | None = data.get(name)
    return None if at is None or at.isoformat() == data.get("opened") else at


class ActForm(KitForm):
    """A form for an act on a case. It remembers what the person saw: the case's version, and the last entry."""

    seen = forms.IntegerField(widget=forms.HiddenInput, required=False)
    since = forms.IntegerField(widget=forms.HiddenInput, required=False)
    opened = forms.CharField(widget=forms.HiddenInput, required=False, max_length=40)

    def __init__(self, *args: Any, about: About, **kwargs: Any) -> None:
        seen = {"seen": about.case.version, "since": about.since, "opened": minute(about.at).isoformat()}
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
        self.choose_from("choice", [(str(each.index), each.words) for each in choices])


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


class FinishForm(ActForm):
    """A task was done; the resident is told."""

    words = WordsField(
        label="What do you tell the resident?",
        max_length=4_000,
        rows=6,
        help_text="It is sent to them in these words.",
        error_messages={"required": "Write what you tell the resident"},
    )


# --- who a case is for -----------------------------------------------------------------------------------------------

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


class ResidentForm(PersonFields, ActForm):
    """Put right how to reach the resident."""

    def offer(self, about: About) -> None:
        """As it is now."""
        if about.person:
            for name in ("name", "wants", "email", "phone", "post"):
                self.initial.setdefault(name, getattr(about.person, name))


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


class CallerForm(PersonFields, KitForm):
    """A whole case on one page, at the speed of a telephone call."""

    place = WordsField(label="Where is it?", max_length=300, required=False, help_text="A street and number, or words.")
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
        self.service = service
        self.fields["channel"].choices = list(contact_channels().items())  # type: ignore[attr-defined]
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
        return data

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


# --- finding ---------------------------------------------------------------------------------------------------------


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


# --- post ------------------------------------------------------------------------------------------------------------


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


# --- publishing, people ----------------------------------------------------------------------------------------------


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


class TeamForm(KitForm):
    """A team."""

    code = forms.SlugField(
        label="Short name", max_length=40, help_text="Small letters, digits and hyphens, like street-care."
    )
    name = WordsField(label="Name", max_length=120)
    organisation = forms.SlugField(label="Short name of the organisation", max_length=40)
    organisation_name = WordsField(label="Name of the organisation", max_length=120)


class MemberFields(forms.Form):
    """What somebody may do."""

    roles = forms.MultipleChoiceField(
        label="What may they do?",
        widget=forms.CheckboxSelectMultiple,
        choices=[
            (Role.ADVISER, Hinted(ROLE_WORDS[Role.ADVISER], hint="Works on cases, speaks with residents.")),
            (Role.OFFICER, Hinted(ROLE_WORDS[Role.OFFICER], hint="Corrects times, decides exemptions, pays.")),
            (Role.MANAGER, Hinted(ROLE_WORDS[Role.MANAGER], hint="Publishes promises, services and wordings.")),
            (Role.CREW, Hinted(ROLE_WORDS[Role.CREW], hint="Records what was done, hands over vouchers.")),
            (Role.ADMINISTRATOR, Hinted(ROLE_WORDS[Role.ADMINISTRATOR], hint="People and teams.")),
            (Role.AUDITOR, Hinted(ROLE_WORDS[Role.AUDITOR], hint="Reads the journal, without personal data.")),
        ],
        required=False,
    )
    teams = forms.MultipleChoiceField(label="In which teams?", widget=forms.CheckboxSelectMultiple, required=False)
    discretion = MoneyField(
        label="How much may they add to a remedy?",
        at_most=Decimal(10_000),
        required=False,
        help_text="Of their own judgement, on one case.",
    )

    def offer_teams(self, teams: list[Team]) -> None:
        """The teams that there are."""
        self.fields["teams"].choices = [(each.code, each.name) for each in teams]  # type: ignore[attr-defined]


class NewPersonForm(MemberFields, KitForm):
    """An account."""

    name = WordsField(label="Name", max_length=120)
    email = forms.EmailField(label="Email address", max_length=254)
    field_order = ("name", "email", "roles", "teams", "discretion")


class ChangePersonForm(MemberFields, KitForm):
    """What somebody may do from now on."""

    active = forms.BooleanField(label="The account is open", required=False)

    @classmethod
    def initially(cls, member: Member) -> dict[str, Any]:
        """As it is now."""
        return {
            "roles": sorted(member.roles),
            "teams": sorted(member.teams),
            "discretion": say_money(Decimal(member.discretion_pence) / 100),
            "active": member.active,
        }


class SubjectForm(KitForm):
    """What a journal is asked for."""

    subject = WordsField(
        label="Reference or subject",
        max_length=80,
        help_text="A case's reference, or a subject such as pledge:missed-bin, service:missed-bin, person:3 or clock.",
    )
