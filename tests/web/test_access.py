"""Every view says who may see it; whoever may not is shown the way in, and who comes too often is asked to wait."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

import pytest
from django.core.cache import cache
from django.http import HttpRequest, HttpResponse
from django.test import RequestFactory

from makegood.web.access import is_open_to, open_to
from makegood.web.limits import limit, network_of
from makegood.web.refusals import NotAllowed, TooOften

AT = datetime(2026, 6, 12, 9, tzinfo=UTC)


@dataclass
class Looks:
    who: str
    roles: frozenset[str] = frozenset()


def asking(who: str | None, *roles: str) -> HttpRequest:
    request = RequestFactory().get("/desk/case/?x=1")
    if who:
        request.actor = Looks(who, frozenset(roles))  # type: ignore[attr-defined]
    return request


def page(*names: str) -> Any:
    @open_to(*names)
    def shown(request: HttpRequest) -> HttpResponse:
        return HttpResponse("here")

    return shown


@pytest.mark.parametrize(
    ("names", "who", "roles"),
    [
        (["visitor"], None, []),
        (["visitor"], "staff", []),
        (["resident"], "resident", []),
        (["shop"], "shop", []),
        (["staff"], "staff", []),
        (["officer", "manager"], "staff", ["manager"]),
    ],
)
def test_a_page_is_open_to_those_whom_it_names(names: list[str], who: str | None, roles: list[str]) -> None:
    assert page(*names)(asking(who, *roles)).content == b"here"


@pytest.mark.parametrize(
    ("names", "who", "way"),
    [
        (["resident"], "visitor", "/track/"),
        (["resident"], None, "/track/"),
        (["shop"], "resident", "/shop/"),
        (["staff"], "visitor", "/account/login/?next=%2Fdesk%2Fcase%2F%3Fx%3D1"),
        (["officer"], "resident", "/account/login/?next=%2Fdesk%2Fcase%2F%3Fx%3D1"),
    ],
)
def test_others_are_shown_the_way_in(names: list[str], who: str | None, way: str) -> None:
    assert page(*names)(asking(who)).headers["Location"] == way


def test_staff_without_the_role_are_refused() -> None:
    with pytest.raises(NotAllowed):
        page("officer")(asking("staff", "adviser"))


def test_a_role_is_worth_nothing_to_whoever_is_no_staff() -> None:
    assert not is_open_to(Looks("resident", frozenset({"officer"})), frozenset({"officer", "staff"}))


def test_a_page_must_name_somebody_and_keeps_the_names() -> None:
    with pytest.raises(ValueError, match="at least one"):
        open_to()
    assert page("resident", "staff").open_to == frozenset({"resident", "staff"})


@pytest.mark.django_db
def test_more_than_the_limit_is_refused_until_the_next_window() -> None:
    cache.clear()
    request = asking(None)
    for _ in range(3):
        limit(request, "tests", most=3, seconds=60, at=AT)
    with pytest.raises(TooOften):
        limit(request, "tests", most=3, seconds=60, at=AT)
    limit(request, "others", most=3, seconds=60, at=AT)
    limit(request, "tests", most=3, seconds=60, at=AT.replace(minute=1))


def test_a_network_is_told_apart_without_being_written_down(settings: Any) -> None:
    here, there = asking(None), asking(None)
    there.META["REMOTE_ADDR"] = "192.0.2.7"
    assert network_of(here) != network_of(there)
    assert "192.0.2.7" not in network_of(there)
    settings.SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
    before = network_of(there)
    there.META["HTTP_X_FORWARDED_FOR"] = "10.0.0.1, 198.51.100.9"
    assert network_of(there) != before
    here.META["HTTP_X_FORWARDED_FOR"] = "203.0.113.5, 198.51.100.9"
    assert network_of(here) == network_of(there)
