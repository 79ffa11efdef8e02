"""Says in one line why a passage was found."""

from __future__ import annotations

from qa.types import Hit


def why(hit: Hit) -> str:
    """What each search thought of ``hit``: ranks, raw scores, which musts its article meets, how many copies stand
    behind it.
    """
    parts = [
        _place("words", hit.lexical_rank, "bm25", hit.bm25, 1),
        _place("meaning", hit.dense_rank, "cosine", hit.cosine, 3),
    ]
    if hit.rerank is not None:
        parts.append(f"reader {hit.rerank:.2f}")
    if hit.musts:
        parts.append("has " + ", ".join(repr(must) for must in hit.musts))
    if hit.copies:
        parts.append(f"{len(hit.copies)} {'copy' if len(hit.copies) == 1 else 'copies'} collapsed")
    return "; ".join(parts)


def _place(search: str, rank: int | None, measure: str, score: float | None, digits: int) -> str:
    """``words #2 (bm25 7.3)``; without the rank where the passage wasn't among that search's best."""
    place = f"{search} #{rank}" if rank is not None else f"{search} -"
    return place if score is None else f"{place} ({measure} {score:.{digits}f})"
