"""The mail server of the year: it takes every mail and delivers none, and to two addresses it behaves badly."""

from __future__ import annotations

import socket
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from aiosmtpd.controller import Controller
from django.conf import settings

from makegood.rooms.messages.actions import hang_up

NOBODY, CUT_OFF = "gone-away@", "cut-off@"
"""Where nobody is known, and where the line breaks before the server has said that it took the mail."""


class _Server:
    async def handle_RCPT(self, server: Any, session: Any, envelope: Any, address: str, options: Any) -> str:
        """Whether somebody of this address is known."""
        if address.startswith(NOBODY):
            return "550 There is nobody of this name here"
        envelope.rcpt_tos.append(address)
        return "250 fine"

    async def handle_DATA(self, server: Any, session: Any, envelope: Any) -> str:
        """Take a mail, or hang up before saying so."""
        if envelope.rcpt_tos[0].startswith(CUT_OFF):
            server.transport.abort()
        return "250 taken"


@contextmanager
def mail_server() -> Iterator[None]:
    """Django's settings point at this server while it runs."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    controller = Controller(_Server(), hostname="127.0.0.1", port=port, ready_timeout=30)
    controller.start()
    kept = settings.EMAIL_HOST, settings.EMAIL_PORT
    hang_up()
    try:
        settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", port
        yield
    finally:
        hang_up()
        settings.EMAIL_HOST, settings.EMAIL_PORT = kept
        controller.stop()
