"""Turns a question into the words that full-text search looks for."""

from __future__ import annotations

import re
from collections.abc import Sequence

from qa.ledger import lexical
from qa.ledger.ledger import Ledger
from qa.retrieve.words import REQUESTS, is_function_word

_WORD = re.compile(r"\w+")
#: More words than this aren't a question but a pasted text; the longest ones are kept.
MOST_WORDS = 40
#: From this many passages on, words in more than a tenth of them are left out: BM25 reads every passage that has a
#: word, and on SciFact leaving these out costs .0004 nDCG@10 (a twentieth: .009).
LARGE = 20_000
COMMON = 0.1


def words_to_find(text: str) -> list[str]:
    """The words of ``text`` that aren't of a closed class, each once, in order; all where nothing else is left."""
    words = list(dict.fromkeys(word.casefold() for word in _WORD.findall(text)))
    if words and words[0] in REQUESTS:
        words = words[1:] or words
    kept = [word for word in words if not is_function_word(word)] or words
    if len(kept) <= MOST_WORDS:
        return kept
    longest = set(sorted(kept, key=len, reverse=True)[:MOST_WORDS])
    return [word for word in kept if word in longest]


def telling_words(
    ledger: Ledger, words: Sequence[str], *, passages: int, without: frozenset[str] = frozenset()
) -> list[str]:
    """Those of ``words`` that tell passages apart; of a small corpus, or where all are common, all of them.

    ``passages`` are how many the corpus has but for the articles ``without``.
    """
    if passages < LARGE or len(words) < 2:
        return list(words)
    limit = int(COMMON * passages)
    rare = [
        word
        for word in words
        if lexical.occurs_in(ledger, lexical.phrase(word), at_most=limit, without=without) < limit
    ]
    return rare or list(words)


def expression_of(words: Sequence[str]) -> str:
    """The match expression for any of ``words``."""
    return lexical.any_of(lexical.phrase(word) for word in words)
