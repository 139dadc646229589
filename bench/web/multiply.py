"""A stock of cases multiplied inside the database: every row of theirs again, under new numbers, names and references.

What the actions made once is copied as it is, so that all that holds for the stock holds for its copies: facts,
promises, breaches, the ledger's transfers, messages, one journal entry for each act.
"""

from __future__ import annotations

import psycopg
from psycopg import sql

from makegood.rooms.cases.rules.references import LETTERS, PREFIX

from .first_cases import SPREAD, TURN

_SYLLABLES = "baladorimesunofitegavulopaki"
_WORD = " || ".join(f"substr('{_SYLLABLES}', 2 * (number / {14**place} % 14)::int + 1, 2)" for place in range(4))
_NAMING = f"""
CREATE FUNCTION bench_reference(number bigint) RETURNS text LANGUAGE plpgsql IMMUTABLE AS $$
DECLARE rest bigint := number * {SPREAD} % {TURN}; letters text := '';
BEGIN
  FOR place IN 1..8 LOOP
    letters := substr('{LETTERS}', (rest % {len(LETTERS)})::int + 1, 1) || letters;
    rest := rest / {len(LETTERS)};
  END LOOP;
  RETURN '{PREFIX}-' || left(letters, 4) || '-' || right(letters, 4);
END $$;
CREATE FUNCTION bench_word(number bigint) RETURNS text LANGUAGE sql IMMUTABLE AS $$
  SELECT initcap({_WORD})
$$;
CREATE FUNCTION bench_name(number bigint) RETURNS text LANGUAGE sql IMMUTABLE AS $$
  SELECT bench_word(number * 7919 % 361) || ' ' || bench_word(number * 104729 % 30011) $$;
"""

_KEYS: dict[str, dict[str, str]] = {
    "cases_case": {"number": "case", "entry": "journal_entry"},
    "cases_person": {"case_id": "case"},
    "cases_fact": {"id": "cases_fact", "case_id": "case", "entry": "journal_entry"},
    "cases_promise": {"id": "cases_promise", "case_id": "case"},
    "cases_breach": {"id": "cases_breach", "case_id": "case", "entry": "journal_entry"},
    "cases_link": {"id": "cases_link", "case_id": "case"},
    "cases_search": {"case_id": "case"},
    "remedies_standing": {"case_id": "case"},
    "remedies_entitlement": {"id": "remedies_entitlement", "standing_id": "case"},
    "remedies_posting": {
        "id": "remedies_posting",
        "transfer": "transfer",
        "entitlement_id": "remedies_entitlement",
        "entry": "journal_entry",
    },
    "remedies_voucher": {"id": "remedies_voucher", "case_id": "case", "entitlement_id": "remedies_entitlement"},
    "messages_message": {"id": "messages_message", "case_number": "case"},
    "journal_entry": {"id": "journal_entry", "act": "journal_entry"},
}
"""The tables of a case, and by which series of numbers each of their columns moves on in a copy."""

_ANEW: dict[str, dict[str, str]] = {
    "cases_case": {
        "reference": "bench_reference(t.number + {case})",
        "place_words": "(t.number % 200 + 1)::text || ' ' || bench_word((t.number + {case}) * 31 % 3001) || ' Street'",
    },
    "cases_person": {
        "name": "bench_name(t.case_id + {case})",
        "email": "'resident' || (t.case_id + {case}) || '@example.org'",
    },
    "cases_link": {"digest": "sha256(t.digest || int8send(copy::bigint))"},
    "remedies_standing": {"reference": "bench_reference(t.case_id + {case})"},
    "remedies_voucher": {"code": "upper(left(md5(t.code || copy), 12))"},
    "messages_message": {
        "about": "bench_reference(t.case_number + {case})",
        "to_name": "bench_name(t.case_number + {case})",
        "to_email": "'resident' || (t.case_number + {case}) || '@example.org'",
        "message_id": "t.message_id || copy",
    },
    "journal_entry": {"subject": "coalesce(bench_reference(t.number + {case}), t.subject)"},
}
"""What a copy has for itself. A name in braces stands for how far its series has moved on."""

_STOCK = {
    "journal_entry": "(SELECT e.*, c.number FROM journal_entry e LEFT JOIN cases_case c ON c.reference = e.subject"
    " WHERE split_part(e.verb, '.', 1) IN ('cases', 'remedies') ORDER BY e.id)"
}
"""What is multiplied, where it is not a whole table."""

