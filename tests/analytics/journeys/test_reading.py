"""Contact logs from files: what becomes a contact, and what is set aside with its line."""

from __future__ import annotations

import gzip
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import duckdb
import pytest

from makegood.analytics.journeys.columns import CONTACT_COLUMNS
from makegood.analytics.journeys.logs.mapping import LogMapping, read_log_mapping
from makegood.analytics.journeys.logs.reading import LogFile, read_log
from makegood.analytics.journeys.store import DuckDBStore
from makegood.analytics.staging import connected
from makegood.records import Rejects
from makegood.records.rows import UnreadableFile
from makegood.rules import PledgeError

Found = tuple[list[dict[str, Any]], list[dict[str, Any]], Rejects, frozenset[str]]
Reads = Callable[..., Found]


@pytest.fixture
def reads(tmp_path: Path) -> Reads:
    """Reads a text (or bytes) as a log: contacts in order, items, what was set aside, and the columns known."""

    def read(content: str | bytes, mapping: str = "", name: str = "log.csv", encoding: str = "utf-8") -> Found:
        path = tmp_path / name
        path.write_bytes(content if isinstance(content, bytes) else content.encode())
        return of(path, mapping, encoding)

    def of(path: Path, mapping: str, encoding: str = "utf-8") -> Found:
        folder = tmp_path / "made"
        folder.mkdir(exist_ok=True)
        with connected(folder) as database:
            rejects = Rejects()
            given: LogMapping | None = read_log_mapping(mapping) if mapping else None
            log = read_log(LogFile(path=path, mapping=given, encoding=encoding), database, folder, rejects)
            store = DuckDBStore(database)
            contacts = store.rows(log.contacts.sort("start", "sequence", "contact"))
            items = store.rows(log.items.sort("contact", "how", "item"))
        return contacts, items, rejects, log.known

    read.of = of  # type: ignore[attr-defined]  # so that a test can give a file of its own
    return read


MAPPED_TIMES = "start: start\nend: end\nzone: Europe/London\n"


def micros(*at: int) -> int:
    return int(datetime(*at, tzinfo=UTC).timestamp()) * 1_000_000  # type: ignore[arg-type,misc]  # year to second


def test_columns_called_as_ours_need_no_mapping(reads: Reads) -> None:
    contacts, _, rejects, known = reads("contact,start,subject,case\nc1,2026-03-02T10:00:00Z,p,NA\n")
    assert not rejects
    assert known == {"contact", "start", "subject", "case"}
    assert set(contacts[0]) == set(CONTACT_COLUMNS)
    assert (contacts[0]["contact"], contacts[0]["start"], contacts[0]["case"]) == ("c1", micros(2026, 3, 2, 10), "NA")


@pytest.mark.parametrize(
    ("said", "utc", "offset"),
    [
        ("2026-03-02T10:00:00Z", micros(2026, 3, 2, 10), 0),
        ("2026-03-02 10:00+01:00", micros(2026, 3, 2, 9), 3600),
        ("2026-03-02 10:00:00.250 -0530", micros(2026, 3, 2, 15, 30) + 250_000, -19_800),
        ("2026-07-02 10:00:00,5+02", micros(2026, 7, 2, 8) + 500_000, 7200),
        ("2026-07-02 10:00", micros(2026, 7, 2, 9), 3600),
        ("2026-07-02", micros(2026, 7, 1, 23), 3600),
        ("2026-10-25 01:30", micros(2026, 10, 25, 1, 30), 0),
    ],
)
def test_instants_keep_their_fractions_and_their_clock(reads: Reads, said: str, utc: int, offset: int) -> None:
    contacts, *_ = reads(f'start\n"{said}"\n', "start: start\nzone: Europe/London\n")
    assert [(each["start"], each["offset"]) for each in contacts] == [(utc, offset)]


@pytest.mark.parametrize(
    "said",
    ["", "2026-02-30 10:00Z", "24:00", "2026-01-01T24:00:00Z", "0001-01-01T00:00:00Z", "x", "9999-12-31T00:00:00Z"],
)
def test_a_row_without_a_usable_start_is_set_aside_with_its_line(reads: Reads, said: str) -> None:
    contacts, _, rejects, _ = reads(f"contact,start\na,2026-03-02T10:00:00Z\nb,{said}\n")
    assert [each["contact"] for each in contacts] == ["a"]
    assert [(each.line, each.column) for each in rejects.rows] == [(3, "start")]


