"""The zone of the machine changes nothing: instants in a typed file are read as they stand."""

import os
import subprocess
import sys
from pathlib import Path

import duckdb
import pytest

from makegood.analytics.conversions import text

READ = """
import sys
from pathlib import Path
from makegood.analytics.parquet import cases_in_parquet
from makegood.records import Mapping, Rejects, TableFile
from makegood.rules import read_pledge
pledge = read_pledge('''
pledge: typed
title: Typed
facts: {asked: you ask, done: we do it}
standards:
  help: {when: asked, we will: done, within: 24 hours}
''')
mapping = Mapping(case_id="id", facts={"asked": "o"})
[case] = cases_in_parquet(TableFile(path=Path(sys.argv[1]), mapping=mapping), pledge, Rejects())
print(*(fact.at.timestamp() for fact in case.facts))
"""


@pytest.mark.parametrize("zone", ["UTC", "Europe/London", "Pacific/Apia"])
def test_an_instant_in_a_typed_file_is_the_same_in_every_zone(zone: str, tmp_path: Path) -> None:
    file = tmp_path / "typed.parquet"
    duckdb.execute(f"COPY (SELECT 'a' AS id, TIMESTAMPTZ '2026-05-01 10:00+00' AS o) TO {text(str(file))}")
    read = subprocess.run(
        [sys.executable, "-c", READ, str(file)],
        env=os.environ | {"TZ": zone},
        capture_output=True,
        text=True,
        check=False,
    )
    assert (read.stdout, read.stderr) == ("1777629600.0\n", "")
