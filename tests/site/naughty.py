"""Strings that break programs, by what they try; and the forms of a page, read as a browser reads them."""

from __future__ import annotations

from dataclasses import dataclass, field
from html.parser import HTMLParser

BEGIN, END = "qzbegin", "qzend"
"""Around what was typed, so that it can be found again, whole."""

EVALUATED = "1512529"
"""What a page would show if it took 191 × 7919 for a formula."""

RAW = ("<qz", 'qz"=', "qz'=", "&qz;")
"""Pieces of `MARKUP` that no page may hold as they are."""

MARKUP = """<qz onx=1></textarea></title>qz"=qz'=&qz;{{191*7919}}{%now%}${191*7919}%s%(x)s{0}';--\\'"""
"""HTML, a template, a format, SQL and a shell, none of which may be taken for more than words."""

SIGNS = "é😀abc\u200b\ufeff\u0301\u0301\u0301\u0301\ufdfa\U0001f468\u200d\U0001f469\u2028../../etc/passwd"
"""Emoji, signs without width, marks one above the other, a line separator, a path."""

SHORT = "<qz qz\"=&qz;%s'\u202e😀"
"""The same for a field of few characters."""

BREAKING = {
    "nul": "a\x00b",
    "control": "a@example.org\x1b[31m\x07\r\nBcc: qz@evil.example\r\n\r\nqz",
    "long": "ü" * 20_000,
    "turned": "a\u202eb\u2066c",
    "unseen": "\u200b\u2060\u00a0 \t",
}
"""What no field can take as it stands, or only without its control characters."""

NUMBERS = {"huge": "1e400", "not a number": "NaN", "other digits": "٣", "negative": "-1", "beyond": "9" * 20}
"""For fields of one line, some of which want a number."""

DAYS = (("31", "2", "2026"), ("29", "2", "0001"), ("31", "12", "9999"), ("1", "1", "0001"), ("-1", "٣", "1e9"))
"""Days that there are not, or that no calendar of this service holds."""

BROKEN_BYTES = b"%FF%FE%ED%A0%80%C0%80%00%u0000\xff\xfe%"
"""Percent-encoded and raw bytes that are no UTF-8."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Field:
    """A control of a form: what the browser would send for it, and what may be chosen."""

    name: str
    kind: str
    value: str = ""
    sent: bool = True
    options: tuple[str, ...] = ()

    @property
    def typed(self) -> bool:
        """Whether words can be typed into it; those hidden can be by whoever sends a form without a browser."""
        return self.kind in {"text", "search", "email", "tel", "password", "number", "textarea", "hidden"}


@dataclass(kw_only=True, slots=True)
class Form:
    """A form: where it goes, how, and its controls in order."""

    action: str
    method: str
    multipart: bool
    fields: list[Field] = field(default_factory=list)

    def as_sent(self) -> dict[str, list[str]]:
        """What goes out when a browser sends it as it is: the first choice where nothing was chosen."""
        sent: dict[str, list[str]] = {}
        for each in self.fields:
            if each.sent and each.kind != "file":
                sent.setdefault(each.name, []).append(each.value)
        for each in self.fields:
            if each.kind == "radio" and each.name not in sent:
                sent[each.name] = [each.value]
        return sent

    def typed(self) -> list[Field]:
        """The controls into which something can be typed."""
        return [each for each in self.fields if each.typed and each.name != "csrfmiddlewaretoken"]


class _Reader(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.forms: list[Form] = []
        self.open: Form | None = None
        self.text: list[str] = []
        self.inside: dict[str, str] = {}
        self.options: list[tuple[str, bool]] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Forms and their controls."""
        given = {name: value or "" for name, value in attrs}
        if tag == "form":
            multipart = given.get("enctype", "") == "multipart/form-data"
            self.open = Form(
                action=given.get("action", ""), method=given.get("method", "get").upper(), multipart=multipart
            )
            self.forms.append(self.open)
        elif self.open and tag == "option":
            self.options.append((given.get("value", ""), "selected" in given))
        elif self.open and tag in {"textarea", "select"} and given.get("name"):
            self.inside, self.text, self.options = given | {"tag": tag}, [], []
        elif self.open and tag in {"input", "button"} and given.get("name"):
            kind = given.get("type", "text") if tag == "input" else "button"
            sent = kind != "button" and (kind not in {"radio", "checkbox"} or "checked" in given)
            self.open.fields.append(Field(name=given["name"], kind=kind, value=given.get("value", ""), sent=sent))

    def handle_data(self, data: str) -> None:
        """What stands in a text box."""
        self.text.append(data)

    def handle_endtag(self, tag: str) -> None:
        """A control or a form ends."""
        if tag == "form":
            self.open = None
        elif self.open and self.inside.get("tag") == tag:
            name, self.inside = self.inside["name"], {}
            if tag == "textarea":
                value = "".join(self.text).removeprefix("\n")
                self.open.fields.append(Field(name=name, kind="textarea", value=value))
            else:
                values = tuple(value for value, _ in self.options)
                chosen = next((value for value, on in self.options if on), next(filter(None, values), ""))
                self.open.fields.append(Field(name=name, kind="select", value=chosen, options=values))


def forms_of(html: str) -> list[Form]:
    """Every form of a page, in order."""
    reader = _Reader()
    reader.feed(html)
    return reader.forms
