"""The room as a Django app."""

from django.apps import AppConfig


class PlacesConfig(AppConfig):
    """The app of the room."""

    name = "makegood.rooms.places"
    label = "places"
    default_auto_field = "django.db.models.BigAutoField"
