"""Program: fill the empty place that the settings name with so many cases, and say where to look.

`python -m bench.web.load CASES`; the last line that it prints is JSON.
"""

from __future__ import annotations

import json
import os
import random
import sys
import time
from datetime import timedelta

import django

# ruff: noqa: PLC0415 - what needs Django is imported once it is set up

MOST_STOCK, SAMPLES, LINKS = 5_000, 3_000, 300


def main(cases: int) -> None:
    """Furnish, take in a stock by the real actions, multiply it, seal the journal, draw samples."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "makegood.site.settings")
    django.setup()
    from django.conf import settings
    from django.db import connection, connections

    from makegood.rooms.cases.actions import make_link
    from makegood.rooms.journal.actions import seal
    from makegood.rooms.journal.events import SYSTEM, By
    from makegood.rooms.journal.queries import now, see_as
    from makegood.site.place import owner_address

    from .first_cases import EMAIL, PASSWORD, furnish, take_in
    from .multiply import multiply

    see_as(SYSTEM)
    begun = time.perf_counter()
    stock = min(MOST_STOCK, max(cases // 2, 1))
    furnish(now() - timedelta(days=365))
    take_in(stock, now())
    taken_in = time.perf_counter()
    connections.close_all()
    multiply(owner_address(settings.DATABASES["owner"]), cases // stock)
    multiplied = time.perf_counter()
    see_as(SYSTEM)
    while seal(25_000):
        pass
    sealed = time.perf_counter()
    number = cases // stock * stock
    chosen = random.Random(7).sample(range(1, number + 1), min(SAMPLES, number))
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT c.reference, p.name, c.service FROM cases_case c JOIN cases_person p ON p.case_id = c.number"
            " WHERE c.number = ANY(%s)",
            [chosen],
        )
        samples = cursor.fetchall()
        counts = {}
        for table in ("cases_case", "cases_fact", "journal_entry", "remedies_posting", "messages_message"):
            cursor.execute(f"SELECT count(*) FROM {table}")
            [counts[table]] = cursor.fetchone()
    links = {name: make_link(By(actor=SYSTEM), case=name) for name, _, _ in samples[:LINKS]}
    told = {
        "seconds": round(sealed - begun, 1),
        "taking_in": round(taken_in - begun, 1),
        "multiplying": round(multiplied - taken_in, 1),
        "sealing": round(sealed - multiplied, 1),
        "stock": stock,
        "counts": counts,
        "email": EMAIL,
        "password": PASSWORD,
        "cases": [{"reference": name, "person": person, "service": service} for name, person, service in samples],
        "links": list(links.values()),
    }
    print(json.dumps(told))


if __name__ == "__main__":
    main(int(sys.argv[1]))
