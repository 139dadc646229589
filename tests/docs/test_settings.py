"""Every setting is documented, and nothing else is."""

from __future__ import annotations

import re

from tests.architecture.source import ROOT


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
