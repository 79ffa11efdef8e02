"""Two kinds of text that stand apart from reporting: corrections of other articles, and orders to whatever machine
reads.

Both are told by their form. A correction is shown first; an order is neither followed nor evidence of anything.
"""

from __future__ import annotations

import re

from qa.types import Article

_TITLED = re.compile(
    r"^\W*(?:corrections?|clarifications?|errat(?:um|a)|corrigend(?:um|a)|editor['’]s note)\b", re.IGNORECASE
)
_CORRECTS = re.compile(
    r"\b(?:an earlier version of (?:this|the) (?:article|story|report)"
    r"|(?:article|report|story|version)\b[^.\n]{0,80}\b(?:incorrectly|wrongly|misstated|mistakenly|erroneously)"
    r"|we (?:incorrectly|wrongly|mistakenly|regret the error)|this (?:article|story) has been corrected)\b",
    re.IGNORECASE,
)
_NEAR_THE_TOP = 2_000
_ORDERS = re.compile(
    r"\b(?:ignore|disregard|forget|override|bypass)\b[^.\n]{0,40}\b(?:instructions?|prompts?|directions|guidelines)\b"
    r"|\b(?:you are|act as|pretend to be) (?:now )?an? (?:ai|assistant|chatbot|language model)\b"
    r"|\bsystem prompt\b",
    re.IGNORECASE,
)


def is_correction(article: Article) -> bool:
    """Whether an article presents itself as a correction of another: by its title, or because it says so."""
    return bool(_TITLED.match(article.title)) or bool(_CORRECTS.search(article.text, 0, _NEAR_THE_TOP))


def gives_orders(sentence: str) -> bool:
    """Whether a sentence tells a reading machine what to do."""
    return bool(_ORDERS.search(sentence))
