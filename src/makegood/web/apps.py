"""The kit as a Django app: its templates, its static files, its template tags."""

from django.apps import AppConfig


class WebConfig(AppConfig):
    """The kit has no tables."""

    name = "makegood.web"
    label = "web"
    verbose_name = "Design-system kit"
