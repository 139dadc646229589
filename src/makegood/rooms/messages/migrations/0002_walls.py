"""What we told somebody is seen by staff, and by the resident of that case."""

from django.db import migrations

from makegood.database.walls import append_only, walled


class Migration(migrations.Migration):
    dependencies = [("messages", "0001_initial"), ("journal", "0002_walls")]

    operations = [
        walled("messages_message", "app_staff() OR case_number = app_case()"),
        append_only("messages_publishedwording"),
        append_only("messages_sendinghours"),
    ]
