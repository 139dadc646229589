"""What goes in and out of the JSON API."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any, Literal

from ninja import Field, Schema
from pydantic import ConfigDict


class Fault(Schema):
    """What was wrong: a stable code, a sentence for people, and the field concerned, or null."""

    code: str
    message: str
    field: str | None = None


class Refused(Schema):
    """The one shape of every refusal."""

    error: Fault


class PromiseListed(Schema):
    """A promise in force."""

    name: str
    title: str
    version: int
    valid_from: date
    says: list[str]
    page: str


class VersionListed(Schema):
    """One version of a promise."""

    version: int
    valid_from: date


class Doing(Schema):
    """How one standard was kept, by cases of the last twelve months and this one. Null: too few to be shown."""

    standard: str
    kept: int | None
    broken: int | None
    excused: int | None
    total: int | None
    typical_seconds: int | None


class PromiseShown(Schema):
    """A promise with its text as data, its words in Markdown, and how it is kept."""

    name: str
    title: str
    version: int
    valid_from: date
    page: str
    pledge: dict[str, Any]
    words: str
    how_we_are_doing: list[Doing]
    remedies_cost: str = Field(description="Pounds, exact to the penny")
    five_ys: list[dict[str, Any]]
    versions: list[VersionListed]


class ChoiceShown(Schema):
    """One of the answers to choose from."""

    value: str
    label: str
    hint: str


class OnlyAfter(Schema):
    """A question is asked only after one of these answers to another one."""

    question: str
    answers: list[str]


class QuestionShown(Schema):
    """A question, and why it is asked. Answers are text: a choice's value, yes or no, an ISO date, words or digits."""

    name: str
    ask: str
    why: str
    kind: Literal["choice", "yes-no", "date", "words", "number"]
    required: bool
    choices: list[ChoiceShown]
    only_if: OnlyAfter | None


class ServiceListed(Schema):
    """A service."""

    code: str
    name: str
    summary: str
    promise: str


class ServiceShown(ServiceListed):
    """A service with what it asks."""

    version: int
    asks_place: bool
    asks_photo: bool
    questions: list[QuestionShown]


class PlaceGiven(Schema):
    """Where it is: words, the identifier of an address, or both."""

    model_config = ConfigDict(extra="forbid")

    words: str = Field("", max_length=300)
    address: str = Field("", max_length=40)


class PersonGiven(Schema):
    """Who reports it, and how we may tell them."""

    model_config = ConfigDict(extra="forbid")

    name: str = Field("", max_length=200)
    wants: Literal["email", "letter", "phone"]
    email: str = Field("", max_length=254)
    phone: str = Field("", max_length=40)
    post: str = Field("", max_length=500)


class RequestGiven(Schema):
    """A report."""

    model_config = ConfigDict(extra="forbid")

    service: str = Field(max_length=60)
    answers: dict[str, str] = Field(default_factory=dict, max_length=60)
    place: PlaceGiven = PlaceGiven(words="", address="")
    person: PersonGiven


class RequestMade(Schema):
    """What to keep: the reference, and the private link with its token."""

    reference: str
    token: str
    link: str


class PromiseRunning(Schema):
    """A promise of a request as it stands."""

    standard: str
    title: str
    status: str
    until: datetime | None
    verdict: str


class RemedyShown(Schema):
    """Something that is owed, or was given."""

    id: int
    kind: str
    state: str
    words: str
    amount: str = Field(description="Pounds, exact to the penny")


class RequestShown(Schema):
    """A request as its resident sees it."""

    reference: str
    service: str
    open: bool
    fixed: bool
    received_at: datetime
    closed_at: datetime | None
    team: str
    waits_for_you: bool
    promises: list[PromiseRunning]
    remedies: list[RemedyShown]


class VoucherGiven(Schema):
    """The code of a voucher, however it was typed."""

    model_config = ConfigDict(extra="forbid")

    code: str = Field(max_length=40)


class VoucherTaken(Schema):
    """A voucher was taken: what it was worth, in pounds, and when."""

    amount: str
    at: datetime
