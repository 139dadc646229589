"""What people decide about messages: what is uncertain, what failed, what was printed."""

from __future__ import annotations

from collections.abc import Sequence

from django.conf import settings

from makegood.rooms.journal.actions import action, nudge
from makegood.rooms.journal.events import Act
from makegood.web.refusals import Conflict, NotFound, NotPossible

from ..events import Channel, State
from ..models import Message
from ..permissions import may_erase, may_print, may_settle
from ..rules.mails import email_address
from ..rules.wordings import hide, several_lines


def _locked(number: int, *states: State) -> Message:
    row = Message.objects.select_for_update().filter(id=number).first()
    if row is None:
        raise NotFound("There is no such message.")
    if row.state not in states:
        raise Conflict("Somebody has already dealt with this message.")
    return row


def _keep_closed(rows: Sequence[Message]) -> None:
    """Take what opens something out of our copy of messages that have gone; the reader's copy still has it."""
    opening = [] if settings.PLACE_DEMO else [row for row in rows if row.secrets]
    for row in opening:
        row.subject, row.body, row.secrets, row.sent_bytes = (
            hide(row.subject, row.secrets),
            hide(row.body, row.secrets),
            [],
            None,
        )
    Message.objects.bulk_update(opening, ["subject", "body", "secrets", "sent_bytes"])


@action("messages.erase_about", may=may_erase)
def erase_about(act: Act, *, about: str) -> int:
    """Erase to whom messages about a case went and what they said; how many there were.

    That a message of a wording was written, by which way, when, and what became of it stays. One that had not gone out
    yet never will: whoever asks to be erased is not written to.
    """
    rows = Message.objects.select_for_update().filter(about=about)
    unsent = [State.WAITING, State.SENDING, State.UNCERTAIN, State.TO_PRINT]
    rows.filter(state__in=unsent).update(state=State.FAILED, settled_at=act.at)
    nothing = {"to_name": "", "to_email": "", "to_address": "", "subject": "", "body": "", "detail": ""}
    count = rows.update(**nothing, secrets=[], sent_bytes=None)
    act.about(about, erased=count)
    return count


@action("messages.resolve_uncertain", may=may_settle)
def resolve_uncertain(act: Act, *, message: int, went_out: bool) -> None:
    """Say whether an uncertain message went out. If not, it is sent again, as the same mail.

    Raises `Conflict` when somebody else has decided meanwhile.
    """
    row = _locked(message, State.UNCERTAIN)
    row.state = State.SENT if went_out else State.WAITING
    row.not_before, row.settled_at = act.at, act.at if went_out else None
    row.noted = went_out  # by this act
    row.save(update_fields=["state", "not_before", "settled_at", "noted"])
    if went_out:
        _keep_closed([row])
    act.about(row.about or f"message:{message}", message=message, went_out=went_out)
    nudge()


@action("messages.send_again", may=may_settle)
def send_again(act: Act, *, message: int, email: str) -> None:
    """Send a message that failed to an address that was put right."""
    row = _locked(message, State.FAILED)
    row.to_email, row.state, row.sent_bytes = email_address(email), State.WAITING, None
    row.channel, row.not_before, row.settled_at, row.attempts = Channel.EMAIL, act.at, None, 0
    row.written_at = act.at
    row.save()
    act.about(row.about or f"message:{message}", message=message)
    nudge()


@action("messages.print_instead", may=may_settle)
def print_instead(act: Act, *, message: int, address: str) -> None:
    """Make a letter of a message that failed, or that is known not to have gone out."""
    row = _locked(message, State.FAILED, State.UNCERTAIN)
    lines = several_lines(address)[:1_000]
    if not lines.strip():
        raise NotPossible("Enter the address for the letter.", field="address")
    row.channel, row.state, row.to_address, row.settled_at = Channel.LETTER, State.TO_PRINT, lines, None
    row.save(update_fields=["channel", "state", "to_address", "settled_at"])
    act.about(row.about or f"message:{message}", message=message)


@action("messages.mark_printed", may=may_print)
def mark_printed(act: Act, *, messages: Sequence[int]) -> int:
    """Say that letters were printed and posted; how many were still to be printed."""
    chosen = Message.objects.select_for_update().filter(id__in=list(messages), state=State.TO_PRINT)
    rows = list(chosen.order_by("id").defer("sent_bytes"))
    Message.objects.filter(id__in=[row.id for row in rows]).update(state=State.PRINTED, settled_at=act.at)
    _keep_closed(rows)
    act.about("messages", printed=len(rows))
    for row in rows:
        act.also(row.about or f"message:{row.id}", message=row.id)
    return len(rows)
