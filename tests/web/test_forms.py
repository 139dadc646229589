"""Fields that people can fill in, and markup that says what belongs together."""

from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

import pytest
from django import forms
from django.core.exceptions import ValidationError
from django.test import override_settings

from makegood.web.forms import (
    DayField,
    DayParts,
    KitForm,
    MoneyField,
    WhenField,
    WhenParts,
    WordsField,
    errors_of,
    refusal_to_form,
)
from makegood.web.refusals import NotPossible

pytestmark = pytest.mark.usefixtures("kit_renderer")


@pytest.fixture
def kit_renderer() -> Any:
    with override_settings(FORM_RENDERER="makegood.web.forms.KitRenderer", PLACE_ZONE="Europe/London"):
        yield


class Report(KitForm):
    name = WordsField(max_length=10, label="Your name")
    email = forms.EmailField(label="Email address", help_text="Only about this.")
    what = WordsField(max_length=20, rows=3, label="What is wrong?")
    kind = forms.ChoiceField(label="Kind of bin", widget=forms.RadioSelect, choices=[("r", "Rubbish"), ("c", "Other")])
    day = DayField(label="Day")


def refusal(field: forms.Field, value: Any) -> str:
    with pytest.raises(ValidationError) as refused:
        field.clean(value)
    return " ".join(refused.value.messages)


def test_what_is_missing_is_asked_for_in_words() -> None:
    errors = dict(errors_of(Report({})))
    assert errors == {
        "#id_name": "Enter your name",
        "#id_email": "Enter email address",
        "#id_what": "Answer the question “What is wrong?”",
        "#id_kind_0": "Choose kind of bin",
        "#id_day_0": "Enter day",
    }


def test_hint_and_error_are_bound_to_their_field() -> None:
    html = Report({"email": "nobody"})["email"].as_field_group()
    assert 'aria-describedby="id_email_helptext id_email_error"' in html
    assert 'id="id_email_helptext"' in html
    assert 'id="id_email_error"' in html
    assert 'aria-invalid="true"' in html
    assert 'autocomplete="email"' in html


def test_choices_and_parts_of_a_date_stand_in_a_fieldset_with_its_error() -> None:
    form = Report({"day_day": "31"})
    for name in ("kind", "day"):
        html = form[name].as_field_group()
        assert html.count("<fieldset") == 1
        assert f'aria-describedby="id_{name}_error"' in html


def test_a_text_box_counts_its_characters_and_does_not_cut_them_off() -> None:
    html = Report()["what"].as_field_group()
    assert 'data-maxlength="20"' in html
    assert " maxlength" not in html
    assert 'aria-describedby="id_what-info"' in html


def test_what_a_person_wrote_is_shown_again_and_never_as_markup() -> None:
    html = Report({"name": "<script>x</script>"})["name"].as_field_group()
    assert "<script>" not in html
    assert "&lt;script&gt;" in html


def test_a_refusal_stands_beside_its_field_or_above_the_form() -> None:
    form = Report({"name": "A", "email": "a@example.com", "what": "b", "kind": "r", "day_day": "1"})
    refusal_to_form(form, NotPossible("No such bin here", field="kind"))
    refusal_to_form(form, NotPossible("The case is closed", field="case"))
    assert form.errors["kind"] == ["No such bin here"]
    assert form.non_field_errors() == ["The case is closed"]


@pytest.mark.parametrize("text", ["a\x00b", "a\x1bb", "a\nb", "a\x7fb", "a\x85b"])
def test_control_characters_are_refused_with_a_sentence(text: str) -> None:
    assert refusal(WordsField(max_length=10), text) in {
        "Use letters, numbers and ordinary signs only",
        "Null characters are not allowed.",
    }


def test_line_ends_count_once_and_words_of_every_script_are_welcome() -> None:
    assert WordsField(max_length=3, rows=2).clean(" a\r\nb ") == "a\nb"
    assert WordsField(max_length=40).clean("Ŵyn Ó Briain 田中 🙂") == "Ŵyn Ó Briain 田中 🙂"
    assert refusal(WordsField(max_length=3), "abcd") == "Use 3 characters or fewer"


@pytest.mark.parametrize(
    ("written", "day"),
    [
        (["16", "6", "2026"], date(2026, 6, 16)),
        ([" 1", "Sept", "2026"], date(2026, 9, 1)),
        (["29", "02", "2028"], date(2028, 2, 29)),
    ],
)
def test_a_day_is_taken_as_people_write_it(written: list[str], day: date) -> None:
    assert DayField().clean(written) == day


@pytest.mark.parametrize(
    ("written", "said"),
    [
        (["16", "", "2026"], "The date must have a month"),
        (["16", "", ""], "The date must have a month and a year"),
        (["31", "2", "2026"], "Enter a real date"),
        (["16", "6", "26"], "Enter a date in numbers, like 16 6 2026"),
        (["١٦", "6", "2026"], "Enter a date in numbers, like 16 6 2026"),
        (["-1", "6", "2026"], "Enter a date in numbers, like 16 6 2026"),
        (["1", "1", "0000"], "Enter a real date"),
    ],
)
def test_a_day_that_is_none_is_refused_with_what_to_mend(written: list[str], said: str) -> None:
    assert refusal(DayField(), written) == said


@pytest.mark.parametrize(
    ("written", "at"),
    [
        ("6:30pm", datetime(2026, 6, 16, 17, 30, tzinfo=UTC)),
        ("18.30", datetime(2026, 6, 16, 17, 30, tzinfo=UTC)),
        ("6 PM", datetime(2026, 6, 16, 17, 0, tzinfo=UTC)),
        ("12am", datetime(2026, 6, 15, 23, 0, tzinfo=UTC)),
        ("midday", datetime(2026, 6, 16, 11, 0, tzinfo=UTC)),
    ],
)
def test_a_time_is_taken_as_people_write_it_and_is_the_places(written: str, at: datetime) -> None:
    assert WhenField().clean(["16", "6", "2026", written]) == at


@pytest.mark.parametrize("written", ["", "6", "13pm", "0am", "25:00", "6:60pm", "soon", "١٢:٠٠"])
def test_a_time_that_is_none_or_two_is_refused(written: str) -> None:
    assert refusal(WhenField(), ["16", "6", "2026", written]) == "Enter a time, like 6:30pm"


def test_an_hour_that_the_clocks_skip_is_refused_and_one_given_twice_is_the_earlier() -> None:
    assert "clocks went forward" in refusal(WhenField(), ["29", "3", "2026", "1:30am"])
    assert WhenField().clean(["25", "10", "2026", "1:30am"]) == datetime(2026, 10, 25, 0, 30, tzinfo=UTC)


def test_a_day_and_an_instant_are_shown_again_in_their_parts() -> None:
    assert DayParts().decompress(date(2026, 6, 16)) == [16, 6, 2026]
    assert WhenParts().decompress(datetime(2026, 6, 16, 17, 30, tzinfo=UTC)) == [16, 6, 2026, "18:30"]


@pytest.mark.parametrize(("written", "amount"), [("5", "5"), ("£5.50", "5.5"), (" £1,200 ", "1200")])
def test_money_is_taken_as_people_write_it(written: str, amount: str) -> None:
    assert MoneyField(at_most=Decimal(2000)).clean(written) == Decimal(amount)


@pytest.mark.parametrize("written", ["five", "5.123", "-5", "1e3", "NaN", "Infinity", "2001"])
def test_money_that_is_none_or_out_of_bounds_is_refused(written: str) -> None:
    assert refusal(MoneyField(at_most=Decimal(2000)), written).startswith("Enter an amount")
