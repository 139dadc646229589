"""One look at something from many sides: within it, what is asked of the database twice is asked once."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from functools import wraps
from typing import Any, ParamSpec, TypeVar

P = ParamSpec("P")
R = TypeVar("R")

_KNOWN: ContextVar[dict[Any, Any] | None] = ContextVar("known", default=None)


@contextmanager
def one_look() -> Iterator[None]:
    """For a page that shows something from many sides and changes nothing meanwhile: answers are kept to its end."""
    token = _KNOWN.set({})
    try:
        yield
    finally:
        _KNOWN.reset(token)


def looking() -> bool:
    """Whether this is within one look."""
    return _KNOWN.get() is not None


def remembered(ask: Callable[P, R]) -> Callable[P, R]:
    """Let a query answer once in one look. It takes plain values, and its answer is not changed by who gets it."""

    @wraps(ask)
    def answered(*args: P.args, **kwargs: P.kwargs) -> R:
        known = _KNOWN.get()
        if known is None:
            return ask(*args, **kwargs)
        key = (ask, args, tuple(sorted(kwargs.items()))) if kwargs else (ask, args)
        if key not in known:
            known[key] = ask(*args, **kwargs)
        answer: R = known[key]
        return answer

    return answered
