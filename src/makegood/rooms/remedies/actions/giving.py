"""Giving what is no voucher: money that was paid, and what a person has to do."""

from __future__ import annotations

import unicodedata

from makegood.rooms.cases.queries import people_of, reachable
from makegood.rooms.journal.actions import action
from makegood.rooms.journal.events import Act
from makegood.rooms.messages.events import Draft
from makegood.web.refusals import NotPossible

from .. import permissions as p
from ..events import TaskFinished
from ..models import Entitlement, TaskWords
from ..rules.accounts import Account, Transfer
from ..rules.dues import AT_ONCE
from ..rules.kinds import DUE, KIND_WORDS, Kind, State
from ..rules.words import money
from .books import Books, open_book
from .standing import gives
from .telling import service_name, write_all

_LONGEST = 4_000


@action("remedies.settle_remedy", may=p.may_settle)
def settle_remedy(act: Act, *, remedy: int, how: str, seen: int | None = None) -> None:
    """Money was paid to the person. `how` is the payment's mark (a bank reference), nothing personal."""
    books, row = open_book(act, remedy, seen)
    mark = text_of(how, "how", 80)
    pence = books.stand(row).outstanding
    if row.pays != Kind.MONEY or row.state not in DUE or pence <= 0:
        raise NotPossible("Nothing is waiting to be paid here.")
    if row.grows and row.settles not in AT_ONCE:
        raise NotPossible("This sum still grows. It is paid when the work is done.")
    books.post(row, [Transfer(Account.OWED, Account.PAID, pence, "paid")])
    row.state, row.settled_at = State.SETTLED, act.at
    books.write()
    say_given(books, row, f"{money(pence)} in money.", "We sent it to you.")
    act.about(books.cases[row.standing_id].reference, remedy=row.id, pence=pence, how=mark)


@action("remedies.finish_task", may=p.may_finish_task)
def finish_task(act: Act, *, remedy: int, words: str, seen: int | None = None) -> None:
    """A remedy that a person had to give is given; the resident is told in these words."""
    books, row = open_book(act, remedy, seen)
    said = text_of(words, "words", _LONGEST)
    if not row.team or row.state not in DUE:
        raise NotPossible("This task is finished already, or is not needed any more.")
    row.state, row.settled_at = State.SETTLED, act.at
    books.write()
    TaskWords.objects.create(entitlement_id=row.id, words=said, at=act.at)
    reference = books.cases[row.standing_id].reference
    act.announce(TaskFinished(subject=reference, remedy=row.id, remedy_kind=row.kind, team=row.team))
    say_given(books, row, KIND_WORDS[gives(row)] + ".", said)
    act.about(reference, remedy=row.id, kind=row.kind)


@action("remedies.erase_told", may=p.may_erase)
def erase_told(act: Act, *, case: str) -> int:
    """Erase what people told the resident when they finished tasks; how many there were."""
    count, _ = TaskWords.objects.filter(entitlement__standing__reference=case).delete()
    act.about(case, erased=count)
    return count


@action("remedies.leave_overpaid", may=p.may_settle)
def leave_overpaid(act: Act, *, remedy: int, seen: int | None = None) -> None:
    """An officer leaves with the person what turned out not to be owed. A reason is needed."""
    books, row = open_book(act, remedy, seen)
    if not act.by.reason.strip():
        raise NotPossible("Say why it is left with the person.", field="reason")
    pence = -books.stand(row).outstanding
    if pence <= 0:
        raise NotPossible("Nothing was paid too much here.")
    books.post(row, [Transfer(Account.LEFT, Account.OWED, pence, "left with the person")])
    row.overpaid = 0
    books.write()
    act.about(books.cases[row.standing_id].reference, remedy=row.id, pence=pence)


def say_given(books: Books, row: Entitlement, remedy: str, how: str) -> None:
    """Tell the resident that a remedy reached them, where they can be written to."""
    case = books.cases[row.standing_id]
    to = reachable(people_of([case.reference]).get(case.reference))
    if to:
        words = {"service": service_name(case.service), "remedy": remedy, "how": how}
        draft = Draft(wording="remedy-ready", to=to, about=case.reference, case_number=case.number, words=words)
        write_all(books.act, [draft])


def _is_unseen(sign: str) -> bool:
    """Control characters, halves of signs, and signs that turn text around; not blanks and joiners: emoji need them."""
    turns = "\u202a" <= sign <= "\u202e" or "\u2066" <= sign <= "\u2069"
    return turns or (unicodedata.category(sign) in ("Cc", "Cs") and sign not in "\n\t")


def text_of(text: str, field: str, longest: int) -> str:
    """What somebody wrote, with its lines; refused when it is empty, too long, or has signs that cannot be seen."""
    plain = text.replace("\r\n", "\n").replace("\r", "\n").strip()
    if not plain:
        raise NotPossible("Write something here.", field=field)
    if len(plain) > longest:
        raise NotPossible(f"Use at most {longest:,} characters.", field=field)
    if any(_is_unseen(sign) for sign in plain):
        raise NotPossible("Remove the signs that cannot be shown, and write it again.", field=field)
    return plain
