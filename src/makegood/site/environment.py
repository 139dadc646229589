"""The environment, read once, with types; every mistake is told at the same time."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import TypeVar
from urllib.parse import parse_qsl, unquote, urlsplit

T = TypeVar("T")


class WrongSettings(SystemExit):
    """Settings that cannot be used: each mistake on a line of its own."""

    def __init__(self, mistakes: Sequence[str]) -> None:
        super().__init__("These settings cannot be used:\n" + "\n".join(f"  - {each}" for each in mistakes))
        self.mistakes = tuple(mistakes)


class Environment:
    """Environment variables read by name; `mistakes` grows, and `refuse_mistakes` tells them all."""

    def __init__(self, values: Mapping[str, str]) -> None:
        self.values = values
        self.mistakes: list[str] = []

    def text(self, name: str, default: str = "") -> str:
        """Words."""
        return self.values.get(name, "").strip() or default

    def yes(self, name: str, default: bool = False) -> bool:
        """yes or no."""
        return self._read(name, default, {"yes": True, "no": False, "1": True, "0": False}.__getitem__, "yes or no")

    def number(self, name: str, default: int, least: int = 0, most: int = 1_000_000) -> int:
        """A whole number within bounds."""

        def within(text: str) -> int:
            number = int(text)
            if not least <= number <= most:
                raise ValueError
            return number

        return self._read(name, default, within, f"a whole number from {least} to {most}")

    def names(self, name: str, default: Sequence[str] = ()) -> list[str]:
        """Names with commas between them."""
        return [each.strip() for each in self.text(name).split(",") if each.strip()] or list(default)

    def one_of(self, name: str, choices: Sequence[str], default: str) -> str:
        """One of several words."""
        return self._read(name, default, {each: each for each in choices}.__getitem__, f"one of {', '.join(choices)}")

    def refuse(self, mistake: str) -> None:
        """Note a mistake that only several settings together make."""
        self.mistakes.append(mistake)

    def refuse_mistakes(self) -> None:
        """Raise `WrongSettings` if there was any mistake."""
        if self.mistakes:
            raise WrongSettings(self.mistakes)

    def _read(self, name: str, default: T, read: Callable[[str], T], expected: str) -> T:
        text = self.values.get(name, "").strip()
        if not text:
            return default
        try:
            return read(text)
        except (KeyError, ValueError):
            self.mistakes.append(f"{name} is {text!r}; it should be {expected}")
            return default


def database(address: str, role: str = "") -> dict[str, object]:
    """Django's form of a PostgreSQL address such as postgresql://user:password@host:5432/name.

    With `role` every connection acts as that role. Statements are prepared by the server: a pool between it and us must
    keep them, or keep one connection for each of ours. Raises `ValueError` for any other kind of address.
    """
    parts = urlsplit(address)
    if parts.scheme not in ("postgres", "postgresql") or not parts.path.strip("/"):
        raise ValueError("an address such as postgresql://user:password@host:5432/name")
    options: dict[str, object] = dict(parse_qsl(parts.query))
    host = str(options.pop("host", parts.hostname or ""))
    if role:
        options["options"] = f"-c role={role}"
    return {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": unquote(parts.path.strip("/")),
        "USER": unquote(parts.username or ""),
        "PASSWORD": unquote(parts.password or ""),
        "HOST": host,
        "PORT": str(parts.port or ""),
        "CONN_MAX_AGE": 600,
        "CONN_HEALTH_CHECKS": True,
        # What is asked for the third time on a connection is prepared: planning it anew costs more than reading.
        "OPTIONS": {"server_side_binding": True, "prepare_threshold": 2, **options},
    }
