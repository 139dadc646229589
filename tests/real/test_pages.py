"""The figures that the documentation states about real records are those that come out."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.real.pages import PARTS, parts_in, written


@pytest.mark.parametrize("name", [name for name, part in PARTS.items() if part.needs_shared])
def test_a_part_made_from_larger_data_is_fresh(name: str, shared: Path) -> None:
    assert written(name) == PARTS[name].make(shared), "run: python -m tests.real.pages"


@pytest.mark.parametrize("name", [name for name, part in PARTS.items() if not part.needs_shared])
def test_a_part_is_fresh(name: str, tmp_path: Path) -> None:
    assert written(name) == PARTS[name].make(tmp_path), "run: python -m tests.real.pages"


@pytest.mark.parametrize("page", sorted({part.page for part in PARTS.values()}))
def test_a_page_has_room_for_its_parts_and_no_others(page: str) -> None:
    assert sorted(parts_in(page)) == sorted(name for name, part in PARTS.items() if part.page == page)
