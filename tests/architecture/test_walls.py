"""The walls of the house stand, and each of them holds when it is leant against."""

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.architecture.source import ROOT

# Files of a house in which every wall is broken at least once.
BROKEN_HOUSE = {
    # Buildings, and the start without Django, indirectly.
    "analytics/leans_up.py": "import makegood.cli",
    "rules/knows_the_cases.py": "import makegood.rooms.cases.models",
    "surplus.py": "",
    # The rules are pure.
    "rules/reads_tables.py": "import duckdb",
    # No cycles, even inside one building.
    "analytics/hen.py": "from makegood.analytics import egg",
    "analytics/egg.py": "from makegood.analytics import hen",
    # Floors, doors, and the inside of a room.
    "rooms/cases/__init__.py": "",
    "rooms/cases/models.py": "import django.db.models",
    "rooms/cases/queries.py": "import makegood.analytics",
    "rooms/remedies/__init__.py": "",
    "rooms/remedies/models.py": "from makegood.rooms.cases import models",
    "rooms/remedies/actions.py": "from makegood.rooms.cases import queries",
    "rooms/people/__init__.py": "",
    "rooms/people/queries.py": "import makegood.rooms.cases.queries\nimport makegood.rooms.people.views",
    "rooms/people/views.py": "",
    "rooms/people/utils.py": "",
    "rooms/attic/__init__.py": "",
}


def verdicts(house: Path) -> tuple[dict[str, str], str]:
    """What import-linter says of each contract, and all that it said."""
    program = "from importlinter.cli import lint_imports_command as main; main()"
    environment = {**os.environ, "PYTHONPATH": str(house / "src"), "COLUMNS": "400"}
    answer = subprocess.run(
        [sys.executable, "-c", program, "--no-cache", "--no-logo"],
        cwd=house,
        env=environment,
        capture_output=True,
        check=False,
        text=True,
    )
    said = answer.stdout + answer.stderr
    return dict(re.findall(r"^(.+?) (KEPT|BROKEN)\b", said, re.MULTILINE)), said


@pytest.fixture(scope="module")
def broken_house(tmp_path_factory: pytest.TempPathFactory) -> tuple[dict[str, str], str]:
    house = tmp_path_factory.mktemp("house")
    shutil.copy(ROOT / "pyproject.toml", house)
    shutil.copytree(ROOT / "tools", house / "tools", ignore=shutil.ignore_patterns("__pycache__"))
    for module in (ROOT / "src").rglob("*.py"):
        copy = house / module.relative_to(ROOT)
        copy.parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(module, copy)
    for name, code in BROKEN_HOUSE.items():
        path = house / "src" / "makegood" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(code + "\n", encoding="utf-8")
    return verdicts(house)


def test_the_walls_stand() -> None:
    found, said = verdicts(ROOT)
    assert set(found.values()) == {"KEPT"}, said


@pytest.mark.parametrize(
    "wall",
    [
        "Buildings",
        "Floors of the house",
        "Inside a room",
        "Rooms meet only at their doors",
        "The rules are pure",
        "Inside the library",
        "The library, the analytics and the command line start without Django",
        "Only publication and the command line know the analytics",
        "No cycles anywhere",
    ],
)
def test_a_broken_wall_is_noticed(wall: str, broken_house: tuple[dict[str, str], str]) -> None:
    found, said = broken_house
    assert found.get(wall) == "BROKEN", said


@pytest.mark.parametrize(
    "breach",
    [
        r"makegood\.analytics is not allowed to import makegood\.cli",
        r"makegood\.rules is not allowed to import duckdb",
        r"makegood\.rules is not allowed to import django",
        r"makegood\.rooms\.people is not allowed to import makegood\.rooms\.cases",
        r"makegood\.rooms\.people\.queries is not allowed to import makegood\.rooms\.people\.views",
        r"makegood\.rooms\.remedies\.models:1 goes round the door",
        r"makegood\.rooms\.cases\.queries -> makegood\.analytics",
        r"makegood\.surplus",
        r"makegood\.rooms\.attic",
        r"makegood\.rooms\.people\.utils",
        r"makegood\.rules\.reads_tables",
        r"No cycles are allowed in makegood\.analytics",
    ],
)
def test_each_breach_is_named(breach: str, broken_house: tuple[dict[str, str], str]) -> None:
    _, said = broken_house
    assert re.search(breach, said), said


def test_a_room_may_use_the_door_of_a_lower_room(broken_house: tuple[dict[str, str], str]) -> None:
    _, said = broken_house
    assert "makegood.rooms.remedies.actions" not in said
