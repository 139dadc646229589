"""Who works here: organisations, teams, people and their roles.

Owns staff accounts, what their roles allow in general, and the limits of their discretion. Does not own residents:
those need no account, and what is known of them belongs to their case.
"""
