"""Payments that were sent to finance: seen by staff alone; and what is with finance as an account of the ledger."""

import django.db.models.deletion
from django.db import migrations, models

from makegood.database.walls import walled


class Migration(migrations.Migration):
    dependencies = [("remedies", "0002_walls")]

    operations = [
        migrations.CreateModel(
            name="PaymentBatch",
            fields=[
                ("id", models.BigAutoField(primary_key=True, serialize=False)),
                ("made_at", models.DateTimeField()),
                ("made_by", models.CharField(max_length=80)),
            ],
        ),
        migrations.CreateModel(
            name="PaymentLine",
            fields=[
                ("id", models.BigAutoField(primary_key=True, serialize=False)),
                ("pence", models.IntegerField()),
                ("state", models.CharField(default="sent", max_length=10)),
                ("ended_at", models.DateTimeField(null=True)),
                ("mark", models.CharField(blank=True, max_length=80)),
                (
                    "batch",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="remedies.paymentbatch"
                    ),
                ),
                (
                    "entitlement",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="remedies.entitlement"
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("state", "sent")),
                        fields=("entitlement",),
                        name="remedies_line_sent_once",
                    ),
                    models.CheckConstraint(condition=models.Q(("pence__gt", 0)), name="remedies_line_worth"),
                    models.CheckConstraint(
                        condition=models.Q(("state__in", ["sent", "paid", "returned"])), name="remedies_line_state"
                    ),
                ],
            },
        ),
        migrations.RemoveConstraint(model_name="posting", name="remedies_posting_account"),
        migrations.AddConstraint(
            model_name="posting",
            constraint=models.CheckConstraint(
                condition=models.Q(("account__in", ["cost", "owed", "vouchers", "finance", "paid", "left"])),
                name="remedies_posting_account",
            ),
        ),
        walled("remedies_paymentbatch", "app_staff()"),
        walled("remedies_paymentline", "app_staff()"),
    ]
