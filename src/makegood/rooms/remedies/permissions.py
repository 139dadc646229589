"""Who may do what with remedies. Each `may_…` returns nothing or raises `NotAllowed`."""

from __future__ import annotations

from makegood.rooms.cases.queries import cases_of
from makegood.rooms.journal.events import Actor, Who
from makegood.web.refusals import NotAllowed

from .models import Entitlement

_WORKERS = ("adviser", "officer")


def may_reconcile(actor: Actor, **_: object) -> None:
    """Makegood itself, and officers who ask for it again."""
    if actor.who is not Who.SYSTEM and not actor.has("officer"):
        raise NotAllowed("Only Makegood itself works out what is owed.")


def may_erase(actor: Actor, **_: object) -> None:
    """Makegood, when a resident was erased."""
    if actor.who is not Who.SYSTEM:
        raise NotAllowed("Words are erased together with whom they were for.")


def may_answer(actor: Actor, *, remedy: int, **_: object) -> None:
    """The resident whose case it is, and staff who answer for a caller."""
    if actor.who is Who.RESIDENT and Entitlement.objects.filter(id=remedy, standing__reference=actor.case).exists():
        return
    if not actor.has(*_WORKERS):
        raise NotAllowed("Only the person concerned, or an adviser for them, can answer this.")


def may_add(actor: Actor, **_: object) -> None:
    """Advisers and officers, each up to their own limit."""
    if not actor.has(*_WORKERS):
        raise NotAllowed("Only advisers and officers can add to a remedy.")


def may_settle(actor: Actor, **_: object) -> None:
    """Officers: they pay, and decide about what was paid too much."""
    if not actor.has("officer"):
        raise NotAllowed("Only an officer can do this.")


def may_send_to_finance(actor: Actor, **_: object) -> None:
    """Managers: money leaves by their hands alone."""
    if not actor.has("manager"):
        raise NotAllowed("Only a manager sends payments to finance.")


def may_give_voucher(actor: Actor, *, remedy: int, **_: object) -> None:
    """Advisers and officers, and crews of the team that has the case."""
    if actor.has(*_WORKERS):
        return
    if not actor.has("crew"):
        raise NotAllowed("Only crews, advisers and officers can hand over a voucher.")
    reference = Entitlement.objects.filter(id=remedy).values_list("standing__reference", flat=True).first() or ""
    if not any(case.team in actor.teams for case in cases_of([reference]).values()):
        raise NotAllowed("Another team has this case. Ask the desk to hand over the voucher.")


def may_replace_voucher(actor: Actor, **_: object) -> None:
    """Advisers and officers."""
    if not actor.has(*_WORKERS):
        raise NotAllowed("Only advisers and officers can replace a voucher.")


def may_redeem_voucher(actor: Actor, **_: object) -> None:
    """Shops."""
    if actor.who is not Who.SHOP:
        raise NotAllowed("Only a shop can take a voucher.")


def may_finish_task(actor: Actor, *, remedy: int, **_: object) -> None:
    """Advisers of the team that the task belongs to, and officers."""
    team = Entitlement.objects.filter(id=remedy).values_list("team", flat=True).first()
    if not (actor.has("officer") or (actor.has("adviser") and team in actor.teams)):
        raise NotAllowed("Only the team that this task belongs to, or an officer, can finish it.")


def may_keep_shops(actor: Actor, **_: object) -> None:
    """Administrators and managers."""
    if not actor.has("administrator", "manager"):
        raise NotAllowed("Only a manager or an administrator keeps the list of shops.")
