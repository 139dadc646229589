"""The room as a Django app."""

from django.apps import AppConfig


class PledgesConfig(AppConfig):
    """The app of the room."""

    name = "makegood.rooms.pledges"
    label = "pledges"
    default_auto_field = "django.db.models.BigAutoField"
