"""What is told is kept as it goes out, seen by whom it concerns, and safe against hostile words."""

from __future__ import annotations

from dataclasses import replace
from email import message_from_bytes, policy

import pytest
from django.db import connection
from hypothesis import given
from hypothesis import strategies as st

from makegood.rooms.journal.events import SYSTEM, VISITOR, Actor, By, Who
from makegood.rooms.journal.models import Announced, Entry
from makegood.rooms.journal.queries import done_to, see_as
from makegood.rooms.messages import queries
from makegood.rooms.messages.actions import mark_printed, write, write_many
from makegood.rooms.messages.events import Channel, Draft, State, To
from makegood.rooms.messages.models import Message
from makegood.rooms.messages.rules.mails import Mail, compose, email_address
from makegood.web.refusals import NotAllowed, NotFound, NotPossible
from tests.rooms.messages.samples import ADVISER, ANN, AT, BY, LETTER, words_for

WORDS = words_for("promise-broken")


def tell(to: To = ANN, **more: object) -> int:
    """Tell Ann that a promise is broken."""
    arguments: dict[str, object] = {"about": "AB-1234", "case_number": 12, "words": WORDS} | more
    return write(BY, wording="promise-broken", to=to, **arguments)  # type: ignore[arg-type]  # chosen by the test


@pytest.mark.django_db
def test_a_message_is_kept_with_its_words_and_waits() -> None:
    [seen] = queries.messages_about("AB-1234") if tell() else []
    assert (seen.state, seen.channel, seen.wording) == (State.WAITING, Channel.EMAIL, "promise-broken")
    assert seen.subject == "We broke our promise, and we are sorry: AB-1234"
    assert "Hello Ann Example,\n\nWe promised you this:\n\nWe come back for a bin" in seen.body
    assert "- We say sorry.\n- A voucher for £5." in seen.body


@pytest.mark.django_db
def test_nothing_is_kept_when_a_word_is_missing() -> None:
    with pytest.raises(NotPossible, match="explanation"):
        tell(words={word: said for word, said in WORDS.items() if word != "explanation"})
    assert Message.objects.count() == 0
    assert Entry.objects.count() == 0


@pytest.mark.django_db
@pytest.mark.parametrize(
    "email",
    [
        "",
        "ann",
        "ann@example",
        "a\nb@example.org",
        "ann@example.org\r\nBcc: x@example.org",
        "ann@exa mple.org",
        "“ann”@example.org",
        "ännchen@example.org",
        "a@" + "b" * 64 + ".org",
        ".ann@example.org",
        "ann@example..org",
        "ann@-example.org",
        "<ann@example.org>",
        "ann@example.org, bob@example.org",
    ],
)
def test_an_address_that_cannot_be_written_to_is_refused(email: str) -> None:
    with pytest.raises(NotPossible) as refused:
        tell(To(email=email))
    assert refused.value.field == "email"
    assert Message.objects.count() == 0


@pytest.mark.parametrize(
    ("email", "kept"),
    [
        ("ann@example.org", "ann@example.org"),
        (" O'Neil+bins@Sub.Example.ORG ", "O'Neil+bins@sub.example.org"),
        ("ann@bücher.example", "ann@xn--bcher-kva.example"),
    ],
)
def test_a_good_address_is_kept_as_it_is_written_to(email: str, kept: str) -> None:
    assert email_address(email) == kept


@pytest.mark.django_db
def test_journal_and_events_hold_nothing_personal() -> None:
    tell(LETTER)
    tell()
    write_many(BY, drafts=[Draft(wording="promise-broken", to=ANN, about="AB-1", case_number=1, words=WORDS)])
    everything = [*Entry.objects.values_list("told", "subject", "actor"), *Announced.objects.values_list("data")]
    assert not any(word in str(everything) for word in ("Ann", "example.org", "High Street", "voucher", "secret"))
    assert {each.verb for each in done_to("AB-1234")} == {"messages.write"}


@pytest.mark.django_db
def test_many_are_written_as_one_act_with_an_entry_for_each() -> None:
    drafts = [
        Draft(
            wording="promise-broken",
            to=replace(ANN, email=f"a{n}@example.org"),
            about=f"AB-{n}",
            case_number=n,
            words=WORDS,
        )
        for n in range(300)
    ]
    numbers = write_many(BY, drafts=drafts)
    assert [queries.message(number).about for number in (numbers[0], numbers[299])] == ["AB-0", "AB-299"]
    assert len(set(numbers)) == 300
    assert len(done_to("AB-7")) == 1
    with pytest.raises(NotPossible):
        write_many(BY, drafts=[drafts[0], replace(drafts[1], words={})])
    assert Message.objects.count() == 300


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("scope", "sees"),
    [
        (Actor(who=Who.RESIDENT, id="12", case="AB-1234"), True),
        (Actor(who=Who.RESIDENT, id="13", case="AB-1235"), False),
        (ADVISER.actor, True),
        (SYSTEM, True),
        (VISITOR, False),
        (Actor(who=Who.SHOP, id="shop"), False),
    ],
)
def test_the_database_shows_a_message_to_staff_and_to_the_resident_of_its_case(scope: Actor, sees: bool) -> None:
    number = tell()
    see_as(scope)
    assert bool(queries.messages_about("AB-1234")) is sees
    assert Message.objects.filter(id=number).exists() is sees
    assert bool(queries.out_box()) is sees
    if not sees:
        with pytest.raises(NotFound):
            queries.letter(number)


