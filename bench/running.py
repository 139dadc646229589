"""Programs run as processes of their own, and other people's libraries in environments of their own."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[1]
PROGRAMS = ROOT / "bench" / "programs"
ENVIRONMENTS = ROOT / ".venv-bench"


class Failed(Exception):
    """A program ended badly, or a library could not be installed; the message is what it said."""


@dataclass(frozen=True, kw_only=True)
class Run:
    """One run of a program: its seconds from start to end, its highest resident memory in MiB, and what it printed."""

    seconds: float
    memory: float
    told: dict[str, Any]


def run(*command: str | Path) -> Run:
    """Run a command to its end, in the environment of this process. See `run_with`."""
    return run_with(None, *command)


def run_with(environ: Mapping[str, str] | None, *command: str | Path) -> Run:
    """Run a command to its end, with these variables. Raises `Failed` when it ends badly.

    The last line that it prints is read as JSON if it is a JSON object. This process should be small itself: a
    child's highest memory begins with that of the process that starts it.
    """
    with tempfile.TemporaryFile() as out, tempfile.TemporaryFile() as err:
        begun = time.perf_counter()
        process = subprocess.Popen([str(part) for part in command], stdout=out, stderr=err, cwd=ROOT, env=environ)
        _, status, used = os.wait4(process.pid, 0)
        seconds = time.perf_counter() - begun
        process.returncode = os.waitstatus_to_exitcode(status)
        out.seek(0)
        err.seek(0)
        if process.returncode:
            said = (err.read() + out.read()).decode(errors="replace").strip()
            named = " ".join(str(part).removeprefix(f"{ROOT}/") for part in command)
            raise Failed(
                f"{said.rpartition(chr(10))[2] or 'nothing said'} ({named} ended with {process.returncode})\n{said}"
            )
        last = out.read().decode(errors="replace").strip().rpartition("\n")[2]
    unit = 1024 * 1024 if sys.platform == "darwin" else 1024
    return Run(seconds=seconds, memory=used.ru_maxrss / unit, told=json.loads(last) if last.startswith("{") else {})


def program(name: str, *arguments: object) -> Run:
    """Run one of the programs with this environment."""
    return run(sys.executable, "-m", f"bench.programs.{name}", *(str(each) for each in arguments))


def yardstick(library: str, name: str, *arguments: object) -> Run:
    """Run one of the programs with the environment of another library, which is made when it is not there."""
    return run(environment(library), PROGRAMS / f"{name}.py", *(str(each) for each in arguments))


def environment(library: str) -> Path:
    """The interpreter of a library's own environment, with exactly the locked packages. Raises `Failed`."""
    locked = ROOT / "bench" / "yardsticks" / f"{library}.txt"
    folder = ENVIRONMENTS / library
    python, stamp = folder / "bin" / "python", folder / "locked.txt"
    if not (python.exists() and stamp.exists() and stamp.read_bytes() == locked.read_bytes()):
        run(sys.executable, "-m", "venv", "--clear", folder)
        run(python, "-m", "pip", "install", "-q", "--disable-pip-version-check", "--require-hashes", "-r", locked)
        stamp.write_bytes(locked.read_bytes())
    return python


def is_installed(library: str) -> bool:
    """Whether a library's own environment is there already."""
    return (ENVIRONMENTS / library / "locked.txt").exists()
