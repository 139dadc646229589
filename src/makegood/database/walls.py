"""The walls inside the database, as operations for migrations: tables that only grow, and rows that not all may see."""

from __future__ import annotations

from django.db.migrations import RunSQL

SCOPE = RunSQL(
    """
    CREATE FUNCTION app_staff() RETURNS boolean LANGUAGE sql STABLE PARALLEL SAFE AS
      $$ SELECT coalesce(current_setting('app.who', true), '') IN ('staff', 'system') $$;
    CREATE FUNCTION app_case() RETURNS bigint LANGUAGE sql STABLE PARALLEL SAFE AS
      $$ SELECT nullif(current_setting('app.case', true), '')::bigint $$;
    CREATE FUNCTION refuse_change() RETURNS trigger LANGUAGE plpgsql AS
      $$ BEGIN RAISE EXCEPTION '% only grows: nothing in it is changed or deleted', TG_TABLE_NAME; END $$;
    """,
    "DROP FUNCTION refuse_change(); DROP FUNCTION app_case(); DROP FUNCTION app_staff();",
)
"""What the walls stand on: who looks, as the application told the database; see `journal.queries.see_as`."""


def append_only(table: str) -> RunSQL:
    """Let a table only grow: changes, deletions and emptying are refused, to its owner too."""
    return RunSQL(
        f"""
        CREATE TRIGGER append_only BEFORE UPDATE OR DELETE ON {table}
          FOR EACH ROW EXECUTE FUNCTION refuse_change();
        CREATE TRIGGER append_only_whole BEFORE TRUNCATE ON {table}
          FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
        """,
        f"DROP TRIGGER append_only_whole ON {table}; DROP TRIGGER append_only ON {table};",
    )


def walled(table: str, condition: str) -> RunSQL:
    """Let the application see and touch only rows that fulfil a condition, for example `app_staff()`.

    The owner is not held by it, so that backups are whole and `security definer` functions can search.
    """
    return RunSQL(
        f"""
        ALTER TABLE {table} ENABLE ROW LEVEL SECURITY;
        CREATE POLICY who_may_see ON {table} USING ({condition});
        """,
        f"DROP POLICY who_may_see ON {table}; ALTER TABLE {table} DISABLE ROW LEVEL SECURITY;",
    )
