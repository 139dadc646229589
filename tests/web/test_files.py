"""Addresses of the style sheet and scripts change with what is in them, and what is sent is compressed."""

from __future__ import annotations

import gzip
import re
from pathlib import Path
from typing import Any

import pytest
from django.test import Client

from makegood.web.files import VersionedFiles

SHEET = Path("src/makegood/web/static/web/makegood.css")


def test_an_address_carries_a_digest_of_the_file() -> None:
    address = VersionedFiles().url("web/makegood.css")
    assert re.fullmatch(r"/static/web/makegood\.css\?v=[0-9a-f]{12}", address)
    assert address.partition("?")[2] != VersionedFiles().url("web/makegood.js").partition("?")[2]


def test_a_file_that_is_not_there_has_no_version() -> None:
    assert VersionedFiles().url("web/none.css") == "/static/web/none.css"


@pytest.mark.django_db
def test_a_browser_keeps_the_style_sheet_and_gets_it_compressed(settings: Any, tmp_path: Path) -> None:
    settings.STATIC_ROOT = tmp_path
    answer = Client().get(VersionedFiles().url("web/makegood.css"), headers={"Accept-Encoding": "gzip"})
    sent = answer.getvalue()
    assert "max-age=31536000" in answer["Cache-Control"]
    assert answer["Content-Encoding"] == "gzip"
    assert len(sent) < 30_000
    assert b".mg-promise" in gzip.decompress(sent)
