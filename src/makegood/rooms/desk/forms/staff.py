"""People and teams, and what a journal is asked for."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from django import forms

from makegood.rooms.people.events import ROLE_WORDS, Role
from makegood.rooms.people.queries import Member, Team
from makegood.web.forms import Hinted, KitForm, MoneyField, WordsField
from makegood.web.saying import say_money


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
