"""References that people can read out, and tokens that nobody can guess."""

from __future__ import annotations

import hashlib
import hmac
import secrets

LETTERS = "234679CDFGHJKMNPQRTVWXY"
"""No vowels, so that no words arise, and nothing that looks or sounds like another of them."""
PREFIX = "MG"


def new_reference() -> str:
    """A reference such as MG-4X7K-92QD: one of 23 to the power of 8. It opens nothing by itself.

    >>> read_reference(new_reference()) != ""
    True
    """
    drawn = "".join(secrets.choice(LETTERS) for _ in range(8))
    return f"{PREFIX}-{drawn[:4]}-{drawn[4:]}"


def read_reference(written: str) -> str:
    """The reference as it is kept, however it was written; empty for what is none.

    >>> read_reference(" mg 4x7k92qd"), read_reference("4X7K-92QD"), read_reference("12")
    ('MG-4X7K-92QD', 'MG-4X7K-92QD', '')
    """
    letters = "".join(each for each in written[:40].upper() if each.isascii() and each.isalnum())
    if len(letters) == len(PREFIX) + 8:
        if not letters.startswith(PREFIX):
            return ""
        letters = letters.removeprefix(PREFIX)
    if len(letters) != 8 or not set(letters) <= set(LETTERS):
        return ""
    return f"{PREFIX}-{letters[:4]}-{letters[4:]}"


def new_token() -> str:
    """The secret part of a private link: 192 random bits in 32 letters that go into an address."""
    return secrets.token_urlsafe(24)


def token_digest(token: str) -> bytes:
    """What is kept of a token: enough to know it again, of no use to whoever reads the table."""
    return hashlib.sha256(token.encode()).digest()


def new_code() -> str:
    """A code to type from a message: eight digits."""
    return f"{secrets.randbelow(10**8):08d}"


def code_digest(salt: bytes, code: str) -> bytes:
    """What is kept of a code: slow to search through, since codes are short."""
    return hashlib.scrypt(code.encode(), salt=salt, n=2**12, r=8, p=1, dklen=32)


def same(one: bytes, other: bytes) -> bool:
    """Whether two digests are the same, in a time that does not tell where they differ."""
    return hmac.compare_digest(one, other)


def counter_key(what: str, value: str) -> bytes:
    """The key of a counter: says nothing about who is counted."""
    return hashlib.sha256(f"{what}\x00{value}".encode()).digest()
