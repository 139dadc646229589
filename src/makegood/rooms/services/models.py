"""The tables of services: what each is called now, and every text that it had."""

from __future__ import annotations

from django.db import models


class ServiceText(models.Model):
    """One version of a service's text."""

    id = models.BigAutoField(primary_key=True)
    code = models.CharField(max_length=60)
    version = models.IntegerField()
    text = models.TextField()
    published_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["code", "version"], name="services_version_once")]


class Listed(models.Model):
    """A service as it is found: its current text, and the words by which people look for it."""

    code = models.CharField(primary_key=True, max_length=60)
    current = models.ForeignKey("services.ServiceText", models.PROTECT, related_name="+")
    words = models.TextField()
