"""A promise in plain words: the page that explains a pledge, and the story of one outcome.

Every fixed phrase comes from a `Catalogue`; another language is one more module like `english`.
"""

from .catalogue import Catalogue
from .document import Form
from .english import ENGLISH
from .page import explain
from .story import say_deadline, say_outcome

__all__ = ["ENGLISH", "Catalogue", "Form", "explain", "say_deadline", "say_outcome"]
