"""The reference pages that are made from the service: its commands, who may do what, and the JSON interface."""

from __future__ import annotations

import dataclasses
import inspect
import io
import json
import os
import pkgutil
import re
from collections.abc import Callable, Iterable, Mapping
from contextlib import redirect_stdout, suppress
from importlib import import_module
from importlib.metadata import entry_points
from typing import Any

import django

from .pages import MADE, key_table

_ROOMS = {
    "journal": "The clock of the place",
    "people": "People and teams",
    "places": "Wards and addresses",
    "services": "Services",
    "pledges": "Promises and calendars",
    "messages": "Messages",
    "cases": "Cases",
    "remedies": "Remedies, vouchers and shops",
    "counter": "The counter: residents' pages",
    "desk": "The desk: staff's pages",
    "demonstration": "The demonstration place",
}
_NO_DATABASE = "postgresql://nobody@127.0.0.1:1/makegood"


def _set_up() -> None:
    """Load the service with every room's actions; nothing asks the database."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "makegood.site.settings")
    os.environ.setdefault("DATABASE_URL", _NO_DATABASE)
    django.setup()
    for room in _ROOMS:
        package = import_module(f"makegood.rooms.{room}")
        names = {each.name for each in pkgutil.iter_modules(package.__path__)}
        for name in {"events", "actions"} & names:
            import_module(f"{package.__name__}.{name}")


# --- commands --------------------------------------------------------------------------------------------------------


def commands() -> str:
    """The service's commands with their help, for the page of the command line."""
    parts = ["\n## The service's commands\n\nThey come with `makegood[service]`, read the [settings](settings.md),"]
    parts.append(" and are explained in [install the service on a server](../how-to/install-on-a-server.md).\n")
    for each in sorted(entry_points(group="makegood.commands"), key=lambda found: found.name):
        parts.append(f"\n### {each.name}\n\n```\n{_help(each.load())}```\n")
    return "".join(parts)


def _help(command: Callable[[list[str]], int]) -> str:
    shown, before = io.StringIO(), os.environ.get("COLUMNS")
    os.environ["COLUMNS"] = "102"  # argparse takes two off
    try:
        with redirect_stdout(shown), suppress(SystemExit):
            command(["--help"])
    finally:
        os.environ.pop("COLUMNS") if before is None else os.environ.update(COLUMNS=before)
    return shown.getvalue()


# --- acts and events -------------------------------------------------------------------------------------------------


def service_keys() -> str:
    """Every key of the text of a service."""
    grammar = import_module("makegood.rooms.services.rules.grammar")
    tables = {
        "Service": grammar.SERVICE,
        "Question": grammar.QUESTION,
        "Choice": grammar.CHOICE,
        "Waiting": grammar.WAITING,
        "Fact": grammar.FACT,
        "Closing reason": grammar.CLOSING,
    }
    how = "[How to add a service](../how-to/add-a-service.md) shows how they go together."
    parts = [f"# The keys of a service\n\n{MADE}{how}\n"]
    parts += [f"\n## {what}\n\n{key_table(table)}" for what, table in tables.items()]
    return "".join(parts)


def acts_and_events() -> str:
    """The roles; every action with who may do it; every event with its fields."""
    _set_up()
    from makegood.rooms.journal.actions import ACTIONS, PERMISSIONS, READERS  # noqa: PLC0415 - needs `_set_up`
    from makegood.rooms.journal.events import Event, Who  # noqa: PLC0415 - needs `_set_up`

    parts = [
        f"# Roles, actions and events\n\n{MADE}Every change of a place's data is an action; what it announces"
        " are events: [the journal](../explanation/the-journal.md) says how. What a person may do hangs on their"
        " roles.\n\n## Who acts\n\n| kind | is |\n|---|---|\n"
    ]
    parts += [f"| `{name}` | {said} |\n" for name, said in _members(Who)]
    parts.append("\n## Roles of staff\n\n| role | may |\n|---|---|\n")
    parts += [f"| `{name}` | {said} |\n" for name, said in _members(_roles())]
    for room, title in _ROOMS.items():
        acts = {verb: act for verb, act in ACTIONS.items() if verb.startswith(f"{room}.") and _is_ours(act)}
        told = [each for kind, each in Event.KINDS.items() if kind.startswith(f"{room}.") and _is_ours(each)]
        if acts or told:
            parts.append(f"\n## {title} (`{room}`)\n")
        if acts:
            parts.append("\n| action | does | who may |\n|---|---|---|\n")
            parts += [
                f"| `{verb}` | {_cell(_first(act))} | {_cell(_doc(PERMISSIONS[verb]))} |\n"
                for verb, act in sorted(acts.items())
            ]
        for event in told:
            readers = {name: reader for name, reader in READERS.items() if _is_ours(reader.handle)}
            heard = sorted(name for name, reader in readers.items() if event.kind in reader.kinds)
            parts.append(_event(event, heard))
    return "".join(parts)


