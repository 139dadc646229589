"""Mistakes that people make in a pledge: what is written instead of what, and what is said about it.

`▸` stands where the finding must point. An empty code means that nothing is wrong.
"""

from dataclasses import dataclass

SOUND = """\
pledge: damp
title: Damp and mould
calendar: england-and-wales
short months: last day
subject: property

facts:
  reported: you tell us
  visited: we come
  answered: we write to you
  extended: we tell you that we need longer
  fee-asked: we ask for a fee
  fee-paid: you pay it
  paid: we pay you
details:
  hazard: one of emergency, significant
  property: text
  people: number
  rent: money
  visit-date: date
  alone: yes or no
rates:
  daily-rate:
    - {is: £5, until: 2026-03-31}
    - {is: £6, from: 2026-04-01}
terms:
  serious: hazard is emergency and people at least 3

standards:
  visit:
    when: reported
    we will: visited
    within:
      - 24 hours if hazard is emergency
      - 3 working days, by 18:00 if hazard is significant
    void if: visited before 09:00 on visit-date
    if we do not:
      - apologise
      - pay:
          - £10 if under 60 minutes late
          - £20 if 1 to 3 hours late
          - £20, then daily-rate for each further calendar day, at most £100 if at least 4 hours late
        repeated: the 2nd in 12 months
        if: not alone or serious
  answer:
    when: visited
    we will: answered
    within: 10 working days
    paused:
      - {from: fee-asked, until: fee-paid}
    extended:
      - {when: extended, to: 20 working days}
    excused if: serious and alone
    if we do not:
      - pay: 10% of rent
        within: 1 month
        done when: paid
        if late: £40

examples:
  - name: a visit in time
    details: {hazard: emergency, property: "1", people: "2", rent: "400", alone: no, visit-date: 2026-05-01}
    facts: {reported: 2026-05-01 10:00, visited: 2026-05-02 10:00}
    as of: 2026-05-03 12:00
    expect:
      visit: {status: kept, due: 2026-05-02 10:00, owed: £0}
""".replace("        if: not alone or serious\n", "        if: not alone\n")


ANSWER_TIME = SOUND[SOUND.index("within: 10 working days") : SOUND.index("    excused if")]


@dataclass(frozen=True)
class Mistake:
    """One mistake in the sound pledge."""

    instead: str
    written: str
    code: str
    mend: str = ""
    found: str = ""
    expected: str = ""


LIMIT = "within: 10 working days"
RENT = "pay: 10% of rent"
BAND = "£20 if 1 to 3 hours late"
EXCUSE = "excused if: serious and alone"

