"""Small HTTP clients with cookies over connections that stay open, and how quickly they are answered together."""

from __future__ import annotations

import http.client
import random
import re
import threading
import time
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from html import unescape
from itertools import count
from math import ceil
from urllib.parse import urlencode

from bench.running import Failed

FORM = "application/x-www-form-urlencoded"
_ADDRESSES = count(random.SystemRandom().randrange(2, 1 << 23))  # others than in the run before, which is remembered


@dataclass(frozen=True, kw_only=True, slots=True)
class Answer:
    """What was answered."""

    status: int
    location: str
    body: str


class Browser:
    """One client on one connection, with its cookies. `elsewhere` lets it come from a local address of its own."""

    def __init__(self, port: int, *, elsewhere: bool = False) -> None:
        number = next(_ADDRESSES) if elsewhere else 1
        source = (f"127.{number >> 16 & 255}.{number >> 8 & 255}.{number & 255}", 0) if elsewhere else None
        self._connection = http.client.HTTPConnection("127.0.0.1", port, timeout=120, source_address=source)
        self.cookies: dict[str, str] = {}

    def close(self) -> None:
        """Close the connection; the next request opens another."""
        self._connection.close()

    def get(self, path: str) -> Answer:
        """Ask for a page."""
        return self._send("GET", path)

    def post(self, path: str, fields: Mapping[str, str]) -> Answer:
        """Send a form, with the mark that this browser's cookie asks for."""
        marked = {"csrfmiddlewaretoken": self.cookies.get("csrftoken", ""), **fields}
        return self._send("POST", path, urlencode(marked), {"Content-Type": FORM})

    def post_json(self, path: str, body: str, headers: Mapping[str, str]) -> Answer:
        """Send JSON."""
        return self._send("POST", path, body, {"Content-Type": "application/json", **headers})

    def sign_in(self, path: str, fields: Mapping[str, str]) -> None:
        """Sign in through the form at this address. Raises `Failed` when that did not do."""
        page = self.get(path)
        hidden = dict(re.findall(r'<input type="hidden" name="([^"]+)" value="([^"]*)"', page.body))
        answer = self.post(path, {name: unescape(value) for name, value in hidden.items()} | dict(fields))
        if answer.status != 302:
            raise Failed(f"{path} let nobody in: {answer.status}\n{answer.body[:2000]}")

    def _send(self, method: str, path: str, body: str | None = None, headers: Mapping[str, str] = {}) -> Answer:
        cookies = (
            {"Cookie": "; ".join(f"{name}={value}" for name, value in self.cookies.items())} if self.cookies else {}
        )
        try:
            self._connection.request(method, path, body, {**headers, **cookies})
            answer = self._connection.getresponse()
        except (http.client.RemoteDisconnected, ConnectionError):  # the server may close a connection that idled
            self._connection.close()
            self._connection.request(method, path, body, {**headers, **cookies})
            answer = self._connection.getresponse()
        said = answer.read().decode("utf-8", "replace")
        for cookie in answer.headers.get_all("Set-Cookie") or ():
            name, _, value = cookie.partition(";")[0].partition("=")
            self.cookies[name] = value
        return Answer(status=answer.status, location=answer.headers.get("Location", ""), body=said)


class Browsers:
    """Clients of one place, to be closed together."""

    def __init__(self, port: int) -> None:
        self.port = port
        self._made: list[Browser] = []

    def new(self, *, elsewhere: bool = False) -> Browser:
        """One more."""
        self._made.append(Browser(self.port, elsewhere=elsewhere))
        return self._made[-1]

    def close(self) -> None:
        """Close the connections of all."""
        for browser in self._made:
            browser.close()


Step = Callable[[], Answer]
"""One thing that a client does again and again."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Pace:
    """How quickly steps were answered: the middle and the slow ones in milliseconds, and how many a second."""

    p50: float
    p95: float
    rate: float
    count: int


def together(steps: Sequence[Step], seconds: float, *, expect: Iterable[int] = (200,)) -> Pace:
    """Let each client do its step again and again for so long. Raises `Failed` for an answer that was not expected."""
    wanted = frozenset(expect)
    taken: list[list[float]] = [[] for _ in steps]
    faults: list[str] = []
    until = time.perf_counter() + seconds

    def go(step: Step, mine: list[float]) -> None:
        try:
            while (begun := time.perf_counter()) < until and not faults:
                answer = step()
                mine.append(time.perf_counter() - begun)
                if answer.status not in wanted:
                    faults.append(f"{answer.status} {answer.location}\n{answer.body[:3000]}")
        except Exception as fault:  # it is told below, in the thread that asked
            faults.append(repr(fault))

    begun = time.perf_counter()
    threads = [threading.Thread(target=go, args=pair) for pair in zip(steps, taken, strict=True)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    elapsed = time.perf_counter() - begun
    if faults:
        raise Failed(f"an answer was not as expected: {faults[0]}")
    times = sorted(each for mine in taken for each in mine)
    return Pace(p50=_at(times, 0.5), p95=_at(times, 0.95), rate=len(times) / elapsed, count=len(times))


def _at(times: Sequence[float], share: float) -> float:
    return times[ceil(len(times) * share) - 1] * 1000
