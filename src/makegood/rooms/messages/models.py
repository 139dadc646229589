"""The tables of messages, of published wordings and of sending hours. What a message says is walled by its case."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

_WAITING = Q(state="waiting")


class Message(models.Model):
    """One message to one person. `body` and `subject` are as they go out; `sent_bytes` are the bytes that went.

    `not_before` is in the place's time; `noted` says that the journal tells that it was sent. `secrets`
    are the words of it that nobody but its reader should see: they are taken out of all three once it has gone.
    """

    id = models.BigAutoField(primary_key=True)
    case_number = models.BigIntegerField(null=True)
    about = models.CharField(max_length=80)
    wording = models.CharField(max_length=40)
    version = models.IntegerField(default=0)  # 0 is the wording that ships
    language = models.CharField(max_length=5)
    channel = models.CharField(max_length=10)
    state = models.CharField(max_length=10)
    urgent = models.BooleanField(default=False)
    to_name = models.CharField(max_length=200)
    to_email = models.CharField(max_length=254)
    to_address = models.TextField()
    subject = models.CharField(max_length=300)
    body = models.TextField()
    secrets = models.JSONField(default=list)
    message_id = models.CharField(max_length=200)
    written_at = models.DateTimeField()
    not_before = models.DateTimeField()
    attempts = models.SmallIntegerField(default=0)
    settled_at = models.DateTimeField(null=True)
    detail = models.CharField(max_length=300, default="")  # what the mail server said last
    sent_bytes = models.BinaryField(null=True)
    noted = models.BooleanField(default=False)

    class Meta:
        indexes = [
            models.Index(fields=["not_before", "id"], name="messages_waiting", condition=_WAITING),
            models.Index(fields=["not_before", "id"], name="messages_urgent", condition=_WAITING & Q(urgent=True)),
            models.Index(
                fields=["state", "id"],
                name="messages_to_see_to",
                condition=Q(state__in=["sending", "uncertain", "failed", "to_print"]),
            ),
            models.Index(fields=["id"], name="messages_to_note", condition=Q(state="sent", noted=False)),
            models.Index(fields=["case_number", "id"], name="messages_case"),
            models.Index(fields=["about", "id"], name="messages_about"),
        ]
        constraints = [
            models.CheckConstraint(
                name="messages_state",
                condition=Q(state__in=["waiting", "sending", "sent", "uncertain", "failed", "to_print", "printed"]),
            ),
            models.CheckConstraint(name="messages_channel", condition=Q(channel__in=["email", "letter"])),
        ]


class PublishedWording(models.Model):
    """A wording as the place publishes it, instead of the one that ships; older versions stay."""

    id = models.BigAutoField(primary_key=True)
    name = models.CharField(max_length=40)
    language = models.CharField(max_length=5)
    version = models.IntegerField()
    text = models.TextField()
    published_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["name", "language", "version"], name="messages_wording_once")]


class SendingHours(models.Model):
    """When messages may go out, as the text of a calendar; the latest counts, older ones stay."""

    id = models.BigAutoField(primary_key=True)
    text = models.TextField()
    set_at = models.DateTimeField()
