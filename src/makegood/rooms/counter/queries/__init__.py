"""What the counter's pages and its JSON API show, put together from the rooms below."""

from .published import Figures, as_data, big_words, figures_of, listed_data, page_of
from .told import (
    CaseTold,
    PromiseTold,
    SameThing,
    answer_told,
    case_told,
    local_day,
    same_things,
    seeing_all,
)

__all__ = [
    "CaseTold",
    "Figures",
    "PromiseTold",
    "SameThing",
    "answer_told",
    "as_data",
    "big_words",
    "case_told",
    "figures_of",
    "listed_data",
    "local_day",
    "page_of",
    "same_things",
    "seeing_all",
]
