"""Which passages a generation holds: the key of each and eight bytes of its vector's digest.

The ledger says what it should hold, a list in its folder what it does. With keys alone, a ledger that was restored from
a backup and went on otherwise would look the same.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from qa.ledger.ledger import Ledger

ROWS_FILE = "rows.npy"
#: A passage's key and the first eight bytes of its vector's digest.
Row = tuple[int, int]


@dataclass(frozen=True, slots=True, kw_only=True)
class LiveRows:
    """The live passages that have a vector, in the order of their keys; ``missing`` live passages have none."""

    rows: tuple[Row, ...]
    missing: int
    last_key: int


def live_rows(ledger: Ledger) -> LiveRows:
    """What a generation of ``ledger`` has to hold now."""
    found = ledger.connection.execute(
        "SELECT p.key, p.vector_sha FROM passages p JOIN vectors w ON w.sha = p.vector_sha"
        " AND w.model = (SELECT CAST(value AS INTEGER) FROM meta WHERE key = 'model') ORDER BY p.key"
    ).fetchall()
    total, last = ledger.connection.execute("SELECT count(*), coalesce(max(key), 0) FROM passages").fetchone()
    rows = tuple((int(key), int.from_bytes(sha[:8], "little")) for key, sha in found)
    return LiveRows(rows=rows, missing=total - len(rows), last_key=last)


def write_rows(folder: Path, rows: tuple[Row, ...]) -> None:
    """Leave the list in a generation's ``folder``."""
    import numpy as np

    np.save(folder / ROWS_FILE, np.array(rows, dtype="<u8").reshape(-1, 2), allow_pickle=False)


def read_rows(folder: Path) -> set[Row]:
    """The list in a generation's ``folder``; the caller has compared its seal."""
    import numpy as np

    return {(key, sha) for key, sha in np.load(folder / ROWS_FILE, allow_pickle=False).tolist()}
