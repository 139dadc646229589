"""Whether this process lives, and whether it can work: for whatever watches over the service. Nothing else is told."""

from __future__ import annotations

from django.db import connection
from django.db.migrations.executor import MigrationExecutor
from django.db.utils import DatabaseError
from django.http import HttpRequest, HttpResponse

from makegood.web.access import open_to


@open_to("visitor")
def health(request: HttpRequest) -> HttpResponse:
    """200 while the process lives; asks nothing else."""
    return HttpResponse("alive\n", content_type="text/plain")


@open_to("visitor")
def ready(request: HttpRequest) -> HttpResponse:
    """200 when the database answers and has every table that this version needs; else 503 with a word why."""
    try:
        executor = MigrationExecutor(connection)
        behind = executor.migration_plan(executor.loader.graph.leaf_nodes())
    except DatabaseError:
        return HttpResponse("the database does not answer\n", status=503, content_type="text/plain")
    if behind:
        return HttpResponse("the database is behind this version\n", status=503, content_type="text/plain")
    return HttpResponse("ready\n", content_type="text/plain")
