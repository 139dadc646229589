"""Units that go together: days with calendars, months with a rule, extensions with limits, instants already known."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from ..errors import did_you_mean
from ..language import model as m
from ..language.write import say_limit
from ..working_time import DAY, Calendar
from .comparison import compare_limits
from .parts import Found, amounts_of, conditions_of, leaves, lengths_of, limits_of, plain_limits, remedies_of
from .places import Findings, Path

_EARLY = ("only for", "within", "extended")
_SPOKEN = {"only for": "“only for”", "within": "“within”", "extended": "an extension", "late from": "“late from”"}


def check_units(findings: Findings, pledge: m.Pledge, found: Found, calendars: Mapping[str, Calendar]) -> None:
    """Every limit, condition and sum of one standard."""
    for path, slot, limit in _all_limits(pledge, found):
        for plain in plain_limits(limit):
            anchor = plain.detail if isinstance(plain, m.Window) else plain.anchor
            if anchor:
                _check_moment(findings, path, slot, anchor)
        for length in lengths_of(limit, pledge):
            _check_length(findings, path, length, found.standard)
    for path, slot, condition in conditions_of(found):
        for at, leaf in leaves(condition, pledge.terms, path):
            if isinstance(leaf, m.Relative | m.Season | m.OnDay | m.OnWeekday):
                _check_moment(findings, at, slot, leaf.subject)
            elif isinstance(leaf, m.Late) and slot != "remedy":
                findings.wrong(
                    at,
                    "too-early",
                    f"lateness in {_SPOKEN.get(slot, f'“{slot}”')}",
                    "a question that can be answered then",
                    "lateness is known only in “if we do not”",
                )
    _check_calendars(findings, pledge, found, calendars)
    _check_day_rules(findings, pledge, found)
    _check_extensions(findings, pledge, found)


def _all_limits(pledge: m.Pledge, found: Found) -> Iterator[tuple[Path, str, m.Limit]]:
    yield from limits_of(found)
    for path, slot, condition in conditions_of(found):
        for at, leaf in leaves(condition, pledge.terms, path):
            if isinstance(leaf, m.Relative):
                yield at, slot, leaf.instant


def _check_moment(findings: Findings, path: Path, slot: str, name: str) -> None:
    """Instants that are not known yet where they are asked for."""
    known_later = name in ("the finish", "the deadline", "the breach")
    if known_later and (slot in _EARLY or (slot == "late from" and name == "the finish")):
        findings.wrong(
            path,
            "too-early",
            f"“{name}” in {_SPOKEN[slot]}, which is settled before that is known",
            "a fact, a detail or “the start”",
        )
    if name == "the start" and slot == "remedy within":
        findings.wrong(
            path,
            "too-early",
            "“the start” in a remedy's own deadline",
            "time from the breach, or after a fact",
            "name the fact that starts the standard",
        )


def _check_length(findings: Findings, path: Path, length: m.Within, standard: m.Standard) -> None:
    if length.unit in (m.Unit.MONTH, m.Unit.YEAR) and not standard.short_months:
        findings.wrong(
            path,
            "short-months",
            f"“{say_limit(length)}” without a rule for months that are too short",
            "where a month ends that has no such day",
            "add “short months: last day” or “short months: first of the next month”",
        )


# --- calendars --------------------------------------------------------------------------------------------


def _check_calendars(findings: Findings, pledge: m.Pledge, found: Found, calendars: Mapping[str, Calendar]) -> None:
    known = sorted({*calendars, *pledge.calendars})  # names alone: a calendar is read when it is first looked at
    for path, unit, named in _needs(pledge, found):
        group = m.Unit.SERVICE_HOUR if unit in m.SERVICE else unit
        name = named or found.standard.calendars.get(group, "")
        if not name:
            mend = f"add “calendar: {known[0] if known else 'NAME'}” to the standard or the pledge"
            findings.wrong(path, "no-calendar", f"{unit}s without a calendar", "a calendar for them", mend)
        elif name not in known:
            _no_calendar(findings, path if named else _calendar_path(findings, found, group), name, known)
        elif unit in m.SERVICE and _open_all_day(pledge.calendars.get(name) or calendars[name]):
            findings.warn(
                path,
                "open-all-day",
                f"{unit}s in calendar {name}, which is open all day",
                "a calendar with opening windows",
                "count in working days or hours, or name the windows: 09:00 to 17:00",
            )
    for unit, name in found.standard.calendars.items():
        if name not in known:
            _no_calendar(findings, _calendar_path(findings, found, unit), name, known)


def _no_calendar(findings: Findings, path: Path, name: str, known: list[str]) -> None:
    found, expected = f"there is no calendar “{name[:60]}”", "a calendar that ships, or one under “calendars”"
    findings.wrong(path, "unknown-name", found, expected, did_you_mean(name, known))


def _open_all_day(calendar: Calendar) -> bool:
    return all(hours == ((0, DAY),) for hours in calendar.hours if hours)


def _calendar_path(findings: Findings, found: Found, unit: m.Unit) -> Path:
    """Where the calendar of a unit is named: in the standard, or for all in the pledge."""
    own = (*found.path, "calendar")
    return (*(own if findings.places(own) != findings.places(found.path) else ("calendar",)), f"{unit}s")


def _needs(pledge: m.Pledge, found: Found) -> Iterator[tuple[Path, m.Unit, str | None]]:
    """What needs a calendar: its path, its unit, and the calendar that it names itself."""
    standard = found.standard
    for path, _, limit in _all_limits(pledge, found):
        for length in lengths_of(limit, pledge):
            if length.unit in m.OPEN_DAYS | m.SERVICE:
                yield path, length.unit, length.calendar or _named(limit)
            elif length.unit in m.DAYS and (
                standard.roll_forward or standard.closed_start or standard.cut_off is not None
            ):
                yield path, m.Unit.WORKING_DAY, length.calendar or _named(limit)
    for path, _, condition in conditions_of(found):
        for at, leaf in leaves(condition, pledge.terms, path):
            if isinstance(leaf, m.Late) and leaf.unit in m.OPEN_DAYS:
                yield at, leaf.unit, None
    for remedy_path, remedy in remedies_of(found):
        for path, choice in amounts_of(remedy_path, remedy):
            for index, line in enumerate(choice):
                for step in line.value.steps:
                    if step.period.unit in m.OPEN_DAYS:
                        yield (*path, index), step.period.unit, None


def _named(limit: m.Limit) -> str | None:
    return limit.calendar if isinstance(limit, m.Rated) else None


# --- rules about days, and extensions -----------------------------------------------------------------------


def _check_day_rules(findings: Findings, pledge: m.Pledge, found: Found) -> None:
    """Rules about days that meet no limit in days."""
    standard = found.standard
    lengths = [
        length
        for _, slot, limit in limits_of(found)
        if slot in ("within", "extended")
        for length in lengths_of(limit, pledge)
    ]
    in_days = any(length.unit in m.DAYS for length in lengths)
    rules = {
        "cut-off": standard.cut_off is not None,
        "start on a closed day": standard.closed_start,
        "first day": standard.first_day_counts,
        "on a closed day": standard.roll_forward,
    }
    for key, said in rules.items():
        if said and not in_days:
            findings.wrong(
                (*found.path, key),
                "units",
                f"“{key}” with a limit that is not in days",
                "a limit in days",
                "service hours have windows for this" if any(length.unit in m.SERVICE for length in lengths) else "",
            )
    if (
        standard.roll_forward
        and in_days
        and all(length.unit in m.OPEN_DAYS for length in lengths if length.unit in m.DAYS)
    ):
        findings.warn(
            (*found.path, "on a closed day"),
            "no-effect",
            "a roll-forward of open days, which never end on a closed day",
        )


def _check_extensions(findings: Findings, pledge: m.Pledge, found: Found) -> None:
    standard = found.standard
    for index, extension in enumerate(standard.extensions):
        path = (*found.path, "extended", index)
        if extension.by:
            _check_by(findings, (*path, "by"), extension, extension.by, standard)
        if extension.to and extension.times > 1:
            findings.warn(
                (*path, "times"),
                "no-effect",
                "an extension “to” the same limit more than once",
                "“by” so much each time",
            )
        pairs = [
            (place, line.value, option.value) for place, line in enumerate(extension.to) for option in standard.within
        ]
        if len(extension.to) == len(standard.within):
            pairs = [(place, line.value, standard.within[place].value) for place, line in enumerate(extension.to)]
        shorter = [
            (place, limit, other) for place, limit, other in pairs if compare_limits(limit, other, pledge) in (-1, 0)
        ]
        for place, limit, other in shorter:
            say = findings.wrong if len(shorter) == len(pairs) or len(pairs) == len(extension.to) else findings.warn
            say(
                (*path, "to", place),
                "extension",
                f"an extension to {say_limit(limit)}, which is no longer than {say_limit(other)}",
                "a longer limit, counted from the same start",
                "use “by” for so much more",
            )


def _check_by(findings: Findings, path: Path, extension: m.Extension, by: m.Limit, standard: m.Standard) -> None:
    plain = (
        isinstance(by, m.Within) and by.anchor is None and by.by is None and by.calendar is None and not by.less_than
    )
    if not isinstance(by, m.Within) or not plain:
        findings.wrong(
            path, "units", f"an extension by “{say_limit(by)}”", "a plain length of time, such as 5 working days"
        )
        return
    if by.count * extension.times > m.MOST[by.unit]:
        findings.wrong(path, "units", f"{extension.times} times {say_limit(by)}", "a hundred years at most in all")
    for option in standard.within:
        limit = option.value
        if not isinstance(limit, m.Within):
            findings.wrong(
                path,
                "units",
                f"an extension by {say_limit(by)} of “{say_limit(limit)}”",
                "a limit that is a plain length of time",
                "use “to” and the whole limit",
            )
        elif by.unit is not limit.unit and not any({by.unit, limit.unit} <= group for group in (m.ELAPSED, m.SERVICE)):
            findings.wrong(
                path, "units", f"{by.unit}s added to {limit.unit}s", f"{limit.unit}s", "use “to” and the whole limit"
            )
