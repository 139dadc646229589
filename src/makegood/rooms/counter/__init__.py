"""The counter: everything that a resident, a shop or a passer-by sees, and the JSON API of it.

Owns the pages and the steps of a report. Does not own cases, promises or remedies: it asks the rooms below.
"""
