"""The published JSON Schema: as fresh as the table of keys, wide enough for every scheme, narrow enough to help."""

import json
from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import given
from jsonschema import Draft202012Validator

from makegood import schemes
from makegood.rules import Pledge, write_json
from makegood.rules.language.json_schema import pledge_schema
from tests.rules.pledges import SOME, pledges
from tools import reference

VALIDATOR = Draft202012Validator(pledge_schema())


def test_the_generated_reference_files_are_fresh() -> None:
    assert reference.stale() == [], "run: python -m tools.reference"


def test_the_schema_is_a_schema() -> None:
    Draft202012Validator.check_schema(pledge_schema())


def test_every_key_says_what_it_is_for() -> None:
    schema = pledge_schema()
    for table in (schema, schema["$defs"]["standard"]):
        assert all(each["description"] for each in table["properties"].values())


@pytest.mark.parametrize("name", schemes.scheme_names())
def test_a_shipped_scheme_is_valid(name: str) -> None:
    VALIDATOR.validate(json.loads(write_json(schemes.load(name))))


@SOME
@given(pledges())
def test_what_is_written_is_valid(pledge: Pledge) -> None:
    VALIDATOR.validate(json.loads(write_json(pledge)))


def _standard(data: Any) -> Any:
    return data["standards"]["restore-supply"]


MISTAKES: dict[str, Callable[[Any], object]] = {
    "a key that is not there": lambda data: data.update(tittle="x"),
    "no title": lambda data: data.pop("title"),
    "facts as a list": lambda data: data.update(facts=["reported"]),
    "a name with a blank": lambda data: data["facts"].update({"two words": "x"}),
    "another basis": lambda data: data.update(basis="legal"),
    "a date in words": lambda data: data.update(review="1 May 2026"),
    "a standard without a limit": lambda data: _standard(data).pop("within"),
    "a standard with a wrong key": lambda data: _standard(data).update(witin="1 hour"),
    "a limit as a number": lambda data: _standard(data).update(within=12),
    "yes as true": lambda data: _standard(data).update({"early counts": True}),
    "a pause without an end": lambda data: _standard(data)["paused"][0].pop("until"),
    "a remedy of two kinds": lambda data: _standard(data)["if we do not"].append({"pay": "£1", "give": "a stamp"}),
    "a remedy of no kind": lambda data: _standard(data)["if we do not"].append({"within": "1 hour"}),
    "paying without a sum": lambda data: _standard(data)["if we do not"].append("pay"),
    "a cut-off that is no time": lambda data: _standard(data).update({"cut-off": "5pm"}),
    "a condition with two joints": lambda data: _standard(data).update({"only for": {"any of": "x", "all of": "y"}}),
    "an outcome that is none": lambda data: data["examples"][0].update(expect={"restore-supply": "late"}),
    "an example without an instant": lambda data: data["examples"][0].pop("as of"),
}


@pytest.mark.parametrize("mistake", MISTAKES)
def test_a_typical_mistake_is_not_valid(mistake: str) -> None:
    data = json.loads(write_json(schemes.load("water-supply")))
    MISTAKES[mistake](data)
    assert not VALIDATOR.is_valid(data)