def test_a_time_without_an_offset_is_not_guessed(reads: Reads) -> None:
    contacts, _, rejects, _ = reads("start\n2026-03-02 10:00\n")
    assert not contacts
    assert len(rejects) == 1


@pytest.mark.parametrize(
    ("said", "utc", "offset"),
    [
        ("2026-03-29 00:59:59", micros(2026, 3, 29, 0, 59, 59), 0),
        ("2026-03-29 01:30:00", micros(2026, 3, 29, 1), 3600),  # no clock showed it: it counts as the change itself
        ("2026-03-29 01:59:59", micros(2026, 3, 29, 1), 3600),
        ("2026-03-29 02:00:00", micros(2026, 3, 29, 1), 3600),
        ("2026-10-25 00:59:59", micros(2026, 10, 24, 23, 59, 59), 3600),
        ("2026-10-25 01:30:00", micros(2026, 10, 25, 1, 30), 0),  # shown twice: the later counts
        ("2026-10-25 02:00:00", micros(2026, 10, 25, 2), 0),
    ],
)
def test_where_clocks_change_the_offset_is_that_of_the_instant(reads: Reads, said: str, utc: int, offset: int) -> None:
    contacts, *_ = reads(f"start\n{said}\n", "start: start\nzone: Europe/London\n")
    assert (contacts[0]["start"], contacts[0]["offset"]) == (utc, offset)


