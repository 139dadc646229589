#!/usr/bin/env bash
# Lock again: requirements/*.txt from pyproject.toml and requirements/*.in, for every platform, with hashes.
# Without arguments what is locked stays; `--upgrade` takes the newest versions.
set -euo pipefail
cd "$(dirname "$0")/.."

export UV_PYTHON_DOWNLOADS=never UV_SYSTEM_CERTS=1 UV_CUSTOM_COMPILE_COMMAND="make lock"
compile() {
  .venv/bin/uv pip compile -q --universal --generate-hashes --python-version 3.11 \
    --no-emit-index-url --no-emit-find-links --override requirements/overrides.txt "$@"
}

compile requirements/uv.in -o requirements/uv.txt "$@"
compile pyproject.toml --extra batch --extra service -o requirements/base.txt "$@"
compile pyproject.toml requirements/dev.in --extra batch --extra service \
  -c requirements/base.txt -c requirements/uv.txt -o requirements/dev.txt "$@"
