"""A text cut into sentences with roles, and passages over them: the one door to segmenting. Pure and linear in time.

How it is done stands in ``blocks`` (lines to paragraphs), ``sentences`` (where one ends), ``roles`` and ``junk``
(what is no prose) and ``passages``.
"""

from __future__ import annotations

from qa.ingest.blocks import blocks
from qa.ingest.passages import TARGET, passages
from qa.ingest.roles import roles
from qa.ingest.sentences import cut
from qa.types import Segmentation, SentenceSpan

__all__ = ["segment"]


def segment(text: str, *, title: str = "", target: int = TARGET) -> Segmentation:
    """Sentences and passages of ``text``; ``title`` finds the headline, ``target`` is the passage size in code points.

    Sentences are in order, don't overlap, have no outer white space and leave nothing but white space uncovered.
    Each ``BODY`` sentence is in exactly one passage, the others in none.
    """
    found = blocks(text)
    sentences: list[SentenceSpan] = []
    paragraphs: list[int] = []
    for block, role in zip(found, roles(text, found, title=title), strict=True):
        for start, end in cut(text, block.start, block.end):
            sentences.append(SentenceSpan(start=start, end=end, role=role))
            paragraphs.append(block.paragraph)
    return Segmentation(
        sentences=tuple(sentences),
        passages=tuple(passages(text, sentences, paragraphs, target=target)),
    )
