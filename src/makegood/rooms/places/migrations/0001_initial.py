"""The tables of this room."""

import django.contrib.postgres.indexes
import django.db.models.deletion
from django.contrib.postgres.operations import TrigramExtension
from django.db import migrations, models


class Migration(migrations.Migration):
    initial = True

    dependencies = []

    operations = [
        TrigramExtension(),
        migrations.CreateModel(
            name="WardRow",
            fields=[
                ("code", models.CharField(max_length=20, primary_key=True, serialize=False)),
                ("name", models.CharField(max_length=100)),
            ],
            options={
                "db_table": "places_ward",
            },
        ),
        migrations.CreateModel(
            name="AddressRow",
            fields=[
                ("id", models.CharField(max_length=20, primary_key=True, serialize=False)),
                ("line", models.CharField(max_length=200)),
                ("postcode", models.CharField(max_length=10)),
                ("words", models.CharField(max_length=220)),
                (
                    "ward",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="places.wardrow"
                    ),
                ),
            ],
            options={
                "db_table": "places_address",
                "indexes": [
                    django.contrib.postgres.indexes.GinIndex(
                        fields=["words"], name="places_address_words", opclasses=["gin_trgm_ops"]
                    )
                ],
            },
        ),
    ]
