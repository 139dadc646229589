"""The tables of wards and addresses."""

from __future__ import annotations

from django.contrib.postgres.indexes import GinIndex
from django.db import models


class WardRow(models.Model):
    """A ward."""

    code = models.CharField(primary_key=True, max_length=20)
    name = models.CharField(max_length=100)

    class Meta:
        db_table = "places_ward"


class AddressRow(models.Model):
    """An address; `words` is what it is found by."""

    id = models.CharField(primary_key=True, max_length=20)
    line = models.CharField(max_length=200)
    postcode = models.CharField(max_length=10)
    ward = models.ForeignKey("places.WardRow", models.PROTECT, related_name="+")
    words = models.CharField(max_length=220)

    class Meta:
        db_table = "places_address"
        indexes = [GinIndex(fields=["words"], opclasses=["gin_trgm_ops"], name="places_address_words")]
