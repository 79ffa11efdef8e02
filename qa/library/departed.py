"""What ``--sync`` removes: articles whose file left a folder named on the command line, or whose line left a JSONL file
named there.

Only what was listed and read in full counts as gone (``qa.ingest.sync`` has the rules for folders); a root that can't
be read removes nothing. An existing folder that is empty removes all of its articles: that is what a folder in sync
means. Nothing is remembered between runs: ``--sync`` is said each time.
"""

from __future__ import annotations

from qa.ingest.outcome import Item, Skip
from qa.ingest.sources import Discovery
from qa.ingest.sync import Sync
from qa.ledger.ledger import Ledger


class Departed:
    """Watches what a run reads, then says which articles of the ledger are gone."""

    def __init__(self, discovery: Discovery) -> None:
        self._sync = Sync(discovery)
        self._folders = [root.path for root in discovery.roots]
        # Files named themselves; those that hold one article each are never gone, since they were there to be named.
        self._files = [source.identity for source in discovery.sources if not source.root and source.path is not None]
        self._lines: set[str] = set()
        self._unsure: set[str] = set()

    def note(self, outcome: Item | Skip) -> None:
        """Record one outcome of reading."""
        self._sync.note(outcome)
        if isinstance(outcome, Skip) and outcome.hides:
            self._unsure.add(outcome.file)
        elif isinstance(outcome, Skip) or not outcome.root:
            self._lines.add(outcome.identity)

    def article_ids(self, ledger: Ledger) -> list[str]:
        """Ids of the live articles that are gone, in the order of their identities."""
        gone: dict[str, str] = {}
        for folder in self._folders:
            known = ledger.identities_under(folder)
            gone.update((identity, known[identity]) for identity in self._sync.departed(known))
        for file in self._files:
            if file not in self._unsure:
                known = ledger.identities_under(file)
                gone.update(
                    (name, known[name]) for name in known if name.startswith(f"{file}#") and name not in self._lines
                )
        return [gone[identity] for identity in sorted(gone)]
