#!/usr/bin/env bash
# A browser for the browser tests: Debian's Chromium. Installed where that can be done; where not, said loudly.
set -euo pipefail

command -v chromium >/dev/null && exit 0
skipped() {
  echo "!! NOT TESTED IN A BROWSER: $1. The tests in tests/browser will be skipped; all others run." >&2
  exit 0
}
command -v apt-get >/dev/null || skipped "there is no chromium, and no apt-get to install it"
[ "$(id -u)" = 0 ] || skipped "there is no chromium; as root: apt-get install chromium fonts-liberation"
echo "Installing Debian's chromium and fonts-liberation for the browser tests ..."
export DEBIAN_FRONTEND=noninteractive
lock=(-o DPkg::Lock::Timeout=300)
{ apt-get "${lock[@]}" -qq update && apt-get "${lock[@]}" -qq install -y --no-install-recommends chromium fonts-liberation; } \
  >/dev/null 2>&1 || skipped "chromium could not be installed"
