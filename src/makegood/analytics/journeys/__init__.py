"""Journeys across partners: what a customer goes through, found in contact logs, measured, drawn and improved.

Owns the contact log and its forms, how contacts become journeys, every measure of them, the map and the what-if. Every
program here is Narwhals alone; where it runs, a `Store` says. It judges no person: nothing is told by member of staff.
"""
