"""The room as a Django app."""

from django.apps import AppConfig


class PeopleConfig(AppConfig):
    """Organisations, teams, staff."""

    name = "makegood.rooms.people"
    label = "people"
    default_auto_field = "django.db.models.BigAutoField"
