"""The benchmark runs, compares answers before speed, and says what it could not measure."""

import sys
from pathlib import Path

import pytest

from bench.__main__ import main
from bench.measures import AS_OF, Sizes, measure
from bench.running import Failed, is_installed, program, run, yardstick
from bench.table import Row, as_markdown, results_page

CASES = 3_000


@pytest.fixture(scope="module")
def data(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("bench")
    program("make_cases", folder, CASES, 7, CASES)
    program("batch_by_hand", folder, folder / "hand.parquet", AS_OF)
    return folder


def needs(library: str) -> None:
    if not is_installed(library):
        pytest.skip(f"the yardstick {library} has no environment of its own yet: “make bench” makes it")


def test_the_compiled_program_and_the_sql_by_hand_say_the_same_in_every_column(data: Path) -> None:
    sizes = Sizes(
        cases=CASES, large=0, people=10, one_case=10, deadlines=10, rounds=1, seed=7, contacts=0, large_contacts=0
    )
    measured = measure(sizes, data, "batch")
    rows = [next(measured), next(measured)]
    assert [row.measure for row in rows if isinstance(row, Row)] == ["batch of 3,000, time", "batch of 3,000, memory"]


def test_the_library_and_the_loop_by_hand_say_the_same(data: Path) -> None:
    assert program("one_case", data, 200).told["cases"] == 200


@pytest.mark.parametrize(
    ("library", "name", "results"),
    [("pandas", "pandas_days", "pandas.parquet"), ("zen-engine", "zen_graph", "zen.jsonl")],
)
def test_another_library_says_the_same_as_the_sql_by_hand(data: Path, library: str, name: str, results: str) -> None:
    needs(library)
    program("make_cases", data, CASES, 7, CASES)
    yardstick(library, name, data, CASES, data / results, AS_OF)
    assert program("compare", data / "hand.parquet", data / results, CASES).told["cases"] == CASES


def test_businesstimedelta_finds_the_same_deadlines(data: Path) -> None:
    needs("businesstimedelta")
    program("make_cases", data, CASES, 7, CASES)
    program("deadlines", data, 50)
    assert yardstick("businesstimedelta", "businesstimedelta_hours", data, 50).told["cases"] == 50


def test_answers_that_differ_are_a_failure(data: Path, tmp_path: Path) -> None:
    one_later = tmp_path / "other.jsonl"
    one_later.write_text('{"case_id": "C000000000", "status": "running", "due_at": null}\n', encoding="utf-8")
    with pytest.raises(Failed, match="the answers differ"):
        program("compare", data / "hand.parquet", one_later, CASES)


def test_the_same_seed_gives_the_same_cases(tmp_path: Path) -> None:
    made = []
    for name, seed in (("one", 7), ("again", 7), ("other", 8)):
        folder = tmp_path / name
        folder.mkdir()
        program("make_cases", folder, 500, seed, 500)
        made.append((folder / "people.jsonl").read_text(encoding="utf-8"))
    assert made[0] == made[1] != made[2]


def test_a_run_tells_time_memory_and_what_was_printed() -> None:
    ran = run(sys.executable, "-c", """print('{"cases": 3}')""")
    assert ran.told == {"cases": 3}
    assert ran.seconds > 0
    assert ran.memory > 1


def test_a_program_that_ends_badly_is_named() -> None:
    with pytest.raises(Failed, match="no such thing"):
        run(sys.executable, "-c", "import sys; sys.exit('no such thing')")


def test_a_missed_aim_is_said_and_ends_with_1(capsys: pytest.CaptureFixture[str]) -> None:
    row = Row(measure="a", ours="1", yardstick="b: 2", ratio="0.5 ×", aim="1 ×", reached=False)
    assert "| NO" in as_markdown([row])
    assert "| NO" in results_page([row], day="2026-05-01", command="make bench", notes=["zen-engine: not installed"])
    with pytest.raises(SystemExit):
        main(["--cases", "many"])
    assert "many" in capsys.readouterr().err
