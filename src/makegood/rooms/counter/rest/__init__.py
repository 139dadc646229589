"""The JSON API: what a website, an app or a till of somebody else's can do here."""

from .refusing import refused
from .routes import api, api_routes

__all__ = ["api", "api_routes", "refused"]
