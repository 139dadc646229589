"""The mail connection: one, kept open, and what came of each mail that was handed over."""

from __future__ import annotations

import re
import smtplib
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass

from django.conf import settings

from ..events import State
from ..rules.mails import bare_address
from ..rules.wordings import one_line

_IDLE_SECONDS = 20.0
_MOST_PAUSE = 60.0


@dataclass(frozen=True, kw_only=True, slots=True)
class HandedOver:
    """What came of a mail: sent, failed for good, uncertain, or waiting for another attempt.

    `nobody_there` means that no server took part: the mail itself is not to blame. `detail` names nobody.
    """

    state: State
    detail: str
    nobody_there: bool = False


class _Connection(smtplib.SMTP):
    """A connection that knows whether a mail was offered: before that, nothing can have gone out."""

    offered = False

    def offer(self, mail: bytes) -> tuple[int, bytes]:
        """Offer a mail whose lines end in CRLF; the server's answer."""
        code, said = self.docmd("DATA")
        if code < 354:
            raise smtplib.SMTPServerDisconnected(f"{code} in answer to DATA")
        if code > 354:
            return code, said
        self.offered = True
        self.send(re.sub(rb"(?m)^\.", b"..", mail) + b".\r\n")
        return self.getreply()


class _SecureConnection(_Connection, smtplib.SMTP_SSL):
    """The same, encrypted from the first byte."""


class Post:
    """One thread's connection to the mail server."""

    def __init__(self) -> None:
        self._connection: _Connection | None = None
        self._used = 0.0
        self._pause, self._not_before = 0.5, 0.0

    def rests(self) -> bool:
        """Whether nobody was there a moment ago, so that it is too early to try again."""
        return time.perf_counter() < self._not_before

    def hand_over(self, sender: str, to: str, mail: bytes) -> HandedOver:
        """Give a mail to the server. Raises nothing: whatever happens is an outcome."""
        old = self._connection is not None
        outcome = self._attempt(sender, to, mail)
        if outcome.nobody_there and old:  # the server had hung up on us meanwhile
            outcome = self._attempt(sender, to, mail)
        if outcome.nobody_there:
            self._not_before = time.perf_counter() + self._pause
            self._pause = min(self._pause * 2, _MOST_PAUSE)
        else:
            self._pause = 0.5
        return outcome

    def hang_up(self) -> None:
        """End the connection."""
        connection, self._connection = self._connection, None
        if connection is not None:
            try:
                connection.quit()
            except (OSError, smtplib.SMTPException):
                connection.close()

    def _attempt(self, sender: str, to: str, mail: bytes) -> HandedOver:
        try:
            connection = self._connected()
        except (OSError, smtplib.SMTPException) as problem:
            return HandedOver(state=State.WAITING, detail=_said(problem, to), nobody_there=True)
        try:
            return self._spoken(connection, sender, to, mail)
        except (OSError, smtplib.SMTPException, ValueError) as problem:
            self._drop()
            if connection.offered:
                return HandedOver(state=State.UNCERTAIN, detail=_said(problem, to))
            return HandedOver(state=State.WAITING, detail=_said(problem, to), nobody_there=True)
        finally:
            connection.offered = False
            self._used = time.perf_counter()

    def _spoken(self, connection: _Connection, sender: str, to: str, mail: bytes) -> HandedOver:
        steps: tuple[Callable[[], tuple[int, bytes]], ...] = (
            lambda: connection.mail(sender),
            lambda: connection.rcpt(to),
            lambda: connection.offer(mail),
        )
        code, said = 0, b""
        for step in steps:
            code, said = step()
            if code == 421:
                self._drop()
                return HandedOver(
                    state=State.WAITING, detail=_words(code, said, to), nobody_there=not connection.offered
                )
            if not 200 <= code < 300:
                self._begin_anew(connection)
                return _refused(code, said, to)
        return HandedOver(state=State.SENT, detail=_words(code, said, to))

    def _connected(self) -> _Connection:
        if self._connection is not None and time.perf_counter() - self._used > _IDLE_SECONDS:
            self.hang_up()
        if self._connection is None:
            kind = _SecureConnection if settings.EMAIL_USE_SSL else _Connection
            own_name = bare_address(settings.DEFAULT_FROM_EMAIL).rpartition("@")[2]
            made = kind(
                settings.EMAIL_HOST, settings.EMAIL_PORT, local_hostname=own_name, timeout=settings.EMAIL_TIMEOUT or 20
            )
            try:
                if settings.EMAIL_USE_TLS:
                    made.starttls()
                if settings.EMAIL_HOST_USER:
                    made.login(settings.EMAIL_HOST_USER, settings.EMAIL_HOST_PASSWORD)
                made.ehlo_or_helo_if_needed()
            except (OSError, smtplib.SMTPException):
                made.close()
                raise
            self._connection = made
        return self._connection

    def _begin_anew(self, connection: _Connection) -> None:
        try:
            connection.rset()
        except (OSError, smtplib.SMTPException):
            self._drop()

    def _drop(self) -> None:
        if self._connection is not None:
            self._connection.close()
            self._connection = None


def _refused(code: int, said: bytes, to: str) -> HandedOver:
    """A refusal by number: 4xx for now, 5xx for good; any other number tells nothing, so nobody can know."""
    state = {4: State.WAITING, 5: State.FAILED}.get(code // 100, State.UNCERTAIN)
    return HandedOver(state=state, detail=_words(code, said, to))


def _words(code: int, said: bytes, to: str) -> str:
    return _without(f"{code} {said.decode('utf-8', 'replace')}", to)


def _said(problem: Exception, to: str) -> str:
    return _without(f"{type(problem).__name__}: {problem}", to)


def _without(words: str, to: str) -> str:
    return one_line(words.replace(to, "the address"))[:300]


_HERE = threading.local()


def own_post() -> Post:
    """This thread's connection."""
    post: Post | None = getattr(_HERE, "post", None)
    if post is None:
        post = _HERE.post = Post()
    return post


def hang_up() -> None:
    """End this thread's mail connection, for a worker that stops."""
    own_post().hang_up()
    del _HERE.post
