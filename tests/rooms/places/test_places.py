"""Addresses are loaded at once and found by words, misspelt ones too."""

from __future__ import annotations

import pytest
from django.db import connection

from makegood.rooms.journal.events import SYSTEM, VISITOR, Actor, By, Who
from makegood.rooms.journal.models import Announced
from makegood.rooms.places import queries
from makegood.rooms.places.actions import load_places
from makegood.rooms.places.events import Address, Place, Ward
from makegood.web.refusals import NotAllowed, NotFound, NotPossible

WARDS = [Ward(code="north", name="Northfield"), Ward(code="quay", name="The Quay")]
ADDRESSES = [
    Address(id="000100", line="1 High Street", postcode="AB1 2CD", ward="north"),
    Address(id="000101", line="12 High Street", postcode="AB1 2CD", ward="north"),
    Address(id="000102", line="Flat 3, 12 Quay Road", postcode="AB1 9ZZ", ward="quay"),
    Address(id="000103", line="St Mary's Cottage, Mill Lane", postcode="AB2 4EF", ward="quay"),
]
BY = By(actor=SYSTEM)


@pytest.fixture
def loaded(db: None) -> None:
    load_places(BY, wards=WARDS, addresses=ADDRESSES)


@pytest.mark.parametrize(
    ("words", "first"),
    [
        ("12 high street", "000101"),
        ("1 high street", "000100"),
        ("hihg street 12", "000101"),
        ("quay rd", "000102"),
        ("AB24EF", "000103"),
        ("ab1 9zz", "000102"),
        ("st marys cotage", "000103"),
        ("ST. MARY’S COTTAGE!", "000103"),
    ],
)
def test_an_address_is_found_by_words(loaded: None, words: str, first: str) -> None:
    assert queries.find_addresses(words)[0].id == first


@pytest.mark.parametrize("words", ["", " ", "x", "%", "_", "'; drop table", "\x00\x00", "zzzz qqqq", "😀😀"])
def test_words_that_mean_no_address_find_none(loaded: None, words: str) -> None:
    assert queries.find_addresses(words) == []


def test_a_search_is_bounded(loaded: None) -> None:
    assert len(queries.find_addresses("high street " * 500, limit=1)) <= 1


def test_an_address_tells_its_ward(loaded: None) -> None:
    assert queries.wards() == WARDS
    assert queries.ward("quay").name == "The Quay"
    assert str(queries.address("000102")) == "Flat 3, 12 Quay Road, AB1 9ZZ"
    assert queries.place_of(words=" by  the gate ", address_id="000102") == Place(
        words="by the gate", address="000102", ward="quay"
    )
    assert queries.place_of(words="by the gate") == Place(words="by the gate")
    for missing in ("999", "", "'"):
        with pytest.raises(NotFound):
            queries.address(missing)


def test_loading_again_brings_up_to_date_and_takes_nothing_away(loaded: None) -> None:
    changed = [Address(id="000100", line="1 New Street", postcode="AB1 2CD", ward="quay")]
    assert load_places(BY, wards=[Ward(code="quay", name="Quayside")], addresses=changed) == 1
    assert queries.address("000100") == changed[0]
    assert queries.ward("quay").name == "Quayside"
    assert queries.address("000101") == ADDRESSES[1]
    assert Announced.objects.filter(kind="places.PlacesLoaded").count() == 2


@pytest.mark.django_db
def test_an_address_in_no_ward_is_refused() -> None:
    with pytest.raises(NotPossible, match="quay"):
        load_places(BY, wards=WARDS[:1], addresses=ADDRESSES)
    assert queries.wards() == []


@pytest.mark.django_db
@pytest.mark.parametrize("actor", [VISITOR, Actor(who=Who.STAFF, id="1", roles=frozenset({"manager"}))])
def test_only_an_administrator_loads_places(actor: Actor) -> None:
    with pytest.raises(NotAllowed):
        load_places(By(actor=actor), wards=WARDS, addresses=ADDRESSES)


@pytest.mark.django_db
def test_a_search_among_many_uses_the_index() -> None:
    many = [
        Address(
            id=str(n),
            line=f"{n % 90} {('Oak', 'Elm', 'Ash', 'Fir')[n % 4]} Street {n // 90}",
            postcode="AB1 1AA",
            ward="north",
        )
        for n in range(20_000)
    ]
    load_places(BY, wards=WARDS, addresses=[*many, *ADDRESSES])
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL enable_seqscan = off")
        cursor.execute("EXPLAIN SELECT * FROM places_address WHERE words %%> 'cottage mill lane'", [])
        assert "places_address_words" in str(cursor.fetchall())
    assert queries.find_addresses("cottage mill lane")[0].id == "000103"
