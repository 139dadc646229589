#!/usr/bin/env bash
# The style sheet and scripts of the pages, built from tools/styles: `build` writes them, `check` says whether the
# committed ones are what a build gives. Without Node the check is left out, and says so.
set -euo pipefail
cd "$(dirname "$0")"

if ! command -v npm >/dev/null; then
  echo "NOT CHECKED: the style sheet against a rebuild (no Node here; on Debian: apt install nodejs npm)" >&2
  [ "${1:-build}" = check ] && exit 0 || exit 1
fi
if [ ! -e node_modules/.package-lock.json ] || [ package-lock.json -nt node_modules/.package-lock.json ]; then
  npm ci --silent || {
    echo "NOT CHECKED: the style sheet against a rebuild (its packages could not be fetched)" >&2
    [ "${1:-build}" = check ] && exit 0 || exit 1
  }
fi
node build.mjs $([ "${1:-build}" = check ] && echo --check)
