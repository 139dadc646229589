"""A mail as bytes: the headers that matter, nothing that a hostile name could add to."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime
from email import message_from_bytes
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime, parseaddr, parsedate_to_datetime
from functools import lru_cache

from makegood.web.refusals import NotPossible

from .wordings import one_line

_EMAIL = re.compile(
    r"(?P<local>[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+(?:\.[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+)*)@"
    r"(?P<host>(?:[^\W_](?:[\w-]{0,61}[^\W_])?\.)+[^\W_](?:[\w-]{0,61}[^\W_])?)"
)
_NAME = re.compile(r"[^\w '’.,&()-]")


@dataclass(frozen=True, kw_only=True, slots=True)
class Mail:
    """What a mail is made of. `sender` is what people see it comes from; `about` threads mails of one case."""

    message_id: str
    sender_name: str
    sender: str
    to_name: str
    to: str
    subject: str
    body: str
    about: str
    language: str
    at: datetime


def email_address(text: str) -> str:
    """An e-mail address that can be written to, its host in ASCII. Raises `NotPossible` with field `email`."""
    found = _EMAIL.fullmatch(text.strip())
    if found and len(found["local"]) <= 64:
        host = _in_ascii(found["host"])
        if host and len(host) + len(found["local"]) < 254:
            return f"{found['local']}@{host}"
    raise NotPossible("Enter an email address in the correct format, like name@example.com.", field="email")


@lru_cache(maxsize=1_024)
def _in_ascii(host: str) -> str:
    """The name of a host as mail servers know it; empty when it is none."""
    try:
        return host.encode("idna").decode("ascii").lower()
    except UnicodeError:
        return ""


def bare_address(text: str) -> str:
    """The address alone of “Name <address>”."""
    return parseaddr(text)[1]


def compose(mail: Mail) -> bytes:
    """The bytes of a mail, the same each time, with lines that end in CRLF.

    It says that a machine wrote it (RFC 3834), so that no answering machine answers it.
    """
    message = EmailMessage(policy=SMTP)
    message["Message-ID"] = mail.message_id
    message["Date"] = format_datetime(mail.at)
    message["From"] = _address(mail.sender_name, mail.sender)
    message["To"] = _address(mail.to_name, mail.to)
    # An encoded word in somebody's own words would be decoded, line breaks and all, when the header is made.
    message["Subject"] = one_line(mail.subject).replace("=?", "= ?")
    message["Auto-Submitted"] = "auto-generated"
    message["X-Auto-Response-Suppress"] = "All"
    if mail.about:
        host = mail.message_id.rpartition("@")[2].rstrip(">")
        message["References"] = f"<{re.sub(r'[^A-Za-z0-9.-]', '', mail.about)}@{host}>"
    message.set_content(mail.body, charset="utf-8", cte="quoted-printable")
    message["Content-Language"] = mail.language  # setting the content takes headers of an earlier one away
    return message.as_bytes()


def dated(mail: bytes) -> datetime:
    """The date that a mail of ours says; it keeps it through every attempt."""
    head = message_from_bytes(mail.partition(b"\r\n\r\n")[0], policy=SMTP)
    return parsedate_to_datetime(str(head["Date"]))


def _address(name: str, email: str) -> Address:
    # Letters, digits and a few marks alone: a name is the resident's own words, and this is a header.
    return Address(display_name=one_line(_NAME.sub(" ", one_line(name)))[:100], addr_spec=email)
