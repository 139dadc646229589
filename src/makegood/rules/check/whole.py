"""What only the whole pledge shows: versions, rates, names that nothing uses, standards that wait for each other."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date, timedelta
from itertools import pairwise

from ..errors import did_you_mean
from ..language import model as m
from .parts import Found, amounts_of, conditions_of, leaves, limits_of, parts_of, plain_limits, remedies_of
from .places import Findings, Path


def check_whole(findings: Findings, pledge: m.Pledge, standards: list[Found]) -> None:
    """Everything about a pledge that is not a matter of one standard."""
    if not standards:
        findings.wrong(
            (), "missing-key", "a pledge without a standard", "standards: {collect: {when: …, we will: …, within: …}}"
        )
    _check_versions(findings, pledge)
    _check_rates(findings, pledge)
    _check_chains(findings, pledge)
    _check_subject(findings, pledge, standards)
    _check_paid_once(findings, pledge, standards)
    _check_used(findings, pledge, standards)


# --- versions and rates -------------------------------------------------------------------------------------


def _check_versions(findings: Findings, pledge: m.Pledge) -> None:
    periods = [(each.first or date.min, each.last or date.max, index) for index, each in enumerate(pledge.versions)]
    names: dict[str, int] = {}
    for index, version in enumerate(pledge.versions):
        if version.name in names:
            findings.wrong(
                ("versions", index, "name"),
                "repeated-name",
                f"a second version called “{version.name}”",
                "a name of its own",
            )
        names[version.name] = index
    for earlier, later in pairwise(sorted(periods)):
        path: Path = ("versions", later[2])
        one, other = (pledge.versions[each[2]].name for each in (earlier, later))
        if later[0] <= earlier[1]:
            last = min(earlier[1], later[1])
            findings.wrong(
                path,
                "overlap",
                f"versions “{one}” and “{other}”, both in force {_period(later[0], last)}",
                "one version on each day",
                _ending_before(one, later[0], earlier[0]),
            )
        elif (later[0] - earlier[1]).days > 1:
            findings.warn(
                path,
                "gap",
                f"no version in force {_between(earlier[1], later[0])}: those cases are unknown",
                "versions that follow on each other",
            )
    if pledge.standards and pledge.versions and all(version.standards for version in pledge.versions):
        findings.warn(
            ("standards",),
            "never-reached",
            "standards that no version uses: each has its own",
            "a version without “standards”",
        )


def _ending_before(version: str, day: date, since: date) -> str:
    return f"let “{version}” end: “until: {day - timedelta(1)}”" if day > since else "take one of them out"


def _between(last: date, first: date) -> str:
    return _period(last + timedelta(1), first - timedelta(1))


def _period(first: date, last: date) -> str:
    if first == last:
        return f"on {first}"
    if first == date.min:
        return f"until {last}" if last != date.max else "at all times"
    return f"from {first}" if last == date.max else f"from {first} to {last}"


def _check_rates(findings: Findings, pledge: m.Pledge) -> None:
    """Days on which the pledge is in force and a rate is not."""
    in_force = [(each.first or date.min, each.last or date.max) for each in pledge.versions] or [(date.min, date.max)]
    for name, rates in pledge.rates.items():
        for index, (earlier, later) in enumerate(pairwise(rates)):
            if earlier.last and later.first and (later.first - earlier.last).days > 1:
                missing = (earlier.last + timedelta(1), later.first - timedelta(1))
                _say_missing(findings, ("rates", name, index + 1), name, missing, in_force)
        begins = [first for first, _ in in_force if first != date.min]
        if rates and rates[0].first and begins and min(begins) < rates[0].first:
            _say_missing(findings, ("rates", name, 0), name, (min(begins), rates[0].first - timedelta(1)), in_force)


def _say_missing(
    findings: Findings, path: Path, name: str, missing: tuple[date, date], in_force: list[tuple[date, date]]
) -> None:
    if any(first <= missing[1] and missing[0] <= last for first, last in in_force):
        findings.warn(
            path,
            "gap",
            f"no {name} {_period(*missing)}, while the pledge is in force: those cases are unknown",
            "rates that follow on each other",
            "add the rate of that time, or a version that ends before it",
        )


# --- standards among each other -----------------------------------------------------------------------------


def _check_chains(findings: Findings, pledge: m.Pledge) -> None:
    """Standards that wait for each other, or for one that is not there."""
    shared = {each.name: each for each in pledge.standards}
    editions: list[tuple[Path, dict[str, m.Standard]]] = [(("standards",), shared)]
    editions += [
        (("versions", index, "standards"), {each.name: each for each in version.standards})
        for index, version in enumerate(pledge.versions)
        if version.standards
    ]
    for path, standards in editions:
        for name, standard in standards.items():
            for key, needed in _waits_for(standard):
                at = (*path, name, key)
                if needed not in standards:
                    findings.wrong(
                        at,
                        "unknown-name",
                        f"“{needed}” is no standard of this version",
                        "a standard",
                        did_you_mean(needed, standards),
                    )
                elif _leads_back(name, needed, standards):
                    findings.wrong(
                        at,
                        "circle",
                        f"“{name}” waits for “{needed}”, which waits for “{name}”"
                        if needed != name
                        else f"“{name}” waits for itself",
                        "a chain with a beginning",
                    )


def _waits_for(standard: m.Standard) -> Iterator[tuple[str, str]]:
    if standard.start.after_missing:
        yield "after missing", standard.start.after_missing
    if standard.start.or_when_runs_out:
        yield "when", standard.start.or_when_runs_out


def _leads_back(name: str, needed: str, standards: dict[str, m.Standard]) -> bool:
    waiting, seen = [needed], set()
    while waiting:
        each = waiting.pop()
        if each == name:
            return True
        if each not in seen and each in standards:
            seen.add(each)
            waiting += [other for _, other in _waits_for(standards[each])]
    return False


def _check_subject(findings: Findings, pledge: m.Pledge, standards: list[Found]) -> None:
    for found in standards:
        for path, remedy in remedies_of(found):
            for key, said in (("repeated", remedy.repeated), ("no more than", remedy.ceilings)):
                if not said:
                    continue
                if not pledge.subject:
                    findings.wrong(
                        (*path, key),
                        "subject",
                        f"“{key}” in a pledge that does not say which cases belong together",
                        "a “subject”: the detail that names the property, account or person",
                        "add “subject: property” and declare it under “details”",
                    )
                if len(path) > len(found.path) + 2:
                    findings.wrong(
                        (*path, key),
                        "never-reached",
                        f"“{key}” at one of several remedies to choose from",
                        f"“{key}” beside “choose from”",
                    )


def _check_paid_once(findings: Findings, pledge: m.Pledge, standards: list[Found]) -> None:
    paying = {found.standard.name for found in standards for _, remedy in remedies_of(found) if remedy.amount}
    for index, group in enumerate(pledge.paid_once):
        for place, name in enumerate(group):
            if name not in paying:
                findings.warn(("paid once", index, place), "no-effect", f"“{name}” pays nothing", "standards that pay")
        if len(set(group)) < len(group):
            findings.wrong(("paid once", index), "repeated-name", "a standard twice in one group", "each once")


# --- names that nothing uses --------------------------------------------------------------------------------


def _check_used(findings: Findings, pledge: m.Pledge, standards: list[Found]) -> None:
    used = {pledge.subject}
    calendars: set[str] = set()
    for found in standards:
        used.update(_used_by(found, pledge))
        calendars.update(found.standard.calendars.values())
        calendars.update(
            plain.calendar
            for _, _, limit in limits_of(found)
            for plain in plain_limits(limit)
            if isinstance(plain, m.Within | m.Rated) and plain.calendar
        )
    declared: list[tuple[str, str, Iterable[str], set[str]]] = [
        ("facts", "fact", pledge.facts, used),
        ("details", "detail", pledge.details, used),
        ("rates", "rate", pledge.rates, used),
        ("terms", "term", pledge.terms, used),
        ("calendars", "calendar", pledge.calendars, calendars),
    ]
    for section, what, names, known in declared:
        for name in names:
            if name not in known:
                findings.warn(
                    (section, name),
                    "unused",
                    f"the {what} “{name}”, which no rule uses",
                    "use it, or take it out",
                    "a fact that is only recorded goes under “noted”" if what == "fact" else "",
                )


def _used_by(found: Found, pledge: m.Pledge) -> Iterator[str]:
    standard = found.standard
    yield from (*standard.start.facts.names, *standard.finish.names, *standard.noted)
    for pause in standard.pauses:
        yield from (pause.opens, pause.closes)
    yield from (extension.fact for extension in standard.extensions)
    for _, _, limit in limits_of(found):
        yield from _names_in(limit)
    for path, _, condition in conditions_of(found):
        yield from terms_of(condition, pledge)
        for _, leaf in leaves(condition, pledge.terms, path):
            match leaf:
                case m.Is() | m.Compare() | m.Known():
                    yield leaf.detail
                case m.Happened():
                    yield leaf.fact
                case m.Relative():
                    yield leaf.subject
                    yield from _names_in(leaf.instant)
                case m.OnDay():
                    yield from (leaf.subject, leaf.detail)
                case m.Season() | m.OnWeekday():
                    yield leaf.subject
                case m.Late():
                    pass
    for path, remedy in remedies_of(found):
        yield remedy.done or ""
        yield (remedy.repeated.fact if remedy.repeated else None) or ""
        for _, choice in amounts_of(path, remedy):
            for line in choice:
                for part in parts_of(line.value):
                    yield from _names_of_part(part)


def terms_of(condition: m.Condition, pledge: m.Pledge) -> Iterator[str]:
    """The terms that a condition uses, and those that these use."""
    waiting, seen = [condition], set[str]()
    while waiting:
        each = waiting.pop()
        if isinstance(each, m.Term) and each.name not in seen and each.name in pledge.terms:
            seen.add(each.name)
            yield each.name
            waiting.append(pledge.terms[each.name])
        elif isinstance(each, m.AllOf | m.AnyOf | m.NoneOf):
            waiting += each.parts


def _names_in(limit: m.Limit) -> Iterator[str]:
    for plain in plain_limits(limit):
        if isinstance(plain, m.Rated):
            yield plain.rate
        anchor = (plain.detail if isinstance(plain, m.Window) else plain.anchor) or ""
        timed = m.time_on(anchor)
        yield timed[1] if timed else anchor


def _names_of_part(part: m.Part) -> Iterator[str]:
    match part:
        case m.Named():
            yield part.name
        case m.Share():
            yield str(part.percent)
        case m.Divided():
            yield str(part.by)
        case m.Times():
            yield str(part.times)
        case m.Sum() | m.GreaterOf() | m.LesserOf():
            pass
