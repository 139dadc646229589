"""The keys of a service's text: which there are, what each holds, and what it is for."""

from __future__ import annotations

from makegood.rules.language.grammar import Key

SERVICE = {
    "service": Key("name", "The short name by which the service is called.", "missed-bin", required=True),
    "name": Key("text", "What people call it.", "Missed bin", required=True),
    "summary": Key("text", "What it is for, in one sentence.", "Tell us if we did not empty your bin.", required=True),
    "also called": Key("list", "Other words by which people look for it.", "[rubbish, wheelie bin]"),
    "pledge": Key("name", "The promise that stands behind it.", "missed-bin", required=True),
    "team": Key("name", "The code of the team that works on it.", "waste", required=True),
    "starts with": Key("fact", "The fact that a report is.", "bin_reported", required=True),
    "done when": Key("fact", "The fact that the work is done.", "bin_collected", required=True),
    "waiting": Key("map", "The facts between which we wait for the resident.", "{from: asked, until: answered}"),
    "place": Key("yes", "Whether it asks where.", "yes"),
    "public place": Key("yes", "Whether places are in public, so that others may be told of reports there.", "yes"),
    "photo": Key("yes", "Whether it asks for a photo.", "yes"),
    "reopen within": Key("text", "For how many days one may say that it is not fixed; 14 unless said.", "28 days"),
    "questions": Key("list", "What it asks, in order.", "[{name: …, ask: …, why: …, kind: words}]"),
    "facts": Key("list", "The facts that people record.", "[{fact: visited, label: We visited, who: crew}]"),
    "exemptions": Key("map", "Facts that excuse us, in words.", "{severe_weather: Severe weather}"),
    "closing reasons": Key(
        "list",
        "For what reasons a case is closed.",
        "[{code: fixed, label: The bin was emptied, fixed: yes}]",
        required=True,
    ),
}
QUESTION = {
    "name": Key("name", "Its short name.", "collection_date", required=True),
    "ask": Key("text", "The question.", "Which day was your bin due?", required=True),
    "why": Key("text", "Why we ask.", "We check it with the crew's round.", required=True),
    "kind": Key("text", "choice, yes-no, date, words or number.", "date", required=True),
    "choices": Key("map", "For a choice: each value with its words, or with words and a hint.", "{green: Green bin}"),
    "required": Key("yes", "Whether it must be answered; yes unless said.", "no"),
    "past": Key("yes", "Whether a date may not lie ahead.", "yes"),
    "years back": Key("text", "How many years back a date may lie; 10 unless said. A birthday needs more.", "120"),
    "detail": Key("name", "The detail of the promise that it fills.", "collection_date"),
    "only if": Key("text", "Asked only after such an answer: “damp is yes”, “bin is green or brown”.", "damp is yes"),
}
CHOICE = {
    "says": Key("text", "The words to choose by.", "Green bin", required=True),
    "hint": Key("text", "A hint below them.", "For garden waste"),
}
WAITING = {
    "from": Key("fact", "The fact that we asked the resident.", "asked_resident", required=True),
    "until": Key("fact", "The fact that she answered.", "resident_answered", required=True),
    "at most": Key("text", "For how many days one case may wait, in all; 28 unless said.", "14 days"),
}
FACT = {
    "fact": Key("fact", "Its name in the promise.", "visited", required=True),
    "label": Key("text", "What it is called on the page.", "We visited", required=True),
    "who": Key("text", "Who records it: staff, crew or resident; staff unless said.", "crew"),
    "cause": Key("text", "Where it says why a promise was broken: the cause, as we tell it.", "Our lorry broke down."),
}
CLOSING = {
    "code": Key("name", "Its short name.", "fixed", required=True),
    "label": Key("text", "The reason, in words for the resident.", "The bin was emptied", required=True),
    "fixed": Key("yes", "Whether the need was met.", "yes", required=True),
}
