"""The routes of the JSON API, one NinjaAPI, described at openapi.json."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from decimal import Decimal
from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.urls import URLPattern, URLResolver, path, reverse
from django.views.decorators.http import require_safe
from ninja import Header, NinjaAPI, Status
from ninja.security import HttpBearer

from makegood.rooms.cases.events import Resident
from makegood.rooms.cases.queries import case_by_link
from makegood.rooms.journal.events import VISITOR, Actor, By, Who
from makegood.rooms.journal.queries import now, see_as
from makegood.rooms.places.queries import place_of
from makegood.rooms.pledges import queries as pledges
from makegood.rooms.remedies.actions import redeem_voucher
from makegood.rooms.remedies.queries import shop_with
from makegood.rooms.services.events import Kind, Question, Service
from makegood.rooms.services.queries import checked_answers, service, services
from makegood.web.limits import limit
from makegood.web.refusals import NotFound, NotPossible

from ..actions import link_of, report
from ..queries import as_data, case_told, listed_data, local_day
from . import shapes as s
from .refusing import in_one_shape, nothing_here, teach

api = NinjaAPI(
    title="Our promises",
    version="1",
    description="Promises, services, reports and vouchers. Every refusal has one shape: an error with its code.",
    docs_url=None,
    openapi_url="/openapi.json",
    docs_decorator=require_safe,
    urls_namespace="counter:api",
)
teach(api)

_WRONG: dict[int, type[s.Refused]] = dict.fromkeys((400, 404, 409, 422, 429), s.Refused)
_WRONG_READING = {404: s.Refused, 422: s.Refused}
_KEYED = _WRONG | {401: s.Refused}


class _Bearer(HttpBearer):
    """A key in the header; what it opens is looked up by `find`."""

    def __init__(self, find: Any) -> None:
        super().__init__()
        self.find = find

    def authenticate(self, request: HttpRequest, token: str) -> Actor | None:
        """Who holds the key; None for nobody."""
        found: Actor | None = self.find(token[:200].replace("\x00", ""))
        return found


def _resident(token: str) -> Actor | None:
    opened = case_by_link(token)
    return Actor(who=Who.RESIDENT, id=str(opened.number), name="Resident", case=opened.reference) if opened else None


def _shop(key: str) -> Actor | None:
    try:
        found = shop_with(key)
    except NotFound:
        return None
    return Actor(who=Who.SHOP, id=found.code, name=found.name)


@contextmanager
def _seen_as(actor: Actor) -> Iterator[None]:
    see_as(actor)
    try:
        yield
    finally:
        see_as(VISITOR)


# --- promises --------------------------------------------------------------------------------------------------------


@api.get("/promises", response=list[s.PromiseListed], tags=["promises"])
def list_promises(request: HttpRequest) -> Any:
    """The promises in force."""
    return [listed_data(each) for each in pledges.published(now())]


@api.get("/promises/{name}", response={200: s.PromiseShown, **_WRONG_READING}, tags=["promises"])
def show_promise(request: HttpRequest, name: str) -> Any:
    """A promise in force, with its text and how it is kept."""
    at = now()
    return as_data(pledges.in_force(_plain(name), at), at)


@api.get("/promises/{name}/versions", response={200: list[s.VersionListed], **_WRONG_READING}, tags=["promises"])
def list_versions(request: HttpRequest, name: str) -> Any:
    """Every version of a promise, the newest first; those to come too."""
    found = pledges.versions(_plain(name))
    if not found:
        raise NotFound("There is no such promise.")
    return [{"version": each.number, "valid_from": each.valid_from} for each in found]


@api.get("/promises/{name}/versions/{number}", response={200: s.PromiseShown, **_WRONG_READING}, tags=["promises"])
def show_version(request: HttpRequest, name: str, number: int) -> Any:
    """One version of a promise."""
    version = next((each for each in pledges.versions(_plain(name)) if each.number == number), None)
    if version is None:
        raise NotFound("There is no such version of this promise.")
    return as_data(version, now())


def _plain(name: str) -> str:
    return name.replace("\x00", "")[:80]


# --- services --------------------------------------------------------------------------------------------------------


@api.get("/services", response=list[s.ServiceListed], tags=["services"])
def list_services(request: HttpRequest) -> Any:
    """The services that can be asked for."""
    return [_listed(each) for each in services()]


@api.get("/services/{code}", response={200: s.ServiceShown, **_WRONG_READING}, tags=["services"])
def show_service(request: HttpRequest, code: str) -> Any:
    """A service, with the questions that it asks."""
    found = service(_plain(code))
    more = {
        "version": found.version,
        "asks_place": found.asks_place,
        "asks_photo": found.asks_photo,
        "questions": [_question(each) for each in found.questions],
    }
    return _listed(found) | more


def _listed(each: Service) -> dict[str, Any]:
    return {"code": each.code, "name": each.name, "summary": each.summary, "promise": each.pledge}


def _question(each: Question) -> dict[str, Any]:
    only_if = each.only_if and {"question": each.only_if.question, "answers": sorted(each.only_if.answers)}
    choices = [{"value": c.value, "label": c.label, "hint": c.hint} for c in each.choices]
    return {
        "name": each.name,
        "ask": each.ask,
        "why": each.why,
        "kind": each.kind.value,
        "required": each.required,
        "choices": choices,
        "only_if": only_if,
    }


# --- requests --------------------------------------------------------------------------------------------------------


@api.post("/requests", response={201: s.RequestMade, **_WRONG}, tags=["requests"])
def make_request(
    request: HttpRequest,
    given: s.RequestGiven,
    idempotency_key: str = Header(  # type: ignore[type-arg]  # ninja's Header is no generic at run time
        alias="Idempotency-Key", min_length=16, max_length=200, description="New for each report; kept for retries"
    ),
) -> Any:
    """Report something. Sent again with the same key and body, it makes one case."""
    at = now()
    limit(request, "api-report", most=60, seconds=3600, at=at)
    wanted = service(given.service.replace("\x00", ""))
    answers = _answers(wanted, given, at)
    words = [answers[q.name] for q in wanted.questions if q.kind is Kind.WORDS and answers.get(q.name)]
    made = report(
        By(actor=VISITOR, once=_once(idempotency_key, given.dict())),
        service=wanted.code,
        answers=answers,
        words="\n".join(words),
        place=place_of(words=given.place.words, address_id=given.place.address),
        resident=_person(given.person),
    )
    token = link_of(made)
    link = settings.PLACE_ADDRESS.rstrip("/") + reverse("counter:open", kwargs={"token": token})
    return Status(201, {"reference": made["reference"], "token": token, "link": link})


def _answers(wanted: Service, given: s.RequestGiven, at: datetime) -> dict[str, str]:
    stray = sorted(set(given.answers) - {each.name for each in wanted.questions})
    if stray:
        raise NotPossible("This service has no such question.", field=stray[0][:60])
    if wanted.asks_place and not (given.place.words.strip() or given.place.address):
        raise NotPossible("Say where it is.", field="place")
    answers: dict[str, str] = checked_answers(wanted, given.answers, on=local_day(at))
    return answers


_ADDRESS_OF = {"email": "email", "letter": "post", "phone": "phone"}


def _person(given: s.PersonGiven) -> Resident:
    field = _ADDRESS_OF[given.wants]
    if not getattr(given, field).strip():
        raise NotPossible("Say where we may reach them in the way that they want.", field=field)
    return Resident(name=given.name, email=given.email, phone=given.phone, post=given.post, wants=given.wants)


def _once(key: str, body: dict[str, Any]) -> str:
    """A mark that only the same key with the same body makes: nobody else's key leads to this case."""
    told = json.dumps([key, body], sort_keys=True, ensure_ascii=True)
    return hashlib.sha256(told.encode()).hexdigest()[:40]


