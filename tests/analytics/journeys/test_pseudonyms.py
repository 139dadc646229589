"""The same people under the same pseudonyms, and nobody to be found in the file."""

from __future__ import annotations

import csv
import stat
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from makegood.analytics.journeys.logs.pseudonyms import (
    Identity,
    UnfitKey,
    by_key,
    by_lines,
    new_key,
    pseudonym,
    pseudonymised,
    read_key,
    telling_columns,
)
from makegood.records import Rejects
from makegood.records.rows import UnreadableFile

KEY = bytes(range(32))
WHO = Identity(columns=("Name", "Born"), dates=("Born",), date_format="%d/%m/%Y")


def rows_of(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def test_two_partners_give_the_same_person_the_same_pseudonym(tmp_path: Path) -> None:
    (tmp_path / "council.csv").write_text("Name,Born,Need\nZoë O'Neil,01/02/1990,job\n,01/02/1990,tax\n", "utf-8")
    (tmp_path / "jobcentre.csv").write_text("Born;Name;Step\n1990-02-01;ZOE ONEIL;visit\n31/02/1990;X;y\n", "utf-8")
    found = []
    for name in ("council", "jobcentre"):
        source, output = tmp_path / f"{name}.csv", tmp_path / f"{name}-out.csv"
        done = pseudonymised(source, output, of=by_key(KEY, "pilot", WHO), left_out=("Name", "Born"), rejects=Rejects())
        assert (done.rows, done.nameless, done.people) == (2, 1, 1)
        found.append(rows_of(output))
    assert found[0][0]["subject"] == found[1][0]["subject"] != ""
    assert found[0][1]["subject"] == found[1][1]["subject"] == ""
    assert set(found[0][0]) == {"subject", "Need"}
    assert "oneil" not in (tmp_path / "council-out.csv").read_text("utf-8").lower()


def test_another_key_or_purpose_gives_other_pseudonyms() -> None:
    told = {pseudonym(key, purpose, ["a", "b"]) for key in (KEY, bytes(32)) for purpose in ("pilot", "other")}
    assert len(told) == 4


@given(st.lists(st.text(), min_size=2, max_size=2), st.lists(st.text(), min_size=2, max_size=2))
def test_parts_do_not_run_into_one_another(one: list[str], other: list[str]) -> None:
    joined = pseudonym(KEY, "p", ["ab", "c"]) == pseudonym(KEY, "p", ["a", "bc"])
    assert not joined
    if pseudonym(KEY, "p", one) == pseudonym(KEY, "p", other):
        from makegood.analytics.journeys.logs.pseudonyms import evened

        assert [evened(part) for part in one] == [evened(part) for part in other]


def test_the_holder_of_the_key_may_see_identities_alone_and_give_pseudonyms_by_line(tmp_path: Path) -> None:
    log, identities, table, output = (tmp_path / name for name in ("log.csv", "ids.csv", "table.csv", "out.csv"))
    log.write_text("ref,need\n7,job\n8,tax\n", "utf-8")
    identities.write_text("Name,Born\nA,01/02/1990\nB,03/04/1980\n", "utf-8")
    pseudonymised(
        identities, table, of=by_key(KEY, "pilot", WHO), left_out=("Name", "Born"), rejects=Rejects(), only_lines=True
    )
    assert list(rows_of(table)[0]) == ["line", "subject"]
    pseudonymised(log, output, of=by_lines(table, Rejects()), left_out=("ref",), rejects=Rejects())
    assert [row["subject"] for row in rows_of(output)] == [row["subject"] for row in rows_of(table)]
    assert list(rows_of(output)[0]) == ["subject", "need"]
    with pytest.raises(UnreadableFile, match="line and subject"):
        by_lines(log, Rejects())


def test_a_key_is_made_once_for_its_owner_alone(tmp_path: Path) -> None:
    path = tmp_path / "key"
    new_key(path)
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert len(read_key(path)) == 32
    with pytest.raises(FileExistsError):
        new_key(path)
    path.write_text("secret", "ascii")
    with pytest.raises(UnfitKey, match="64 hexadecimal digits"):
        read_key(path)


def test_columns_that_tell_who_somebody_is_are_found() -> None:
    header = ["Surname", "DOB", "Post code", "postcode", "E-mail", "need", "telephone", "words", "channel", "NINO"]
    assert telling_columns(header) == ["Surname", "DOB", "postcode", "E-mail", "telephone", "words", "NINO"]
