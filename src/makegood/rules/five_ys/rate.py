"""Rating a typed pledge: what it commits to, counted and compared with the table of thresholds."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from datetime import date

from ..language import model as m
from . import thresholds as table
from .ratings import Criterion, Raise, Rating, Reason, Scores


def score(pledge: m.Pledge, *, evidence: Mapping[str, str] | None = None) -> Scores:
    """Rate a pledge on the five Ys, 1 to 5 stars each, or unknown where a claim has no evidence or a deadline is open.

    `evidence` shows that the pledge is published: from the words of a `published` entry to what shows that it is
    there; it adds to the evidence in the pledge itself. Standards are those of the latest version. Where standards
    differ, the weakest decides. The criteria are those of the Communities in Control remedy review (2008).

    >>> from makegood.rules import read_pledge
    >>> promise = read_pledge('''
    ... pledge: parcel
    ... title: Your parcel
    ... facts: {sent: we send it, came: it comes}
    ... standards:
    ...   bring: {when: sent, we will: came, within: 24 hours, if we do not: [{pay: £5, within: 2 calendar days}]}
    ... ''')
    >>> score(promise).stars
    {'transparency': 1, 'simplicity': 5, 'speed': 4, 'ease': 5, 'flexibility': 1}
    """
    standards = _latest(pledge)
    rules = rules_of(standards)
    promised = [standard for standard in standards if not is_duty(standard)]
    return Scores(
        pledge=pledge.name,
        ratings=(
            _transparency(pledge, rules, evidence or {}),
            _simplicity(rules),
            _weakest(Criterion.SPEED, promised, lambda standard: _speed(standard, pledge)),
            _weakest(Criterion.EASE, promised, _ease),
            _weakest(Criterion.FLEXIBILITY, promised, _flexibility),
        ),
    )


def _latest(pledge: m.Pledge) -> tuple[m.Standard, ...]:
    latest = max(pledge.versions, key=lambda version: version.first or date.min, default=None)
    return (latest.standards if latest else ()) or pledge.standards


def is_duty(standard: m.Standard) -> bool:
    """Whether a standard is a duty of the customer: what follows its breach is a charge, and no remedy.

    >>> charge = m.Remedy(kind=m.Remedying.CHARGE)
    >>> facts = m.Facts(names=("a",))
    >>> is_duty(m.Standard(name="be-in", start=m.Start(facts=facts), finish=facts, within=(), remedies=(charge,)))
    True
    """
    kinds = {remedy.kind for remedy in standard.remedies} - {m.Remedying.DISCRETION}
    return kinds == {m.Remedying.CHARGE}


# --- rules -------------------------------------------------------------------------------------------


def rules_of(standards: tuple[m.Standard, ...]) -> dict[str, int]:
    """What a customer has to understand, counted by kind.

    Each standard; each line of a limit or sum that has several; pauses and extensions; each reason for which nothing
    is owed; each step, floor, cap, repetition, ceiling and condition of a remedy, and a top-up.

    >>> rules_of(())
    {'standards': 0, 'lines': 0, 'moves': 0, 'exceptions': 0, 'conditions': 0}
    """
    found = dict.fromkeys(("standards", "lines", "moves", "exceptions", "conditions"), 0)
    for standard in standards:
        found["standards"] += 1
        found["lines"] += _lines(standard.within) + sum(_compound(option.value) for option in standard.within)
        found["moves"] += len(standard.pauses) + len(standard.extensions)
        exclusions = (*standard.void, *standard.excused)
        found["exceptions"] += sum(_ways(exclusion.condition) for exclusion in exclusions)
        for remedy in _all(standard.remedies):
            found["lines"] += _lines(remedy.amount)
            found["conditions"] += _conditions(remedy)
    return found


def _lines(choice: m.Choice[m.T]) -> int:
    return len(choice) if len(choice) > 1 else 0


def _compound(limit: m.Limit) -> int:
    return isinstance(limit, m.EarlierOf | m.LaterOf)


def _ways(condition: m.Condition) -> int:
    return sum(_ways(part) for part in condition.parts) if isinstance(condition, m.AnyOf) else 1


def _conditions(remedy: m.Remedy) -> int:
    amounts = [option.value for option in remedy.amount]
    inside = sum(len(amount.steps) + (amount.floor is not None) + (amount.cap is not None) for amount in amounts)
    named = (remedy.condition, remedy.extinguished, remedy.repeated)
    return inside + sum(each is not None for each in named) + len(remedy.ceilings) + bool(remedy.if_late)


def _all(remedies: tuple[m.Remedy, ...]) -> Iterator[m.Remedy]:
    for remedy in remedies:
        yield remedy
        yield from _all(remedy.choices)


def _simplicity(rules: Mapping[str, int]) -> Rating:
    count = sum(rules.values())
    stars = next((stars for most, stars in table.SIMPLICITY if count <= most), 1)
    values = {"rules": str(count)} | {kind: str(number) for kind, number in rules.items()}
    reason = Reason(id=f"simplicity.{'one-rule' if count == 1 else 'rules'}", stars=stars, values=values)
    fewer = max((most for most, better in table.SIMPLICITY if better == stars + 1), default=0)
    raises = (Raise(id="simplicity.fewer", values={"most": str(fewer), "rules": str(count)}),) if fewer else ()
    return Rating(criterion=Criterion.SIMPLICITY, stars=stars, reasons=(reason,), raises=raises)


# --- transparency ------------------------------------------------------------------------------------


def _transparency(pledge: m.Pledge, rules: Mapping[str, int], evidence: Mapping[str, str]) -> Rating:
    shown = [(place, place.evidence or evidence.get(place.where, "")) for place in pledge.published]
    proven = [(place.where, proof) for place, proof in shown if proof.strip()]
    if pledge.published and not proven:
        where = {"where": pledge.published[0].where}
        return Rating(
            criterion=Criterion.TRANSPARENCY,
            stars=None,
            reasons=(Reason(id="transparency.unproven", values=where),),
            raises=(Raise(id="transparency.prove", values=where),),
        )
    reasons: list[Reason] = []
    raises: list[Raise] = []
    count = sum(rules.values())
    if proven:
        reasons.append(_because("transparency.published", table.PUBLISHED, where=proven[0][0], evidence=proven[0][1]))
        readable = next((stars for most, stars in table.READABLE if count <= most), 0)
        if readable:
            reasons.append(_because("transparency.readable", readable, rules=count))
        if readable < table.READABLE[0][1]:
            most = next(most for most, stars in reversed(table.READABLE) if stars > readable)
            raises.append(Raise(id="transparency.shorten", values={"most": str(most), "rules": str(count)}))
    else:
        reasons.append(_because("transparency.nowhere", 1))
        raises.append(Raise(id="transparency.publish"))
    if pledge.told_every:
        reasons.append(_because("transparency.told", table.TOLD, often=pledge.told_every))
    else:
        raises.append(Raise(id="transparency.tell"))
    if not pledge.source:
        over = sum(reason.stars for reason in reasons) - table.WITHOUT_SOURCE_AT_MOST
        if over > 0:
            reasons.append(_because("transparency.no-source", -over))
            raises.append(Raise(id="transparency.name-source"))
    return _rating(Criterion.TRANSPARENCY, reasons, raises)


def _because(message: str, stars: int, **values: object) -> Reason:
    return Reason(id=message, stars=stars, values={name: str(value) for name, value in values.items()})


def _rating(criterion: Criterion, reasons: list[Reason], raises: list[Raise]) -> Rating:
    stars = sum(reason.stars for reason in reasons)
    if stars < 1:
        reasons.append(_because("at-least-one", 1 - stars))
        stars = 1
    return Rating(criterion=criterion, stars=stars, reasons=tuple(reasons), raises=tuple(raises))


# --- the remedies of one standard --------------------------------------------------------------------


def _weakest(criterion: Criterion, standards: list[m.Standard], rate: Callable[[m.Standard], Rating]) -> Rating:
    """The rating of the standard that does worst, with what would raise it and all that do as badly."""
    if not standards:
        return Rating(criterion=criterion, stars=None, reasons=(Reason(id="no-promise"),))
    return _worst([rate(standard) if standard.remedies else _no_remedy(criterion, standard) for standard in standards])


def _worst(ratings: list[Rating]) -> Rating:
    """The first of the lowest ratings; what cannot be told is lowest. All the lowest have to be raised."""
    worst = min(ratings, key=lambda rating: rating.stars or 0)
    raises: list[Raise] = []
    for rating in ratings:
        if rating.stars == worst.stars:
            raises += [each for each in rating.raises if each not in raises]
    return replace(worst, raises=tuple(raises))


def _no_remedy(criterion: Criterion, standard: m.Standard) -> Rating:
    values = {"standard": standard.name}
    return Rating(
        criterion=criterion,
        stars=1,
        reasons=(Reason(id="no-remedy", stars=1, values=values),),
        raises=(Raise(id="add-remedy", values=values),),
    )


def _rated(standard: m.Standard) -> list[m.Remedy]:
    """The remedies of a standard whose coming is rated; of a choice, everything that may be chosen."""
    proper = [remedy for remedy in standard.remedies if remedy.kind in table.PROPER]
    own = proper or [remedy for remedy in standard.remedies if remedy.kind is not m.Remedying.DISCRETION]
    return [taken for remedy in own or standard.remedies for taken in _taken(remedy)]


_HARDER = (m.Route.AUTOMATIC, m.Route.AFTER_REPORT, m.Route.CLAIM)


def _taken(remedy: m.Remedy) -> Iterator[m.Remedy]:
    if remedy.kind is not m.Remedying.CHOICE or not remedy.choices:
        yield remedy
        return
    for choice in remedy.choices:
        for taken in _taken(choice):
            # What is chosen has to be got on its own route and on that of the choice: the harder one counts.
            harder = max(remedy.route, taken.route, key=_HARDER.index)
            spans = [each.claim_within for each in (taken, remedy) if isinstance(each.claim_within, m.Within)]
            yield replace(
                taken,
                within=taken.within or remedy.within,
                route=harder,
                claim_within=min(spans, key=_span) if spans else taken.claim_within or remedy.claim_within,
                evidence=taken.evidence or remedy.evidence,
            )


# --- speed -------------------------------------------------------------------------------------------


def _speed(standard: m.Standard, pledge: m.Pledge) -> Rating:
    return _worst([_speed_of(remedy, standard, pledge) for remedy in _rated(standard)])


def _speed_of(remedy: m.Remedy, standard: m.Standard, pledge: m.Pledge) -> Rating:
    named = {"standard": standard.name, "remedy": str(remedy.kind)}
    hours = 0.0 if remedy.kind is m.Remedying.DEEMED and not remedy.within else _hours(remedy.within, pledge)
    if hours is None:
        return Rating(
            criterion=Criterion.SPEED,
            stars=None,
            reasons=(Reason(id="speed.no-deadline", values=named),),
            raises=(Raise(id="speed.set-deadline", values=named),),
        )
    alone = next((stars for most, stars in table.SPEED if hours <= most), 1)
    slowed = table.CLAIM_SLOWS if remedy.route is m.Route.CLAIM else 0
    stars = max(alone - slowed, 1)
    step = "at-once" if alone == table.MOST_STARS else "comes"
    reasons = [_because(f"speed.{step}", alone, length=_length(hours), **named)]
    raises = []
    target = stars + slowed + 1
    if target <= table.MOST_STARS:
        most = max(most for most, better in table.SPEED if better == target)
        raises.append(Raise(id="speed.sooner", values=named | {"length": _length(most), "hours": str(most)}))
    if slowed:
        reasons.append(_because("speed.waits-for-claim", -slowed, **named))
        if alone > stars:
            raises.append(Raise(id="speed.without-claim", values=named))
    return _rating(Criterion.SPEED, reasons, raises)


def _hours(limit: m.Limit | None, pledge: m.Pledge) -> float | None:
    """About how many hours a remedy takes, from the instant that its limit counts from; `None` if not told."""
    match limit:
        case m.Within():
            return 0.0 if limit.before else float(limit.count) * table.HOURS[limit.unit]
        case m.Rated():
            lengths = [rate.value for rate in pledge.rates[limit.rate] if isinstance(rate.value, m.Within)]
            return _hours(lengths[-1], pledge) if lengths else None
        case m.EarlierOf() | m.LaterOf():
            both = [_hours(part, pledge) for part in limit.limits]
            known = [hours for hours in both if hours is not None]
            if isinstance(limit, m.LaterOf):
                return max(known) if len(known) == len(both) else None
            return min(known, default=None)
        case m.At(anchor="the start" | "the finish" | "the deadline" | "the breach"):
            return 24.0 if limit.end_of_day else 0.0
        case _:
            return None


def _length(hours: float) -> str:
    if hours < 48:
        return f"{hours:.3g} hour{'' if hours == 1 else 's'}"
    return f"{hours / 24:.3g} days"


# --- ease --------------------------------------------------------------------------------------------


def _ease(standard: m.Standard) -> Rating:
    return _worst([_ease_of(remedy, standard) for remedy in _rated(standard)])


def _ease_of(remedy: m.Remedy, standard: m.Standard) -> Rating:
    named = {"standard": standard.name, "remedy": str(remedy.kind)}
    troubles: dict[str, int] = {}
    if remedy.route is m.Route.AFTER_REPORT:
        troubles["report"] = table.MUST_REPORT
    if remedy.route is m.Route.CLAIM:
        troubles["claim"] = table.MUST_CLAIM
        if isinstance(remedy.claim_within, m.Within) and _span(remedy.claim_within) <= table.HURRY_HOURS:
            troubles["hurry"] = table.MUST_HURRY
    if remedy.evidence:
        troubles["proof"] = table.MUST_PROVE
    if any(not (exclusion.evidence or exclusion.decided_by) for exclusion in standard.excused):
        troubles["unproven-excuse"] = table.EXCUSED_WITHOUT_PROOF
    reasons = [_because("ease.nothing-to-do", table.MOST_STARS, **named)]
    reasons += [_because(f"ease.{trouble}", -stars, **named) for trouble, stars in troubles.items()]
    left = table.MOST_STARS - sum(troubles.values())
    saved = troubles | ({"claim": troubles["claim"] + troubles.get("hurry", 0)} if "claim" in troubles else {})
    raises = [
        Raise(id=f"ease.without-{trouble}", values=named)
        for trouble, stars in saved.items()
        if left + stars > max(left, 1)
    ]
    return _rating(Criterion.EASE, reasons, raises)


def _span(limit: m.Within) -> float:
    return float(limit.count) * table.HOURS[limit.unit]


# --- flexibility -------------------------------------------------------------------------------------


def _flexibility(standard: m.Standard) -> Rating:
    every = list(_all(standard.remedies))
    containers = (m.Remedying.CHOICE, m.Remedying.DISCRETION, m.Remedying.CHARGE)
    kinds = sorted({str(remedy.kind) for remedy in every if remedy.kind not in containers})
    named = {"standard": standard.name}
    reasons = [_because("flexibility.remedy", 1, **named)]
    raises = []
    further = next((stars for least, stars in table.KINDS if len(kinds) >= least), 0)
    if further:
        reasons.append(_because("flexibility.kinds", further, count=len(kinds), kinds=", ".join(kinds), **named))
    if further < table.KINDS[0][1]:
        least = next(least for least, stars in reversed(table.KINDS) if stars > further)
        raises.append(Raise(id="flexibility.more-kinds", values=named | {"least": str(least)}))
    if any(remedy.instead or len(remedy.choices) > 1 for remedy in every):
        reasons.append(_because("flexibility.choice", table.CHOICE, **named))
    else:
        raises.append(Raise(id="flexibility.offer-choice", values=named))
    if any(remedy.kind is m.Remedying.DISCRETION for remedy in every):
        reasons.append(_because("flexibility.discretion", table.DISCRETION, **named))
    else:
        raises.append(Raise(id="flexibility.allow-discretion", values=named))
    return _rating(Criterion.FLEXIBILITY, reasons, raises)
