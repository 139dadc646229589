"""The journal only grows; its numbers come from a sequence that an act asks before it begins."""

from django.db import migrations

from makegood.database.walls import SCOPE, append_only, walled


class Migration(migrations.Migration):
    dependencies = [("journal", "0001_initial")]

    operations = [
        SCOPE,
        migrations.RunSQL("CREATE SEQUENCE journal_entry_number", "DROP SEQUENCE journal_entry_number"),
        append_only("journal_entry"),
        append_only("journal_announced"),
        append_only("journal_seal"),
        walled("journal_entrytext", "app_staff()"),
    ]
