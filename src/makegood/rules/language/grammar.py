"""The keys of a pledge text: which there are, what each holds, and what it is for.

The one table from which the reader checks keys, the JSON Schema is made and the reference page is written.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Key:
    """One key: the shape of its value, its purpose in a sentence, and an example value as it is written."""

    shape: str
    doc: str
    example: str = ""
    required: bool = False


SHAPES = {
    "text": "words for people",
    "name": "a name: letters, digits, - and _, beginning with a letter",
    "date": "a date such as 2026-04-01",
    "instant": "a date and time such as 2026-04-01 09:30, in the pledge's zone unless an offset is given",
    "time": "a time of day such as 17:00",
    "yes": "yes or no",
    "zone": "an IANA time zone such as Europe/London",
    "limit": "a limit such as “2 working days, by 18:00”",
    "limits": "a limit, or a list of “LIMIT if CONDITION” of which the first that applies is taken",
    "condition": "a condition such as “hazard is emergency”; a list means any of them; or any of / all of / none of",
    "exclusions": "a condition or a list; each a phrase, or a mapping with if, because, evidence, decided by",
    "amounts": "an amount such as “£10, then £2 for each further full 24 hours, at most £50”, or a list of "
    "“AMOUNT if CONDITION” of which the first that applies is taken",
    "facts": "a declared fact; “a or b” for whichever is first; “a and b” for when both have happened",
    "start": "as for facts; also “…, or when STANDARD runs out” and “FACT the 3rd time within 6 months”",
    "fact": "a declared fact",
    "standard": "the name of a standard",
    "names": "a list of names",
    "facts-list": "a fact or a list of facts",
    "calendar": "the name of a calendar, or a mapping from “working days”, “school days”, “service hours” to names",
    "repeated": "a repetition such as “the 4th in a year from 1 April”",
    "ceilings": "“5 payments in a year from 1 April” or “£500 in 12 months”, or a list of these",
    "route": "“automatic”, “automatic after a report”, “claim” or “claim within LIMIT”",
    "span-year": "how often, such as “every year”",
    "hours": "“all day”, or windows such as “09:00 to 12:30, 13:00 to 17:00”",
    "basis": "statutory, regulatory or voluntary",
    "money": "a sum such as £100",
    "map": "named values",
    "list": "a list",
}

PLEDGE = {
    "pledge": Key("name", "The short name by which the pledge is called.", "missed-bin", required=True),
    "title": Key("text", "What people call it.", "If we miss your bin", required=True),
    "provider": Key("text", "Who promises.", "Anyborough Council"),
    "about": Key("text", "Which service it is about.", "Waste and recycling"),
    "basis": Key("basis", "Whether law, a regulator or the provider's own will stands behind it.", "voluntary"),
    "source": Key("text", "Where the rule comes from: the law, code or published policy.", "SI 2025/1042"),
    "owner": Key("text", "The role that answers for the promise.", "Head of Waste Services"),
    "review": Key("date", "When it will be looked at again.", "2027-03-31"),
    "published": Key(
        "list",
        "Where people can find it: a place in words, or a mapping with where and evidence.",
        "[on the side of every van]",
    ),
    "told every": Key("text", "How often customers are told of the promise without asking.", "year"),
    "zone": Key("zone", "The time zone of its local dates; Europe/London unless said.", "Europe/London"),
    "calendar": Key("calendar", "The calendar that its days or hours are counted in.", "england-and-wales"),
    "short months": Key(
        "text", "Where a month ends that has no such day: “last day” or “first of the next month”.", "last day"
    ),
    "subject": Key("name", "The detail that says which cases belong together (a property, an account).", "property"),
    "facts": Key(
        "map",
        "What can happen in a case: each fact with its words.",
        "{bin_reported: you tell us that your bin was missed}",
        required=True,
    ),
    "details": Key("map", "What is fixed for a case: each detail with what it holds.", "{fare: money}"),
    "rates": Key(
        "map",
        "Dated sums, percentages, numbers and times, each with its source, apart from the rules.",
        "{daily-rate: [{is: £10.34, from: 2026-04-01}]}",
    ),
    "terms": Key("map", "Conditions that get a name.", "{big-fault: customers_off at least 5000}"),
    "calendars": Key("map", "Calendars that only this pledge uses.", "{our-hours: {…}}"),
    "versions": Key(
        "list", "The periods in which it is in force; always, unless said.", "[{from: 2026-04-01, source: …}]"
    ),
    "standards": Key("map", "The promises: each standard with its rules.", "{collect: {…}}"),
    "paid once": Key(
        "list", "Standards of which one failure is paid once: a list of lists of names.", "[[visit, notice]]"
    ),
    "examples": Key("list", "Test cases: given these facts, expect this outcome.", "[{…}]"),
}

STANDARD = {
    "says": Key("text", "The promise in one sentence, as people would say it.", "We come back for a missed bin."),
    "made by": Key("text", "Who promises, when it is not the provider (“customer” for a duty of theirs).", "customer"),
    "only for": Key("condition", "A filter: a case that it leaves out has no outcome.", "hazard is emergency"),
    "when": Key("start", "The fact that starts it. The first one counts.", "bin_reported", required=True),
    "after missing": Key(
        "standard",
        "A start counts only while this other standard is past its deadline and not finished.",
        "first-repair",
    ),
    "we will": Key(
        "facts", "The fact that finishes it: the first at or after the start.", "bin_collected", required=True
    ),
    "early counts": Key("yes", "A finish before the start counts too.", "yes"),
    "within": Key("limits", "By when.", "2 working days, by 18:00", required=True),
    "calendar": Key("calendar", "The calendar of this standard, when not the pledge's.", "scotland"),
    "short months": Key("text", "As at the top, for this standard.", "last day"),
    "on a closed day": Key("text", "“next open day” moves a day or month deadline off a closed day.", "next open day"),
    "cut-off": Key("time", "A start after this time of day counts as received on the next open day.", "17:00"),
    "start on a closed day": Key("text", "“next open day” counts it as received then.", "next open day"),
    "first day": Key("text", "“counts” makes the day of the start day 1 instead of day 0.", "counts"),
    "version by": Key("text", "“own start”: this standard's own start decides the version.", "own start"),
    "late from": Key("limit", "The instant that lateness runs from, when not the deadline.", "planned_arrival"),
    "paused": Key("list", "Clock stops: each with from, until and because.", "[{from: fee_asked, until: fee_paid}]"),
    "extended": Key(
        "list",
        "Longer limits: each with when, and to or by; times and because.",
        "[{when: answer_extended, to: 20 working days}]",
    ),
    "void if": Key(
        "exclusions",
        "The promise does not cover the case. A fact counts up to the deadline, unless "
        "“at any time” or another instant is said.",
        "bin_problem is not none",
    ),
    "excused if": Key("exclusions", "Nothing is owed. The provider has to show it.", "severe_weather"),
    "noted": Key("facts-list", "Facts that are recorded without any effect on the clock.", "[patient_chose_later]"),
    "at least as good as": Key(
        "text",
        "A standard that this one must not fall behind: STANDARD here, or PLEDGE/STANDARD of a shipped scheme.",
        "legal-answer",
    ),
    "if we do not": Key("list", "What is owed when it is broken, in order.", "[apologise, {pay: £10}]"),
}

REMEDY_KINDS = {
    "apologise": Key("text", "An apology.", "by letter from the head of service"),
    "explain": Key("text", "An explanation of what went wrong.", "why it happened"),
    "find out why": Key("text", "An enquiry into the causes.", "the repairs manager looks into it"),
    "support": Key("text", "Help in coping with what happened.", "a heater while you wait"),
    "put right": Key("text", "The thing itself, corrected.", "the crew comes back the same day"),
    "pay": Key("amounts", "Money.", "£10"),
    "voucher": Key("amounts", "A voucher of so much.", "£10"),
    "give": Key("text", "Something in kind.", "six first class stamps"),
    "deem": Key("text", "What counts as decided because nobody decided in time.", "your challenge is accepted"),
    "charge": Key("amounts", "What the customer owes when a duty of theirs is not kept.", "£100"),
    "choose from": Key("list", "Remedies of which the customer chooses one.", "[{pay: £10}, {give: six stamps}]"),
    "staff may add": Key("money", "Discretion of the staff up to so much on top, never below what is owed.", "£50"),
}

REMEDY = REMEDY_KINDS | {
    "or instead": Key("list", "What the customer may choose in its place, of the same worth.", "[a voucher]"),
    "if": Key("condition", "Owed only if this holds.", "customer is household"),
    "nothing is owed if": Key(
        "condition", "Extinguishes this remedy alone; the standard is still broken.", "longer_time_agreed"
    ),
    "within": Key(
        "limit",
        "The remedy's own deadline, counted from the breach unless another instant is named.",
        "20 working days",
    ),
    "done when": Key("fact", "The fact that shows that the remedy was given.", "payment_made"),
    "if late": Key("amounts", "A top-up when the remedy itself is late.", "£40"),
    "route": Key("route", "Who must act before it comes; automatic unless said.", "claim within 28 calendar days"),
    "evidence": Key("text", "What the customer must show; nothing unless said.", "a photograph of the ticket"),
    "paid by": Key("text", "Who pays, when it is not the provider.", "the operator that caused the delay"),
    "handed over by": Key("text", "Who hands it over.", "the driver"),
    "settled": Key("text", "When a sum that grows is settled.", "when the service is back"),
    "set off against": Key("text", "A debt that it may be used to reduce.", "rent arrears"),
    "repeated": Key(
        "repeated", "Owed only at a repetition among the cases of one subject.", "the 4th in a year from 1 April"
    ),
    "no more than": Key("ceilings", "Caps for one subject in a period.", "5 payments in a year from 1 April"),
}

PAUSE = {
    "from": Key("fact", "The fact that stops the clock.", "fee_asked", required=True),
    "until": Key("fact", "The fact that lets it run again.", "fee_paid", required=True),
    "because": Key("text", "Why, in words for the customer.", "we are waiting for your fee"),
}
EXTENSION = {
    "when": Key("fact", "The fact that extends.", "answer_extended", required=True),
    "to": Key("limits", "The longer limit, counted from the same start.", "20 working days"),
    "by": Key("limit", "So much more each time, instead of “to”.", "5 working days"),
    "times": Key("text", "How often; once unless said.", "2"),
    "because": Key("text", "Why, in words for the customer.", "the case is complex"),
}
EXCLUSION = {
    "if": Key("condition", "When it applies.", "severe_weather", required=True),
    "because": Key("text", "The reason in words for the customer.", "the weather was too bad to drive"),
    "evidence": Key("text", "What the provider must show.", "a Met Office warning"),
    "decided by": Key("text", "The role that decides.", "duty manager"),
}
DETAIL = {
    "is": Key("text", "text, yes or no, one of …, number, money, date or instant.", "one of am, pm", required=True),
    "says": Key("text", "What it means, in words.", "the half of the day that you chose"),
}
RATE = {
    "is": Key("text", "The value: £10.34, 25%, 464 or 20 working days.", "£10.34", required=True),
    "from": Key("date", "Its first day.", "2026-04-01"),
    "until": Key("date", "Its last day.", "2027-03-31"),
    "source": Key("text", "Where the value comes from.", "provider's price list, April 2026"),
}
VERSION = {
    "name": Key("text", "What to call it; its first day unless said.", "2026"),
    "from": Key("date", "Its first day, included.", "2026-04-01"),
    "until": Key("date", "Its last day, included.", "2027-03-31"),
    "source": Key("text", "Where the change comes from.", "Cabinet decision of 3 March 2026"),
    "standards": Key("map", "Its own standards, when they differ from those below.", "{…}"),
}
PUBLISHED = {
    "where": Key("text", "Where it can be found.", "on the side of every van", required=True),
    "evidence": Key("text", "What shows that it is there.", "photograph of 3 May 2026"),
}
CALENDAR = {
    "calendar": Key("name", "Its name.", "contact-centre"),
    "title": Key("text", "What people call it.", "Contact centre hours"),
    "zone": Key("zone", "Its time zone.", "Europe/London"),
    "open": Key("map", "Weekdays or ranges of weekdays with their windows.", "{monday to friday: 09:00 to 17:00}"),
    "closed": Key("list", "Closed days: “2026-12-25 Christmas Day”.", "[2026-12-25 Christmas Day]"),
    "complete": Key("text", "The range for which closed days are known.", "2015-01-01 to 2028-12-31"),
    "closed as in": Key("names", "Calendars whose closed days this one has too.", "[england-and-wales]"),
    "union of": Key("names", "Calendars of which any being closed closes this one.", "[scotland, northern-ireland]"),
    "source": Key("text", "Where the closed days come from.", "GOV.UK bank holidays"),
}
EXAMPLE = {
    "name": Key("text", "What it shows.", "a Thursday miss is collected by Tuesday", required=True),
    "details": Key("map", "The details of the case.", "{hazard: emergency}"),
    "facts": Key(
        "map",
        "The facts: each name with an instant, a list of instants, or {at, recorded at}.",
        "{bin_reported: 2026-05-21 10:00}",
    ),
    "cases": Key("map", "Several cases by name, each with details and facts, instead of those two.", "{first: {…}}"),
    "as of": Key("instant", "The instant from which one looks.", "2026-06-01 12:00", required=True),
    "expect": Key(
        "map",
        "For each standard (or CASE/STANDARD): a status, or status, due and owed.",
        "{collect: kept}",
        required=True,
    ),
}
EXAMPLE_CASE = {key: EXAMPLE[key] for key in ("details", "facts")}
EXPECTED = {
    "status": Key(
        "text", "pending, left out, void, excused, unknown, kept, broken or running.", "broken", required=True
    ),
    "due": Key("instant", "The deadline.", "2026-05-26 18:00"),
    "owed": Key("money", "The sum owed.", "£10"),
}
RECORDED = {
    "at": Key("instant", "When it happened.", "2026-05-01 09:00", required=True),
    "recorded at": Key("instant", "When it became known.", "2026-06-05 09:00", required=True),
}

TABLES = {
    "pledge": PLEDGE,
    "standard": STANDARD,
    "remedy": REMEDY,
    "exclusion": EXCLUSION,
    "pause": PAUSE,
    "extension": EXTENSION,
    "detail": DETAIL,
    "rate": RATE,
    "version": VERSION,
    "published": PUBLISHED,
    "calendar": CALENDAR,
    "example": EXAMPLE,
    "example case": EXAMPLE_CASE,
    "expected": EXPECTED,
    "recorded fact": RECORDED,
}
