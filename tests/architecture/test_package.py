"""What ships is complete, and what is installed is locked."""

import re
import subprocess
import sys
import tomllib
import zipfile
from importlib.metadata import version
from pathlib import Path

import pytest

import makegood
from tests.architecture.source import ROOT, project_files

PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]


def names(requirements: list[str]) -> set[str]:
    """The names of the packages in lines of requirements, in one spelling."""
    found = (re.match(r"[\w.-]+", line) for line in requirements)
    return {re.sub(r"[-_.]+", "-", match.group()).lower() for match in found if match}


def lines_of(name: str) -> list[str]:
    return (ROOT / "requirements" / name).read_text(encoding="utf-8").splitlines()


def test_the_wheel_holds_every_file_of_the_package(tmp_path: Path) -> None:
    build = [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", str(tmp_path)]
    subprocess.run(build, cwd=ROOT, capture_output=True, check=True)
    (wheel,) = tmp_path.glob("*.whl")
    held = set(zipfile.ZipFile(wheel).namelist())
    ours = {path.relative_to("src").as_posix() for path in project_files() if path.parts[0] == "src"}
    assert ours - held == set()


def test_the_version_is_said_alike_everywhere() -> None:
    assert makegood.__version__ == PROJECT["version"] == version("makegood")


@pytest.mark.parametrize(
    ("locked", "asked"),
    [
        ("base.txt", PROJECT["dependencies"] + PROJECT["optional-dependencies"]["batch"]),
        ("dev.txt", PROJECT["dependencies"] + PROJECT["optional-dependencies"]["batch"] + lines_of("dev.in")),
        ("uv.txt", lines_of("uv.in")),
    ],
)
def test_every_requirement_is_locked(locked: str, asked: list[str]) -> None:
    assert names(asked) <= names(lines_of(locked)), "run: make lock"


@pytest.mark.parametrize("locked", ["base.txt", "dev.txt", "uv.txt"])
def test_every_locked_package_has_its_version_and_hash(locked: str) -> None:
    text = (ROOT / "requirements" / locked).read_text(encoding="utf-8")
    blocks = re.split(r"^(?=[a-z])", text, flags=re.MULTILINE)[1:]
    assert blocks
    assert [block for block in blocks if not re.match(r"\S+==\S+.*\\\n +--hash=sha256:", block)] == []
    assert "://" not in text


def test_the_same_package_is_locked_to_one_version() -> None:
    locked = (line for name in ("base.txt", "dev.txt", "uv.txt") for line in lines_of(name))
    pinned = {line.split(" ")[0] for line in locked if "==" in line}
    assert len(pinned) == len(names(sorted(pinned)))
