"""Writes the files of the worked example: `python -m makegood.analytics.journeys.example FOLDER`."""

from . import main

main()
