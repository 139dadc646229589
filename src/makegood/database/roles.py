"""The two roles: the owner, who makes and changes tables, and the application, which owns nothing."""

from __future__ import annotations

import psycopg
from psycopg import sql

from .embedded import APPLICATION


def prepare(owner_address: str, *, database: str = "", password: str = "") -> None:
    """See that the application's role exists and may connect, and, with `database`, that this database exists.

    Safe to run again. With `password` the role may sign in by itself; without, only through the owner.
    """
    with psycopg.connect(owner_address, autocommit=True) as connection:
        if not _there(connection, "SELECT 1 FROM pg_roles WHERE rolname = %s", APPLICATION):
            connection.execute(
                sql.SQL("CREATE ROLE {} NOSUPERUSER NOCREATEDB NOCREATEROLE NOBYPASSRLS").format(
                    sql.Identifier(APPLICATION)
                )
            )
        if password:
            connection.execute(
                sql.SQL("ALTER ROLE {} LOGIN PASSWORD {}").format(sql.Identifier(APPLICATION), sql.Literal(password))
            )
        else:
            connection.execute(sql.SQL("GRANT {} TO CURRENT_USER").format(sql.Identifier(APPLICATION)))
        if database and not _there(connection, "SELECT 1 FROM pg_database WHERE datname = %s", database):
            connection.execute(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(database)))


def grant(owner_address: str) -> None:
    """Give the application its daily rights on every table; to be run after each migration.

    Tables marked as append-only keep only reading and adding: what a migration took away stays away.
    """
    with psycopg.connect(owner_address) as connection:
        app = sql.Identifier(APPLICATION)
        connection.execute(sql.SQL("GRANT USAGE ON SCHEMA public TO {}").format(app))
        connection.execute(sql.SQL("GRANT USAGE, SELECT ON ALL SEQUENCES IN SCHEMA public TO {}").format(app))
        connection.execute(
            sql.SQL("GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA public TO {}").format(app)
        )
        kept = connection.execute(
            "SELECT c.relname FROM pg_trigger t JOIN pg_class c ON c.oid = t.tgrelid WHERE t.tgname = 'append_only'"
        ).fetchall()
        for (table,) in kept:
            connection.execute(
                sql.SQL("REVOKE UPDATE, DELETE, TRUNCATE ON {} FROM {}").format(sql.Identifier(table), app)
            )
        connection.execute(sql.SQL("REVOKE INSERT, UPDATE, DELETE ON django_migrations FROM {}").format(app))


def _there(connection: psycopg.Connection, query: str, name: str) -> bool:
    return connection.execute(query.encode(), [name]).fetchone() is not None
