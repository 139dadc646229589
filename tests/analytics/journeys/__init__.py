"""Journeys across partners."""
