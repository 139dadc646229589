"""What staff do with remedies: for a caller, at their own judgement, with money, with vouchers."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from makegood.rooms.journal.events import By
from makegood.rooms.journal.queries import now, who
from makegood.rooms.people.queries import member
from makegood.rooms.remedies import actions
from makegood.rooms.remedies.queries import batches, overpaid, payments_in, remedy, to_pay
from makegood.web.access import open_to
from makegood.web.refusals import Conflict, NotPossible

from .. import forms as f
from ..forms import About, ActForm
from ..queries.case import remedy_shown
from .acts import about_case, conflict_page
from .doing import by, done, new_once

_WORKERS = ("adviser", "officer")


@dataclass(frozen=True, kw_only=True, slots=True)
class RemedyAct:
    """An act on a remedy."""

    name: str
    title: str
    button: str
    form: type[ActForm]
    do: Callable[[By, About, dict[str, Any]], object]
    said: str
    roles: tuple[str, ...] = _WORKERS
    kind: str = ""
    about: str = ""


def _number(about: About) -> int:
    return about.remedy.id if about.remedy else 0


def _of(about: About, data: dict[str, Any]) -> dict[str, Any]:
    """Which remedy, as its page showed it."""
    return {"remedy": _number(about), "seen": data["seen"]}


def _replace(by: By, about: About, data: dict[str, Any]) -> object:
    live = [each for each in (about.remedy.vouchers if about.remedy else ()) if each.state == "live"]
    return actions.replace_voucher(by, voucher=live[-1].id if live else 0, seen=data["seen"])


REMEDY_ACTS = (
    RemedyAct(
        name="accept", title="They accept the remedy", button="They accept it", form=f.JustDo,
        do=lambda by, about, data: actions.accept_remedy(by, **_of(about, data)), said="The remedy is accepted.",
    ),
    RemedyAct(
        name="choose", title="They choose a remedy", button="They choose this", form=f.ChooseForm,
        do=lambda by, about, data: actions.choose_remedy(by, **_of(about, data), choice=int(data["choice"])),
        said="The choice is recorded.",
    ),
    RemedyAct(
        name="decline", title="They do not want the remedy", button="They do not want it", form=f.JustDo,
        do=lambda by, about, data: actions.decline_remedy(by, **_of(about, data)), said="The remedy is declined.",
        kind="warning", about="What is owed is reversed, and a voucher not used yet ends. This cannot be undone.",
    ),
    RemedyAct(
        name="add", title="Add something to the remedy", button="Add it", form=f.AddForm,
        do=lambda by, about, data: actions.add_at_discretion(
            by, **_of(about, data), amount=data["amount"], pays=data["pays"]
        ),
        said="It is added.",
    ),
    RemedyAct(
        name="pay", title="The money was paid", button="It was paid", form=f.PaidForm, roles=("officer",),
        do=lambda by, about, data: actions.settle_remedy(by, **_of(about, data), how=data["how"]),
        said="It is recorded as paid. The resident is told.",
    ),
    RemedyAct(
        name="finish", title="Finish the task", button="Finish, and tell them", form=f.FinishForm,
        do=lambda by, about, data: actions.finish_task(by, **_of(about, data), words=data["words"]),
        said="The task is finished. The resident is told.",
    ),
    RemedyAct(
        name="give", title="Hand over the voucher", button="I hand it over now", form=f.JustDo,
        roles=("crew", *_WORKERS),
        do=lambda by, about, data: actions.give_voucher(by, **_of(about, data)), said="The voucher is handed over.",
    ),
    RemedyAct(
        name="replace", title="Replace a lost voucher", button="Replace it", form=f.JustDo, do=_replace,
        said="The old voucher ended, and there is a new one.", kind="warning",
        about="The old code stops working at once. The new one is sent as the old one was.",
    ),
    RemedyAct(
        name="leave", title="Leave with them what was paid too much", button="Leave it with them", form=f.ReasonForm,
        do=lambda by, about, data: actions.leave_overpaid(by, **_of(about, data)), roles=("officer",),
        said="It is left with them.",
    ),
)  # fmt: skip
"""Every act on a remedy, by the name in its address."""


def remedy_view(act: RemedyAct) -> Callable[..., HttpResponseBase]:
    """The page of an act on a remedy."""

    @open_to(*act.roles)
    @require_http_methods(["GET", "HEAD", "POST"])
    def view(request: HttpRequest, number: int) -> HttpResponse:
        seen = remedy(number, now())
        about = about_case(request, seen.case, remedy=seen)
        posted = request.method == "POST"
        form = act.form(request.POST if posted else None, about=about)
        if posted and form.is_valid():
            data = form.cleaned_data
            try:
                if done(form, lambda: act.do(by(request, str(data.get("reason", ""))), about, data)):
                    messages.success(request, act.said)
                    return _back(request, about, act)
            except Conflict as conflict:
                return conflict_page(request, about, act.form, conflict, title=act.title, button=act.button)
        return render(request, "desk/remedy.html", _page(request, act, about, form), status=422 if form.errors else 200)

    view.__doc__ = f"{act.title}."
    return view


def _page(request: HttpRequest, act: RemedyAct, about: About, form: ActForm) -> dict[str, Any]:
    seen = about.remedy
    person = member(who(request).id)
    limit = Decimal(person.discretion_pence if person else 0) / 100
    left = (seen.most or Decimal(0)) - seen.added if seen else Decimal(0)
    return {
        "act": act,
        "title": act.title,
        "button": act.button,
        "words": act.about,
        "kind": act.kind,
        "form": form,
        "about": about,
        "case": about.case,
        "remedy": remedy_shown(seen) if seen else None,
        "limit": limit,
        "left": max(min(left, limit - seen.added if seen else left), Decimal(0)),
        "once": new_once(),
        "now": about.at,
    }


def _back(request: HttpRequest, about: About, act: RemedyAct) -> HttpResponse:
    """Where one came from; after a voucher was handed over, its code for whoever gets it."""
    works = about.actor.has(*_WORKERS, "manager")
    if act.name in ("give", "replace"):
        seen = remedy(_number(about), now())
        live = [each for each in seen.vouchers if each.state == "live"]
        shown = {"voucher": live[-1] if live else None, "case": about.case, "works": works, "now": about.at}
        return render(request, "desk/voucher.html", shown)
    return redirect("desk:case" if works else "desk:crew-case", reference=about.case.reference)


@open_to("officer")
@require_safe
def pay(request: HttpRequest) -> HttpResponse:
    """Money that waits for being paid, and what was paid too much."""
    at = now()
    return render(request, "desk/pay.html", {"due": to_pay(at, limit=200), "over": overpaid()[:200], "now": at})


@open_to("manager")
@require_http_methods(["GET", "HEAD", "POST"])
def payments(request: HttpRequest) -> HttpResponse:
    """What waits to be sent to finance, and the batches that were; a press makes the next batch."""
    at = now()
    if request.method == "POST":
        try:
            number = actions.send_to_finance(by(request))
        except NotPossible as refusal:
            messages.warning(request, str(refusal))
            return redirect("desk:payments")
        messages.success(request, f"Batch {number} is made. Download it and give it to finance.")
        return redirect("desk:payment-batch", number=number)
    due = to_pay(at, limit=2_000)
    shown = {"due": due, "sum": sum((each.amount for each in due), Decimal(0)), "batches": batches()}
    return render(request, "desk/payments.html", shown | {"once": new_once(), "now": at})


@open_to("manager")
@require_http_methods(["GET", "HEAD", "POST"])
def payment_batch(request: HttpRequest, number: int) -> HttpResponse:
    """One batch: its lines, and what became of them."""
    lines = payments_in(number)
    form = f.BatchPaidForm(request.POST if request.method == "POST" else None)
    if (
        request.method == "POST"
        and form.is_valid()
        and done(form, lambda: actions.mark_batch_paid(by(request), batch=number, how=form.cleaned_data["how"]))
    ):
        messages.success(request, "The batch is marked as paid. The residents are told.")
        return redirect("desk:payment-batch", number=number)
    waiting = sum(each.state == "sent" for each in lines)
    amount = sum((each.amount for each in lines), Decimal(0))
    shown = {"number": number, "lines": lines, "waiting": waiting, "sum": amount, "form": form}
    more = {"once": new_once(), "now": now()}
    return render(request, "desk/payment_batch.html", shown | more, status=422 if form.errors else 200)


@open_to("manager")
@require_POST
def payment_returned(request: HttpRequest, number: int, line: int) -> HttpResponse:
    """Finance could not pay a line: it is owed again."""
    form = f.ReturnedForm(request.POST)
    reason = form.cleaned_data["reason"] if form.is_valid() else ""
    try:
        actions.return_payment(by(request, reason), line=line)
        messages.success(request, "It is owed again, and goes into the next batch.")
    except (NotPossible, Conflict) as refusal:
        messages.warning(request, str(refusal))
    return redirect("desk:payment-batch", number=number)


@open_to("manager")
@require_safe
def payment_file(request: HttpRequest, number: int) -> HttpResponse:
    """A batch as a file for finance: the same lines each time; whom a line is for as the case knows it now."""
    written = io.StringIO(newline="")
    rows = csv.writer(written)
    rows.writerow(["reference", "payee_name", "amount", "reason"])
    for each in payments_in(number):
        rows.writerow([f"{each.case}/{each.id}", plain_cell(each.name), f"{each.amount:.2f}", plain_cell(each.reason)])
    answer = HttpResponse(written.getvalue(), content_type="text/csv; charset=utf-8")
    answer["Content-Disposition"] = f'attachment; filename="payments-{number}.csv"'
    answer["Cache-Control"] = "no-store"
    return answer


def plain_cell(words: str) -> str:
    """Words that a spreadsheet takes for words, never for a formula.

    >>> plain_cell("=1+1"), plain_cell("Rosa")
    ("'=1+1", 'Rosa')
    """
    return f"'{words}" if words[:1] in {"=", "+", "-", "@", "\t", "\r"} else words


__all__ = ["REMEDY_ACTS", "pay", "payment_batch", "payment_file", "payment_returned", "payments", "remedy_view"]
