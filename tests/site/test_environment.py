"""Settings are read with types, and every mistake is told at the same time."""

from __future__ import annotations

import os
import subprocess
import sys

import pytest

from makegood.site.environment import Environment, WrongSettings, database


def test_every_mistake_is_told_at_the_same_time() -> None:
    env = Environment({"A": "perhaps", "B": "12x", "C": "green", "D": "no"})
    assert env.yes("A") is False
    assert env.number("B", 5) == 5
    assert env.one_of("C", ("red", "blue"), "red") == "red"
    assert env.yes("D", True) is False
    with pytest.raises(WrongSettings) as told:
        env.refuse_mistakes()
    assert [each.split()[0] for each in told.value.mistakes] == ["A", "B", "C"]


def test_what_is_left_empty_is_the_default() -> None:
    env = Environment({"A": "  ", "B": ""})
    assert (env.text("A", "x"), env.number("B", 3), env.names("A", ["y"])) == ("x", 3, ["y"])


def test_a_database_is_named_by_its_address() -> None:
    read = database("postgresql://me:p%40ss@db.example:5433/makegood?sslmode=require", "makegood_app")
    assert (read["USER"], read["PASSWORD"], read["HOST"], read["PORT"]) == ("me", "p@ss", "db.example", "5433")
    asked = {"sslmode": "require", "options": "-c role=makegood_app"}
    prepared = {"server_side_binding": True, "prepare_threshold": 2}
    assert read["OPTIONS"] == asked | prepared
    with pytest.raises(ValueError, match="postgresql://"):
        database("mysql://me@db/makegood")


def start(**environment: str) -> subprocess.CompletedProcess[str]:
    kept = {name: value for name, value in os.environ.items() if name in ("PATH", "HOME", "LANG")}
    return subprocess.run(
        [sys.executable, "-c", "import makegood.site.settings"],
        env=kept | environment,
        capture_output=True,
        text=True,
        check=False,
    )


def test_a_live_place_refuses_what_is_unsafe() -> None:
    refused = start(PLACE_KIND="live")
    assert refused.returncode == 1
    for name in ("SECRET_KEY", "ALLOWED_HOSTS", "PLACE_ADDRESS", "MAIL_FROM", "DATABASE_URL"):
        assert name in refused.stderr, name
    assert "Traceback" not in refused.stderr


def test_a_live_place_with_everything_starts() -> None:
    started = start(
        PLACE_KIND="live",
        SECRET_KEY="k" * 60,
        ALLOWED_HOSTS="promises.anyborough.gov",
        PLACE_ADDRESS="https://promises.anyborough.gov",
        MAIL_FROM="promises@anyborough.gov",
        DATABASE_URL="postgresql://app@db/makegood",
        DATABASE_OWNER_URL="postgresql://owner@db/makegood",
    )
    assert (started.returncode, started.stderr) == (0, "")
