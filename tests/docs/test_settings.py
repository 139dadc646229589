"""Every setting is documented, and nothing else is; those that the guides show are taken as they stand."""

from __future__ import annotations

import os
import re
import shlex
import subprocess
import sys

import pytest

from tests.architecture.source import ROOT

from .blocks import blocks


def test_every_setting_is_documented() -> None:
    read: set[str] = set()
    for file in (ROOT / "src/makegood/site").glob("*.py"):
        text = file.read_text(encoding="utf-8")
        read |= set(re.findall(r'_env\.\w+\(\s*"([A-Z_]+)"', text))
        read |= set(re.findall(r'os\.environ(?:\.get\(|\[)"([A-Z_]+)"', text))
    read -= {"DJANGO_SETTINGS_MODULE"}
    page = (ROOT / "docs/reference/settings.md").read_text(encoding="utf-8")
    told = set(re.findall(r"`([A-Z]+(?:_[A-Z]+)+)`", page))
    assert read == told


def settings_on(page: str) -> dict[str, str]:
    """The settings in the blocks of a page, as a shell reads them; what the reader is to fill in is filled."""
    lines = (line for each in blocks("sh") if each.page.name == page for line in each.text.splitlines())
    found = dict(part.split("=", 1) for line in lines if re.match(r"[A-Z_]+=", line) for part in shlex.split(line))
    return {name: value.replace("…", "filled-in") for name, value in found.items()}


@pytest.mark.parametrize("page", ["install-on-a-server.md", "connect-mail-and-sign-in.md"])
def test_a_live_place_starts_with_the_settings_of_the_guide(page: str) -> None:
    shown = settings_on("install-on-a-server.md") | settings_on(page)
    assert shown["PLACE_KIND"] == "live"
    started = subprocess.run(
        [sys.executable, "-c", "import makegood.site.settings"],
        env={"PATH": os.environ["PATH"], **shown, "SECRET_KEY": "k" * 60},
        capture_output=True,
        text=True,
        check=False,
    )
    assert (started.returncode, started.stderr) == (0, "")
