"""The desk: every page that staff see, put together from the rooms below.

It owns the pages and their words; cases, promises, remedies, messages and people belong to their own rooms. It keeps
no tables: its lists read the cases' indexed rows. What residents, shops and passers-by see is the counter's.
"""
