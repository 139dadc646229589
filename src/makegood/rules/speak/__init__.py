"""A promise in plain words: the page that explains a pledge, its parts alone, and the story of one outcome.

Every fixed phrase comes from a `Catalogue`; another language is one more module like `english`.
"""

from .catalogue import Catalogue
from .document import Form, Part
from .english import ENGLISH
from .page import explain
from .parts import say_limit, say_promise, say_remedies
from .story import say_deadline, say_outcome

__all__ = [
    "ENGLISH",
    "Catalogue",
    "Form",
    "Part",
    "explain",
    "say_deadline",
    "say_limit",
    "say_outcome",
    "say_promise",
    "say_remedies",
]
