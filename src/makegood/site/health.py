"""Whether this process lives, and whether it can work: for whatever watches over the service. Nothing else is told."""

from __future__ import annotations

from django.db import connection
from django.db.migrations.executor import MigrationExecutor
from django.db.utils import Error
from django.http import HttpRequest, HttpResponse, JsonResponse

from makegood.web.access import open_to


@open_to("visitor")
def health(request: HttpRequest) -> HttpResponse:
    """200 while the process lives; asks nothing else."""
    return JsonResponse({"state": "alive"})


@open_to("visitor")
def ready(request: HttpRequest) -> HttpResponse:
    """200 when the database answers and has every table that this version needs; else 503 with a word why."""
    try:
        executor = MigrationExecutor(connection)
        behind = executor.migration_plan(executor.loader.graph.leaf_nodes())
    except Error:
        connection.close()
        return JsonResponse({"state": "the database does not answer"}, status=503)
    if behind:
        return JsonResponse({"state": "the database is behind this version"}, status=503)
    return JsonResponse({"state": "ready"})