def _is_ours(made: Any) -> bool:
    """Whether it is the program's and not one of a test that runs in the same process."""
    return str(made.__module__).startswith("makegood.")


def _roles() -> Any:
    from makegood.rooms.people.events import Role  # noqa: PLC0415 - needs `_set_up`

    return Role


def _event(event: Any, heard: Iterable[str]) -> str:
    lines = "".join(
        f"- `{each.name}`: {_type(str(each.type))}" + ("" if _needed(each) else ", may be left out") + "\n"
        for each in dataclasses.fields(event)
    )
    readers = ", ".join(f"`{name}`" for name in heard)
    return f"\n### {event.__name__}\n\n{_doc(event)}\n\n{lines}" + (f"\nHeard by {readers}.\n" if readers else "")


def _needed(each: Any) -> bool:
    return each.default is dataclasses.MISSING and each.default_factory is dataclasses.MISSING


_TYPES = {
    "str": "text",
    "int": "a whole number",
    "bool": "true or false",
    "datetime": "an instant",
    "date": "a day",
    "list[str]": "a list of texts",
}


def _type(written: str) -> str:
    parts = [_TYPES.get(part.strip(), f"`{part.strip()}`") for part in written.split("|") if part.strip() != "None"]
    return " or ".join(parts) + (", or nothing" if "None" in written else "")


def _members(kinds: Any) -> list[tuple[str, str]]:
    """Each member of an enumeration with the comment that stands behind it."""
    lines = inspect.getsource(kinds).splitlines()
    said = {line.split("=")[0].strip(): line.split("#", 1)[1].strip() for line in lines if "=" in line and "#" in line}
    return [(str(each), said.get(each.name, "somebody with an account, by their roles")) for each in kinds]


def _doc(thing: Any) -> str:
    return " ".join((inspect.getdoc(thing) or "").split())


def _first(thing: Any) -> str:
    """The first sentence of a docstring."""
    return re.split(r"(?<=\.)\s", _doc(thing), maxsplit=1)[0]


def _cell(text: str) -> str:
    return text.replace("|", "\\|").replace("\n", " ")


# --- the JSON interface ----------------------------------------------------------------------------------------------


def _interface() -> dict[str, Any]:
    _set_up()
    from makegood.rooms.counter.rest.routes import api  # noqa: PLC0415 - needs `_set_up`

    made: dict[str, Any] = json.loads(json.dumps(api.get_openapi_schema()))
    return made


def openapi() -> str:
    """The interface as OpenAPI."""
    return json.dumps(_interface(), ensure_ascii=False, indent=2) + "\n"


def json_api() -> str:
    """The interface in words: routes, what they take and answer, the shapes, and refusals."""
    made = _interface()
    parts = [f"# The JSON interface\n\n{MADE}{_ABOUT}{_refusals()}"]
    for address, methods in made["paths"].items():
        parts += [_route(address, method, route) for method, route in methods.items()]
    parts.append("\n## Shapes\n\nA key is there always unless it says otherwise.\n")
    for name, shape in sorted(made["components"]["schemas"].items()):
        parts.append(f"\n### {name}\n\n{_sentence(shape.get('description', ''))}\n\n{_keys(shape)}")
    return "".join(parts)


