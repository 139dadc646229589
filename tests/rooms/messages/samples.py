"""Words for every wording, and people to write to."""

from __future__ import annotations

from datetime import UTC, datetime

from makegood.rooms.journal.events import SYSTEM, Actor, By, Who
from makegood.rooms.messages.events import Channel, To

AT = datetime(2026, 6, 16, 9, 30, tzinfo=UTC)  # a Tuesday, half past ten in the place
NIGHT = datetime(2026, 6, 16, 23, 5, tzinfo=UTC)
BY = By(actor=SYSTEM, at=AT)
OFFICER = By(actor=Actor(who=Who.STAFF, id="7", roles=frozenset({"officer"})), at=AT)
ADVISER = By(actor=Actor(who=Who.STAFF, id="8", roles=frozenset({"adviser"})), at=AT)
MANAGER = By(actor=Actor(who=Who.STAFF, id="9", roles=frozenset({"manager"})), at=AT)
ANN = To(name="Ann Example", email="ann@example.org")
LETTER = To(name="Ann Example", address="1 High Street\nAnyborough\nAB1 2CD", channel=Channel.LETTER)

_ALL = {
    "service": "a missed bin",
    "promise": "We come back for a bin that we missed.",
    "due": "by 6pm on Tuesday 16 June 2026",
    "if_we_fail": "You get a voucher for £5. We send it to you. You do not have to ask.",
    "code": "418 205",
    "lasts": "15 minutes",
    "what": "What does the tag on your bin say?",
    "why": "It tells us what has to be done first.",
    "explanation": "The lorry broke down on Monday. The next one was full.",
    "gets": "- We say sorry.\n- A voucher for £5. It comes by the end of Wednesday 17 June.",
    "asking": "You do not have to ask for it or prove anything.",
    "next": "A lorry comes back on Wednesday 17 June.",
    "remedy": "A voucher for £5",
    "how": "You can use it in the shops on our list.",
    "by": "by the end of Wednesday 17 June",
    "amount": "£5",
    "voucher_code": "K7QF-29MX-TT4D",
    "voucher_link": "https://promises.example.org/voucher/K7QF29MXTT4D",
    "where": "You can use it in all our leisure centres.",
    "expires": "31 December 2026",
    "was": "A voucher for £5",
    "now": "A voucher for £10",
    "more": "You get £10 more, because we are late.",
    "text": "We looked at the lorry's camera.\nYour bin was out in time.",
    "from": "The waste team",
    "team": "the waste team",
    "reason": "The snow was too deep for our lorries.",
    "evidence": "the Met Office gave a warning for our area.",
    "done": "The crew emptied your bin on Wednesday 17 June.",
    "until": "by 24 June 2026",
    "link": "https://promises.example.org/track/5kVt-secret-Zx81",
}


def words_for(name: str) -> dict[str, str]:
    """Words that fill a wording wholly."""
    from makegood.rooms.messages.queries import shipped

    read = shipped(name)
    return {word: _ALL[word] for word in (read.needs | read.may_have) if word in _ALL}
