"""Program: time `escalate_tickets` over the late queue; the last line that it prints is JSON."""

import json
import time
from typing import Any

import django
from django.apps import apps
from django.core.management import call_command


def main() -> None:
    """Escalate what is late, once."""
    django.setup()
    known: Any = apps  # whose models the stubs do not know
    tickets = known.get_model("helpdesk", "Ticket")._default_manager.filter(queue__slug="late", priority=3)
    late = tickets.count()
    begun = time.perf_counter()
    call_command("escalate_tickets", queues=["late"])
    print(json.dumps({"seconds": time.perf_counter() - begun, "tickets": late - tickets.count()}))


if __name__ == "__main__":
    main()
