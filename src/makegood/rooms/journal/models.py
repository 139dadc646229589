"""The journal's tables. Entries, events and seals are append-only: the database refuses to change or delete them."""

from __future__ import annotations

from typing import Any

from django.db import models
from django.db.models.functions import Now


class TransactionId(models.Field):  # type: ignore[type-arg]  # only the stubs know its parameters
    """PostgreSQL's 64-bit number of a transaction, as text in Python."""

    def db_type(self, connection: object) -> str:
        """The column's type."""
        return "xid8"

    def select_format(self, compiler: Any, sql: str, params: tuple[Any, ...]) -> tuple[str, tuple[Any, ...]]:
        """Read as text, which loses nothing."""
        return f"{sql}::text", params


class Entry(models.Model):
    """One act: its verb, who, when it counts in the place (`at`) and when it was written down (`written`).

    `act` is the entry of the act that this one was part of; `text_digest` seals the erasable text.
    """

    id = models.BigIntegerField(primary_key=True)  # from its sequence, taken when the act begins
    act = models.BigIntegerField(null=True)
    verb = models.CharField(max_length=80)
    who = models.CharField(max_length=20)
    actor = models.CharField(max_length=80)
    subject = models.CharField(max_length=80)
    told = models.JSONField(default=dict)
    text_digest = models.BinaryField(null=True)
    at = models.DateTimeField()
    written = models.DateTimeField(db_default=Now())
    transaction = TransactionId(db_default=models.Func(function="pg_current_xact_id"))

    class Meta:
        indexes = [
            models.Index(fields=["subject", "id"], name="journal_entry_subject"),
            models.Index(fields=["transaction", "id"], name="journal_entry_transaction"),
        ]


class EntryText(models.Model):
    """What somebody wrote as a reason: personal, so it lies apart from its entry and can be erased."""

    entry = models.OneToOneField(Entry, models.PROTECT, primary_key=True, related_name="+")
    salt = models.BinaryField()
    text = models.TextField()


class Announced(models.Model):
    """An event that an act announced, for the readers in the rooms above."""

    id = models.BigAutoField(primary_key=True)
    entry = models.BigIntegerField()
    kind = models.CharField(max_length=80)
    subject = models.CharField(max_length=80)
    data = models.JSONField()
    at = models.DateTimeField()
    transaction = TransactionId(db_default=models.Func(function="pg_current_xact_id"))

    class Meta:
        indexes = [
            models.Index(fields=["transaction", "id"], name="journal_announced_transaction"),
            models.Index(fields=["subject", "id"], name="journal_announced_subject"),
        ]


class Seal(models.Model):
    """One link of the chain: the digest of an entry together with the link before."""

    position = models.BigIntegerField(primary_key=True)
    entry = models.BigIntegerField(unique=True)
    digest = models.BinaryField()


class Reader(models.Model):
    """How far a reader has heard: the last transaction and, in it, the last event."""

    name = models.CharField(primary_key=True, max_length=80)
    transaction = TransactionId(default="0")
    event = models.BigIntegerField(default=0)


class Once(models.Model):
    """What an intention came to, so that the same one is not carried out twice."""

    key = models.CharField(primary_key=True, max_length=100)
    verb = models.CharField(max_length=80)
    answer = models.JSONField(null=True)
    written = models.DateTimeField(db_default=Now())


class PlaceClock(models.Model):
    """How far a demonstration place's clock runs ahead of real time; a real place has no row."""

    id = models.SmallIntegerField(primary_key=True, default=1)
    ahead = models.DurationField()
