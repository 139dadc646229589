"""The cases' door for acting. Every act on a case judges its promises anew, in the same transaction.

References are taken as people write them. Where an act takes `seen`, it is the `version` of the case that the person
looked at: the act is refused with `Conflict` when somebody else changed the case since.
"""

from .access import make_code, make_link, make_links, redeem_code, revoke_links, send_code
from .closing import close_case, rate_ease, reopen_case, say_not_fixed
from .facts import correct_fact, exempt, record_fact, withdraw_fact
from .importing import import_cases
from .noticing import notice_due
from .opening import add_photo, change_resident, erase_resident, link_duplicate, open_case, unlink_duplicate
from .pausing import end_pause, pause_for_resident
from .talking import contact_channels, contact_reasons, log_contact, mark_seen, write_from_resident, write_to_resident
from .working import accept_hand_over, decline_hand_over, hand_over, take_case

__all__ = [
    "accept_hand_over",
    "add_photo",
    "change_resident",
    "close_case",
    "contact_channels",
    "contact_reasons",
    "correct_fact",
    "decline_hand_over",
    "end_pause",
    "erase_resident",
    "exempt",
    "hand_over",
    "import_cases",
    "link_duplicate",
    "log_contact",
    "make_code",
    "make_link",
    "make_links",
    "mark_seen",
    "notice_due",
    "open_case",
    "pause_for_resident",
    "rate_ease",
    "record_fact",
    "redeem_code",
    "reopen_case",
    "revoke_links",
    "say_not_fixed",
    "send_code",
    "take_case",
    "unlink_duplicate",
    "withdraw_fact",
    "write_from_resident",
    "write_to_resident",
]
