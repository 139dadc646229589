"""How often somebody who did not sign in may do something: counted by a keyed digest of the network address.

The counts lie beside Django's cache, in its table: one statement counts, so that none is lost of many who come at once.
The table is not written to the log of the database (see `site.place.migrate`), so a count waits for no disk; after a
crash counting begins anew.
"""

from __future__ import annotations

import hashlib
import hmac
from datetime import datetime

from django.conf import settings
from django.core.cache import cache
from django.db import connection
from django.http import HttpRequest

from .refusals import TooOften

_COUNT = """
INSERT INTO {table} (cache_key, value, expires) VALUES (%s, '1', now() + make_interval(secs => %s))
ON CONFLICT (cache_key) DO UPDATE SET value = ({table}.value::int + 1)::text
RETURNING value::int
"""

_FORGET = """
DELETE FROM {table} WHERE cache_key IN
  (SELECT cache_key FROM {table} WHERE expires < now() ORDER BY expires LIMIT 20 FOR UPDATE SKIP LOCKED)
"""


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
    key = cache.make_key(f"limit:{what}:{window}:{network_of(request)}")
    table = settings.CACHES["default"]["LOCATION"]
    with connection.cursor() as cursor:
        cursor.execute(_COUNT.format(table=table), [key, seconds])
        [count] = cursor.fetchone()
        if count == 1:  # who comes anew clears away a few windows that are over
            cursor.execute(_FORGET.format(table=table))
    if count > most:
        raise TooOften("You have done this many times. Wait a little, then try again. Or call us.")