_SEARCH = """
UPDATE cases_case c SET place_words = (c.number % 200 + 1)::text || ' ' || bench_word(c.number * 31 % 3001) || ' Street'
  WHERE number <= STOCK;
UPDATE cases_person SET name = bench_name(case_id), email = 'resident' || case_id || '@example.org'
  WHERE case_id <= STOCK;
TRUNCATE cases_search;
INSERT INTO cases_search (case_id, words)
SELECT c.number, array_to_tsvector(string_to_array(trim(lower(regexp_replace(concat_ws(' ',
    replace(c.reference, '-', ''), replace(substr(c.reference, 4), '-', ''), c.reference, p.name, p.email,
    c.place_words, c.words), '[^A-Za-z0-9]+', ' ', 'g'))), ' '))
  FROM cases_case c JOIN cases_person p ON p.case_id = c.number;
"""
_SEQUENCES = """
SELECT pg_get_serial_sequence(a.attrelid::regclass::text, a.attname), a.attname, a.attrelid::regclass::text
FROM pg_attribute a WHERE a.attrelid = ANY(%s::regclass[]) AND a.attidentity <> ''
"""


def multiply(address: str, copies: int) -> None:
    """Let there be `copies` of everything instead of one, in the database with this address (as its owner)."""
    with psycopg.connect(address, autocommit=True) as connection:
        connection.execute(_NAMING)
        connection.execute("SET session_replication_role = replica")  # the copies hold what the stock held
        connection.execute("SET maintenance_work_mem = '512MB'")
        stock = _one(connection, "SELECT max(number) FROM cases_case")
        steps = {name: _one(connection, f"SELECT coalesce(max(id), 0) FROM {name}") for name in _series_of_tables()}
        steps["case"] = stock
        steps["transfer"] = _one(connection, "SELECT coalesce(max(transfer), 0) FROM remedies_posting")
        indexes = _put_away_indexes(connection)
        for table in _KEYS:
            if table != "cases_search":
                _copy(connection, table, steps, copies)
        for statement in _SEARCH.split(";\n"):
            if statement.strip():
                connection.execute(statement.replace("STOCK", str(stock)).encode())
        for statement in indexes:
            connection.execute(statement.encode())
        _move_sequences(connection, steps, copies)
        connection.execute("SELECT cases_count_anew(), remedies_count_anew()")  # no trigger saw the copies
        connection.execute("DROP FUNCTION bench_name; DROP FUNCTION bench_word; DROP FUNCTION bench_reference")
        connection.execute("VACUUM (ANALYZE)")


def _series_of_tables() -> list[str]:
    return [table for table, moved in _KEYS.items() if "id" in moved]


def _one(connection: psycopg.Connection, query: str) -> int:
    row = connection.execute(query.encode()).fetchone()
    assert row is not None  # every query of ours answers one row
    return int(row[0] or 0)


def _put_away_indexes(connection: psycopg.Connection) -> list[str]:
    """Drop the indexes that hold nothing together, for as long as much is added; how to make them again."""
    found = connection.execute(
        "SELECT i.indexrelid::regclass::text, pg_get_indexdef(i.indexrelid) FROM pg_index i"
        " WHERE i.indrelid = ANY(%s::regclass[]) AND NOT i.indisunique",
        [list(_KEYS)],
    ).fetchall()
    for name, _ in found:
        connection.execute(sql.SQL("DROP INDEX {}").format(sql.Identifier(name)))
    return [definition for _, definition in found]


def _copy(connection: psycopg.Connection, table: str, steps: dict[str, int], copies: int) -> None:
    columns = [
        name
        for (name,) in connection.execute(
            "SELECT attname FROM pg_attribute WHERE attrelid = %s::regclass AND attnum > 0 AND NOT attisdropped"
            " AND attgenerated = '' ORDER BY attnum",
            [table],
        ).fetchall()
    ]
    moved = {name: f"(copy::bigint * {steps[series]})" for name, series in _KEYS[table].items()}
    far = {series: f"(copy::bigint * {step})" for series, step in steps.items()}
    values = [
        _ANEW.get(table, {}).get(name, "").format(**far) or f't."{name}" + {moved[name]}'
        if name in moved or name in _ANEW.get(table, {})
        else f't."{name}"'
        for name in columns
    ]
    names = ", ".join(f'"{name}"' for name in columns)
    connection.execute(
        f"INSERT INTO {table} ({names}) OVERRIDING SYSTEM VALUE SELECT {', '.join(values)} FROM generate_series"
        f"(1, {copies - 1}) AS copy CROSS JOIN {_STOCK.get(table, f'(SELECT * FROM {table} ORDER BY 1)')} AS t".encode()
    )


def _move_sequences(connection: psycopg.Connection, steps: dict[str, int], copies: int) -> None:
    for sequence, column, table in connection.execute(_SEQUENCES, [list(_KEYS)]).fetchall():
        connection.execute(f"SELECT setval('{sequence}', (SELECT coalesce(max({column}), 1) FROM {table}))".encode())
    connection.execute(f"SELECT setval('journal_entry_number', {steps['journal_entry'] * copies + 1})".encode())
    connection.execute(f"SELECT setval('remedies_transfer', {steps['transfer'] * copies + 1})".encode())
