"""The five Ys: how transparent, simple, speedy, easy and flexible a promise with its remedy is.

Owns the ratings, the table of their thresholds, and the words for both. A promise is rated by what it commits to,
never by how it is worded; what is only claimed, such as where it is published, needs evidence.
"""

from .rate import score
from .ratings import Criterion, Raise, Rating, Reason, Scores
from .say import ENGLISH, say_scores, scores_data

__all__ = [
    "ENGLISH",
    "Criterion",
    "Raise",
    "Rating",
    "Reason",
    "Scores",
    "say_scores",
    "score",
    "scores_data",
]
