"""How a resident gets to her case: a private link, or a code sent to the address that we have.

Tokens and codes run on real time, also where the place's clock was moved. Only digests of them are kept.
"""

from __future__ import annotations

import secrets
from collections.abc import Collection

from django.db import connection

from makegood.rooms.journal.actions import action
from makegood.rooms.journal.events import Act
from makegood.rooms.messages.actions import write
from makegood.rooms.messages.events import Channel, To
from makegood.web.refusals import TooOften

from .. import permissions as p
from ..events import CodeAsked
from ..models import Case, Code, Person
from ..rules.references import (
    code_digest,
    counter_key,
    new_code,
    new_token,
    read_reference,
    same,
    token_digest,
)
from .closing import LINKS_LAST
from .steps import held

CODE_MINUTES, MOST_TRIES = 15, 5
PER_REFERENCE, PER_NETWORK = 6, 30
"""How often an hour a code may be asked for, or tried, for one reference and from one network."""


@action("cases.make_link", may=p.may_let_in)
def make_link(act: Act, *, case: str) -> str:
    """A new private link's token, to go into an address that nobody else sees; older ones stay good.

    It ends 90 days after the case is closed, for a closed case 90 days from now, or when it is revoked. It cannot be
    shown again.
    """
    reference = held(act, case).reference
    return _new_links([reference])[reference]


@action("cases.make_links", may=p.may_notice)
def make_links(act: Act, *, cases: Collection[str]) -> dict[str, str]:
    """A new private link's token for each of these cases (references as they are kept), for messages to residents.

    Set-based: one statement and one entry, since each message that carries a link has an entry of its own.
    """
    made = _new_links(cases)
    act.about("links", links=len(made))
    return made


_LINKS = """
INSERT INTO cases_link (case_id, digest, expires)
SELECT c.number, n.digest, CASE WHEN c.state = 'closed' THEN now() + %s * interval '1 day' END
FROM unnest(%s::text[], %s::bytea[]) AS n (reference, digest) JOIN cases_case c ON c.reference = n.reference
"""


def _new_links(references: Collection[str]) -> dict[str, str]:
    """Tokens of new links, by reference; only their digests are kept."""
    made = {reference: new_token() for reference in references}
    with connection.cursor() as cursor:
        cursor.execute(_LINKS, [LINKS_LAST.days, list(made), [token_digest(token) for token in made.values()]])
    return made


@action("cases.make_code", may=p.may_let_in)
def make_code(act: Act, *, case: str) -> str:
    """A code to read out to somebody on the telephone, who has said who they are; it works like one that was sent."""
    row, code, salt = held(act, case), new_code(), secrets.token_bytes(16)
    _keep_code(row, salt, code_digest(salt, code))
    return code


def _keep_code(case: Case, salt: bytes, digest: bytes) -> None:
    """Keep a code; one that there was before is void."""
    Code.objects.filter(case=case).delete()
    Code.objects.create(case=case, salt=salt, digest=digest)


@action("cases.revoke_links", may=p.may_answer)
def revoke_links(act: Act, *, case: str) -> int:
    """End every private link of a case at once, for a link that got into other hands; how many there were."""
    row = held(act, case)
    with connection.cursor() as cursor:
        cursor.execute("UPDATE cases_link SET revoked = now() WHERE case_id = %s AND revoked IS NULL", [row.number])
        count = cursor.rowcount
    act.about(row.reference, links=count)
    return int(count)


@action("cases.send_code", may=p.may_ask_code)
def send_code(act: Act, *, reference: str, email: str, network: str) -> None:
    """Send a code to the email address that we have for a case, if it is the one given.

    Says nothing about whether there is such a case, or such an address. `network` is where the request came from.
    Raises `TooOften`, for any reference.
    """
    wanted = read_reference(reference)
    _count("send", wanted or reference, network)
    code, salt = new_code(), secrets.token_bytes(16)
    digest = code_digest(salt, code)
    act.about("code")
    found = Person.objects.filter(case__reference=wanted).exclude(email="").select_related("case").first()
    if found is None or not secrets.compare_digest(_folded(found.email), _folded(email)):
        return
    case = found.case
    _keep_code(case, salt, digest)
    to = To(name=found.name, email=found.email, language=found.language, channel=Channel.EMAIL)
    words = {"code": code, "lasts": f"{CODE_MINUTES} minutes"}
    write(
        act.onward(),
        wording="tracking-code",
        to=to,
        about=case.reference,
        case_number=case.number,
        words=words,
        urgent=True,
    )
    act.about(case.reference)
    act.announce(CodeAsked(subject=case.reference))


@action("cases.redeem_code", may=p.may_ask_code)
def redeem_code(act: Act, *, reference: str, code: str, network: str) -> str:
    """A private link's token for a right code; empty for a wrong one, one too old, used, or tried five times.

    The answer is the same for a reference that does not exist. Raises `TooOften`.
    """
    wanted = read_reference(reference)
    _count("redeem", wanted or reference, network)
    act.about("code")
    row = (
        Code.objects.select_for_update()
        .filter(case__reference=wanted, tries__lt=MOST_TRIES)
        .extra(where=["made > now() - %s * interval '1 minute'"], params=[CODE_MINUTES])
        .first()
    )
    given = code_digest(bytes(row.salt) if row else bytes(16), "".join(code.split())[:20])
    if row is None:
        return ""
    if not same(given, bytes(row.digest)):
        row.tries += 1
        row.save(update_fields=["tries"])
        return ""
    row.delete()
    act.about(wanted)
    return make_link(act.onward(), case=wanted)


def _folded(email: str) -> bytes:
    return email.strip().casefold().encode()[:254]


_COUNT = """
INSERT INTO cases_counter (key, count) VALUES (%s, 1)
ON CONFLICT (key) DO UPDATE SET
  count = CASE WHEN cases_counter.since < now() - interval '1 hour' THEN 1 ELSE cases_counter.count + 1 END,
  since = CASE WHEN cases_counter.since < now() - interval '1 hour' THEN now() ELSE cases_counter.since END
RETURNING count
"""


def _count(what: str, reference: str, network: str) -> None:
    """Count an attempt. Raises `TooOften` beyond what an hour allows."""
    with connection.cursor() as cursor:
        for value, most in ((f"reference {reference[:40]}", PER_REFERENCE), (f"network {network}", PER_NETWORK)):
            cursor.execute(_COUNT, [counter_key(what, value)])
            [count] = cursor.fetchone()
            if count > most:
                raise TooOften("You have tried this many times. Wait an hour, or call us.")
