"""Makegood: service promises, with their remedies, as text that can be checked, explained and evaluated."""

__version__ = "0.1.0"
