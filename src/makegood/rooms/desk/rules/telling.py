"""How the desk says what happened and how things stand, to those who work with it. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal

from makegood.web.saying import say_money

STANDINGS: Mapping[str, tuple[str, str]] = {
    "running": ("running", "Running"),
    "kept": ("kept", "Kept"),
    "broken": ("broken", "Broken"),
    "excused": ("excused", "Excused"),
    "void": ("void", "Does not apply"),
    "unknown": ("unknown", "Not known yet"),
    "pending": ("pending", "Not begun"),
    "left out": ("void", "Does not apply"),
    "": ("void", "No promise"),
}
"""Each status of a promise: the kit's name for its colour and sign, and the word beside it."""

REMEDY_STATES: Mapping[str, tuple[str, str]] = {
    "offered": ("pending", "On offer"),
    "open": ("pending", "Ours to decide"),
    "owed": ("due", "Owed"),
    "accepted": ("due", "Accepted, owed"),
    "declined": ("void", "Declined"),
    "lapsed": ("void", "Lapsed"),
    "settled": ("done", "Given"),
    "reversed": ("void", "Not owed after all"),
}

ACCOUNTS: Mapping[str, str] = {
    "cost": "Cost of remedies",
    "owed": "Owed to residents",
    "vouchers": "Vouchers not yet used",
    "paid": "Paid out",
    "left": "Left with the person",
}

DEEDS: Mapping[str, str] = {
    "cases.open_case": "opened the case",
    "cases.record_fact": "recorded what happened",
    "cases.correct_fact": "put a time right",
    "cases.withdraw_fact": "withdrew something that was recorded",
    "cases.pause_for_resident": "stopped the clock to wait for the resident",
    "cases.end_pause": "let the clock run on",
    "cases.log_contact": "noted that the resident got in touch",
    "cases.hand_over": "asked another team to take the case",
    "cases.accept_hand_over": "took the case for their team",
    "cases.decline_hand_over": "did not take the case for their team",
    "cases.take_case": "took the case on",
    "cases.exempt": "decided that the promise could not be held",
    "cases.close_case": "closed the case",
    "cases.reopen_case": "opened the case again",
    "cases.say_not_fixed": "said that it is not fixed",
    "cases.write_to_resident": "wrote to the resident",
    "cases.write_from_resident": "wrote what the resident said",
    "cases.mark_seen": "dealt with what the resident wrote",
    "cases.link_duplicate": "linked another case",
    "cases.unlink_duplicate": "unlinked another case",
    "cases.add_photo": "added a photo",
    "cases.change_resident": "changed how to reach the resident",
    "cases.erase_resident": "erased who the case was for",
    "cases.make_link": "made a private link",
    "cases.make_links": "made private links for messages",
    "cases.make_code": "made a code to read out",
    "cases.revoke_links": "ended every private link",
    "cases.send_code": "sent a code",
    "cases.redeem_code": "used a code",
    "cases.rate_ease": "said how easy it was",
    "cases.notice_due": "noticed that time had passed",
    "cases.import_cases": "brought the case from elsewhere",
    "counter.report": "reported it on the public pages",
    "desk.open_for_caller": "opened the case for a caller",
    "remedies.reconcile_cases": "worked out what is owed",
    "remedies.wake_due": "worked out what is owed",
    "remedies.accept_remedy": "accepted a remedy",
    "remedies.choose_remedy": "chose a remedy",
    "remedies.decline_remedy": "declined a remedy",
    "remedies.add_at_discretion": "added to a remedy",
    "remedies.settle_remedy": "paid a remedy",
    "remedies.finish_task": "finished a task",
    "remedies.leave_overpaid": "left with the person what was paid too much",
    "remedies.give_voucher": "handed over a voucher",
    "remedies.replace_voucher": "replaced a lost voucher",
    "remedies.redeem_voucher": "took a voucher",
    "messages.write": "wrote a message",
    "messages.write_many": "wrote a message",
    "messages.resolve_uncertain": "decided about an uncertain message",
    "messages.send_again": "sent a message again",
    "messages.print_instead": "made a letter of a message",
    "messages.mark_printed": "printed a letter",
}
"""What each act is called after the name of who did it."""

ACTORS: Mapping[str, str] = {"visitor": "A visitor", "resident": "The resident", "shop": "A shop", "system": "Makegood"}

PARTS: Mapping[str, str] = {
    "closing": "reason",
    "fact": "fact",
    "happened": "happened",
    "was": "was",
    "team": "team",
    "from_team": "from",
    "to_team": "to",
    "channel": "by",
    "reason": "because",
    "until": "until",
    "wording": "wording",
    "pence": "pence",
    "version": "version",
    "fixed": "fixed",
    "went_out": "went out",
    "remedy": "remedy",
}
"""The particulars of an entry that a person can use, and how they are called."""


def deed(verb: str) -> str:
    """What an act is called; one that has no words of its own by its verb.

    >>> deed("cases.take_case"), deed("people.add_team")
    ('took the case on', 'did: people, add team')
    """
    room, _, name = verb.partition(".")
    return DEEDS.get(verb) or f"did: {room}, {name.replace('_', ' ')}"


def particulars(told: Mapping[str, object]) -> str:
    """The particulars of a journal entry in one line.

    >>> particulars({"fact": "bin_emptied", "number": 4})
    'fact: bin_emptied'
    """
    return ", ".join(
        f"{PARTS[name]}: {value}" for name, value in told.items() if name in PARTS and value not in ("", None)
    )


def owed_now(*, owed: Decimal, vouchers: Decimal, given: Decimal, offered: Decimal, declined: bool) -> str:
    """What is still owed for a broken promise, in pounds, and what became of the rest.

    `vouchers` are made and not yet used; `offered` comes only to who asks for it.

    >>> nothing = Decimal(0)
    >>> owed_now(owed=Decimal(8), vouchers=nothing, given=Decimal(5), offered=nothing, declined=False)
    '£8 (£5 was given)'
    >>> owed_now(owed=nothing, vouchers=nothing, given=nothing, offered=nothing, declined=True)
    'Nothing: they did not want it'
    """
    now = [say_money(owed)] if owed else []
    now += [f"{say_money(vouchers)} in a voucher that is not used yet"] if vouchers else []
    rest = [f"{say_money(given)} was given"] if given else []
    rest += [f"{say_money(offered)} if they ask for it"] if offered else []
    if now:
        return " and ".join(now) + (f" ({', '.join(rest)})" if rest else "")
    if rest:
        return f"{'Nothing more' if given else 'Nothing yet'}: {', '.join(rest)}"
    return "Nothing: they did not want it" if declined else "Nothing"
