"""How often somebody who did not sign in may do something: counted by a keyed digest of the network address.

The counts lie in Django's cache. Two who come at the same instant may be counted as one; it keeps out floods, not feet.
"""

from __future__ import annotations

import hashlib
import hmac
from datetime import datetime

from django.conf import settings
from django.core.cache import cache
from django.http import HttpRequest

from .refusals import TooOften


def network_of(request: HttpRequest) -> str:
    """A digest that stands for where a request came from: of no use without the place's key.

    Behind the reverse proxy of a place that is reached by https, the address is the last one that the proxy noted.
    """
    address = str(request.META.get("REMOTE_ADDR", ""))
    if settings.SECURE_PROXY_SSL_HEADER:
        address = str(request.META.get("HTTP_X_FORWARDED_FOR", address)).rpartition(",")[2].strip() or address
    return hmac.new(settings.SECRET_KEY.encode(), f"network {address}".encode(), hashlib.sha256).hexdigest()[:32]


def limit(request: HttpRequest, what: str, *, most: int, seconds: int, at: datetime) -> None:
    """Count one more of `what` from where a request came. Raises `TooOften` beyond `most` in `seconds`."""
    window = int(at.timestamp()) // seconds
    key = f"limit:{what}:{window}:{network_of(request)}"
    count = cache.get(key, 0) + 1
    cache.set(key, count, seconds)
    if count > most:
        raise TooOften("You have done this many times. Wait a little, then try again. Or call us.")
