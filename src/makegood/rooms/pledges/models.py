"""The tables of pledges and calendars. They only grow: a case keeps the version that it was opened under."""

from __future__ import annotations

from django.db import models


class PledgeVersion(models.Model):
    """One version of a pledge, in force from a day on until a later one is."""

    id = models.BigAutoField(primary_key=True)
    name = models.CharField(max_length=80)
    number = models.IntegerField()
    title = models.CharField(max_length=200)
    text = models.TextField()
    valid_from = models.DateField()
    published_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["name", "number"], name="pledges_version_once")]
        indexes = [models.Index(fields=["name", "-valid_from", "-number"], name="pledges_in_force")]


class CalendarVersion(models.Model):
    """One version of a calendar; the latest counts."""

    id = models.BigAutoField(primary_key=True)
    name = models.CharField(max_length=80)
    number = models.IntegerField()
    title = models.CharField(max_length=200)
    text = models.TextField()
    published_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["name", "number"], name="pledges_calendar_once")]
