"""The JSON Schema of a pledge, made from the table of keys: for editors, and for those who write pledges by program.

It knows keys, shapes and fixed words. What phrases mean, and whether names are declared, only the reader knows.
"""

from __future__ import annotations

from typing import Any

from . import grammar
from . import model as m
from .examples import STATUSES

Schema = dict[str, Any]

_NAME = {"type": "string", "pattern": "^[A-Za-z][A-Za-z0-9_-]{0,63}$"}
_TEXT: Schema = {"type": ["string", "number"]}
_PHRASE: Schema = {"type": "string", "minLength": 1}
_DATE = {"type": "string", "pattern": r"^\d{4}-\d{2}-\d{2}$"}
_INSTANT = {
    "type": "string",
    "pattern": r"^\d{4}-\d{2}-\d{2}([T ]\d{2}:\d{2}(:\d{2}(\.\d+)?)?\s?(Z|[+-]\d{2}:?\d{2})?)?$",
}
_MONEY = {"type": ["string", "number"], "pattern": r"^(up to )?£?[\d,]+(\.\d{1,2})?$"}


def pledge_schema() -> Schema:
    """The schema (2020-12) of the JSON and YAML form of a pledge.

    >>> sorted(pledge_schema()["required"])
    ['facts', 'pledge', 'title']
    """
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "Pledge",
        "description": "An explicit promise of an organisation about a service, with what is owed when it is not kept.",
        **_table("pledge"),
        "$defs": {
            **{_id(name): _table(name) for name in grammar.TABLES if name not in ("pledge", "remedy")},
            "remedy": _remedy(),
            "condition": _condition(),
        },
    }


def _id(name: str) -> str:
    return name.replace(" ", "-")


def _ref(name: str) -> Schema:
    return {"$ref": f"#/$defs/{_id(name)}"}


def _list(item: Schema) -> Schema:
    """Several things, or a single one that stands for a list of one."""
    return {"anyOf": [item, {"type": "array", "items": item}]}


def _named(item: Schema, names: Schema | None = None) -> Schema:
    return {"type": "object", "propertyNames": names or _NAME, "additionalProperties": item}


def _either(*found: Schema) -> Schema:
    return {"anyOf": list(found)}


def _shapes() -> dict[str, Schema]:
    """What each shape of the table of keys looks like."""
    condition = _ref("condition")
    return {
        "text": _TEXT,
        "name": _NAME,
        "date": _DATE,
        "instant": _INSTANT,
        "time": {"type": "string", "pattern": r"^\d{1,2}:\d{2}(:\d{2})?$"},
        "yes": {"enum": ["yes", "no"]},
        "zone": _PHRASE,
        "limit": _PHRASE,
        "limits": _list(_PHRASE),
        "condition": condition,
        "exclusions": _list(_either(condition, _ref("exclusion"))),
        "amounts": _list(_PHRASE),
        "facts": _PHRASE,
        "start": _PHRASE,
        "fact": _NAME,
        "standard": _NAME,
        "names": _list(_NAME),
        "facts-list": _list(_NAME),
        "calendar": _either(_NAME, _named(_NAME, {"enum": ["working days", "school days", "service hours"]})),
        "repeated": _PHRASE,
        "ceilings": _list(_PHRASE),
        "route": {"type": "string", "pattern": "^(automatic|automatic after a report|claim|claim within .+)$"},
        "span-year": _TEXT,
        "hours": _PHRASE,
        "basis": {"enum": ["statutory", "regulatory", "voluntary"]},
        "money": _MONEY,
    }


_OPEN_DAY: Schema = {"enum": ["next open day"]}
_SHORT_MONTHS: Schema = {"enum": ["last day", "first of the next month"]}


def _fixed() -> dict[tuple[str, str], Schema]:
    """What stands under keys whose shape is a list or named values, and under those with a few fixed words."""
    rate, detail = _ref("rate"), _ref("detail")
    outcome = _either({"enum": list(STATUSES)}, _ref("expected"))
    return {
        ("pledge", "facts"): _named(_TEXT),
        ("pledge", "details"): _named(_either(_PHRASE, detail)),
        ("pledge", "rates"): _named(_list(_either(_TEXT, rate))),
        ("pledge", "terms"): _named(_ref("condition")),
        ("pledge", "calendars"): _named(_ref("calendar")),
        ("pledge", "versions"): _list(_ref("version")),
        ("pledge", "standards"): _named(_ref("standard")),
        ("pledge", "paid once"): {"type": "array", "items": {"type": "array", "items": _NAME, "minItems": 2}},
        ("pledge", "examples"): _list(_ref("example")),
        ("pledge", "published"): _list(_either(_TEXT, _ref("published"))),
        ("pledge", "short months"): _SHORT_MONTHS,
        ("standard", "short months"): _SHORT_MONTHS,
        ("standard", "on a closed day"): _OPEN_DAY,
        ("standard", "start on a closed day"): _OPEN_DAY,
        ("standard", "first day"): {"enum": ["counts"]},
        ("standard", "version by"): {"enum": ["own start"]},
        ("standard", "paused"): _list(_ref("pause")),
        ("standard", "extended"): _list(_ref("extension")),
        ("standard", "if we do not"): _list(_ref("remedy")),
        ("version", "standards"): _named(_ref("standard")),
        ("remedy", "choose from"): _list(_ref("remedy")),
        ("remedy", "or instead"): _list(_TEXT),
        ("calendar", "open"): {"type": "object", "additionalProperties": _PHRASE},
        ("calendar", "closed"): _either(
            {"type": "array", "items": _PHRASE}, {"type": "object", "additionalProperties": _TEXT}
        ),
        ("example", "details"): _named(_TEXT),
        ("example", "facts"): _named(_list(_either(_INSTANT, _ref("recorded fact")))),
        ("example", "cases"): {"type": "object", "additionalProperties": _ref("example case")},
        ("example", "expect"): {"type": "object", "additionalProperties": outcome},
        ("expected", "status"): {"enum": list(STATUSES)},
    }


def _table(name: str) -> Schema:
    """The schema of a mapping with the keys of one table."""
    keys = grammar.TABLES[name]
    shapes, fixed = _shapes(), _fixed()
    owner = "example" if name == "example case" else name
    properties = {
        key: {
            **(fixed.get((owner, key)) or shapes[spec.shape]),
            "description": spec.doc,
            **({"examples": [spec.example]} if _plain(spec) else {}),
        }
        for key, spec in keys.items()
    }
    required = [key for key, spec in keys.items() if spec.required]
    return {
        "type": "object",
        "properties": properties,
        **({"required": required} if required else {}),
        "additionalProperties": False,
    }


def _plain(spec: grammar.Key) -> bool:
    """Whether the example is a text as it stands, and not a list or named values in YAML."""
    return bool(spec.example) and spec.example[0] not in "[{"


def _remedy() -> Schema:
    """A remedy: a word alone, or named values with exactly one kind."""
    paying = ("pay", "voucher", "charge", "choose from", "staff may add")
    words = [kind for kind in grammar.REMEDY_KINDS if kind not in paying]
    one_kind = {"oneOf": [{"required": [str(kind)]} for kind in m.Remedying]}
    return _either({"enum": words}, {**_table("remedy"), **one_kind})


def _condition() -> Schema:
    """A phrase, a list of which any holds, or any of, all of, none of."""
    condition = _ref("condition")
    joined = {
        "type": "object",
        "properties": {key: _list(condition) for key in ("any of", "all of", "none of")},
        "additionalProperties": False,
        "minProperties": 1,
        "maxProperties": 1,
    }
    return _either(_PHRASE, {"type": "array", "items": condition}, joined)
