"""Pounds and pence, exactly: reading, rounding and saying sums of money."""

from __future__ import annotations

import re
from decimal import Decimal
from fractions import Fraction

_MONEY = re.compile(r"£?(\d{1,3}(?:,\d{3})+|\d{1,12})(\.\d{1,2})?")


def parse_money(text: str) -> Decimal | None:
    """Read a sum such as `£2,000`, `9.95` or `£0.30`; `None` when it is no sum of money.

    At most two decimals and no sign, so that no sum is ever rounded on the way in.

    >>> parse_money("£2,000"), parse_money("9.95"), parse_money("12.345")
    (Decimal('2000'), Decimal('9.95'), None)
    """
    if not text.isascii() and not text.startswith("£"):
        return None
    match = _MONEY.fullmatch(text)
    return Decimal(match[1].replace(",", "") + (match[2] or "")) if match else None


def to_pence(sum_of_money: Fraction) -> int:
    """Round an exact number of pounds half up to whole pence; never negative.

    >>> to_pence(Fraction(995, 100) / 8), to_pence(Fraction(30, 100) / 4)
    (124, 8)
    """
    scaled = sum_of_money * 100
    return (2 * scaled.numerator + scaled.denominator) // (2 * scaled.denominator)


def from_pence(pence: int) -> Decimal:
    """Pounds with exactly two decimals.

    >>> from_pence(1234)
    Decimal('12.34')
    """
    return Decimal(pence).scaleb(-2)


def say_money(pounds: Decimal | Fraction) -> str:
    """A sum as people write it: whole pounds without pence, thousands with commas.

    >>> say_money(Decimal("2000")), say_money(Decimal("9.9")), say_money(Fraction(1, 4))
    ('£2,000', '£9.90', '£0.25')
    """
    pence = to_pence(Fraction(pounds))
    return f"£{pence // 100:,}" if pence % 100 == 0 else f"£{pence // 100:,}.{pence % 100:02d}"
