"""Every module says what it owns, and is named for it; nothing is tied to one machine."""

import ast
import re
from pathlib import Path

import pytest

from tests.architecture.source import ROOT, is_generated, modules, project_files, tree

NO_NAMES = {"utils", "util", "helpers", "common", "core", "misc", "base", "manager", "service", "services"}

# A path from the root of somebody's machine, and the hosts of package registries and mirrors.
MACHINE_PATH = re.compile(rb"(?<![\w.:/~-])/(?:work|root|farm|home/\w+|Users/\w+)/")
REGISTRY = re.compile(rb"(?:files\.pythonhosted|\bpypi|registry\.npmjs|registry\.yarnpkg|deb\.debian)\.org\b")


@pytest.mark.parametrize("module", [path for path in modules() if not is_generated(path)], ids=str)
def test_every_module_says_what_it_owns(module: Path) -> None:
    says = ast.get_docstring(tree(module))
    assert says
    assert says[0].isupper()


@pytest.mark.parametrize("module", [path for path in modules() if path.parts[0] == "src"], ids=str)
def test_no_module_has_a_name_that_attracts_everything(module: Path) -> None:
    assert NO_NAMES.isdisjoint({*module.parts[2:-1], module.stem} - rooms_of(module))


def rooms_of(module: Path) -> set[str]:
    """The name of the room, which is the product's word for what it holds."""
    return {module.parts[3]} if module.parts[:3] == ("src", "makegood", "rooms") else set()


def test_nothing_is_tied_to_one_machine_or_registry() -> None:
    found = [
        f"{path}: {match.group().decode()}"
        for path in project_files()
        for pattern in (MACHINE_PATH, REGISTRY)
        if (match := pattern.search((ROOT / path).read_bytes()))
    ]
    assert not found


@pytest.mark.parametrize("top", ["work", "root", "home/ada"])
def test_a_path_of_somebodys_machine_is_noticed(top: str) -> None:
    assert MACHINE_PATH.search(f'open("/{top}/makegood/cases.csv")'.encode())
    assert not MACHINE_PATH.search(f"see https://example.org/{top}/cases".encode())


@pytest.mark.parametrize("host", [("files", "pythonhosted"), ("pypi",), ("registry", "npmjs")])
def test_the_host_of_a_registry_is_noticed(host: tuple[str, ...]) -> None:
    assert REGISTRY.search(f"https://{'.'.join(host)}.org/simple".encode())
