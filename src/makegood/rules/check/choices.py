"""Lists of “… if …” lines: no case without a line, no band twice, no line or condition that never applies."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from ..language import model as m
from .parts import Found, amounts_of, leaves, lengths_of, plain_limits, remedies_of
from .places import Findings, Path
from .regions import MOST, Map, common_words
from .truth import Case, Key, truth

_ORDERED = ("late", "season")


def check_choices(findings: Findings, pledge: m.Pledge, found: Found) -> None:
    """Every list of lines and every condition of one standard."""
    checking = _Checking(findings, pledge, found)
    standard, path = found.standard, found.path
    given = [standard.only_for] if standard.only_for else []
    if standard.only_for:
        checking.condition((*path, "only for"), standard.only_for, [], "it leaves out every case", "void")
    for key, exclusions in (("void if", standard.void), ("excused if", standard.excused)):
        for index, each in enumerate(exclusions):
            checking.condition((*path, key, index, "if"), each.condition, given, "it can never hold", key)
    checking.choice((*path, "within"), standard.within, given, "a limit")
    for index, extension in enumerate(standard.extensions):
        checking.choice((*path, "extended", index, "to"), extension.to, given, "a limit")
    for remedy_path, remedy in remedies_of(found):
        mine = [*given, remedy.condition] if remedy.condition else given
        if remedy.condition:
            checking.condition((*remedy_path, "if"), remedy.condition, given, "this remedy can never be owed", "")
        if remedy.extinguished:
            checking.condition((*remedy_path, "nothing is owed if"), remedy.extinguished, mine, "", "remedy")
        for amount_path, choice in amounts_of(remedy_path, remedy):
            checking.choice(amount_path, choice, mine, "a sum")


class _Checking:
    def __init__(self, findings: Findings, pledge: m.Pledge, found: Found) -> None:
        self.findings, self.pledge, self.standard = findings, pledge, found.standard
        self.least_late = least_lateness(found.standard, pledge)
        start = found.standard.start
        alone = len(start.facts.names) == 1 and not start.or_when_runs_out
        self.certain = start.facts.names if alone else ()

    def map(self, conditions: Sequence[m.Condition]) -> Map:
        return Map(self.pledge, conditions, least_late=self.least_late, certain=self.certain)

    def holds(self, conditions: Sequence[m.Condition], case: Case) -> bool:
        return all(truth(condition, case, self.pledge) is not False for condition in conditions)

    # -- one condition

    def condition(self, path: Path, condition: m.Condition, given: list[m.Condition], never: str, always: str) -> None:
        """Say when a condition never holds (and what follows from it), or always, where that makes no sense."""
        around = self.map([condition, *given])
        answers = {truth(condition, case, self.pledge) for case in around.cases() if self.holds(given, case)}
        if not answers or not around.exact:
            return
        if answers == {False}:
            code = "never-owed" if "owed" in never else "contradiction"
            self.findings.wrong(
                path,
                code,
                f"a condition that never holds: {never}" if never else "a condition that never holds",
                "a condition that some case can meet",
                self._why(condition, given),
            )
        elif answers == {True} and always:
            if always == "remedy":
                self.findings.wrong(
                    path,
                    "never-owed",
                    "a condition that always holds: this remedy can never be owed",
                    "a condition that some case does not meet",
                )
            else:
                self.findings.wrong(
                    path, "contradiction", "a condition that always holds", "a condition that some case does not meet"
                )

    def _why(self, condition: m.Condition, given: list[m.Condition]) -> str:
        late = any(isinstance(leaf, m.Late) for _, leaf in leaves(condition, self.pledge.terms, ()))
        if late:
            return "what is broken is later than that: see “within” and “late from”"
        return "compare it with “only for”" if given else ""

    # -- a list of lines

    def choice(self, path: Path, choice: m.Choice[Any], given: list[m.Condition], what: str) -> None:
        """Say which cases no line covers, which lines no case reaches, and which bands two lines share."""
        conditions = [line.condition for line in choice if line.condition]
        if not conditions:
            return
        related = self._related(conditions)
        around = self.map([*conditions, *given, *related])
        if around.size > MOST:
            self.findings.warn(
                path,
                "not-checked",
                f"a list with {around.size:,} combinations of answers, too many to look at each",
                "fewer different questions in one list",
            )
            return
        gaps: list[Case] = []
        answers: list[tuple[bool | None, ...]] = []
        reached: set[int] = set()
        for case in around.cases():
            if not self.holds(given, case) or any(truth(each, case, self.pledge) for each in related):
                continue
            row = tuple(line.condition is None or truth(line.condition, case, self.pledge) for line in choice)
            answers.append(row)
            first = next((index for index, answer in enumerate(row) if answer is not False), None)
            if first is not None and row[first]:
                reached.add(first)
            elif first is None and not any(spot.open for spot in case.values()):
                gaps.append(case)
        self._say_gaps(path, gaps, around, what)
        self._say_unreached(path, choice, reached, answers)
        self._say_overlaps(path, choice, answers)

    def _related(self, conditions: list[m.Condition]) -> list[m.Condition]:
        """What voids or excuses a case by the very answers that the lines ask for: such a case needs no line."""
        asked = set(self.map(conditions).axes)
        exclusions = [each.condition for each in (*self.standard.void, *self.standard.excused)]
        return [each for each in exclusions if set(self.map([each]).axes) <= asked]

    def _say_gaps(self, path: Path, gaps: list[Case], around: Map, what: str) -> None:
        if not gaps:
            return
        words = common_words(gaps, around.axes)
        mend = f"add a line “… if {words}”, or let the last line end in “otherwise”"
        doubtful = not around.exact or all(any(spot.between for spot in case.values()) for case in gaps)
        say = self.findings.warn if doubtful else self.findings.wrong
        say(path, "gap", f"no line for cases where {words}", f"{what} for every case", mend)

    def _say_unreached(
        self, path: Path, choice: m.Choice[Any], reached: set[int], answers: list[tuple[bool | None, ...]]
    ) -> None:
        for index, line in enumerate(choice):
            if index in reached:
                continue
            if line.condition is None:
                self.findings.warn((*path, index), "never-reached", "an “otherwise” that no case is left for")
            elif any(row[index] for row in answers):
                self.findings.wrong(
                    (*path, index),
                    "never-reached",
                    "a line that no case reaches: those above it take them all",
                    "narrower lines first",
                    "move it up, or take it out",
                )
            else:
                self.findings.wrong(
                    (*path, index),
                    "never-reached",
                    "a line whose condition no case meets",
                    "a condition that some case can meet",
                    self._why(line.condition, []),
                )

    def _say_overlaps(self, path: Path, choice: m.Choice[Any], answers: list[tuple[bool | None, ...]]) -> None:
        """Pairs of lines with cases in common and each with cases of its own: wider lines below are a cascade."""
        yes = [_marks(row[index] is True for row in answers) for index in range(len(choice))]
        no = [_marks(row[index] is False for row in answers) for index in range(len(choice))]
        for later, line in enumerate(choice):
            for earlier in range(later):
                other = choice[earlier]
                if line.condition is None or other.condition is None or line.value == other.value:
                    continue
                both = yes[earlier] & yes[later]
                if not (both and yes[earlier] & no[later] and no[earlier] & yes[later]):
                    continue
                banded = self._bands(line.condition) & self._bands(other.condition)
                say = self.findings.wrong if banded else self.findings.warn
                say(
                    (*path, later),
                    "overlap",
                    f"a line that shares cases with line {earlier + 1} of the list, which takes them",
                    "each case in one line",
                    "change the bounds so that they do not meet" if banded else "",
                )

    def _bands(self, condition: m.Condition) -> set[Key]:
        """The axes with bands that a condition asks about: lateness, seasons, numbers, sums, dates."""
        axes = self.map([condition]).axes
        details = self.pledge.details
        plain = (m.Kind.TEXT, m.Kind.CHOICE, m.Kind.YES_NO)
        return {
            key for key in axes if key[0] in _ORDERED or (key[0] == "detail" and details[str(key[1])].kind not in plain)
        }


def _marks(held: Iterable[bool]) -> int:
    """Some yes and no as the bits of a number, so that many are compared at once."""
    return sum(1 << index for index, each in enumerate(held) if each)


def least_lateness(standard: m.Standard, pledge: m.Pledge) -> int:
    """The least lateness, in seconds, of a broken case: more than the limit when lateness runs from its start."""
    if standard.late_from is None:
        return 1
    late_from = standard.late_from
    if not isinstance(late_from, m.At) or late_from.time is not None or late_from.end_of_day:
        return 0
    anchor = late_from.anchor
    least: list[int] = []
    for option in standard.within:
        if not all(isinstance(plain, m.Within | m.Rated) for plain in plain_limits(option.value)):
            return 0
        for length in lengths_of(option.value, pledge):
            from_start = length.anchor is None and anchor in ("the start", *standard.start.facts.names)
            elapsed = length.unit in m.ELAPSED and not length.before
            same = elapsed and (length.anchor == anchor or (from_start and len(standard.start.facts.names) == 1))
            least.append(int(length.count * m.SECONDS[length.unit]) - length.less_than + 1 if same else 0)
    return min(least, default=0)