@pytest.mark.django_db
def test_a_message_about_no_case_is_not_shown_to_residents() -> None:
    tell(case_number=None)
    see_as(Actor(who=Who.RESIDENT, id="12", case="AB-1234"))
    assert Message.objects.count() == 0


@pytest.mark.django_db
def test_a_private_link_is_hidden_from_staff_but_not_from_its_reader() -> None:
    number = tell(LETTER)
    assert "5kVt-secret-Zx81" not in queries.message(number).body
    assert "[only in the message itself]" in queries.message(number).body
    assert "5kVt-secret-Zx81" in queries.letter(number).body
    mark_printed(ADVISER, messages=[number])
    assert "5kVt-secret-Zx81" not in queries.letter(number).body
    assert "5kVt-secret-Zx81" not in Message.objects.get(id=number).body


@pytest.mark.django_db
def test_without_a_private_link_the_message_says_where_to_look() -> None:
    number = tell(words={word: said for word, said in WORDS.items() if word != "link"})
    assert "\nhttp://127.0.0.1:8000/track/\n" in queries.message(number).body


@pytest.mark.django_db
@pytest.mark.parametrize("who", [VISITOR, Actor(who=Who.RESIDENT, id="12"), Actor(who=Who.SHOP, id="s")])
def test_only_staff_and_makegood_write(who: Actor) -> None:
    with pytest.raises(NotAllowed):
        write(By(actor=who), wording="promise-broken", to=ANN, words=WORDS)


@pytest.mark.django_db
def test_a_letter_waits_to_be_printed_with_all_that_its_page_needs() -> None:
    number = tell(LETTER)
    [letter] = queries.letters_to_print()
    assert letter.id == number
    assert letter.address == ("1 High Street", "Anyborough", "AB1 2CD")
    assert letter.name == "Ann Example"
    assert letter.written_at == AT
    assert letter.body.startswith("Hello Ann Example,")
    assert mark_printed(ADVISER, messages=[number, number + 1]) == 1
    assert mark_printed(ADVISER, messages=[number]) == 0
    assert queries.letters_to_print() == []
    assert queries.message(number).state is State.PRINTED


@pytest.mark.django_db
def test_a_letter_needs_an_address() -> None:
    with pytest.raises(NotPossible) as refused:
        tell(To(name="Ann", address=" \n ", channel=Channel.LETTER))
    assert refused.value.field == "address"


@pytest.mark.django_db
def test_rows_cannot_be_read_by_a_connection_that_says_nothing() -> None:
    tell()
    with connection.cursor() as cursor:
        cursor.execute("SELECT set_config('app.who', '', true), set_config('app.case', '', true)")
        cursor.execute("SELECT count(*) FROM messages_message")
        assert cursor.fetchone() == (0,)


# --- mails as bytes --------------------------------------------------------------------------------------------------


def mail(**more: object) -> Mail:
    fields: dict[str, object] = {
        "message_id": "<abc@promises.example.org>",
        "sender_name": "Anyborough Council",
        "sender": "promises@example.org",
        "to_name": "Ann Example",
        "to": "ann@example.org",
        "subject": "Your voucher for £5",
        "body": "Hello Ann,\n\n.one dot\n" + "long " * 500 + "\nFrom here – ŵ\n",
        "about": "AB-1234",
        "language": "en",
        "at": AT,
    }
    return Mail(**(fields | more))  # type: ignore[arg-type]  # chosen by the test


def test_a_mail_says_that_a_machine_wrote_it_and_keeps_its_number() -> None:
    raw = compose(mail())
    assert raw == compose(mail())
    read = message_from_bytes(raw, policy=policy.default)
    assert read["Auto-Submitted"] == "auto-generated"
    assert read["Message-ID"] == "<abc@promises.example.org>"
    assert read["References"] == "<AB-1234@promises.example.org>"
    assert read["Date"] == "Tue, 16 Jun 2026 09:30:00 +0000"
    assert read["Subject"] == "Your voucher for £5"
    assert read.get_content().replace("\r\n", "\n") == mail().body
    assert all(len(line) <= 998 for line in raw.split(b"\r\n"))
    assert raw.isascii()
    assert b"\n" not in raw.replace(b"\r\n", b"")


NAUGHTY = [
    "Ann\r\nBcc: all@example.org",
    "Ann\nBcc: all@example.org",
    "Ann\rX: y",
    "Ann\u2028Bcc: all@example.org",
    'Ann" <all@example.org>, "Bob',
    "=?utf-8?q?=0d=0aBcc:_all=40example.org?=",
    "Ann <script>alert(1)</script>",
    "\u202egro.elpmaxe@lla",
    "😀 Ann",
    "%0d%0aBcc:all@example.org",
    "\x00\x1b[31m",
]


@pytest.mark.parametrize("name", NAUGHTY)
def test_a_hostile_name_adds_no_header_and_no_reader(name: str) -> None:
    read = message_from_bytes(compose(mail(to_name=name, subject=name, about=name)), policy=policy.default)
    assert sorted(key.lower() for key in read) == sorted(
        key.lower() for key in message_from_bytes(compose(mail()), policy=policy.default)
    )
    assert [each.addr_spec for each in read["To"].addresses] == ["ann@example.org"]
    assert len(read["Subject"].splitlines()) <= 1


@given(st.text(max_size=300))
def test_no_name_or_subject_breaks_a_mail(words: str) -> None:
    read = message_from_bytes(
        compose(mail(to_name=words, subject=words, about=words, body=words)), policy=policy.default
    )
    assert [each.addr_spec for each in read["To"].addresses] == ["ann@example.org"]
    assert "bcc" not in {key.lower() for key in read}
