"""The words of the five Ys: a catalogue of messages, and scores said as text, Markdown or data."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any, Literal

from .ratings import Raise, Rating, Reason, Scores
from .thresholds import MOST_STARS

Form = Literal["text", "markdown", "json"]

ENGLISH: Mapping[str, str] = {
    "heading": "The five Ys of {pledge}",
    "name.transparency": "Transparency",
    "name.simplicity": "Simplicity",
    "name.speed": "Speed",
    "name.ease": "Ease",
    "name.flexibility": "Flexibility",
    "stars": "{stars} of {most}",
    "unknown": "unknown",
    "raise": "To raise it: {what}",
    "at-least-one": "no promise has less than one star",
    "no-promise": "it makes no promise to the customer",
    "no-remedy": "nothing is owed when “{standard}” is missed",
    "add-remedy": "say what is owed when “{standard}” is missed",
    "transparency.unproven": "it is said to be published ({where}), but nothing shows that it is",
    "transparency.prove": "give the evidence that it is published: {where}",
    "transparency.published": "published: {where} (shown by: {evidence})",
    "transparency.nowhere": "it names no place where people can find it",
    "transparency.publish": "publish it where people use the service, and say where",
    "transparency.readable": "short enough to be read where it stands: {rules} in all to understand",
    "transparency.shorten": "bring it down from {rules} things to understand to {most}",
    "transparency.told": "customers are told of it without asking, every {often}",
    "transparency.tell": "tell customers of it regularly, without their asking",
    "transparency.no-source": "it does not say which law, code or policy it rests on",
    "transparency.name-source": "name the law, code or policy that it rests on",
    "simplicity.one-rule": "one rule, and nothing else to understand",
    "simplicity.rules": (
        "{rules} things to understand (standards: {standards}, lines of limits and sums: {lines}, pauses and "
        "extensions: {moves}, exceptions: {exceptions}, conditions of the remedy: {conditions})"
    ),
    "simplicity.fewer": "bring it down from {rules} things to understand to {most}",
    "speed.no-deadline": "it does not say by when the remedy for “{standard}” ({remedy}) comes",
    "speed.set-deadline": "set a deadline for the remedy of “{standard}” ({remedy})",
    "speed.at-once": "the remedy for “{standard}” ({remedy}) comes at once",
    "speed.comes": "the remedy for “{standard}” ({remedy}) comes within about {length}",
    "speed.sooner": "let the remedy for “{standard}” ({remedy}) come within {length}",
    "speed.waits-for-claim": "and only after the customer has claimed it",
    "speed.without-claim": "do not wait for a claim before giving the remedy for “{standard}” ({remedy})",
    "ease.nothing-to-do": "at best, the remedy for “{standard}” ({remedy}) needs nothing from the customer",
    "ease.report": "but the customer must notice the failure and report it",
    "ease.without-report": "notice failures of “{standard}” yourselves instead of waiting for a report",
    "ease.claim": "but the customer must notice the failure and claim",
    "ease.without-claim": "give the remedy for “{standard}” ({remedy}) without a claim",
    "ease.hurry": "within a short time",
    "ease.without-hurry": "leave more time to claim, or need no claim",
    "ease.proof": "but the customer must prove something",
    "ease.without-proof": "ask the customer for no proof: the provider's own records show “{standard}”",
    "ease.unproven-excuse": "but an excuse counts without saying what the provider must show, or who decides",
    "ease.without-unproven-excuse": "say what the provider must show, or who decides, before “{standard}” is excused",
    "flexibility.remedy": "there is a remedy for “{standard}”",
    "flexibility.kinds": "of {count} kinds: {kinds}",
    "flexibility.more-kinds": "offer at least {least} kinds of remedy for “{standard}”: most people want an apology",
    "flexibility.choice": "the customer has a choice",
    "flexibility.offer-choice": "let the customer choose what suits them when “{standard}” is missed",
    "flexibility.discretion": "the staff may add something for the person before them",
    "flexibility.allow-discretion": "let the staff add something when “{standard}” is missed",
}
"""The messages in English; another language has the same ids and the same values in braces."""


def say_scores(scores: Scores, form: Form = "text", *, words: Mapping[str, str] = ENGLISH) -> str:
    """Say the scores: the stars of each Y with the reason for each, and what would raise them.

    `form` is text, markdown or json; `words` is a catalogue with the ids of `ENGLISH`. Ends with a line break.

    >>> from .ratings import Criterion
    >>> speed = Rating(criterion=Criterion.SPEED, stars=3, reasons=(Reason(id="at-least-one", stars=3),))
    >>> print(say_scores(Scores(pledge="bins", ratings=(speed,))), end="")
    The five Ys of bins
    <BLANKLINE>
    Speed         ★★★☆☆  3 of 5
      +3  no promise has less than one star
    """
    match form:
        case "json":
            return json.dumps(scores_data(scores, words=words), ensure_ascii=False, indent=2) + "\n"
        case "markdown":
            lines = [f"# {words['heading'].format(pledge=scores.pledge)}"]
            for rating in scores.ratings:
                lines += ["", f"## {words[f'name.{rating.criterion}']}: {_stars(rating, words)}", ""]
                lines += [f"- {_signed(reason)}{_said(reason, words)}" for reason in rating.reasons]
                lines += [f"- *{words['raise'].format(what=_said(each, words))}*" for each in rating.raises]
        case "text":
            lines = [words["heading"].format(pledge=scores.pledge)]
            for rating in scores.ratings:
                lines += ["", f"{words[f'name.{rating.criterion}']:<13} {_stars(rating, words)}"]
                lines += [f"  {_signed(reason):<4}{_said(reason, words)}" for reason in rating.reasons]
                lines += [f"    → {words['raise'].format(what=_said(each, words))}" for each in rating.raises]
    return "\n".join(lines) + "\n"


def scores_data(scores: Scores, *, words: Mapping[str, str] = ENGLISH) -> dict[str, Any]:
    """The scores as plain data: for each Y its stars (null when unknown), reasons, and what would raise it.

    >>> scores_data(Scores(pledge="bins", ratings=()))
    {'pledge': 'bins', 'ratings': []}
    """
    return {
        "pledge": scores.pledge,
        "ratings": [
            {
                "criterion": str(rating.criterion),
                "stars": rating.stars,
                "of": MOST_STARS,
                "reasons": [
                    {"id": each.id, "stars": each.stars, "values": dict(each.values), "words": _said(each, words)}
                    for each in rating.reasons
                ],
                "raise": [
                    {"id": each.id, "values": dict(each.values), "words": _said(each, words)} for each in rating.raises
                ],
            }
            for rating in scores.ratings
        ],
    }


def _stars(rating: Rating, words: Mapping[str, str]) -> str:
    if rating.stars is None:
        return words["unknown"]
    drawn = "★" * rating.stars + "☆" * (MOST_STARS - rating.stars)
    return f"{drawn}  {words['stars'].format(stars=rating.stars, most=MOST_STARS)}"


def _signed(reason: Reason) -> str:
    return f"{reason.stars:+d}  ".replace("-", "−") if reason.stars else ""


def _said(message: Reason | Raise, words: Mapping[str, str]) -> str:
    return words[message.id].format_map(message.values)
