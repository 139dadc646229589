"""The door of the demonstration: its place opened, its clock moved, its people let in."""

from .dump import CannotLoad, Manifest, load_dump, migrations, read_manifest, set_clock, write_dump
from .opening import open_place
from .playing import FURTHEST, enter_case, let_pass, move_on, new_shop_key

__all__ = [
    "FURTHEST",
    "CannotLoad",
    "Manifest",
    "enter_case",
    "let_pass",
    "load_dump",
    "migrations",
    "move_on",
    "new_shop_key",
    "open_place",
    "read_manifest",
    "set_clock",
    "write_dump",
]
