"""The room as a Django app."""

from django.apps import AppConfig


class DeskConfig(AppConfig):
    """The app of the room."""

    name = "makegood.rooms.desk"
    label = "desk"
