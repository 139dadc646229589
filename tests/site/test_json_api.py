"""The JSON API against its own description: requests made up from it, good and bad, are answered as it says."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import requests
import schemathesis
import urllib3
from django.db import transaction
from django.test import Client
from hypothesis import HealthCheck, given, settings
from schemathesis import GenerationMode
from schemathesis.checks import not_a_server_error
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_headers_conformance,
    response_schema_conformance,
    status_code_conformance,
)

from makegood.rooms.counter.rest import routes as rest
from makegood.rooms.journal.events import VISITOR
from makegood.rooms.journal.queries import see_as

from .place import Everybody, everybody

CHECKS = [
    not_a_server_error,
    status_code_conformance,
    content_type_conformance,
    response_headers_conformance,
    response_schema_conformance,
]
EXAMPLES = 15
OPERATIONS = [
    (method.upper(), address)
    for address, methods in rest.api.get_openapi_schema(path_prefix="/api/v1/")["paths"].items()
    for method in methods
]


@pytest.fixture(autouse=True)
def static_folder(settings: Any, tmp_path: Path) -> None:
    """No collected files are needed."""
    settings.STATIC_ROOT = tmp_path


@pytest.fixture
def place(db: None) -> Everybody:
    """Everybody is there."""
    made = everybody()
    see_as(VISITOR)
    return made


@pytest.fixture
def described(place: Everybody) -> Any:
    """The API as it describes itself."""
    return schemathesis.openapi.from_dict(Client().get("/api/v1/openapi.json").json())


def asked(case: Any, key: str) -> requests.Response:
    """What was made up, asked of the service in this process; the answer as the checks want it."""
    given = case.as_transport_kwargs(base_url="http://testserver", headers={"Authorization": f"Bearer {key}"})
    allowed = ("method", "url", "headers", "params", "data", "json", "cookies", "files")
    sent = requests.Request(**{name: given[name] for name in allowed if name in given}).prepare()
    not_here = ("Content-Length", "Content-Type", "Accept-Encoding")
    headers = {name: str(value) for name, value in sent.headers.items() if name not in not_here}
    body = sent.body.encode() if isinstance(sent.body, str) else sent.body or b""
    told = Client(raise_request_exception=False).generic(
        str(sent.method), sent.path_url, body, str(sent.headers.get("Content-Type", "")), headers=headers
    )
    answer = requests.Response()
    answer.status_code, answer._content, answer.request, answer.url = (
        told.status_code,
        told.content,
        sent,
        str(sent.url),
    )
    answer.headers.update(told.headers)
    answer.raw = urllib3.HTTPResponse(headers=dict(told.headers), status=told.status_code)
    return answer


def key_for(address: str, place: Everybody) -> str:
    """The key that opens an address."""
    return {"/api/v1/requests/mine": place.token, "/api/v1/vouchers/redeem": place.shop_key}.get(address, "")


@pytest.mark.parametrize("mode", [GenerationMode.POSITIVE, GenerationMode.NEGATIVE], ids=["good", "bad"])
@pytest.mark.parametrize(("method", "address"), OPERATIONS, ids=[f"{m}-{a}" for m, a in OPERATIONS])
def test_every_answer_is_as_described(
    place: Everybody, described: Any, method: str, address: str, mode: GenerationMode
) -> None:
    operation = described[address][method]
    if mode is GenerationMode.NEGATIVE and not (operation.body or "{number}" in address):
        return  # it takes nothing, or words, of which none can be wrong
    key = key_for(address, place)

    @settings(
        max_examples=EXAMPLES, derandomize=True, database=None, deadline=None, suppress_health_check=list(HealthCheck)
    )
    @given(case=operation.as_strategy(generation_mode=mode))
    def answered(case: Any) -> None:
        see_as(VISITOR)
        with transaction.atomic():
            answer = asked(case, key)
        case.validate_response(answer, checks=CHECKS)

    answered()


def test_every_address_of_the_api_is_described() -> None:
    shown = {str(each.pattern) for each in getattr(rest.api_routes("")[0], "url_patterns", ())}
    said = {address.removeprefix("/api/v1/") for _, address in OPERATIONS}
    hidden = {"openapi.json", ""}
    assert {each.replace("<", "{").replace(">", "}") for each in shown} - hidden == said
