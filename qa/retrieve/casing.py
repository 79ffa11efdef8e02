"""Asks the corpus whether it writes a word with capitals: how "zhang" in a careless question is told from "hiring"."""

from __future__ import annotations

import re

from qa.ledger import lexical
from qa.ledger.ledger import Ledger
from qa.types import Filters

_SAMPLE = 24
_MOSTLY = 0.8


class Casing:
    """Answers for one ledger; what was asked once is remembered until the ledger changes, or what is left out of it."""

    def __init__(self, ledger: Ledger) -> None:
        self._ledger = ledger
        self._known: dict[str, bool] = {}
        self._state = (ledger.epoch, frozenset[str]())

    def is_name(self, words: str, *, without: frozenset[str] = frozenset()) -> bool:
        """Whether ``words`` stands in the corpus (but for the articles ``without``), and inside sentences is mostly
        written with a capital.
        """
        state = (self._ledger.epoch, without)
        if state != self._state:
            self._known.clear()
            self._state = state
        key = words.casefold()
        if key not in self._known:
            self._known[key] = self._look(key, without)
        return self._known[key]

    def _look(self, words: str, without: frozenset[str]) -> bool:
        bodies = lexical.passages_with(
            self._ledger, lexical.phrase(words), limit=_SAMPLE, filters=Filters(without=without)
        ).values()
        # Inside a sentence: after a letter or a comma and a space. At its beginning every word has a capital.
        pattern = re.compile(rf"(?<=[\w,] ){re.escape(words)}(?!\w)", re.IGNORECASE)
        seen = [match.group() for body in bodies for match in pattern.finditer(body)]
        capital = sum(any(letter.isupper() for letter in word) for word in seen)
        return bool(seen) and capital >= _MOSTLY * len(seen)
