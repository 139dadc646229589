"""What is done in a place of Makegood's: the pages and acts of residents and of advisers, as clients do them."""

from __future__ import annotations

import json
import random
import secrets
from collections.abc import Callable, Mapping
from datetime import UTC, datetime, timedelta
from urllib.parse import quote

from bench.running import Failed

from .clients import Answer, Browser, Browsers, Step
from .places import Place

WORK: Mapping[str, tuple[int, ...]] = {
    "tracking page": (200,),
    "create": (201,),
    "desk list": (200,),
    "desk, first page": (200,),
    "search": (200,),
    "case page": (200,),
    "promise page": (200,),
    "record a fact": (302,),
}
"""What is measured, and how it is answered."""
_PER_ADDRESS = 50  # the service takes some sixty reports an hour from one address


class Work:
    """The clients of a place: advisers signed in through the form, residents by their private links."""

    def __init__(self, place: Place, clients: int) -> None:
        self.told, self.browsers = place.told, Browsers(place.port)
        self.chance = random.Random(11)
        self.advisers = [self._adviser() for _ in range(clients)]
        self.residents = [self._resident(token) for token in self.told["links"]]
        self.lights = [each["reference"] for each in self.told["cases"] if each["service"] == "street-light"]

    def close(self) -> None:
        """Close the connections of all."""
        self.browsers.close()

    def steps(self, name: str, clients: int) -> list[Step]:
        """The same for so many clients at once."""
        make: Callable[[int], Step] = {
            "tracking page": self._track,
            "create": lambda _: _Reporter(self.browsers).report,
            "desk list": lambda number: self._reads(number, lambda: "/desk/list/all/"),
            "desk, first page": lambda number: self._reads(number, lambda: "/desk/"),
            "search": lambda number: self._reads(number, self._search),
            "case page": lambda number: self._reads(number, lambda: f"/desk/cases/{self._case()['reference']}/"),
            "promise page": lambda _: self._passes_by(),
            "record a fact": self._records,
        }[name]
        return [make(number) for number in range(clients)]

    def _adviser(self) -> Browser:
        browser = self.browsers.new()
        browser.sign_in("/account/login/", {"login": self.told["email"], "password": self.told["password"]})
        return browser

    def _resident(self, token: str) -> dict[str, str]:
        browser = self.browsers.new()
        if browser.get(f"/track/{token}/").status != 302:
            raise Failed("a private link opened nothing")
        browser.close()
        return browser.cookies

    def _case(self) -> dict[str, str]:
        case: dict[str, str] = self.chance.choice(self.told["cases"])
        return case

    def _search(self) -> str:
        return f"/desk/find/?words={quote(self._case()['person'])}"

    def _reads(self, number: int, path: Callable[[], str]) -> Step:
        return lambda: self.advisers[number].get(path())

    def _track(self, _: int) -> Step:
        browser = self.browsers.new()

        def step() -> Answer:
            browser.cookies = dict(self.chance.choice(self.residents))
            return browser.get("/case/")

        return step

    def _passes_by(self) -> Step:
        browser = self.browsers.new()
        return lambda: browser.get("/promises/missed-bin/")

    def _records(self, number: int) -> Step:
        adviser = self.advisers[number]
        adviser.get(f"/desk/cases/{self.lights[0]}/record/")

        def step() -> Answer:
            reference = self.chance.choice(self.lights)
            when = _now() - timedelta(minutes=self.chance.randrange(5, 60))
            fields = {"fact": "update_sent", "note": "", "seen": "", "once": secrets.token_urlsafe(18)}
            parts = {"at_day": str(when.day), "at_month": str(when.month), "at_year": str(when.year)}
            return adviser.post(
                f"/desk/cases/{reference}/record/", fields | parts | {"at_time": f"{when.hour}:{when.minute:02}"}
            )

        return step


def _now() -> datetime:
    return datetime.now(UTC)  # noqa: TID251 - a client looks at its own clock


class _Reporter:
    """Reports missed bins over the API, a few from each address."""

    def __init__(self, browsers: Browsers) -> None:
        self.browsers, self.sent = browsers, 0
        self.browser = browsers.new(elsewhere=True)
        self.due = (_now() - timedelta(days=1)).date().isoformat()

    def report(self) -> Answer:
        """One more report."""
        self.sent += 1
        if self.sent % _PER_ADDRESS == 0:
            self.browser = self.browsers.new(elsewhere=True)
        body = {
            "service": "missed-bin",
            "answers": {"bin": "rubbish", "collection_date": self.due, "tag": "no"},
            "place": {"words": "12 Sample Street"},
            "person": {"name": "Rosa Fable", "wants": "email", "email": "rosa.fable@example.org"},
        }
        key = {"Idempotency-Key": secrets.token_urlsafe(18)}
        return self.browser.post_json("/api/v1/requests", json.dumps(body), key)
