"""A pledge compiled to one Narwhals program: from the wide table of `columns` to one outcome row a case.

Nothing here belongs to an engine. Days, calendars and zones come from the library itself as small tables, so
that a deadline is looked up and not worked out a second time.
"""

from .standards import compile_standard

__all__ = ["compile_standard"]
