"""Program: fill the empty helpdesk with so many open tickets, and some that are to be escalated; says where to look.

`python load.py TICKETS LATE`; the last line that it prints is JSON.
"""

import json
import random
import sys
import time
from typing import Any

import django
from django.apps import apps
from django.db import connection

SYLLABLES = ("ba", "la", "do", "ri", "me", "su", "no", "fi", "te", "ga", "vu", "lo", "pa", "ki")
TICKETS = """
INSERT INTO helpdesk_ticket
  (title, queue_id, created, modified, submitter_email, status, on_hold, description, priority, due_date, secret_key)
SELECT 'Missed bin, ' || word[1 + n * 31 %% 2744] || ' Street', %s,
  now() - n * interval '7 seconds' - interval '2 days', now(), 'resident' || n || '@example.org', 1, false,
  'It is as I said on the telephone. Please come soon. '
  || word[1 + n * 7919 %% 2744] || ' ' || word[1 + n * 104729 %% 2741],
  3, now() + n * interval '3 seconds', md5(n::text)
FROM generate_series(1::bigint, %s) AS n CROSS JOIN (SELECT %s::text[] AS word) AS words
"""
FOLLOWED = """
INSERT INTO helpdesk_followup (ticket_id, date, title, comment, public, new_status)
SELECT id, created, 'Ticket Opened', description, true, NULL FROM helpdesk_ticket
"""


def main(tickets: int, late: int) -> None:
    """A queue of open tickets, and one of tickets that are late."""
    django.setup()
    known: Any = apps  # whose models the stubs do not know
    users, queues = (known.get_model(*name)._default_manager for name in (("auth", "User"), ("helpdesk", "Queue")))
    begun = time.perf_counter()
    words = [(a + b + c).title() for a in SYLLABLES for b in SYLLABLES for c in SYLLABLES]
    users.create_superuser("adviser", "adviser@anyborough.example", "an adviser of the bench")
    queue = queues.create(title="Waste", slug="waste", allow_public_submission=True)
    escalated = queues.create(title="Late", slug="late", escalate_days=1)
    with connection.cursor() as cursor:
        for into, count in ((queue, tickets), (escalated, late)):
            cursor.execute(TICKETS, [into.id, count, words])
        cursor.execute(FOLLOWED)
        cursor.execute("VACUUM (ANALYZE)")
    numbers = list(
        known.get_model("helpdesk", "Ticket")._default_manager.filter(queue=queue).values_list("id", "description")
    )
    chosen = random.Random(7).sample(numbers, min(3_000, len(numbers)))
    told = {
        "seconds": round(time.perf_counter() - begun, 1),
        "queue": queue.id,
        "tickets": [{"id": number, "person": said.rpartition(". ")[2]} for number, said in chosen],
    }
    print(json.dumps(told))


if __name__ == "__main__":
    main(int(sys.argv[1]), int(sys.argv[2]))
