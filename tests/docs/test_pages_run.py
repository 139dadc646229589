"""Tutorials and how-tos do what they say: their files are written, their commands run, their output compared.

A block `… file NAME` is written to NAME. In a `console` block a line that begins with `$ ` is run in a shell, and the
lines after it are its output; a line `…` stands for any lines, and `…` within a line for anything.
"""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from .blocks import DOCS, README, blocks

REPOSITORY = README.parent

PAGES = sorted({block.page for language in ("console", "python") for block in blocks(language)} - {README})


def all_blocks(page: Path) -> list[tuple[str, str, str]]:
    text = page.read_text(encoding="utf-8")
    fence = re.compile(r"^```(\w+)([^\n`]*)\n(.*?)^```$", re.MULTILINE | re.DOTALL)
    return [(match[1], match[2].strip(), match[3]) for match in fence.finditer(text)]


def commands_of(text: str) -> list[tuple[str, list[str]]]:
    """The commands of a console block, each with the output it should have; `> ` goes on with a command."""
    found: list[tuple[str, list[str]]] = []
    for line in text.splitlines():
        if line.startswith("$ "):
            found.append((line[2:], []))
        elif line.startswith(">") and found and not found[-1][1]:
            found[-1] = (f"{found[-1][0]}\n{line[1:].removeprefix(' ')}", [])
        elif found:
            found[-1][1].append(line)
    return found


def fits(expected: list[str], printed: list[str]) -> bool:
    pattern = ""
    for line in expected:
        if line.strip() == "…":
            pattern += r"(?:.*\n)*?"
        else:
            pattern += ".*".join(re.escape(part) for part in line.rstrip().split("…")) + r"[ ]*\n"
    text = "".join(f"{line}\n" for line in printed)
    return re.fullmatch(pattern.rstrip(), text) is not None or re.fullmatch(pattern, text) is not None


BARE = re.compile(r"^(?:\$ )?makegood ", re.MULTILINE)
WITH_COMMANDS = [page for page in (README, *sorted(DOCS.rglob("*.md"))) if BARE.search(page.read_text("utf-8"))]


@pytest.mark.parametrize("page", WITH_COMMANDS, ids=lambda page: str(page.relative_to(REPOSITORY)))
def test_a_page_says_how_its_command_is_found_before_it_uses_it(page: Path) -> None:
    text = page.read_text("utf-8")
    first = BARE.search(text)
    assert first
    assert "source .venv/bin/activate" in text[: first.start()]


def test_the_commands_of_the_readme_need_only_what_ships(tmp_path: Path) -> None:
    shipped = tmp_path / "src" / "makegood" / "samples"
    shutil.copytree(REPOSITORY / "src" / "makegood" / "samples" / "flights", shipped / "flights")
    path = f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"
    blocks = [text for language, _, text in all_blocks(README) if language == "console"]
    commands = [command for text in blocks for command, _ in commands_of(text)]
    assert len(commands) > 8
    for command in commands:
        if not command.startswith("source "):
            done = subprocess.run(
                ["bash", "-c", command], cwd=tmp_path, env={**os.environ, "PATH": path, "PYTHONUTF8": "1"},
                capture_output=True, text=True, check=False,
            )  # fmt: skip
            assert done.returncode == 0, f"{command}\n{done.stderr}"


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(DOCS)))
def test_a_page_does_what_it_says(page: Path, tmp_path: Path) -> None:
    path = f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"
    environment = {**os.environ, "PATH": path, "PYTHONUTF8": "1"}
    for language, info, text in all_blocks(page):
        if info.startswith("file "):
            (tmp_path / info.removeprefix("file ").strip()).write_text(text, encoding="utf-8")
        elif language == "python":
            run = subprocess.run(
                [sys.executable, "-c", text], cwd=tmp_path, env=environment, capture_output=True, text=True, check=False
            )
            assert run.returncode == 0, run.stderr
        elif language == "console":
            for command, expected in commands_of(text):
                run = subprocess.run(
                    ["bash", "-c", command],
                    cwd=tmp_path,
                    env=environment,
                    stdout=subprocess.PIPE,
                    stderr=subprocess.STDOUT,
                    text=True,
                    check=False,
                )
                printed = [line.rstrip() for line in run.stdout.splitlines()]
                assert run.returncode in (0, 1), run.stdout
                assert fits(expected, printed), f"$ {command}\n" + "\n".join(printed)
