"""The door for writing messages, sending them, and settling what became of them."""

from .post import hang_up
from .publishing import publish_wording, set_sending_hours
from .sending import note_all_sent, note_sent, notice_abandoned, record, send_waiting
from .settling import erase_about, mark_printed, print_instead, resolve_uncertain, send_again
from .writing import write, write_many

__all__ = [
    "erase_about",
    "hang_up",
    "mark_printed",
    "note_all_sent",
    "note_sent",
    "notice_abandoned",
    "print_instead",
    "publish_wording",
    "record",
    "resolve_uncertain",
    "send_again",
    "send_waiting",
    "set_sending_hours",
    "write",
    "write_many",
]
