"""Properties of deadlines and counting, tried on made-up limits, starts, pauses and calendars."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

from hypothesis import assume, given
from hypothesis import strategies as st

from makegood.rules import Calendar, Case, Fact, evaluate
from makegood.rules.working_time import DAY, day_number, day_of, seconds_of, zone_named
from makegood.schemes import CALENDARS
from tests.rules.generated import HEAD, limits
from tests.rules.judging import KNOWN, OFFICE, SHIFTS, promise
from tests.rules.oracle import Limit

ENGLAND = CALENDARS["england-and-wales"]
LONDON = zone_named("Europe/London")
MONTHS = st.sampled_from(["1 month", "3 months", "1 year"])
STARTS = st.integers(seconds_of(datetime(2016, 1, 1, tzinfo=UTC)), seconds_of(datetime(2027, 6, 1, tzinfo=UTC)))
DAYS = st.integers(ENGLAND.first, ENGLAND.last - 900)
CALENDARS_TRIED = st.sampled_from([ENGLAND, OFFICE, SHIFTS])


def instant(at: int) -> datetime:
    return datetime.fromtimestamp(at, UTC)


def due(words: str, *facts: tuple[str, int], extra: str = "", calendars: dict[str, Calendar] | None = None) -> int:
    """The deadline of a limit, in seconds, for a case with these facts."""
    pledge = promise(f'within: "{words}"\nshort months: last day\n{extra}', HEAD)
    case = Case(id="1", facts=[Fact(name=name, at=instant(at)) for name, at in facts])
    as_of = instant(max(at for _, at in facts))
    (outcome,) = evaluate(pledge, case, as_of=as_of, calendars=calendars or KNOWN, explain=False)
    assert outcome.due is not None
    return outcome.due


LIMITS = st.one_of(limits().map(lambda pair: pair[0].words()), MONTHS)


@given(LIMITS, STARTS, st.integers(1, 20 * DAY))
def test_a_later_start_never_gives_an_earlier_deadline(words: str, start: int, later: int) -> None:
    assert due(words, ("asked", start + later)) >= due(words, ("asked", start))


@given(LIMITS, STARTS, st.integers(1, 20 * DAY))
def test_that_holds_with_cut_off_and_roll_forward_too(words: str, start: int, later: int) -> None:
    extra = "cut-off: 17:00\nstart on a closed day: next open day\non a closed day: next open day"
    assert due(words, ("asked", start + later), extra=extra) >= due(words, ("asked", start), extra=extra)


@given(limits(), STARTS)
def test_more_time_never_gives_an_earlier_deadline(pair: tuple[Limit, Limit], start: int) -> None:
    assert due(pair[1].words(), ("asked", start)) >= due(pair[0].words(), ("asked", start))


@given(LIMITS, STARTS, st.lists(st.integers(-5, 60), min_size=1, max_size=6))
def test_a_holiday_more_never_gives_an_earlier_deadline(words: str, start: int, holidays: list[int]) -> None:
    first = start // DAY
    closed = {first + day: "a new holiday" for day in holidays}
    fuller = {
        name: replace(KNOWN[name], closed={**KNOWN[name].closed, **closed}) for name in ("england-and-wales", "office")
    }
    extra = "on a closed day: next open day"
    assert due(words, ("asked", start), extra=extra, calendars=fuller) >= due(words, ("asked", start), extra=extra)


@given(LIMITS, STARTS, st.integers(-2 * DAY, 20 * DAY), st.integers(0, 10 * DAY))
def test_a_pause_never_gives_an_earlier_deadline(words: str, start: int, after: int, length: int) -> None:
    extra = "on a closed day: next open day\npaused: [{from: held, until: freed}]"
    facts = [("asked", start), ("held", start + after), ("freed", start + after + length)]
    assert due(words, *facts, extra=extra) >= due(words, facts[0], extra=extra)


@given(limits(), STARTS, st.integers(0, 5 * DAY))
def test_an_extension_never_gives_an_earlier_deadline(pair: tuple[Limit, Limit], start: int, after: int) -> None:
    extra = f'extended: [{{when: longer, to: "{pair[1].words()}"}}]'
    plain = due(pair[0].words(), ("asked", start), extra=extra)
    extended = due(pair[0].words(), ("asked", start), ("longer", start + after), extra=extra)
    assert extended == (due(pair[1].words(), ("asked", start)) if start + after <= plain else plain)


@given(CALENDARS_TRIED, DAYS, st.integers(1, 400))
def test_between_a_day_and_the_day_so_many_open_days_later_lie_that_many(
    calendar: Calendar, day: int, count: int
) -> None:
    last = calendar.add(day, count)
    assert calendar.between(day, last) == count
    assert calendar.is_open(last)
    assert calendar.between(day, last - 1) == count - 1


@given(DAYS, st.integers(1, 400))
def test_open_days_are_what_naive_counting_gives(day: int, count: int) -> None:
    naive, left = date(1970, 1, 1) + timedelta(days=day), count
    while left:
        naive += timedelta(days=1)
        left -= naive.weekday() < 5 and day_number(naive) not in ENGLAND.closed
    assert day_of(ENGLAND.add(day, count)) == naive


@given(DAYS, st.integers(0, 200), st.integers(0, 200))
def test_counting_in_two_goes_is_counting_in_one(day: int, first: int, second: int) -> None:
    assume(first)
    assert ENGLAND.add(ENGLAND.add(day, first), second) == ENGLAND.add(day, first + second)


def is_open_at(calendar: Calendar, at: int) -> bool:
    day, second = divmod(LONDON.local(at), DAY)
    hours = calendar.hours[(day + 3) % 7]
    return calendar.is_open(day) and any(opens <= second < closes for opens, closes in hours)


@given(st.sampled_from([OFFICE, SHIFTS]), STARTS, st.integers(0, 200 * 3600))
def test_no_result_of_service_hours_lies_in_closed_time(calendar: Calendar, start: int, seconds: int) -> None:
    found = calendar.add_service(start, seconds)
    assert is_open_at(calendar, found - 1) or (seconds == 0 and is_open_at(calendar, found))
    assert found >= start + seconds


@given(st.sampled_from([OFFICE, SHIFTS]), STARTS, st.integers(1, 200 * 3600))
def test_between_the_start_and_the_deadline_lies_exactly_the_service_time(
    calendar: Calendar, start: int, seconds: int
) -> None:
    found = calendar.add_service(start, seconds)
    assert calendar.service_up_to(found) - calendar.service_up_to(start) == seconds
    assert calendar.service_up_to(found - 1) - calendar.service_up_to(start) == seconds - 1


@given(LIMITS, STARTS)
def test_a_day_deadline_is_the_last_second_of_a_local_day_whatever_the_clocks_do(words: str, start: int) -> None:
    assume("minutes" not in words and ", by" not in words)
    assert LONDON.local(due(words, ("asked", start))) % DAY == DAY - 1


@given(st.integers(1, 3_000), STARTS)
def test_elapsed_time_is_exact_through_every_change_of_the_clocks(minutes: int, start: int) -> None:
    assert due(f"{minutes} minutes", ("asked", start)) == start + minutes * 60


@given(STARTS, st.integers(0, DAY - 1))
def test_a_start_at_any_second_of_a_day_gives_the_same_day_deadline(start: int, second: int) -> None:
    same_day = LONDON.instant(LONDON.day(start) * DAY + second, later=False)
    assume(LONDON.day(same_day) == LONDON.day(start))
    for words in ("3 working days", "5 calendar days, by 12:00", "1 month"):
        assert due(words, ("asked", start)) == due(words, ("asked", same_day))
