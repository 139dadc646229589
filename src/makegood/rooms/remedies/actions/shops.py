"""The shops that take vouchers."""

from __future__ import annotations

import re
import secrets
from hashlib import sha256

from makegood.rooms.journal.actions import action
from makegood.rooms.journal.events import Act
from makegood.web.refusals import NotFound, NotPossible

from .. import permissions as p
from ..models import Shop

_CODE = re.compile(r"[a-z0-9][a-z0-9-]{1,38}")


@action("remedies.add_shop", may=p.may_keep_shops)
def add_shop(act: Act, *, code: str, name: str) -> str:
    """Let a shop take vouchers; its API key, told this once. A shop that is there gets a new key, and a new name."""
    plain = " ".join(name.split())
    if not _CODE.fullmatch(code):
        raise NotPossible("Use 2 to 39 small letters, digits and hyphens, like corner-shop.", field="code")
    if not plain or len(plain) > 120 or not plain.isprintable():
        raise NotPossible("Enter the shop's name, at most 120 characters.", field="name")
    key = secrets.token_urlsafe(32)
    Shop.objects.update_or_create(
        code=code, defaults={"name": plain, "key_digest": sha256(key.encode()).digest(), "active": True}
    )
    act.about(f"shop:{code}")
    return key


@action("remedies.close_shop", may=p.may_keep_shops)
def close_shop(act: Act, *, code: str) -> None:
    """A shop takes no more vouchers; its key is void."""
    if not Shop.objects.filter(code=code).update(active=False):
        raise NotFound("There is no such shop.")
    act.about(f"shop:{code}")
