"""The room as a Django app."""

from django.apps import AppConfig


class CounterConfig(AppConfig):
    """The app of the room."""

    name = "makegood.rooms.counter"
    label = "counter"
