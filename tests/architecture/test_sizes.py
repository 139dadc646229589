"""Nothing grows beyond what can be read at one sitting."""

from collections import Counter
from pathlib import Path

import pytest

from tests.architecture.source import code_lines, code_lines_of, definitions, is_generated, kind, modules, size

LIMITS = {"function": 60, "class": 300}
MODULE = 500
ROOM = 3_500

RAISED: dict[str, int] = {
    # "src/makegood/rules/example.py" or "src/makegood/rules/example.py:name": 70,  # and the reason
}


@pytest.mark.parametrize("module", [path for path in modules() if not is_generated(path)], ids=str)
def test_functions_classes_and_modules_are_small(module: Path) -> None:
    found = {str(module): (len(code_lines(module)), MODULE)}
    for definition in definitions(module):
        name = f"{module}:{definition.name}"
        found[name] = (size(module, definition), LIMITS[kind(definition)])
    too_long = {name: lines for name, (lines, limit) in found.items() if lines > RAISED.get(name, limit)}
    assert not too_long


def test_rooms_are_small() -> None:
    rooms: Counter[str] = Counter()
    for module in modules():
        in_room = module.parts[:3] == ("src", "makegood", "rooms") and len(module.parts) > 4
        if in_room and not is_generated(module):
            rooms[module.parts[3]] += len(code_lines(module))
    assert {room: lines for room, lines in rooms.items() if lines > ROOM} == {}


def test_blank_lines_comments_and_docstrings_are_no_code() -> None:
    text = '''"""What this owns,
in two lines."""

# why
NAME = """a text
of two lines"""


def say(what: str) -> str:
    """Say it."""

    return (
        what  # as it is
    )
'''
    assert sorted(code_lines_of(text)) == [5, 6, 9, 12, 13, 14]
