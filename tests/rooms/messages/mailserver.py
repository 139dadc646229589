"""A real mail server in a thread of the test, which keeps what it takes and can be told to misbehave."""

from __future__ import annotations

import socket
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from email import message_from_bytes, policy
from email.message import EmailMessage
from typing import Any

from aiosmtpd.controller import Controller
from django.test import override_settings


@dataclass
class Mailbox:
    """What the server took, and how it answers: `at_rcpt` and `at_data` by address, an answer or "hang up"."""

    taken: list[bytes] = field(default_factory=list)
    to: list[str] = field(default_factory=list)
    at_rcpt: dict[str, str] = field(default_factory=dict)
    at_data: dict[str, str] = field(default_factory=dict)
    sessions: set[int] = field(default_factory=set)
    before_data: Callable[[], None] = lambda: None

    def mails(self) -> list[EmailMessage]:
        """The mails, read."""
        return [message_from_bytes(raw, _class=EmailMessage, policy=policy.default) for raw in self.taken]

    def times(self) -> Counter[str]:
        """How often each Message-ID was taken."""
        return Counter(str(mail["Message-ID"]) for mail in self.mails())

    async def handle_RCPT(self, server: Any, session: Any, envelope: Any, address: str, options: Any) -> str:
        answer = self.at_rcpt.get(address, "250 fine")
        if answer == "hang up":
            server.transport.abort()
        if answer.startswith("250"):
            envelope.rcpt_tos.append(address)
        return answer

    async def handle_DATA(self, server: Any, session: Any, envelope: Any) -> str:
        self.before_data()
        self.sessions.add(id(session))
        answer = self.at_data.get(envelope.rcpt_tos[0], "250 taken")
        if answer == "hang up":
            self._take(envelope)
            server.transport.abort()
        if answer.startswith("250"):
            self._take(envelope)
        return answer

    def _take(self, envelope: Any) -> None:
        self.taken.append(envelope.content)
        self.to += envelope.rcpt_tos


@contextmanager
def mail_server(box: Mailbox | None = None) -> Iterator[Mailbox]:
    """A server that Django's settings point at."""
    from makegood.rooms.messages.actions import hang_up

    box = box or Mailbox()
    hang_up()
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    controller = Controller(box, hostname="127.0.0.1", port=port, ready_timeout=10)
    controller.start()
    try:
        with override_settings(EMAIL_HOST="127.0.0.1", EMAIL_PORT=port, EMAIL_USE_TLS=False, EMAIL_TIMEOUT=5):
            yield box
    finally:
        hang_up()
        controller.stop()
