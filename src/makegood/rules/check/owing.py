"""Remedies that can never be owed, and standards that can never be kept or never be broken."""

from __future__ import annotations

from ..language import model as m
from ..language.write import say_amount, say_ceiling, say_limit, say_part
from .parts import Found, amounts_of, plain_limits, remedies_of
from .places import Findings, Path


def check_owing(findings: Findings, pledge: m.Pledge, found: Found) -> None:
    """What one standard makes impossible by itself, whatever the case."""
    _check_finish(findings, found)
    _check_pauses(findings, found)
    for path, remedy in remedies_of(found):
        if remedy.if_late and not (remedy.within and remedy.done):
            lacking = "within" if not remedy.within else "done when"
            findings.wrong(
                (*path, "if late"),
                "never-owed",
                f"“if late” without “{lacking}”: it can never be owed",
                "the remedy's own deadline (within) and the fact that shows that it was given (done when)",
                f"add “{lacking}: …”",
            )
        if remedy.done and not remedy.within:
            findings.warn(
                (*path, "done when"),
                "no-effect",
                "“done when” without a deadline of the remedy",
                "within: 20 working days",
            )
        for index, ceiling in enumerate(remedy.ceilings):
            if ceiling.payments == 0 or ceiling.pounds == 0:
                findings.wrong(
                    (*path, "no more than", index),
                    "never-owed",
                    f"“{say_ceiling(ceiling)}”: this remedy can never be owed",
                    "at least one payment",
                )
        for amount_path, choice in amounts_of(path, remedy):
            for index, line in enumerate(choice):
                _check_amount(findings, (*amount_path, index), line.value)


def _check_finish(findings: Findings, found: Found) -> None:
    standard = found.standard
    path = (*found.path, "we will")
    starts = set(standard.start.facts.names)
    plains = [plain for option in standard.within for plain in plain_limits(option.value)]
    from_start = all(isinstance(plain, m.Within | m.Rated) and not plain.anchor for plain in plains)
    first = standard.finish.together is m.Together.FIRST or len(standard.finish.names) == 1
    if (
        first
        and from_start
        and starts & set(standard.finish.names)
        and standard.start.facts.together is m.Together.FIRST
    ):
        shared = sorted(starts & set(standard.finish.names))[0]
        findings.wrong(
            path,
            "never-owed",
            f"“{shared}” both starts and finishes it, so that it can never be broken",
            "another fact that finishes it",
        )
    for index, option in enumerate(standard.within):
        limit = option.value
        if isinstance(limit, m.Within) and limit.less_than and not limit.count and not limit.anchor:
            findings.wrong(
                (*found.path, "within", index),
                "never-kept",
                f"“{say_limit(limit)}” is over before it begins: it can never be kept",
                "a time that is not nothing",
            )
        if (
            isinstance(limit, m.Within | m.Rated)
            and limit.before
            and not standard.early_counts
            and limit.anchor in {"the start", *starts}
        ):
            findings.wrong(
                (*found.path, "within", index),
                "never-kept",
                f"a limit before “{limit.anchor}”, which starts it: it can never be kept",
                "a finish that may come before the start",
                "add “early counts: yes”",
            )


def _check_pauses(findings: Findings, found: Found) -> None:
    for index, pause in enumerate(found.standard.pauses):
        if pause.opens == pause.closes:
            findings.wrong(
                (*found.path, "paused", index, "until"),
                "no-effect",
                f"“{pause.opens}” both stops the clock and lets it run",
                "another fact that lets it run again",
            )


def _is_nothing(part: m.Part) -> bool:
    """Whether a sum is £0 whatever the case and the date."""
    match part:
        case m.Sum():
            return part.pounds == 0
        case m.Named():
            return False
        case m.Share():
            return part.percent == 0 or _is_nothing(part.of)
        case m.Divided():
            return _is_nothing(part.part)
        case m.Times():
            return part.times == 0 or _is_nothing(part.part)
        case m.GreaterOf():
            return all(map(_is_nothing, part.parts))
        case m.LesserOf():
            return any(map(_is_nothing, part.parts))


def _check_amount(findings: Findings, path: Path, amount: m.Amount) -> None:
    said = say_amount(amount)
    paying = [
        part for part in (amount.first, *(step.part for step in amount.steps if step.most != 0), amount.floor) if part
    ]
    if (amount.cap and _is_nothing(amount.cap)) or all(map(_is_nothing, paying)):
        findings.wrong(
            path,
            "never-owed",
            f"“{said}” is nothing: it can never be owed",
            "a sum of more than £0",
            "leave the line out if nothing is owed",
        )
        return
    cap = amount.cap.pounds if isinstance(amount.cap, m.Sum) else None
    for part, what in ((amount.floor, "a floor"), (amount.first, "a first sum")):
        if cap is not None and isinstance(part, m.Sum) and part.pounds > cap:
            findings.wrong(
                path,
                "units",
                f"{what} of {say_part(part)} above the cap of {say_part(m.Sum(pounds=cap))}",
                "a cap that is not below it",
            )
    if amount.cap and not amount.steps and isinstance(amount.first, m.Sum) and not amount.floor and cap is not None:
        findings.warn(path, "no-effect", f"a cap on a flat sum in “{said}”", "a cap on a sum that grows")
