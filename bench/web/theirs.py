"""The same done in django-helpdesk: its list and search as its page asks for their rows, a ticket, a new ticket."""

from __future__ import annotations

import json
import random
from base64 import b64encode
from collections.abc import Callable, Mapping
from urllib.parse import urlencode

from .clients import Answer, Browser, Browsers, Step
from .places import Place

WORK: Mapping[str, tuple[int, ...]] = {
    "create": (302,),
    "desk list": (200,),
    "search": (200,),
    "case page": (200,),
}
"""What is measured, and how it is answered."""
_ROWS = {"draw": "1", "start": "0", "length": "50"}
_OPEN = {"status__in": [1, 2]}


class Work:
    """The clients of a helpdesk: staff signed in through the form."""

    def __init__(self, place: Place, clients: int) -> None:
        self.told, self.browsers = place.told, Browsers(place.port)
        self.chance = random.Random(11)
        self.staff = [self._signed_in() for _ in range(clients)]

    def close(self) -> None:
        """Close the connections of all."""
        self.browsers.close()

    def steps(self, name: str, clients: int) -> list[Step]:
        """The same for so many clients at once."""
        paths: dict[str, Callable[[], str]] = {
            "desk list": lambda: self._rows(_OPEN, ""),
            "search": lambda: self._rows({}, self._ticket()["person"]),
            "case page": lambda: f"/tickets/{self._ticket()['id']}/",
        }
        if name == "create":
            return [self._creates(number) for number in range(clients)]
        return [self._reads(number, paths[name]) for number in range(clients)]

    def _signed_in(self) -> Browser:
        browser = self.browsers.new()
        browser.sign_in("/login/", {"username": "adviser", "password": "an adviser of the bench"})
        return browser

    def _ticket(self) -> dict[str, str]:
        ticket: dict[str, str] = self.chance.choice(self.told["tickets"])
        return ticket

    def _rows(self, filtering: dict[str, list[int]], words: str) -> str:
        asked = {"filtering": filtering, "filtering_null": {}, "sorting": "created", "search_string": words}
        query = b64encode(json.dumps(asked | {"sortreverse": False}).encode()).decode()
        return f"/datatables_ticket_list/{query}?{urlencode(_ROWS)}"

    def _reads(self, number: int, path: Callable[[], str]) -> Step:
        return lambda: self.staff[number].get(path())

    def _creates(self, number: int) -> Step:
        staff = self.staff[number]
        staff.get("/tickets/submit/")
        fields = {
            "queue": str(self.told["queue"]),
            "title": "Missed bin, 12 Sample Street",
            "body": "Rubbish, not tagged.",
            "priority": "3",
            "submitter_email": "rosa.fable@example.org",
        }

        def step() -> Answer:
            return staff.post("/tickets/submit/", fields)

        return step
