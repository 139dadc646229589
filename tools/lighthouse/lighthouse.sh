#!/usr/bin/env bash
# Lighthouse (Apache-2.0, pinned in package-lock.json) over a demonstration place of its own: performance, accessibility,
# best practices and search of each main page on a phone. Exits with 1 where a score is below 95. With arguments only
# the pages whose names contain one of them. PLACE=http://127.0.0.1:8000 takes a place that runs already;
# REPORTS=folder keeps the full reports; CHROMIUM names the browser.
set -euo pipefail
cd "$(dirname "$0")"

command -v npm >/dev/null || { echo "Lighthouse needs Node (on Debian: apt install nodejs npm)" >&2; exit 2; }
if [ ! -e node_modules/.package-lock.json ] || [ package-lock.json -nt node_modules/.package-lock.json ]; then
  npm ci --silent
fi
if [ -n "${PLACE:-}" ]; then
  exec node measure.mjs "$PLACE" "$@"
fi

data=$(mktemp -d)
address=127.0.0.1:${PORT:-8765}
../../.venv/bin/makegood serve --demo --data "$data" --address "$address" >"$data/log" 2>&1 &
place=$!
trap 'kill "$place"; wait "$place" || true; rm -rf "$data"' EXIT
for _ in $(seq 240); do
  curl --silent --fail "http://$address/ready" >/dev/null && break
  kill -0 "$place" 2>/dev/null || { cat "$data/log" >&2; exit 2; }
  sleep 0.5
done
node measure.mjs "http://$address" "$@"