MISTAKES = [
    # the text
    Mistake("title: Damp and mould", "title: Damp▸: and: mould", "syntax", "quotes"),
    Mistake("title: Damp and mould", "▸\ttitle: Damp", "syntax", "spaces"),
    Mistake("title: Damp and mould", "title: ▸&x Damp", "alias"),
    Mistake("title: Damp and mould", "title: ▸!!str Damp", "tag"),
    Mistake("title: Damp and mould", "title: Damp\n▸title: Mould", "repeated-key", "line 2"),
    Mistake("title: Damp and mould\n", "", "missing-key", found="title"),
    # keys
    Mistake("title: Damp and mould", "title: Damp\n▸tilte: Mould", "unknown-key", "did you mean “title”?"),
    Mistake(
        "    we will: visited", "    we will: visited\n    ▸witin: 3 hours", "unknown-key", "did you mean “within”?"
    ),
    Mistake("      - apologise\n", "      - ▸apologize\n", "value", "did you mean “apologise”?"),
    Mistake("        if late: £40", "        ▸if to late: £40", "unknown-key", "did you mean “if late”?"),
    Mistake("{from: fee-asked, until: fee-paid}", "▸{from: fee-asked}", "missing-key", found="until"),
    Mistake("{when: extended, to: 20 working days}", "▸{when: extended}", "missing-key", found="“to” or “by”"),
    Mistake("      - apologise\n", "      - ▸pay\n", "missing-key", found="alone"),
    Mistake("    when: visited\n", "    when: ▸[visited]\n", "shape"),
    # what newcomers write: commas between brackets, and marks of YAML
    Mistake(
        "      - pay: 10% of rent\n        within: 1 month\n        done when: paid\n        if late: £40\n",
        "      - {pay: £2 for each working day, ▸at most £9}\n",
        "unknown-key",
        "put a phrase with a comma in quotes: “£2 for each working day, at most £9”",
    ),
    Mistake(
        LIMIT,
        "within: [2 working days, ▸by 18:00 if alone, 3 working days]",
        "never-reached",
        "put a phrase with a comma in quotes",
    ),
    Mistake("    we will: answered", "\twe will: answered", "syntax", "spaces, not tabs"),
    Mistake("  answered: we write to you", "  answered:\n▸\t- we write", "syntax", "spaces, not tabs"),
    Mistake("title: Damp and mould", 'title: "Damp and mould', "syntax", "a quotation mark in line 2"),
    Mistake(
        "due: 2026-05-02 10:00", 'due: ▸"2026-05-02 10:00', "syntax", "close it", "a quotation mark that is not closed"
    ),
    Mistake("title: Damp and mould", "title: ▸Promise #3", "comment", "in quotes", "“Promise” is cut off"),
    Mistake("title: Damp and mould", "title: Damp and mould # short for more", ""),
    Mistake("title: Damp and mould", 'title: "Promise #3"', ""),
    # what newcomers write: amounts
    Mistake(RENT, "pay: 5▸", "phrase", "write “£5”"),
    Mistake(RENT, "pay: 5 ▸pounds", "phrase", "write “£5”"),
    Mistake(RENT, "pay: 10 ▸percent of rent", "phrase", "write “10% of rent”"),
    Mistake(RENT, "pay: £5 for each working day, at most 25▸", "phrase", "at most £25”"),
    Mistake(RENT, "pay: £5 ▸per working day", "phrase", "write “£5 for each working day”"),
    Mistake(RENT, "pay: £5 ▸a working day up to £25", "phrase", "write “£5 for each working day at most £25”"),
    Mistake(RENT, "pay: £5 for each working day, ▸max £25", "phrase", "write “£5 for each working day, at most £25”"),
    Mistake(RENT, "pay: £5 ▸per day", "phrase", "working days"),
    Mistake("owed: £0", "owed: ▸5 pounds", "value", "write “£5”"),
    Mistake(RENT, "pay: 10% ▸rent", "phrase", "write “10% of rent”"),
    Mistake(RENT, "pay: £5 ▸plus £2 for every full hour", "phrase", "write “£5, then £2 for each full hour”"),
    Mistake(RENT, "pay: £5 ▸per working day (max £25)", "phrase", "write “£5 for each working day, at most £25”"),
    # what newcomers write: limits
    Mistake(LIMIT, "within: ▸five working days", "unknown-name", "write “5 working days”"),
    Mistake(LIMIT, "within: ▸five days", "unknown-name", "write calendar days, working days or school days"),
    Mistake(LIMIT, "within: ▸a fortnight", "unknown-name", "write “2 weeks”"),
    Mistake(LIMIT, "within: ▸24h", "unknown-name", "write “24 hours”"),
    Mistake(LIMIT, "within: ▸next working day", "unknown-name", "write “1 working day”"),
    Mistake(LIMIT, "within: the ▸same day", "unknown-name", "write “0 calendar days”"),
    Mistake(LIMIT, "within: ▸by 6pm", "unknown-name", "write “0 calendar days, by 18:00”"),
    Mistake(LIMIT, "within: ▸end of the next working day", "unknown-name", "write “1 working day”"),
    Mistake(LIMIT, "within: 5 ▸business days", "unit", "write “5 working days”"),
    Mistake(LIMIT, "within: 5 ▸WD", "unit", "write “5 working days”"),
    Mistake(LIMIT, "within: 2 working days, by ▸6pm", "phrase", "write “2 working days, by 18:00”"),
    Mistake(LIMIT, LIMIT + "\n    cut-off: ▸5.30 pm", "phrase", "write “17:30”"),
    # what newcomers write: conditions
    Mistake(EXCUSE, "excused if: hazard ▸= emergency", "phrase", "write “hazard is emergency”"),
    Mistake(EXCUSE, "excused if: rent ▸> £10", "phrase", "write “rent over £10”"),
    Mistake(EXCUSE, "excused if: people over 3 and rent over ▸10", "units", "write “£10”"),
    Mistake(EXCUSE, "excused if: people over ▸£10", "units", "write “10”"),
    Mistake(EXCUSE, "excused if: people ▸greater than 5", "phrase", "write “people over 5”"),
    Mistake(EXCUSE, "excused if: alone is ▸true", "unknown-value", "write “alone is yes”"),
    Mistake(EXCUSE, "excused if: hazard ▸== 'emergency'", "phrase", 'write “hazard is "emergency"”'),
    Mistake(
        EXCUSE, "excused if: hazard is emergency or ▸hazard is significant or alone", "phrase", "in a list (any of)"
    ),
    Mistake(EXCUSE, "excused if: property is ▸“12 Hill”", "phrase", 'write “property is "12 Hill"”'),
    Mistake(EXCUSE, "excused if: ▸emergency", "unknown-name", "did you mean “hazard is emergency”?"),
    Mistake(EXCUSE, "excused if: not ▸emergency", "unknown-name", "did you mean “hazard is not emergency”?"),
    Mistake(EXCUSE, "excused if: ▸{hazard: emergency}", "unknown-key", "write “hazard is emergency”"),
    Mistake(RENT, "pay: £5 ▸unless hazard is emergency", "phrase", "write “if” and the opposite"),
    Mistake(RENT, "pay: £5 ▸per working day unless alone", "phrase", "write “if” and the opposite"),
    Mistake(BAND, "£20 if ▸1-3 hours late", "unknown-name", "write “£20 if 1 to 3 hours late”"),
    Mistake(BAND, "£20 ▸when 1 to 3 hours late", "phrase", "write “£20 if 1 to 3 hours late”"),
    Mistake(
        EXCUSE,
        "excused if: hazard is emergency or ▸hazard is significant",
        "phrase",
        "write “hazard is emergency or significant”",
    ),
    Mistake(EXCUSE, "excused if: hazard is emergency or ▸people over 3", "phrase", "in a list (any of)"),
    Mistake(EXCUSE, "excused if: property is a or ▸people over 3", "phrase", "under “terms”"),
    Mistake(EXCUSE, "excused if: serious and alone ▸or extended", "phrase", "under “terms”"),
    # what newcomers write: details, and keys that are missing
    Mistake("hazard: one of emergency, significant", "hazard: ▸[big, small]", "value", "write “one of big, small”"),
    Mistake("hazard: one of emergency, significant", "hazard: ▸big, small", "value", "write “one of big, small”"),
    Mistake("alone: yes or no", "alone: ▸boolean", "value", "did you mean “yes or no”?"),
    Mistake("    when: visited\n", "", "missing-key", found="“when”", expected="when: FACT"),
    # names
    Mistake("    when: reported", "    when: ▸repotred", "unknown-name", "did you mean “reported”?"),
    Mistake("until: fee-paid", "until: ▸fee-payed", "unknown-name", "did you mean “fee-paid”?"),
    Mistake("24 hours if hazard is", "24 hours if ▸hasard is", "unknown-name", "did you mean “hazard”?"),
    Mistake("if hazard is emergency\n", "if hazard is ▸emergancy\n", "unknown-value", "did you mean “emergency”?"),
    Mistake("subject: property", "subject: ▸propperty", "unknown-name", "did you mean “property”?"),
    Mistake("  reported: you tell us", "  reported: you tell us\n  ▸2nd: you call", "name"),
    Mistake("  reported: you tell us", "  reported: you tell us\n  ▸finish: we end", "name", found="finish"),
    Mistake("  rent: money", "  rent: money\n  ▸visited: yes or no", "repeated-name", "another name"),
    Mistake("hazard is emergency and people at least 3", "▸serious", "circle"),
    Mistake("      visit: {status", "      vist: ▸{status", "unknown-name", "did you mean “visit”?"),
    Mistake("status: kept", "status: ▸keept", "value", "did you mean “kept”?"),
    Mistake(
        "calendar: england-and-wales",
        "calendar: ▸england-and-whales",
        "unknown-name",
        "did you mean “england-and-wales”?",
    ),
    Mistake(
        "within: 10 working days", "within: ▸10 working days in scotlnd", "unknown-name", "did you mean “scotland”?"
    ),
    # phrases
    Mistake("within: 10 working days", "within: 10 ▸days", "unit", "working days"),
    Mistake("within: 10 working days", "within: 10 ▸workin days", "unit", "did you mean “working days”?"),
    Mistake("within: 10 working days", "within: ▸2.5 working days", "phrase"),
    Mistake("within: 10 working days", "within: 10 working days, by ▸25:00", "phrase"),
    Mistake("within: 10 working days", "within: ▸24 hours, by 18:00", "units", "count in days"),
    Mistake("within: 10 working days", "within: ▸24 hours in scotland", "units"),
    Mistake("within: 10 working days", "within: ▸500 years", "phrase"),
    Mistake("within: 10 working days", "within: less than ▸10 working days", "phrase"),
    Mistake("within: 10 working days", "within: between 13:00 and 09:00 ▸on visit-date", "phrase", "midnight"),
    Mistake("within: 10 working days", "within: ▸daily-rate", "units", found="money"),
    Mistake("people at least 3", "people at least ▸£3", "units"),
    Mistake("people at least 3", "rent at least ▸3", "units"),
    Mistake("people at least 3", "people is ▸many", "units"),
    Mistake("people at least 3", "people ▸3", "phrase"),
    Mistake("hazard is emergency and", "hazard is emergency ▸if", "phrase"),
    Mistake("10% of rent", "10% of ▸visited", "units", "not declared as money"),
    Mistake("10% of rent", "10 ▸of rent", "phrase"),
    Mistake("£20 if 1 to 3 hours late", "£20 if 3 to 1 ▸hours late", "phrase"),
    Mistake("£20 if 1 to 3 hours late", "£20 if 1 to 3 weeks late▸", "units"),
    Mistake("the 2nd in 12 months", "the ▸2 in 12 months", "phrase"),
    Mistake("the 2nd in 12 months", "the 2nd in 12 working days▸", "units"),
    # values
    Mistake("rent: money", "rent: ▸mony", "value", "did you mean “money”?"),
    Mistake("{is: £5, until: 2026-03-31}", "{is: ▸five pounds, until: 2026-03-31}", "value", "write “£5”"),
    Mistake("{is: £5, until", "{is: £1,▸000, until", "unknown-key", "in quotes: “£1,000”"),
    Mistake("until: 2026-03-31", "until: ▸2026-02-30", "date"),
    Mistake("    - {is: £5, until: 2026-03-31}", "    - {is: £5, until: 2026-04-30}", "overlap"),
    Mistake("    - {is: £6, from", "    - {is: 6%, from", "units", found="a percentage"),
    Mistake("as of: 2026-05-03 12:00", "as of: ▸2026-05-03 25:00", "date"),
    Mistake("owed: £0", "owed: ▸nothing", "value"),
    Mistake("short months: last day", "short months: ▸last", "value", "did you mean “last day”?"),
    Mistake("pledge: damp", "pledge: damp\nzone: ▸Europe/Londn", "zone"),
    # the whole: units and calendars
    Mistake("calendar: england-and-wales\n", "", "no-calendar", "add “calendar:"),
    Mistake("short months: last day\n", "", "short-months", "short months: last day"),
    Mistake("    we will: answered\n", "    we will: answered\n    first day: counts\n    cut-off: 17:00\n", ""),
    Mistake("    void if: visited", "    first day: counts\n    void if: visited", ""),
    Mistake(ANSWER_TIME, "within: 10 hours\n    cut-off: ▸17:00\n", "units", found="cut-off"),
    Mistake("to: 20 working days", "to: ▸10 working days", "extension", "by"),
    Mistake("to: 20 working days", "to: ▸9 working days", "extension"),
    Mistake("to: 20 working days", "by: ▸20 hours", "units", "“to” and the whole limit"),
    Mistake("within: 10 working days", "within: ▸10 working days after the deadline", "too-early"),
    Mistake("    void if: visited", "    only for: ▸the finish is on a monday\n    void if: visited", "too-early"),
    Mistake("excused if: serious and alone", "excused if: ▸at least 2 hours late", "too-early"),
    Mistake("        within: 1 month\n", "        within: ▸1 month after the start\n", "too-early", "name the fact"),
    Mistake(
        "within: 10 working days",
        "within: ▸5 service hours in open\n    calendar: {working days: scotland}",
        "open-all-day",
    ),
    # the whole: lists of lines
    Mistake("      - 3 working days, by 18:00 if hazard is significant\n", "", "gap", "hazard is significant"),
    Mistake("if under 60 minutes late", "if under 50 minutes late", "gap", "50 to 59 minutes late"),
    Mistake("if under 60 minutes late", "if under 90 minutes late", "overlap", "do not meet"),
    Mistake("if at least 4 hours late", "if at least 5 hours late", "gap", "if 4 hours late"),
    Mistake("£20 if 1 to 3 hours late", "▸£10 if under 60 minutes late", "never-reached", "move it up"),
    Mistake("hazard is emergency\n", "hazard is emergency or significant\n", "never-reached"),
    Mistake("        if: not alone", "        if: ▸alone and not alone", "never-owed"),
    Mistake("        if: not alone", "        nothing is owed if: ▸hazard is emergency or significant", "never-owed"),
    Mistake("excused if: serious", "excused if: ▸people under 2 and serious", "contradiction"),
    Mistake(
        "    void if: visited",
        "    only for: hazard is emergency\n    void if: ▸hazard is significant and visited",
        "contradiction",
        "only for",
    ),
    # the whole: what can never be
    Mistake("    we will: answered", "    we will: ▸visited", "never-owed", found="starts and finishes"),
    Mistake("within: 10 working days", "within: ▸2 working days before visited", "never-kept", "early counts"),
    Mistake("pay: 10% of rent", "pay: ▸£0", "never-owed"),
    Mistake("pay: 10% of rent", "pay: ▸0% of rent", "never-owed"),
    Mistake("pay: 10% of rent", "pay: ▸the lesser of rent and £0", "never-owed"),
    Mistake("pay: 10% of rent", "pay: ▸£10, at most 0% of rent", "never-owed"),
    Mistake("within: 10 working days", "within: ▸less than 0 seconds", "never-kept", found="over before it begins"),
    Mistake("pay: 10% of rent", "pay: ▸£10, at most £0", "never-owed"),
    Mistake("at most £100 if", "at most £10 if", "units", found="above the cap"),
    Mistake("        done when: paid\n", "", "never-owed", "done when"),
    Mistake("        within: 1 month\n", "", "never-owed", "within"),
    Mistake("subject: property\n", "", "subject", "subject: property"),
    Mistake("repeated: the 2nd in 12 months", "no more than: ▸0 payments in 12 months", "never-owed"),
    Mistake("until: fee-paid", "until: ▸fee-asked", "no-effect"),
    Mistake("    when: visited\n", "    when: visited\n    after missing: ▸answer\n", "circle", found="itself"),
    Mistake("    when: visited\n", "    when: ▸visited, or when answer runs out\n", "circle"),
    # the whole: names, versions, rates
    Mistake("  paid: we pay you", "  paid: we pay you\n  lost: ▸it is lost", "unused", "noted"),
    Mistake("  rent: money", "  rent: money\n  spare: ▸text", "unused"),
    Mistake("terms:\n", "terms:\n  spare: ▸alone\n", "unused"),
    Mistake("is: £6, from: 2026-04-01", "is: £6, from: 2026-05-01", "gap", "rate of that time"),
    Mistake(
        "terms:\n",
        "versions:\n  - {until: 2026-03-31}\n  - ▸{from: 2026-03-31}\nterms:\n",
        "overlap",
        "until: 2026-03-30",
    ),
    Mistake("terms:\n", "versions:\n  - {until: 2026-03-30}\n  - ▸{from: 2026-04-01}\nterms:\n", "gap"),
    Mistake("examples:\n", "paid once: [[visit, ▸anwser]]\nexamples:\n", "unknown-name", "did you mean “answer”?"),
    Mistake(
        "    excused if: serious",
        "    at least as good as: ▸vsit\n    excused if: serious",
        "unknown-name",
        "did you mean “visit”?",
    ),
    Mistake("    excused if: serious", "    at least as good as: ▸other/vsit\n    excused if: serious", "unknown-name"),
    # examples
    Mistake("status: kept", "status: ▸broken", "example", "finished 2026-05-02 10:00"),
    Mistake("due: 2026-05-02 10:00", "due: ▸2026-05-02 10:01", "example"),
    Mistake("owed: £0", "owed: ▸£5", "example", found="£0"),
    Mistake("facts: {reported:", "facts: {answered: ▸soon, reported:", "date"),
]
