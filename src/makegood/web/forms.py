"""Plain Django forms with accessible markup: the renderer, the bound field, and the fields that rooms share.

Settings name the renderer once (`FORM_RENDERER = "makegood.web.forms.KitRenderer"`); then a room writes an ordinary
form deriving `KitForm`, and its template uses the tags `form_for`, `field` and `button` of the kit.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, date, datetime, time
from decimal import Decimal, InvalidOperation
from typing import Any, ClassVar
from zoneinfo import ZoneInfo

from django import forms
from django.conf import settings
from django.core.exceptions import ValidationError
from django.forms.boundfield import BoundField
from django.forms.renderers import DjangoTemplates
from django.utils.safestring import SafeString, mark_safe

from .parts import each_filled, filled
from .refusals import Refusal

# What browsers and telephones fill in by themselves, by the name of the field (HTML's own tokens).
_AUTOCOMPLETE = {
    "name": "name",
    "email": "email",
    "phone": "tel",
    "telephone": "tel",
    "postcode": "postal-code",
    "address": "street-address",
    "code": "one-time-code",
}
_CLASSES = {
    "input": "govuk-input",
    "textarea": "govuk-textarea",
    "select": "govuk-select",
    "file": "govuk-file-upload",
    "checkbox": "govuk-checkboxes__input",
}
_TEMPLATES = {
    "django/forms/errors/list/default.html": "web/forms/errors.html",
    "django/forms/errors/list/ul.html": "web/forms/errors.html",
}


class Hinted(str):
    """The label of one choice with a hint below it: `choices = [("a", Hinted("At once", hint="It is dangerous"))]`."""

    hint: str

    def __new__(cls, label: str, *, hint: str = "") -> Hinted:
        """A label that is a plain string everywhere else."""
        made = super().__new__(cls, label)
        made.hint = hint
        return made


class KitBoundField(BoundField):
    """A field of a form as the kit's templates see it."""

    @property
    def kind(self) -> str:
        """The control: input, textarea, select, radios, checkboxes, checkbox, file, parts or hidden."""
        widget = self.field.widget
        if widget.is_hidden:
            return "hidden"
        if isinstance(widget, Parts):
            return "parts"
        # Radios and tick boxes are selects to Django; the narrower ones come first.
        for kind, types in (
            ("checkboxes", forms.CheckboxSelectMultiple),
            ("radios", forms.RadioSelect),
            ("select", forms.Select),
            ("checkbox", forms.CheckboxInput),
            ("file", forms.FileInput),
            ("textarea", forms.Textarea),
        ):
            if isinstance(widget, types):
                return kind
        return "input"

    @property
    def first_id(self) -> str:
        """Where a link of the error summary leads: the control, or the first of several."""
        several = self.kind in {"radios", "checkboxes", "parts"}
        return f"{self.auto_id}_0" if several else str(self.id_for_label)

    @property
    def counted(self) -> int | None:
        """How many characters may be written, where the page should count them along."""
        limit = getattr(self.field, "max_length", None)
        return limit if self.kind == "textarea" else None

    def build_widget_attrs(self, attrs: dict[str, Any], widget: forms.Widget | None = None) -> dict[str, Any]:
        """What Django adds (the links to hint and error), the class of the control, and what browsers may fill in."""
        built = super().build_widget_attrs(attrs, widget)
        own = self.field.widget.attrs
        if css := _CLASSES.get(self.kind):
            built["class"] = f"{css} {own.get('class', '')}".strip()
        if self.kind == "textarea" and self.counted:
            built["class"] = f"{built['class']} govuk-js-character-count"
        if self.kind == "input" and "autocomplete" not in own and self.name in _AUTOCOMPLETE:
            built["autocomplete"] = _AUTOCOMPLETE[self.name]
        if isinstance(self.field, forms.EmailField):
            built.setdefault("spellcheck", "false")
        if self.counted and not self.field.widget.use_fieldset:
            said = str(built.get("aria-describedby", ""))
            built["aria-describedby"] = f"{said} {self.auto_id}-info".strip()
        return built


