"""Databases for tests: made, copied and dropped, and Django pointed at one of them."""

from __future__ import annotations

from itertools import count
from typing import Any
from urllib.parse import urlsplit, urlunsplit

import psycopg
from psycopg import sql

LIVE = count(1)


def address_of(owner_address: str, name: str) -> str:
    """The same server, another database."""
    parts = urlsplit(owner_address)
    return urlunsplit(parts._replace(path=f"/{name}", netloc=parts.netloc))


def point_at(owner_address: str, name: str) -> None:
    """Let Django use a database: as the application, and as its owner."""
    from django.db import connections

    from makegood.database.embedded import APPLICATION
    from makegood.site.environment import database

    _forget_what_was_read()
    address = address_of(owner_address, name)
    for alias, role in (("default", APPLICATION), ("owner", "")):
        settings: dict[str, Any] = connections[alias].settings_dict
        settings.update(database(address, role) | {"CONN_MAX_AGE": 0, "CONN_HEALTH_CHECKS": False})


def current_database() -> str:
    """The name of the database that Django uses."""
    from django.db import connections

    return str(connections["default"].settings_dict["NAME"])


def close_connections() -> None:
    """Let go of every connection of this thread."""
    from django.db import connections

    for connection in connections.all():
        connection.close()


def copy_database(owner_address: str, source: str, name: str) -> None:
    """A new database that is like another one."""
    with psycopg.connect(owner_address, autocommit=True) as connection:
        connection.execute(
            sql.SQL("CREATE DATABASE {} TEMPLATE {}").format(sql.Identifier(name), sql.Identifier(source))
        )


def drop_database(owner_address: str, name: str) -> None:
    """Drop a database, whoever is still connected."""
    with psycopg.connect(owner_address, autocommit=True) as connection:
        connection.execute(sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(sql.Identifier(name)))


def _forget_what_was_read() -> None:
    """A promise is kept in memory by its number, which in another database is another promise's."""
    from makegood.rooms.pledges import queries

    for kept in (queries.version, queries._judging, queries._calendars):
        kept.cache_clear()