@pytest.mark.parametrize(
    ("start", "end", "began", "minutes"),
    [
        ("00:50", "01:10", (24, 23, 50), 20),
        ("00:10", "01:40", (24, 23, 10), 90),
        ("01:10", "01:30", (25, 1, 10), 20),
        ("01:50", "02:10", (25, 1, 50), 20),
        ("01:50", "01:10", (25, 0, 50), 20),
        ("00:50", "02:10", (24, 23, 50), 140),
        ("01:30", "", (25, 1, 30), None),
        ("00:50", "01:10+00:00", (24, 23, 50), 80),
        ("01:50+01:00", "01:10", (25, 0, 50), 20),
        ("01:50+00:00", "01:10+00:00", None, None),
        ("02:10", "01:50", None, None),
    ],
)
def test_of_times_that_clocks_showed_twice_those_count_that_make_the_contact_shortest(
    reads: Reads, start: str, end: str, began: tuple[int, int, int] | None, minutes: int | None
) -> None:
    day = "2026-10-25 "
    contacts, *_ = reads(f"start,end\n{day}{start},{end and day + end}\n", MAPPED_TIMES)
    told = [(each["start"], each["end"] and (each["end"] - each["start"]) // 60_000_000) for each in contacts]
    assert told == ([(micros(2026, 10, *began), minutes)] if began else [])


@pytest.mark.parametrize(
    ("zone", "start", "end", "minutes"),
    [
        ("America/New_York", "2026-11-01 00:50", "2026-11-01 01:10", 20),
        ("Australia/Lord_Howe", "2026-04-05 01:20", "2026-04-05 01:40", 20),
        ("America/Sao_Paulo", "2018-02-17 22:50", "2018-02-17 23:10", 20),
        ("UTC", "2026-10-25 00:50", "2026-10-25 01:10", 20),
    ],
)
def test_so_it_is_in_other_zones_too(reads: Reads, zone: str, start: str, end: str, minutes: int) -> None:
    (contact,), *_ = reads(f"start,end\n{start},{end}\n", MAPPED_TIMES.replace("Europe/London", zone))
    assert contact["end"] - contact["start"] == minutes * 60_000_000


def test_the_offset_is_that_of_the_start_that_was_taken(reads: Reads) -> None:
    (contact,), *_ = reads("start,end\n2026-10-25 01:50,2026-10-25 01:10\n", MAPPED_TIMES)
    assert contact["offset"] == 3600


def test_an_end_before_the_start_and_numbers_that_are_none_are_set_aside(reads: Reads) -> None:
    text = (
        "contact,start,end,minutes,weight\n"
        "a,2026-03-02T10:00:00Z,2026-03-02T09:00:00Z,1,1\n"
        "b,2026-03-02T10:00:00Z,,nan,1\nc,2026-03-02T10:00:00Z,,-1,1\nd,2026-03-02T10:00:00Z,,1,0\n"
        "e,2026-03-02T10:00:00Z,,,2.5\nf,2026-03-02T10:00:00Z,,1e999,1\n"
    )
    contacts, _, rejects, _ = reads(text)
    assert [(each["contact"], each["weight"]) for each in contacts] == [("e", 2.5)]
    assert [(each.line, each.column) for each in rejects.rows] == [
        (2, "end"), (3, "minutes"), (4, "minutes"), (5, "weight"), (7, "minutes"),
    ]  # fmt: skip


def test_an_id_counts_once_and_a_bad_row_does_not_take_it(reads: Reads) -> None:
    text = "contact,start\na,nonsense\na,2026-03-02T10:00:00Z\na,2026-03-03T10:00:00Z\n,2026-03-03T10:00:00Z\n"
    contacts, _, rejects, _ = reads(text)
    assert [each["line"] for each in contacts] == [3]
    assert sorted((each.line, each.reason.partition(",")[0]) for each in rejects.rows) == [
        (2, "start: no such instant"), (4, "contact: an id again"), (5, "contact: no id"),
    ]  # fmt: skip


def test_without_ids_the_rows_get_the_same_ones_in_any_order(reads: Reads) -> None:
    rows = ["2026-03-02T10:00:00Z,p1", "2026-03-02T10:00:00Z,p2", "2026-03-02T10:00:00Z,p1"]
    one, *_ = reads("start,subject\n" + "\n".join(rows) + "\n")
    other, *_ = reads("start,subject\n" + "\n".join(reversed(rows)) + "\n")
    assert sorted((each["contact"], each["subject"]) for each in one) == sorted(
        (each["contact"], each["subject"]) for each in other
    )
    assert len({each["contact"] for each in one}) == 3


def test_words_are_turned_into_ours_and_unknown_ones_are_told(reads: Reads) -> None:
    contacts, _, rejects, _ = reads(
        "start,type,solved\n2026-03-02T10:00:00Z,Terugbel,ja\n2026-03-02T11:00:00Z,Anders,no\n2026-03-02T12:00:00Z,-,Y\n",
        "start: start\nkind: {column: type, values: {Terugbel: chase}}\n"
        "resolved: {column: solved, values: {ja: yes}}\norganisation: {always: The council}\nmissing: ['-']\n",
    )
    assert [(each["kind"], each["resolved"], each["organisation"]) for each in contacts] == [
        ("chase", True, "The council"), (None, False, "The council"), (None, True, "The council"),
    ]  # fmt: skip
    assert [note for note in rejects.notes if "“Anders”" in note]
    assert not rejects


def test_unknown_words_and_dates_of_rows_that_are_set_aside_are_not_counted(reads: Reads) -> None:
    *_, rejects, _ = reads(
        "start,kind,due\n2026-03-02T10:00Z,Brief,soon\nnever,Brief,soon\nnever,Gesprek,\n2026-03-02T10:00Z,Brief,\n"
    )
    assert sorted(note.partition(": ")[2] for note in rejects.notes) == [
        "1 × due that is no such instant, or too far away: not known",
        "2 × kind “Brief”, a word that is not ours: it counts as not known",
    ]


def test_rows_that_are_set_aside_are_kept_as_they_were_read(reads: Reads) -> None:
    *_, rejects, _ = reads(
        'words,start,contact\n"a, b",never,1\n,2026-03-02T10:00Z,2\nx,2026-03-02T10:00Z,2\n"a, b",never,1\n'
    )
    assert [(each.line, each.column, each.row) for each in rejects.rows] == [
        (2, "start", "a, b,never,1"),
        (4, "contact", "x,2026-03-02T10:00Z,2"),
        (5, "start", "a, b,never,1"),
    ]


def test_what_is_met_can_be_told_by_other_columns(reads: Reads) -> None:
    contacts, _, _, known = reads(
        "start,step\n2026-03-02T10:00:00Z,Open\n2026-03-02T11:00:00Z,Close\n",
        "start: start\nactivity: step\ncompleted if: {activity: [Close, Shut]}\n",
    )
    assert [each["completed"] for each in contacts] == [False, True]
    assert "completed" in known


def test_items_are_listed_and_held_ones_name_their_holder(reads: Reads) -> None:
    _, items, _, known = reads(
        "contact,start,asked,held\na,2026-03-02T10:00:00Z,income| address |income,address@a@Jobcentre| x\n",
        "contact: contact\nstart: start\nasked: asked\nheld: held\nseparated by: '|'\n",
    )
    assert [(each["item"], each["how"], each["holder"]) for each in items] == [
        ("address", "asked", None), ("income", "asked", None), ("address@a", "held", "Jobcentre"), ("x", "held", None),
    ]  # fmt: skip
    assert {"asked", "held"} <= known


def test_rows_in_order_can_be_the_sequence(reads: Reads) -> None:
    contacts, _, _, known = reads(
        "case,start\nb,2026-03-02T10:00:00Z\na,2026-03-02T10:00:00Z\n", "case: case\nstart: start\nsequence: row\n"
    )
    assert [each["case"] for each in contacts] == ["b", "a"]
    assert "sequence" in known


def test_other_encodings_separators_and_packing_are_read(reads: Reads, tmp_path: Path) -> None:
    contacts, *_ = reads("start;need\n2026-03-02T10:00:00Z;Wohnung für Ältere\n".encode("latin-1"), encoding="latin-1")
    assert contacts[0]["need"] == "Wohnung für Ältere"
    contacts, *_ = reads(gzip.compress("\ufeffstart\tneed\n2026-03-02T10:00:00Z\tx\n".encode()), name="log.csv.gz")
    assert contacts[0]["need"] == "x"
    contacts, *_ = reads('start|need|asked\n2026-03-02T10:00:00Z|"a|b"|c, d; e\n')
    assert contacts[0]["need"] == "a|b"
    _, _, rejects, _ = reads("start,need\n2026-03-02T10:00:00Z,für\n".encode("latin-1"))
    assert [each.line for each in rejects.rows] == [2]


def test_parquet_types_are_taken_as_they_are(reads: Reads, tmp_path: Path) -> None:
    path = tmp_path / "log.parquet"
    duckdb.execute(
        "COPY ("
        "SELECT 7 AS id, TIMESTAMPTZ '2026-03-02 10:00:00.5+00' AS began, TIMESTAMP '2026-07-02 12:00:00' AS ended,"
        " true AS solved, 5::SMALLINT AS minutes, DATE '2026-08-01' AS promised"
        " UNION ALL SELECT 8, 'infinity'::TIMESTAMPTZ, NULL, NULL, NULL, NULL"
        f") TO '{path}' (FORMAT parquet)"
    )
    mapping = "contact: id\nstart: began\nend: ended\nresolved: solved\nminutes: minutes\ndue: promised\n"
    mapping += "zone: Europe/London\n"
    contacts, _, rejects, _ = reads.of(path, mapping)  # type: ignore[attr-defined]  # see the fixture
    assert [(each.line, each.column) for each in rejects.rows] == [(2, "began")]
    (contact,) = contacts
    assert contact["contact"] == "7"
    assert contact["start"] == micros(2026, 3, 2, 10) + 500_000
    assert contact["end"] == micros(2026, 7, 2, 11)
    assert contact["due"] == micros(2026, 7, 31, 23)
    assert (contact["resolved"], contact["minutes"]) == (True, 5.0)


@pytest.mark.parametrize(
    "header",
    ["line,file_row_number,start,need", ",start,need", "start,need,", "start,need,,", "start,need,Start,START",
     "sep=,\nstart,need", "\ufeffSEP=,\nstart,need", "Start,NEED", "start,need,“a; b”,c"],
)  # fmt: skip
def test_a_header_may_have_odd_columns_beside_those_that_count(reads: Reads, header: str) -> None:
    places = [each.lower() for each in header.rsplit("\n", maxsplit=1)[-1].split(",")]
    row = ["x"] * len(places)
    row[places.index("start")], row[places.index("need")] = "2026-03-02T10:00:00Z", "rent"
    contacts, _, rejects, _ = reads(f"{header}\n{','.join(row)}\n")
    assert [(each["start"], each["need"]) for each in contacts] == [(micros(2026, 3, 2, 10), "rent")]
    assert not rejects.rows


def test_columns_that_differ_by_capitals_are_two(reads: Reads) -> None:
    text = "start,Line,line,case,Case\n2026-03-02T10:00:00Z,a,b,c,d\n"
    (contact,), *_ = reads(text, "start: start\nreference: line\nfollows: Line\ncase: Case\nteam: case\n")
    assert [contact[each] for each in ("reference", "follows", "case", "team")] == ["b", "a", "d", "c"]


def test_the_separator_is_what_separates_most_and_may_stand_in_a_name(reads: Reads) -> None:
    (contact,), *_ = reads('start;"need, wish";team\n2026-03-02T10:00:00Z;a, b;c\n', "start: start\nneed: need, wish\n")
    assert contact["need"] == "a, b"


def test_a_number_may_have_a_decimal_comma_but_nothing_is_guessed(reads: Reads) -> None:
    text = 'start,minutes\n2026-03-02T10:00:00Z,"12,5"\n2026-03-02T11:00:00Z,"1,250"\n2026-03-02T12:00:00Z,7\n'
    contacts, _, rejects, _ = reads(text)
    assert [each["minutes"] for each in contacts] == [12.5, 7.0]
    assert [(each.line, each.column) for each in rejects.rows] == [(3, "minutes")]
    assert "written 1250 or 12.5" in rejects.rows[0].reason


@pytest.mark.parametrize(
    ("content", "mapping", "says"),
    [
        ("start\n31/02/2026\n", "start: start\nformat: '%d/%m/%Y'\nzone: Europe/London\n", "as “%d/%m/%Y”"),
        ("start\n31/03/2026\n", "", "give the mapping a “format”"),
    ],
)
def test_what_is_no_instant_is_told_with_how_it_would_have_to_be(
    reads: Reads, content: str, mapping: str, says: str
) -> None:
    _, _, rejects, _ = reads(content, mapping)
    assert says in rejects.rows[0].reason


@pytest.mark.parametrize("magic", [b"PK\x03\x04rest", b"\xd0\xcf\x11\xe0rest", b"PAR1rest", b"SQLite format 3\x00rest"])
def test_a_spreadsheet_is_told_from_a_table_in_plain_text(reads: Reads, magic: bytes) -> None:
    with pytest.raises(UnreadableFile, match="save it as CSV"):
        reads(magic)


def test_odd_types_of_parquet_are_read_as_what_they_say(reads: Reads, tmp_path: Path) -> None:
    path = tmp_path / "log.parquet"
    duckdb.execute(
        "COPY (SELECT '2026-03-02 10:00:00.5+00'::TIMESTAMPTZ_NS AS start, ['a', 'b; c'] AS asked,"
        " []::VARCHAR[] AS given,"
        " 1001.0::DOUBLE AS reference, NULL::DOUBLE AS follows, 'NaN'::DOUBLE AS minutes, 'l1' AS line,"
        " 'x' AS file_row_number, ['id@Council'] AS held"
        " UNION ALL SELECT '2026-03-03 10:00:00+00'::TIMESTAMPTZ_NS, NULL, NULL, 10.5, 1001, 2.5, 'l2', 'y', NULL"
        f") TO '{path}' (FORMAT parquet)"
    )
    mapping = "".join(f"{each}: {each}\n" for each in ("start", "asked", "given", "held", "reference", "follows"))
    mapping += "minutes: minutes\nteam: line\nneed: file_row_number\n"
    contacts, items, rejects, _ = reads.of(path, mapping)  # type: ignore[attr-defined]  # see the fixture
    assert not rejects.rows
    assert [each["start"] for each in contacts] == [micros(2026, 3, 2, 10) + 500_000, micros(2026, 3, 3, 10)]
    said = [[each[column] for column in ("reference", "follows", "minutes", "team", "need")] for each in contacts]
    assert said == [["1001", None, None, "l1", "x"], ["10.5", "1001", 2.5, "l2", "y"]]
    assert sorted((each["item"], each["how"], each["holder"]) for each in items) == [
        ("a", "asked", None), ("b", "asked", None), ("c", "asked", None), ("id", "held", "Council"),
    ]  # fmt: skip
    assert [each["line"] for each in contacts] == [1, 2]


def test_times_of_parquet_without_a_zone_are_not_guessed_and_numbers_are_no_times(reads: Reads, tmp_path: Path) -> None:
    path = tmp_path / "log.parquet"
    duckdb.execute(f"COPY (SELECT TIMESTAMP '2026-03-02 10:00:00' AS start, 5 AS due) TO '{path}' (FORMAT parquet)")
    _, _, rejects, _ = reads.of(path, "")  # type: ignore[attr-defined]  # see the fixture
    assert "give the mapping a “zone”" in rejects.rows[0].reason
    _, _, rejects, _ = reads.of(path, "start: due\n")  # type: ignore[attr-defined]  # see the fixture
    assert "no times there but the type INTEGER" in rejects.rows[0].reason


def test_a_column_that_is_not_there_is_named_with_a_mend(reads: Reads) -> None:
    with pytest.raises(UnreadableFile, match=r"“begn”.*did you mean “began”"):
        reads("began\n2026-03-02T10:00:00Z\n", "start: begn\n")
    with pytest.raises(UnreadableFile, match=r"map “start”.*; known here: began"):
        reads("began\n2026-03-02T10:00:00Z\n")


def test_a_mapping_is_refused_with_everything_that_is_wrong() -> None:
    with pytest.raises(PledgeError) as found:
        read_log_mapping("star: began\nkind: {values: {a: chase}}\ncompleted if: {stepp: [x]}\nzone: Nowhere/Land\n")
    assert len(found.value.findings) == 4


def test_hostile_texts_come_through_unharmed(reads: Reads) -> None:
    hostile = ["'; DROP TABLE x; --", '<script>alert("x")</script>', "\u202eabc", "a\nb", "NULL", "null", "None", "NaN"]
    quoted = "".join('2026-03-02T10:00:00Z,"' + each.replace('"', '""') + '"\n' for each in hostile)
    contacts, *_ = reads("start,subject\n" + quoted)
    assert sorted(each["subject"] for each in contacts) == sorted(hostile)


def test_a_promised_date_that_nobody_meant_does_not_lose_the_contact(reads: Reads) -> None:
    contacts, _, rejects, _ = reads("start,due\n2026-03-02T10:00:00Z,9999-12-31T00:00:00Z\n2026-03-02T11:00:00Z,x\n")
    assert [each["due"] for each in contacts] == [None, None]
    assert not rejects
    assert any(note.endswith("2 × due that is no such instant, or too far away: not known") for note in rejects.notes)


@pytest.mark.parametrize("said", ["2nd", "1.5", "", "١"])
def test_a_sequence_is_a_whole_number_or_nothing(reads: Reads, said: str) -> None:
    contacts, _, rejects, _ = reads(f"start,sequence\n2026-03-02T10:00:00Z,-3\n2026-03-02T10:00:00Z,{said}\n")
    assert [each["sequence"] for each in contacts] == ([-3, 0] if said == "" else [-3])
    assert len(rejects) == (0 if said == "" else 1)


def test_names_that_look_alike_are_told_with_what_cannot_be_seen(reads: Reads) -> None:
    text = (
        "start,organisation,need,handed_to,held,asked,channel\n"
        "2026-03-02T10:00:00Z,Council,rent,,ID@Coun\u00adcil,ID,phone\n"
        "2026-03-02T11:00:00Z,Council\u200b,Rent,council,,id,web\n"
        "2026-03-02T12:00:00Z,Café,benefit,Cafe\u0301,,payslip,the  web\n"
    )
    contacts, _, rejects, _ = reads(text)
    assert len({each["organisation"] for each in contacts}) == 3, "nothing is made one unasked"
    told = [each.partition(": the ")[2].partition(": each")[0] for each in rejects.notes]
    assert told == [
        "organisation “Café” is also written “Cafe<U+0301>”",
        "organisation “Council” is also written “council”, “Council<U+200B>”, “Coun<U+00AD>cil”",
        "need “Rent” is also written “rent”",
        "item “ID” is also written “id”",
    ]
    mapping = 'start: start\norganisation: {column: organisation, values: {"Council\\u200b": Council}}\n'
    contacts, _, rejects, _ = reads(text, mapping)
    assert len({each["organisation"] for each in contacts}) == 2
    assert not rejects.notes
