"""Voucher codes: twelve signs, hard to guess or mistake for each other, the last a check; and their QR picture."""

from __future__ import annotations

import io
import secrets

import segno

ALPHABET = "23456789ABCDEFGHJKMNPQRSTVWXY"
"""Twenty-nine signs without 0, O, 1, I, L, U and Z: eleven of them are 53 bits. A prime, for the check sign's sake."""

LENGTH = 12
_VALUE = {sign: value for value, sign in enumerate(ALPHABET)}
_SPACES = str.maketrans("", "", " -\u2010\u2011\u2012\u2013\u2014\u2212\t")


def new_code() -> str:
    """A code that nobody can guess, with its check sign, ungrouped."""
    body = "".join(secrets.choice(ALPHABET) for _ in range(LENGTH - 1))
    return body + check_sign(body)


def check_sign(body: str) -> str:
    """The sign that follows: any one wrong sign, and any two changed over, give another one.

    >>> check_sign("23456789ABC") != check_sign("32456789ABC")
    True
    """
    total = sum(weight * _VALUE[sign] for weight, sign in enumerate(body, start=1))
    return ALPHABET[total % len(ALPHABET)]


def read_code(text: str) -> str:
    """A code as it is kept, however it was typed; empty when it cannot be one.

    >>> read_code("abcd") == "" and read_code(say_code("23456789ABC" + check_sign("23456789ABC")).lower())[:4]
    '2345'
    """
    signs = text.upper().translate(_SPACES)
    if len(signs) != LENGTH or any(sign not in _VALUE for sign in signs):
        return ""
    return signs if check_sign(signs[:-1]) == signs[-1] else ""


def say_code(code: str) -> str:
    """A code in groups of four.

    >>> say_code("ABCDEFGHJKMN")
    'ABCD-EFGH-JKMN'
    """
    return "-".join(code[start : start + 4] for start in range(0, len(code), 4))


def qr_of(text: str) -> str:
    """A QR picture of a text as SVG with a title of it, without any style, to be put into a page."""
    out = io.BytesIO()
    code = segno.make(text, error="m", micro=False)
    code.save(
        out,
        kind="svg",
        scale=4,
        xmldecl=False,
        svgns=True,
        omitsize=True,
        title=text,
        svgclass="voucher-qr",
        lineclass=None,
    )
    return out.getvalue().decode()
