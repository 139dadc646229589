"""Program: take in so many cases that all fell due at one second and that nobody noticed yet.

`python -m bench.web.load_due CASES`; the last line that it prints is JSON.
"""

from __future__ import annotations

import json
import os
import sys

import django

# ruff: noqa: PLC0415 - what needs Django is imported once it is set up


def main(cases: int) -> None:
    """Take them in as of a time before they fell due."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "makegood.site.settings")
    django.setup()
    from django.db import connection

    from makegood.rooms.journal.actions import READERS, deliver, seal
    from makegood.rooms.journal.events import SYSTEM
    from makegood.rooms.journal.queries import now, see_as

    from .first_cases import take_in_due

    see_as(SYSTEM)
    with connection.cursor() as cursor:
        cursor.execute("SELECT coalesce(max(number), 0) FROM cases_case")
        [last] = cursor.fetchone()
    due = take_in_due(cases, last, now())
    for name in READERS:
        while deliver(name):
            pass
    while seal(25_000):
        pass
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM cases_case WHERE number > %s", [last])
        [count] = cursor.fetchone()
        cursor.execute("SELECT min(number) FROM cases_case WHERE number > %s", [last])
        [first] = cursor.fetchone()
    print(json.dumps({"first": first, "cases": count, "due": due.isoformat()}))


if __name__ == "__main__":
    main(int(sys.argv[1]))
