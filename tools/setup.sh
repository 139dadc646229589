#!/usr/bin/env bash
# Set-up: a virtual environment in .venv that holds exactly the locked packages, and the project itself, editable.
# Quick when nothing changed. PY names the interpreter (python3 unless said).
set -euo pipefail
cd "$(dirname "$0")/.."

PY=${PY:-python3}
"$PY" -c 'import sys; sys.exit(sys.version_info < (3, 11))' ||
  { echo "Makegood needs Python 3.11 or newer; name one with PY=, as in: make install PY=python3.12" >&2; exit 1; }

export UV_PYTHON_DOWNLOADS=never UV_SYSTEM_CERTS=1 UV_NO_PROGRESS=1 PIP_DISABLE_PIP_VERSION_CHECK=1
locked=(requirements/uv.txt requirements/dev.txt)
python=.venv/bin/python

stamp_of() { sha256sum | cut -c1-16; }
packages=.venv/.packages-$({ pwd; "$PY" -VV; cat "${locked[@]}" tools/setup.sh; } | stamp_of)
project=.venv/.project-$(sed '/^# ----/q' pyproject.toml | stamp_of) # its upper part: what the package is

if [ ! -e "$packages" ]; then
  "$PY" -m venv --clear .venv ||
    { echo "Python's venv module is missing or incomplete (on Debian: apt install python3-venv)" >&2; exit 1; }
  "$python" -m pip install -q --require-hashes -r requirements/uv.txt
  # uv is several times faster; pip knows every local setting (mirrors, proxies). Same locked hashes either way.
  .venv/bin/uv pip sync -q --require-hashes --no-build-isolation -p "$python" "${locked[@]}" || {
    echo "uv could not install the packages; trying again with pip" >&2
    "$python" -m pip install -q --require-hashes --no-deps --no-build-isolation -r "${locked[0]}" -r "${locked[1]}"
  }
  touch "$packages"
fi

if [ ! -e "$project" ]; then
  .venv/bin/uv pip install -q --offline --no-deps --no-build-isolation -p "$python" --editable .
  rm -f .venv/.project-*
  touch "$project"
fi

# Compiled once here, the command starts in half the time even where Python may not write beside its sources.
"$python" -m compileall -q src/makegood .venv/lib/python3.*/site-packages/{yaml,narwhals,duckdb,polars}
