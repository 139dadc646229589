"""The application: one room for each capability, met only at its doors.

There is no room yet. This package stands so that the import contracts in pyproject.toml have something
to hold: the first room is born inside its walls. A room owns its tables, pages and verbs; what a promise
means is decided in makegood.rules, and never here.
"""
