"""The promises that the place has published: their texts, versions and calendars, in force from a day.

Owns publication, checked by the library with the pledge's own examples, and what a version says in words. Does not own
what a promise means, which is the library's, nor how it is kept, which is seen in cases.
"""