class KitRenderer(DjangoTemplates):
    """Django's forms in the kit's templates; named once in the settings."""

    form_template_name = "web/forms/form.html"
    field_template_name = "web/forms/field.html"
    bound_field_class = KitBoundField

    def render(self, template_name: str, context: dict[str, Any], request: Any = None) -> str:
        """A control: the simple ones, of which pages have many, without a template."""
        if draw := _DRAWN.get(template_name):
            return draw(context["widget"])
        return super().render(template_name, context, request)

    def get_template(self, template_name: str) -> Any:
        """The kit's template where it has one for this control, else Django's."""
        return super().get_template(_TEMPLATES.get(template_name, template_name))


def _attributes(attrs: dict[str, Any]) -> SafeString:
    return each_filled(
        "{}",
        (
            [filled(" {}", name) if value is True else filled(' {}="{}"', name, value)]
            for name, value in attrs.items()
            if value is not False
        ),
    )


def _input(widget: dict[str, Any]) -> SafeString:
    """Any input of one line, and those that are hidden."""
    value = "" if widget["value"] is None else filled(' value="{}"', widget["value"])
    return filled(
        '<input type="{}" name="{}"{}{}>', widget["type"], widget["name"], value, _attributes(widget["attrs"])
    )


def _radios(widget: dict[str, Any]) -> SafeString:
    inline = " govuk-radios--inline" if widget["attrs"].get("inline") else ""
    return filled('<div class="govuk-radios{}">{}</div>', inline, _options(widget, "radio", "govuk-radios"))


def _checkboxes(widget: dict[str, Any]) -> SafeString:
    return filled('<div class="govuk-checkboxes">{}</div>', _options(widget, "checkbox", "govuk-checkboxes"))


def _options(widget: dict[str, Any], kind: str, css: str) -> SafeString:
    return each_filled(
        "{}", ([_option(option, kind, css)] for _, options, _ in widget["optgroups"] for option in options)
    )


def _option(option: dict[str, Any], kind: str, css: str) -> SafeString:
    """One of several: the control, its label, and the hint below it where the label has one."""
    own, label = option["attrs"].get("id", ""), option["label"]
    hint = getattr(label, "hint", "")
    return filled(
        '<div class="{0}__item"><input class="{0}__input" type="{1}" name="{2}" id="{3}" value="{4}"{5}{6}{7}>'
        '<label class="govuk-label {0}__label" for="{3}">{8}</label>{9}</div>',
        css,
        kind,
        option["name"],
        own,
        option["value"],
        mark_safe(" checked") if option["selected"] else "",
        mark_safe(" disabled") if option["attrs"].get("disabled") else "",
        filled(' aria-describedby="{}_hint"', own) if hint else "",
        label,
        filled('<div class="govuk-hint {}__hint" id="{}_hint">{}</div>', css, own, hint) if hint else "",
    )


_DRAWN = {
    "django/forms/widgets/radio.html": _radios,
    "django/forms/widgets/checkbox_select.html": _checkboxes,
    **{
        f"django/forms/widgets/{kind}.html": _input
        for kind in ("hidden", "text", "email", "password", "number", "search", "tel", "url")
    },
}


class PlainWords:
    """For any form: what is missing is asked for in words, and browsers do not interrupt with words of their own."""

    use_required_attribute = False
    fields: dict[str, forms.Field]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name, field in self.fields.items():
            if field.error_messages.get("required") == forms.Field.default_error_messages["required"]:
                field.error_messages["required"] = _asks_for(name, field)
            if isinstance(field, forms.EmailField):
                field.error_messages["invalid"] = "Enter an email address, like name@example.com"


class KitForm(PlainWords, forms.Form):
    """A form of this house."""


def _asks_for(name: str, field: forms.Field) -> str:
    label = str(field.label or name.replace("_", " ")).strip()
    if label.endswith("?"):
        return f"Answer the question “{label}”"
    said = label if label[:2].isupper() else label[:1].lower() + label[1:]
    chosen = isinstance(field, (forms.ChoiceField, forms.FileField))
    return f"{'Choose' if chosen else 'Enter'} {said}"


def mark_of(posted: Mapping[str, str]) -> str:
    """The mark of a form, by which it is done once however often it is sent; empty for what no page ever gave."""
    mark = posted.get("once", "")
    return mark if len(mark) <= 40 and mark.isascii() and mark.isprintable() else ""


def refusal_to_form(form: forms.BaseForm, refusal: Refusal) -> None:
    """Put a refusal where the person can mend it: beside its field, or above the form where it names none of them."""
    field = refusal.field if refusal.field in form.fields and not form[refusal.field].is_hidden else None
    form.add_error(field, str(refusal))


