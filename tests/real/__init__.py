"""Promises run over records that other people published, and the figures that the documentation states."""
