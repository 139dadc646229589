"""The tables of this room."""

from django.db import migrations, models


class Migration(migrations.Migration):
    initial = True

    dependencies = []

    operations = [
        migrations.CreateModel(
            name="CalendarVersion",
            fields=[
                ("id", models.BigAutoField(primary_key=True, serialize=False)),
                ("name", models.CharField(max_length=80)),
                ("number", models.IntegerField()),
                ("title", models.CharField(max_length=200)),
                ("text", models.TextField()),
                ("published_at", models.DateTimeField()),
            ],
            options={
                "constraints": [models.UniqueConstraint(fields=("name", "number"), name="pledges_calendar_once")],
            },
        ),
        migrations.CreateModel(
            name="PledgeVersion",
            fields=[
                ("id", models.BigAutoField(primary_key=True, serialize=False)),
                ("name", models.CharField(max_length=80)),
                ("number", models.IntegerField()),
                ("title", models.CharField(max_length=200)),
                ("text", models.TextField()),
                ("valid_from", models.DateField()),
                ("published_at", models.DateTimeField()),
            ],
            options={
                "indexes": [models.Index(fields=["name", "-valid_from", "-number"], name="pledges_in_force")],
                "constraints": [models.UniqueConstraint(fields=("name", "number"), name="pledges_version_once")],
            },
        ),
    ]
