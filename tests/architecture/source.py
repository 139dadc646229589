"""The project's own files, as the architecture tests look at them."""

import ast
import io
import subprocess
import tokenize
from collections.abc import Iterator
from functools import cache
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]

Definition = ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef

_NO_CODE = {
    tokenize.COMMENT,
    tokenize.NL,
    tokenize.NEWLINE,
    tokenize.INDENT,
    tokenize.DEDENT,
    tokenize.ENDMARKER,
}


@cache
def project_files() -> tuple[Path, ...]:
    """Every file that is, or would be, in the repository, relative to its root."""
    command = ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"]
    listed = subprocess.run(command, cwd=ROOT, capture_output=True, check=True, text=True).stdout
    return tuple(sorted({Path(name) for name in listed.split("\0") if name and (ROOT / name).is_file()}))


def modules() -> tuple[Path, ...]:
    """Every Python module of the project, relative to its root."""
    return tuple(path for path in project_files() if path.suffix == ".py")


def is_generated(module: Path) -> bool:
    """Whether a program wrote it: the tables' first migrations, as Django makes them from the models."""
    return module.parent.name == "migrations" and module.name in {"0001_initial.py", "__init__.py"}


@cache
def tree(module: Path) -> ast.Module:
    """The module, parsed."""
    return ast.parse((ROOT / module).read_text(encoding="utf-8"), filename=str(module))


@cache
def code_lines(module: Path) -> frozenset[int]:
    """The numbers of the lines that hold code: no blank lines, comments or docstrings."""
    return code_lines_of((ROOT / module).read_text(encoding="utf-8"))


def code_lines_of(text: str) -> frozenset[int]:
    """The numbers of the lines of this source text that hold code."""
    lines: set[int] = set()
    for token in tokenize.generate_tokens(io.StringIO(text).readline):
        if token.type not in _NO_CODE:
            lines.update(range(token.start[0], token.end[0] + 1))
    return frozenset(lines.difference(*_docstrings(ast.parse(text))))


def definitions(module: Path) -> Iterator[Definition]:
    """Every function and class of the module, nested ones too."""
    for node in ast.walk(tree(module)):
        if isinstance(node, Definition):
            yield node


def size(module: Path, definition: Definition) -> int:
    """How many lines of code the function or class has, its decorators left out."""
    end = definition.end_lineno or definition.lineno
    return sum(definition.lineno <= line <= end for line in code_lines(module))


def kind(definition: Definition) -> str:
    """Whether it is a function or a class."""
    return "class" if isinstance(definition, ast.ClassDef) else "function"


def _docstrings(module: ast.Module) -> Iterator[range]:
    for node in ast.walk(module):
        if isinstance(node, ast.Module | Definition) and node.body and ast.get_docstring(node) is not None:
            first = node.body[0]
            yield range(first.lineno, (first.end_lineno or first.lineno) + 1)
