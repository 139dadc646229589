"""The tables of this room."""

import django.db.models.deletion
from django.contrib.postgres.operations import TrigramExtension
from django.db import migrations, models


class Migration(migrations.Migration):
    initial = True

    dependencies = []

    operations = [
        TrigramExtension(),
        migrations.CreateModel(
            name="ServiceText",
            fields=[
                ("id", models.BigAutoField(primary_key=True, serialize=False)),
                ("code", models.CharField(max_length=60)),
                ("version", models.IntegerField()),
                ("text", models.TextField()),
                ("published_at", models.DateTimeField()),
            ],
            options={
                "constraints": [models.UniqueConstraint(fields=("code", "version"), name="services_version_once")],
            },
        ),
        migrations.CreateModel(
            name="Listed",
            fields=[
                ("code", models.CharField(max_length=60, primary_key=True, serialize=False)),
                ("words", models.TextField()),
                (
                    "current",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="services.servicetext"
                    ),
                ),
            ],
        ),
    ]
