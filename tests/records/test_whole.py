"""Files that appear only when they are whole."""

from __future__ import annotations

from pathlib import Path

import pytest

from makegood.records.whole import written_whole


def write_half(path: Path) -> None:
    with written_whole(path) as beside:
        beside.write_text("half", "utf-8")
        raise RuntimeError


def test_an_error_leaves_the_old_file_and_nothing_beside_it(tmp_path: Path) -> None:
    path = tmp_path / "out.csv"
    path.write_text("old", "utf-8")
    with pytest.raises(RuntimeError):
        write_half(path)
    assert path.read_text("utf-8") == "old"
    assert [each.name for each in tmp_path.iterdir()] == ["out.csv"]


def test_a_link_stays_a_link_to_the_new_file(tmp_path: Path) -> None:
    real, link = tmp_path / "real.csv", tmp_path / "link.csv"
    real.write_text("old", "utf-8")
    link.symlink_to(real)
    with written_whole(link) as beside:
        beside.write_text("new", "utf-8")
    assert link.is_symlink()
    assert real.read_text("utf-8") == "new"


def test_what_cannot_be_written_is_told_by_the_name_of_the_wanted_file(tmp_path: Path) -> None:
    wanted = tmp_path / "gone" / "out.csv"
    with pytest.raises(FileNotFoundError) as refused, written_whole(wanted) as beside:
        beside.write_text("new", "utf-8")
    assert refused.value.filename == str(wanted)
    with pytest.raises(FileNotFoundError) as refused, written_whole(tmp_path / "out.csv"):
        Path(tmp_path / "another").read_text("utf-8")
    assert refused.value.filename == str(tmp_path / "another")