@api.get("/requests/mine", response={200: s.RequestShown, **_KEYED}, auth=_Bearer(_resident), tags=["requests"])
def show_request(request: HttpRequest) -> Any:
    """The request that a private link opens; the token of the link is the key."""
    actor: Actor = request.auth  # type: ignore[attr-defined]  # set by ninja
    at = now()
    with _seen_as(actor):
        told = case_told(actor.case, at)
    case = told.case
    return {
        "reference": case.reference,
        "service": case.service,
        "open": case.open,
        "fixed": case.fixed,
        "received_at": case.received_at,
        "closed_at": case.closed_at,
        "team": told.team,
        "waits_for_you": told.waits is not None,
        "promises": [
            {"standard": p.standard, "title": p.title, "status": p.status, "until": p.until, "verdict": p.verdict}
            for p in told.promises
        ],
        "remedies": [
            {"id": r.id, "kind": str(r.kind), "state": str(r.state), "words": r.words, "amount": f"{r.amount:.2f}"}
            for r in told.remedies
        ],
    }


# --- vouchers --------------------------------------------------------------------------------------------------------


@api.post(
    "/vouchers/redeem",
    response={200: s.VoucherTaken, **_KEYED},
    auth=_Bearer(_shop),
    tags=["vouchers"],
)
def redeem(
    request: HttpRequest,
    given: s.VoucherGiven,
    idempotency_key: str = Header(  # type: ignore[type-arg]  # ninja's Header is no generic at run time
        alias="Idempotency-Key", min_length=8, max_length=200, description="New for each sale; kept for retries"
    ),
) -> Any:
    """Take a voucher, once. Sent again with the same key, it answers the same; with another, that it was used."""
    actor: Actor = request.auth  # type: ignore[attr-defined]  # set by ninja
    with _seen_as(actor):
        taken = redeem_voucher(By(actor=actor, once=_once(idempotency_key, given.dict())), code=given.code)
    return {"amount": f"{Decimal(str(taken['pence'])) / 100:.2f}", "at": taken["at"]}


def api_routes(under: str) -> list[URLPattern | URLResolver]:
    """The addresses of the API, each telling refusals in the one shape, for the room's urls."""
    patterns, app, namespace = api.urls
    told = [
        path(str(each.pattern), in_one_shape(each.callback), name=each.name)
        for each in patterns
        if isinstance(each, URLPattern)
    ]
    return [path(under, (told, app, namespace)), path(f"{under}<path:rest>", nothing_here, name="api-nothing")]
