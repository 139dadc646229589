"""The tables of this room."""

from django.db import migrations, models


class Migration(migrations.Migration):
    initial = True

    dependencies = []

    operations = [
        migrations.CreateModel(
            name="SendingHours",
            fields=[
                ("id", models.BigAutoField(primary_key=True, serialize=False)),
                ("text", models.TextField()),
                ("set_at", models.DateTimeField()),
            ],
        ),
        migrations.CreateModel(
            name="Message",
            fields=[
                ("id", models.BigAutoField(primary_key=True, serialize=False)),
                ("case_number", models.BigIntegerField(null=True)),
                ("about", models.CharField(max_length=80)),
                ("wording", models.CharField(max_length=40)),
                ("version", models.IntegerField(default=0)),
                ("language", models.CharField(max_length=5)),
                ("channel", models.CharField(max_length=10)),
                ("state", models.CharField(max_length=10)),
                ("urgent", models.BooleanField(default=False)),
                ("to_name", models.CharField(max_length=200)),
                ("to_email", models.CharField(max_length=254)),
                ("to_address", models.TextField()),
                ("subject", models.CharField(max_length=300)),
                ("body", models.TextField()),
                ("secrets", models.JSONField(default=list)),
                ("message_id", models.CharField(max_length=200)),
                ("written_at", models.DateTimeField()),
                ("not_before", models.DateTimeField()),
                ("attempts", models.SmallIntegerField(default=0)),
                ("settled_at", models.DateTimeField(null=True)),
                ("detail", models.CharField(default="", max_length=300)),
                ("sent_bytes", models.BinaryField(null=True)),
                ("noted", models.BooleanField(default=False)),
            ],
            options={
                "indexes": [
                    models.Index(
                        condition=models.Q(("state", "waiting")), fields=["not_before", "id"], name="messages_waiting"
                    ),
                    models.Index(
                        condition=models.Q(("state", "waiting"), ("urgent", True)),
                        fields=["not_before", "id"],
                        name="messages_urgent",
                    ),
                    models.Index(
                        condition=models.Q(("state__in", ["sending", "uncertain", "failed", "to_print"])),
                        fields=["state", "id"],
                        name="messages_to_see_to",
                    ),
                    models.Index(
                        condition=models.Q(("noted", False), ("state", "sent")), fields=["id"], name="messages_to_note"
                    ),
                    models.Index(fields=["case_number", "id"], name="messages_case"),
                    models.Index(fields=["about", "id"], name="messages_about"),
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            ("state__in", ["waiting", "sending", "sent", "uncertain", "failed", "to_print", "printed"])
                        ),
                        name="messages_state",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("channel__in", ["email", "letter"])), name="messages_channel"
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="PublishedWording",
            fields=[
                ("id", models.BigAutoField(primary_key=True, serialize=False)),
                ("name", models.CharField(max_length=40)),
                ("language", models.CharField(max_length=5)),
                ("version", models.IntegerField()),
                ("text", models.TextField()),
                ("published_at", models.DateTimeField()),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(fields=("name", "language", "version"), name="messages_wording_once")
                ],
            },
        ),
    ]
