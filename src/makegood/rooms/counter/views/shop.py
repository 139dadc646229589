"""The page for shops: their key once a day, then a code, its worth, and that it is redeemed once."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from makegood.rooms.journal.events import Who
from makegood.rooms.journal.queries import now
from makegood.rooms.remedies.actions import redeem_voucher
from makegood.rooms.remedies.queries import VoucherSeen, shop_with, shops, voucher
from makegood.web.access import open_to
from makegood.web.forms import mark_of, refusal_to_form
from makegood.web.limits import limit
from makegood.web.refusals import NotFound, Refusal

from ..forms import ShopKeyForm, VoucherForm
from ..queries import seeing_all
from .doorway import actor_of, by, for_shop, for_shop_or_visitor, new_once, private, sign_in_shop, sign_out_shop


@require_http_methods(["GET", "HEAD", "POST"])
@for_shop_or_visitor
def shop(request: HttpRequest) -> HttpResponse:
    """Type a code; without a key yet, the key first."""
    if actor_of(request).who is Who.SHOP:
        return _find(request)
    onward = request.POST.get("next", "") or request.GET.get("next", "")
    form = ShopKeyForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        limit(request, "shop-key", most=20, seconds=3600, at=now())
        try:
            found = shop_with(form.cleaned_data["key"])
        except NotFound:
            form.add_error("key", "This key is not right. Check it, or call us.")
        else:
            sign_in_shop(request, found.code)
            safe = url_has_allowed_host_and_scheme(onward, allowed_hosts=None) and onward.startswith("/voucher/")
            return redirect(onward if safe else reverse("counter:shop"))
    return render(request, "counter/shop/key.html", {"form": form, "field": form["key"], "next": onward})


def _find(request: HttpRequest) -> HttpResponse:
    form = VoucherForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        code = "".join(sign for sign in form.cleaned_data["code"].upper() if sign.isalnum())
        if 1 <= len(code) <= 20 and code.isascii():
            return redirect("counter:voucher", code=code)
        form.add_error("code", "Enter the 12 letters and digits of the code")
    return render(request, "counter/shop/find.html", {"form": form, "field": form["code"], "shop": actor_of(request)})


@require_http_methods(["GET", "HEAD", "POST"])
@private
@for_shop_or_visitor
def one_voucher(request: HttpRequest, code: str) -> HttpResponse:
    """What the square on a voucher opens: for whoever has its code, the voucher; for a shop, the way to take it."""
    at = now()
    limit(request, "voucher", most=120, seconds=3600, at=at)
    if actor_of(request).who is not Who.SHOP:
        return _shown(request, code, at)
    form = VoucherForm(request.POST if request.method == "POST" else None, initial={"code": code})
    if request.method == "POST":
        try:
            taken = redeem_voucher(by(request, once=mark_of(request.POST)), code=code)
        except Refusal as refusal:
            refusal_to_form(form, refusal)
            return render(request, "counter/shop/refused.html", {"sentence": str(refusal)}, status=409)
        worth = Decimal(str(taken["pence"])) / 100
        return render(request, "counter/shop/taken.html", {"worth": worth, "shop": actor_of(request), "at": at})
    try:
        found = _voucher(request, code, at)
    except NotFound:
        sentence = "There is no voucher with this code. Please check it and try again."
        return render(request, "counter/shop/refused.html", {"sentence": sentence}, status=404)
    return render(request, "counter/shop/take.html", {"voucher": found, "once": new_once(), "now": at})


def _voucher(request: HttpRequest, code: str, at: datetime) -> VoucherSeen:
    """The voucher of a code: whoever has the code may see it, and nothing else of the case."""
    with seeing_all(actor_of(request)):
        return voucher(code, at)


def _shown(request: HttpRequest, code: str, at: datetime) -> HttpResponse:
    found = _voucher(request, code, at)
    shown = {"voucher": found, "link": request.build_absolute_uri(request.path), "now": at, "next": request.path}
    return render(request, "counter/voucher_by_code.html", shown)


@require_POST
@for_shop
def sign_out(request: HttpRequest) -> HttpResponse:
    """Forget the shop in this browser."""
    sign_out_shop(request)
    return redirect("counter:shop")


@require_safe
@open_to("visitor")
def about(request: HttpRequest) -> HttpResponse:
    """What a voucher is, for whoever has one."""
    return render(request, "counter/shop/about.html", {"shops": [each for each in shops() if each.active]})
