"""Every mail that can go out, as a mail client and the servers on its way read it: strictly, header by header."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from email import message_from_bytes, policy
from email.message import EmailMessage

import pytest
from django.conf import settings

from makegood.rooms.messages import queries
from makegood.rooms.messages.actions import send_waiting, write
from makegood.rooms.messages.events import To
from makegood.rooms.messages.models import Message
from tests.rooms.messages.mailserver import Mailbox, mail_server
from tests.rooms.messages.samples import ANN, AT, BY, words_for

STRICT = policy.SMTP.clone(raise_on_defect=True)
NAMES = {
    "plain": "Ann Example",
    "welsh": "Siân Ŵyn-Pryce",
    "other letters": "岡本 Αγγελική Нина",
    "long": "Élodie " * 28,
    "hostile": 'Ann" <evil@evil.example>\r\nBcc: all@evil.example, =?utf-8?q?a=0AB?= {{ x }} %s',
    "none": "",
}
MARKS = re.compile(r"\{\{|\{%|\}\}|%\(|\{[a-z_?]+\}|&(?:amp|lt|gt|quot|#\d+);|<[a-z/]|None|Ellipsis")
"""Marks of templates, and of HTML where there is none."""


@pytest.fixture
def box(db: None) -> Iterator[Mailbox]:
    """A mail server that takes everything."""
    with mail_server() as taking:
        yield taking


def told(wording: str, to: To = ANN, **words: str) -> int:
    """Tell somebody something; the number of the message."""
    return write(BY, wording=wording, to=to, about="MG-4X7K-92QD", case_number=12, words=words_for(wording) | words)


def body_of(number: int) -> str:
    """The words of a message as they wait to go out: its link leaves our copy when it has gone."""
    return Message.objects.get(id=number).body


def strictly(raw: bytes) -> EmailMessage:
    """A mail as the strictest reader reads it."""
    return message_from_bytes(raw, _class=EmailMessage, policy=STRICT)


@pytest.mark.parametrize("language", ["en", "cy"])
@pytest.mark.parametrize("wording", queries.wording_names())
def test_every_mail_is_well_formed_plain_and_whole(box: Mailbox, wording: str, language: str) -> None:
    number = told(wording, replace(ANN, language=language))
    body = body_of(number)
    assert send_waiting(AT) == 1
    [raw] = box.taken
    mail = strictly(raw)
    assert mail.get_content_type() == "text/plain", "plain text is all that there is: nothing is hidden from anybody"
    assert mail.get_content_charset() == "utf-8"
    text = mail.get_content()
    assert text.replace("\r\n", "\n") == body
    assert not MARKS.search(str(mail["Subject"]) + text)
    assert "MG-4X7K-92QD" in mail["Subject"]
    assert raw.isascii(), "servers that know eight bits only by half take it too"
    assert max(len(line) for line in raw.split(b"\r\n")) <= 78
    assert b"\n" not in raw.replace(b"\r\n", b""), "every line ends as mail wants it"


def test_its_headers_say_who_writes_to_whom_and_that_a_machine_wrote_it(box: Mailbox) -> None:
    told("promise-broken")
    told("remedy-ready")
    assert send_waiting(AT, seconds=60) == 2
    one, other = (strictly(raw) for raw in box.taken)
    assert one["Message-ID"] != other["Message-ID"]
    assert one["References"] == other["References"], "mails of one case stand together"
    for mail in (one, other):
        counts = {name.casefold(): len(mail.get_all(name, [])) for name in mail}
        assert set(counts.values()) == {1}, "no header stands twice"
        assert {"date", "from", "to", "subject", "message-id", "mime-version"} <= set(counts)
        assert not {"bcc", "cc", "sender", "return-receipt-to", "disposition-notification-to"} & set(counts)
        assert mail["Auto-Submitted"] == "auto-generated"
        assert mail["Content-Language"] == "en"
        assert mail["Date"].datetime == AT
        [sender] = mail["From"].addresses
        assert (sender.addr_spec, sender.display_name) == (settings.DEFAULT_FROM_EMAIL, settings.PLACE_NAME)
        assert str(mail["Message-ID"]).endswith(f"@{sender.domain}>"), "the domain that signs is the one that writes"
        answers = mail["Reply-To"] or mail["From"]
        assert [each.addr_spec for each in answers.addresses] == [settings.DEFAULT_FROM_EMAIL]


def test_a_mail_that_is_sent_again_is_the_same_mail(box: Mailbox) -> None:
    box.at_data[ANN.email] = "451 later"
    number = told("promise-broken")
    send_waiting(AT)
    first = queries.as_sent(number)
    box.at_data.clear()
    send_waiting(AT.replace(hour=12))
    assert box.taken == [first]


@pytest.mark.parametrize("language", ["en", "cy"])
def test_it_says_in_which_language_it_is(box: Mailbox, language: str) -> None:
    number = told("promise-broken", replace(ANN, language=language))
    send_waiting(AT)
    said = str(strictly(box.taken[0])["Content-Language"])
    assert said == queries.message(number).language


@pytest.mark.parametrize("kind", NAMES)
def test_any_name_stands_in_its_place_and_nowhere_else(box: Mailbox, kind: str) -> None:
    name = NAMES[kind]
    told("promise-broken", replace(ANN, name=name))
    send_waiting(AT)
    mail = strictly(box.taken[0])
    assert box.to == [ANN.email]
    [to] = mail["To"].addresses
    assert to.addr_spec == ANN.email
    assert "Bcc" not in mail
    if kind in ("plain", "welsh", "other letters"):
        assert to.display_name == name
        assert f"Hello {name}," in mail.get_content()
    assert "\n" not in to.display_name
    assert "evil" not in str(mail["From"]) + str(mail["Subject"]) + str(mail["References"])
    assert max(len(line) for line in box.taken[0].split(b"\r\n")) <= 78


@pytest.mark.parametrize(
    "text",
    ["x" * 3_000, "ü" * 3_000, ".\n.\n..a\nFrom here\n>From", "=20=3D=\n=", "{{ 7*7 }} {name} %s", "a\u2028b\u0085c"],
    ids=["a long word", "long in two bytes", "dots", "encoded", "marks", "odd line ends"],
)
def test_what_staff_write_arrives_as_they_wrote_it(box: Mailbox, text: str) -> None:
    body = body_of(told("message-from-us", text=text))
    send_waiting(AT)
    mail = strictly(box.taken[0])
    arrived = mail.get_content().replace("\r\n", "\n")
    assert arrived == body
    assert text.replace("\u2028", "\n").replace("\u0085", "\n") in arrived.replace("\u2028", "\n").replace(
        "\u0085", "\n"
    )
    assert max(len(line) for line in box.taken[0].split(b"\r\n")) <= 78
