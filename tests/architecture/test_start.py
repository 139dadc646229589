"""The library and the command line start alone, without engines or web framework."""

import subprocess
import sys

import pytest

HEAVY = {"django", "duckdb", "narwhals", "numpy", "pandas", "polars", "pyarrow", "tqdm"}


@pytest.mark.parametrize("module", ["makegood", "makegood.rules", "makegood.schemes", "makegood.cli"])
def test_it_starts_without_engines_or_web_framework(module: str) -> None:
    program = f"import {module}, sys; print(*sys.modules, sep='\\n')"
    loaded = subprocess.run([sys.executable, "-c", program], capture_output=True, check=True, text=True).stdout.split()
    assert module in loaded
    assert HEAVY.isdisjoint(loaded)