# Fields ------------------------------------------------------------------------------------------------------------


_UNSEEN = {"Cf", "Zs", "Zl", "Zp"}
"""Signs without width and blanks: a text of nothing else says nothing."""


class WordsField(forms.CharField):
    """Words that a person writes: stripped, of bounded length, without control characters, empty if nothing is seen.

    `rows` above one gives a text box that counts along. Line ends become single line feeds before anything is counted.
    """

    def __init__(self, *, max_length: int, rows: int = 1, **kwargs: Any) -> None:
        kwargs.setdefault("widget", forms.Textarea(attrs={"rows": rows}) if rows > 1 else forms.TextInput())
        messages = {"max_length": f"Use {max_length:,} characters or fewer"} | (
            kwargs.pop("error_messages", None) or {}
        )
        super().__init__(max_length=max_length, error_messages=messages, **kwargs)
        self.lines = rows > 1

    def widget_attrs(self, widget: forms.Widget) -> dict[str, Any]:
        """No `maxlength`: what is pasted is not cut off in silence, the person is told instead."""
        return {}

    def to_python(self, value: Any) -> Any:
        """Words, with one kind of line end; nothing that cannot be seen."""
        text = super().to_python(value)
        if not isinstance(text, str):
            return text
        text = text.replace("\r\n", "\n").replace("\r", "\n")
        if all(unicodedata.category(sign) in _UNSEEN for sign in text):
            return self.empty_value
        allowed = "\n\t" if self.lines else ""
        if any(unicodedata.category(sign) in {"Cc", "Cs"} and sign not in allowed for sign in text):
            raise ValidationError("Use letters, numbers and ordinary signs only", code="control")
        return text


