"""What was promised stays as it was published."""

from django.db import migrations

from makegood.database.walls import append_only


class Migration(migrations.Migration):
    dependencies = [("pledges", "0001_initial"), ("journal", "0002_walls")]

    operations = [append_only("pledges_pledgeversion"), append_only("pledges_calendarversion")]
