"""The house from inside: tables point down, actions ask and are written down, pages say who may see them."""

from __future__ import annotations

import inspect
import tomllib
from collections.abc import Iterator

import pytest
from django.apps import apps
from django.db import models
from django.urls import URLPattern, URLResolver, get_resolver

from makegood.rooms.journal.actions import ACTIONS, PERMISSIONS
from makegood.rooms.journal.events import Event
from tests.architecture.source import ROOT


def floors() -> list[set[str]]:
    """The floors of the house from the top, read from the same table as the import contracts."""
    contracts = tomllib.loads((ROOT / "pyproject.toml").read_text())["tool"]["importlinter"]["contracts"]
    [layers] = [each["layers"] for each in contracts if each["name"] == "Floors of the house"]
    return [{room.strip(" ()") for room in layer.split("|")} for layer in layers]


def floor_of(room: str) -> int:
    [floor] = [number for number, rooms in enumerate(floors()) if room in rooms]
    return floor


def rooms_models() -> Iterator[type[models.Model]]:
    for config in apps.get_app_configs():
        if config.name.startswith("makegood.rooms."):
            yield from config.get_models(include_auto_created=True)


def test_foreign_keys_follow_the_floors_and_nobody_looks_back_along_them() -> None:
    wrong = []
    for model in rooms_models():
        for field in model._meta.get_fields():
            if not isinstance(field, models.ForeignKey | models.OneToOneField | models.ManyToManyField):
                continue
            other = field.related_model._meta
            if not other.app_config.name.startswith("makegood.rooms."):
                continue
            here, there = model._meta.app_label, other.app_label
            if here != there and floor_of(there) <= floor_of(here):
                wrong.append(f"{model.__name__}.{field.name} points up or aside, to {there}")
            hidden = field.remote_field.related_name or ""
            if not model._meta.auto_created and not hidden.endswith("+"):
                wrong.append(f"{model.__name__}.{field.name} lets others look back: related_name should be '+'")
    assert wrong == []


def test_no_instant_is_kept_without_its_zone() -> None:
    assert all(
        not isinstance(field, models.TimeField) for model in rooms_models() for field in model._meta.get_fields()
    )


@pytest.mark.parametrize("verb", sorted(each for each in ACTIONS if not each.startswith("tests.")))
def test_every_action_has_a_permission_and_says_what_it_does(verb: str) -> None:
    act = ACTIONS[verb]
    room, name = verb.split(".")
    assert act.__doc__, "an action says its outcome in its docstring"
    assert act.__name__ == name or act.__name__.startswith("_"), "what others call, they know by the name of its verb"
    assert act.__module__.startswith(f"makegood.rooms.{room}.actions")
    may = PERMISSIONS[verb]
    assert may.__name__.strip("_").startswith("may_")
    parameters = list(inspect.signature(act).parameters.values())
    assert parameters[0].name == "act"
    assert all(each.kind is inspect.Parameter.KEYWORD_ONLY for each in parameters[1:])


def test_every_event_says_what_happened_to_what() -> None:
    for kind, event in Event.KINDS.items():
        if event.__module__.startswith("makegood."):
            assert event.__doc__, kind
            assert event.__module__.endswith(".events"), kind


def routes(resolver: URLResolver | None = None, before: str = "") -> Iterator[tuple[str, URLPattern]]:
    for each in (resolver or get_resolver()).url_patterns:
        address = before + str(each.pattern)
        if isinstance(each, URLResolver):
            yield from routes(each, address)
        else:
            yield address, each


OTHERS = ("account/", "api/", "static/")
"""Addresses whose access is ruled elsewhere: sign-in by its library, the JSON interface by its own table."""


def test_every_page_says_who_may_see_it() -> None:
    silent = [
        address
        for address, route in routes()
        if not address.startswith(OTHERS) and not getattr(route.callback, "open_to", None)
    ]
    assert silent == []
