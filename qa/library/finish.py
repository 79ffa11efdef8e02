"""How every change of an index ends: vectors that nothing uses go, erased text leaves no trace, the generation is
published.

Each of these is also owed by a run that was killed before it came here, so each looks for itself whether there is
something to do.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from qa.ledger.writer import Writer

Progress = Callable[[int, int], None]


def finish(index: Path, writer: Writer, *, rebuild: bool = False, progress: Progress | None = None) -> None:
    """Bring everything in the folder ``index`` up to the ledger. Costs next to nothing where it is already.

    ``rebuild`` builds the generation anew whatever there is.
    """
    from qa.index.generation import discard, publish

    if writer.owes_cleaning:
        with writer.transaction():
            writer.forget_vectors()
    if writer.owes_erasing:
        # The graph first: what is purged may be read out of its vectors, and a copy of it would keep them.
        discard(index)
        writer.erase_traces()
    publish(index, writer.ledger, progress=progress, rebuild=rebuild)