def _refusals() -> str:
    """The refusals of the interface, each with its status and code."""
    from makegood.rooms.counter.rest import refusing  # noqa: PLC0415 - needs `_set_up`
    from makegood.web.errors import ANSWERS  # noqa: PLC0415 - needs `_set_up`

    rows = [(told.status, kind.code, _first(kind)) for kind, told in ANSWERS.items()]
    rows += [
        refusing.NOT_SIGNED_IN,
        refusing.WRONG_METHOD,
        refusing.NOT_READABLE,
        (*refusing.NOT_VALID[:2], "A key is missing, unknown or has a wrong shape."),
    ]
    return "".join(f"| {status} | `{code}` | {_cell(when)} |\n" for status, code, when in sorted(rows))


_ABOUT = """\
What a resident's own program, a shop's till or a website may ask, under `/api/v1/`. The same as
[OpenAPI](openapi.json), which a place also gives at `/api/v1/openapi.json`. Promises and services are open to everybody
and need no key. Amounts are pounds written as text, exact to the penny; instants are ISO 8601 with their offset.

**Keys** go in the header `Authorization: Bearer …`. A resident's is the token of her private link; a shop's is the key
that a manager got when the shop was added.

**Once.** What changes something wants the header `Idempotency-Key`: new for each intention, kept for retries. The same
key with the same body is done once and answers the same.

**Refusals** have one shape, whatever went wrong; `code` is stable, `message` is for people, `field` names what it is
about or is null:

```json
{"error": {"code": "not-found", "message": "There is no such promise.", "field": null}}
```

| status | code | when |
|---|---|---|
"""


def _route(address: str, method: str, route: Mapping[str, Any]) -> str:
    lines = [f"\n## {method.upper()} {address}\n\n{_sentence(route.get('description', ''))}\n\n"]
    for given in route.get("parameters", []):
        needed = "" if given.get("required") else ", may be left out"
        said = f": {given['description']}" if given.get("description") else ""
        name = given["name"].replace("_", "-") if given["in"] == "header" else given["name"]
        lines.append(f"- Takes `{name}` in the {given['in']}, {_shape(given['schema'])}{needed}{said}.\n")
    body = route.get("requestBody", {}).get("content", {}).get("application/json", {}).get("schema")
    if body:
        lines.append(f"- Takes {_shape(body)} as its body.\n")
    if route.get("security"):
        lines.append("- Needs a key.\n")
    refusals = []
    for status, answer in route["responses"].items():
        shape = answer.get("content", {}).get("application/json", {}).get("schema", {})
        if shape.get("$ref", "").endswith("/Refused"):
            refusals.append(str(status))
        else:
            lines.append(f"- Answers {status} with {_shape(shape)}.\n")
    if refusals:
        lines.append(f"- May refuse with {', '.join(sorted(refusals))}.\n")
    return "".join(lines)


def _keys(shape: Mapping[str, Any]) -> str:
    lines = []
    for name, value in shape.get("properties", {}).items():
        left = "" if name in shape.get("required", ()) else ", may be left out"
        said = f": {value['description']}" if value.get("description") else ""
        lines.append(f"- `{name}`: {_shape(value)}{left}{said}\n")
    return "".join(lines)


_PLAIN = {"string": "text", "integer": "a whole number", "boolean": "true or false", "number": "a number"}
_FORMS = {"date-time": "an instant", "date": "a day"}


def _shape(value: Mapping[str, Any]) -> str:
    """A JSON schema in words."""
    if "$ref" in value:
        name = value["$ref"].rpartition("/")[2]
        return f"[{name}](#{name.lower()})"
    if "anyOf" in value:
        return " or ".join("null" if each.get("type") == "null" else _shape(each) for each in value["anyOf"])
    if "allOf" in value:
        return _shape(value["allOf"][0])
    if "enum" in value:
        return "one of " + ", ".join(f"`{each}`" for each in value["enum"])
    kind = value.get("type", "")
    if kind == "array":
        return f"a list, each {_shape(value['items'])}"
    if kind == "object":
        more = value.get("additionalProperties")
        return f"an object with values, each {_shape(more)}" if isinstance(more, Mapping) and more else "an object"
    words = _FORMS.get(value.get("format", ""), _PLAIN.get(kind, "anything"))
    return words + (f" of at most {value['maxLength']:,} letters" if "maxLength" in value else "")


def _sentence(text: str) -> str:
    return " ".join(text.split())
