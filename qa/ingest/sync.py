"""What ``--sync`` may take for gone: articles whose file left a folder that was listed whole, and nothing else.

The library notes each outcome of reading here and asks at the end. In doubt an article stays: under a folder that
couldn't be listed, in a file that couldn't be read or that had a line which can't be told from it.
"""

from __future__ import annotations

from collections.abc import Iterable

from qa.ingest.outcome import Item, Skip
from qa.ingest.sources import Discovery


class Sync:
    """Collects what was found under the folders of a discovery, then says which known articles are gone."""

    def __init__(self, discovery: Discovery) -> None:
        self._roots = [root.path.rstrip("/") + "/" for root in discovery.roots]
        self._unreadable = tuple(path.rstrip("/") + "/" for root in discovery.roots for path in root.unreadable)
        self._files = {source.identity for source in discovery.sources}
        self._seen: set[str] = set()
        self._unsure: set[str] = set()
        for skip in discovery.skips:
            self.note(skip)

    def note(self, outcome: Item | Skip) -> None:
        """Record an outcome: whatever became of it, what it names is still there."""
        self._seen.add(outcome.identity)
        if isinstance(outcome, Skip) and outcome.hides:
            self._unsure.add(outcome.file)

    def departed(self, known: Iterable[str]) -> list[str]:
        """Those of the ``known`` identities that were under a folder and aren't there any more; sorted."""
        return sorted(identity for identity in known if self._gone(identity))

    def _gone(self, identity: str) -> bool:
        if identity in self._seen or identity in self._files or not identity.startswith(tuple(self._roots)):
            return False
        if identity.startswith(self._unreadable):
            return False
        files = {identity[:at] for at, char in enumerate(identity) if char == "#"}
        return not files & self._unsure