class MoneyField(forms.Field):
    """Pounds and pence as people write them ("5", "£5.50", "1,200"), as a Decimal of at most two places."""

    widget = forms.TextInput(attrs={"inputmode": "decimal", "class": "govuk-input--width-5"})

    def __init__(self, *, at_least: Decimal = Decimal(0), at_most: Decimal, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.at_least = at_least
        self.at_most = at_most

    def to_python(self, value: Any) -> Decimal | None:
        """The amount, or None where nothing was written."""
        written = str(value or "").strip().lstrip("£").replace(",", "").strip()
        if not written:
            return None
        try:
            amount = Decimal(written)
        except InvalidOperation:
            raise ValidationError("Enter an amount in pounds, like 5 or 5.50", code="invalid") from None
        if not re.fullmatch(r"\d+(\.\d{1,2})?", written):
            raise ValidationError("Enter an amount in pounds, like 5 or 5.50", code="invalid")
        if not self.at_least <= amount <= self.at_most:
            raise ValidationError(f"Enter an amount from £{self.at_least:,} to £{self.at_most:,}", code="range")
        return amount


class Parts(forms.MultiWidget):
    """Several small inputs that make one answer; `labels` are their names in order."""

    template_name = "web/forms/parts.html"
    use_fieldset = True
    labels: ClassVar[tuple[str, ...]] = ()

    def get_context(self, name: str, value: Any, attrs: dict[str, Any] | None) -> dict[str, Any]:
        """Django's context with the label of each part."""
        context = super().get_context(name, value, attrs)
        for part, label in zip(context["widget"]["subwidgets"], self.labels, strict=True):
            part["label"] = label
            part["attrs"].pop("aria-describedby", None)  # the group has it
        return context


def _digits(width: int, **attrs: str) -> forms.TextInput:
    classes = f"govuk-input govuk-date-input__input govuk-input--width-{width}"
    return forms.TextInput(attrs={"class": classes, "inputmode": "numeric"} | attrs)


class DayParts(Parts):
    """Day, month and year: nobody has to find a day in a small calendar."""

    labels = ("Day", "Month", "Year")

    def __init__(self, attrs: dict[str, Any] | None = None) -> None:
        super().__init__({"day": _digits(2), "month": _digits(2), "year": _digits(4)}, attrs)

    def decompress(self, value: date | None) -> list[Any]:
        """The three parts of a day."""
        return [value.day, value.month, value.year] if value else [None, None, None]


class WhenParts(Parts):
    """Day, month, year and a time of day."""

    labels = ("Day", "Month", "Year", "Time")

    def __init__(self, attrs: dict[str, Any] | None = None) -> None:
        hour = forms.TextInput(attrs={"class": "govuk-input govuk-date-input__input govuk-input--width-5"})
        super().__init__({"day": _digits(2), "month": _digits(2), "year": _digits(4), "time": hour}, attrs)

    def decompress(self, value: datetime | None) -> list[Any]:
        """The parts of an instant in the place's zone."""
        if value is None:
            return [None] * 4
        local = value.astimezone(_zone())
        return [local.day, local.month, local.year, f"{local:%H:%M}"]


class DayField(forms.MultiValueField):
    """A day, asked as day, month and year (posted as `<name>_day` and so on); months by number or name."""

    widget = DayParts

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(fields=_texts(3), require_all_fields=False, **kwargs)

    def compress(self, data_list: Sequence[str]) -> date | None:
        """The day that was written, or what is missing of it."""
        return _day_of(data_list) if data_list else None


class WhenField(forms.MultiValueField):
    """An instant, asked as a day and a time (`<name>_time`) in the place's zone, to the minute."""

    widget = WhenParts

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(fields=_texts(4), require_all_fields=False, **kwargs)

    def compress(self, data_list: Sequence[str]) -> datetime | None:
        """The instant, in UTC. A time that the clocks skip is refused; one that they give twice is the earlier."""
        if not data_list:
            return None
        day = _day_of(data_list[:3])
        local = datetime.combine(day, _time_of(data_list[3]), tzinfo=_zone())
        at = local.astimezone(UTC)
        if at.astimezone(_zone()) != local:
            raise ValidationError("The clocks went forward over this time; enter one that there was", code="skipped")
        return at


def _zone() -> ZoneInfo:
    return ZoneInfo(settings.PLACE_ZONE)


def _texts(count: int) -> list[forms.Field]:
    return [forms.CharField(required=False, max_length=20) for _ in range(count)]


_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")


def _day_of(parts: Sequence[str]) -> date:
    """The day of three texts; raises ValidationError naming what is missing or wrong."""
    named = list(zip(("day", "month", "year"), (part.strip() for part in parts), strict=True))
    missing = [name for name, part in named if not part]
    if missing:
        raise ValidationError(f"The date must have a {' and a '.join(missing)}", code="incomplete")
    day, month, year = (part for _, part in named)
    if month[:3].casefold() in _MONTHS:
        month = str(_MONTHS.index(month[:3].casefold()) + 1)
    if not all(re.fullmatch(r"[0-9]{1,4}", part) for part in (day, month, year)) or len(year) != 4:
        raise ValidationError("Enter a date in numbers, like 16 6 2026", code="invalid")
    try:
        return date(int(year), int(month), int(day))
    except ValueError:
        raise ValidationError("Enter a real date", code="invalid") from None


_TIME = re.compile(r"(?P<hour>[0-9]{1,2})(?:[:.](?P<minute>[0-9]{2}))?\s*(?P<half>am|pm)?", re.IGNORECASE)


def _time_of(written: str) -> time:
    """A time of day as people write it: 18:30, 6.30pm, 6pm, midday."""
    text = written.strip().casefold()
    text = {"midday": "12pm", "noon": "12pm", "midnight": "0:00"}.get(text, text)
    if not text:
        raise ValidationError("Enter a time, like 6:30pm", code="incomplete")
    found = _TIME.fullmatch(text)
    hour, minute = (int(found["hour"]), int(found["minute"] or 0)) if found else (99, 0)
    half = found["half"] if found else None
    if half and 1 <= hour <= 12:
        hour = hour % 12 + (12 if half == "pm" else 0)
    elif half or (found and not found["minute"]):
        hour = 99  # "13pm", or a bare number that may be morning or evening
    try:
        return time(hour, minute)
    except ValueError:
        raise ValidationError("Enter a time, like 6:30pm", code="invalid") from None


def errors_of(form: forms.BaseForm) -> Iterator[tuple[str, str]]:
    """What the error summary lists: where to go (empty for what concerns the whole form) and the sentence."""
    for sentence in form.non_field_errors():
        yield "", str(sentence)
    for name in form.fields:
        bound = form[name]
        for sentence in bound.errors:
            where = bound.first_id if isinstance(bound, KitBoundField) else str(bound.id_for_label)
            yield ("" if bound.is_hidden else f"#{where}"), str(sentence)
