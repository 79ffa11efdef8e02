"""The index of a corpus, built once and kept in a cache folder for all runs over the same corpus.

The key is made of all that an index depends on, so nothing in the cache is ever brought up to date: it is right, or it
is another one. Building happens beside its place and ends with a rename; a killed build leaves nothing that is used.
"""

from __future__ import annotations

import hashlib
import json
import os
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

from eval.corpus import article_name
from qa import __version__
from qa.errors import IndexDamaged, IndexMismatch, IndexMissing, UsageError
from qa.ledger.faults import storage_faults
from qa.ledger.ledger import Ledger
from qa.ledger.schema import MIGRATIONS
from qa.models.fingerprint import fingerprint_of_shipped

#: Names the cache's folder.
CACHE_VARIABLE = "QA_EVAL_CACHE"

Progress = Callable[[int, int], None]


def cache_folder() -> Path:
    """Where indexes are kept: ``QA_EVAL_CACHE``, else a folder per user. It need not exist."""
    chosen = os.environ.get(CACHE_VARIABLE)
    if chosen:
        return Path(chosen).expanduser().absolute()
    from platformdirs import user_cache_path

    return user_cache_path("qa", appauthor=False) / "eval"


def corpus_index(root: Path, digest: str, *, cache: Path | None = None, progress: Progress | None = None) -> Path:
    """The folder of an index of the corpus at ``root``, whose digest (``Corpus.sha256``) is ``digest``.

    Built where the cache has none; ``progress`` is called with (done, total) while it is. Raises ``UsageError``
    (``eval.corpus_changed``) where the corpus isn't what the digest says.
    """
    cache = cache or cache_folder()
    place = cache / _key(root, digest)
    if _holds(place, root, digest):
        return place
    from filelock import FileLock

    with storage_faults(cache, writing=True):
        cache.mkdir(parents=True, exist_ok=True)
        with FileLock(cache / f"{place.name}.lock"):
            if not _holds(place, root, digest):
                _build(place, root, digest, progress)
    return place


def names_of(ledger: Ledger, root: Path) -> dict[str, str]:
    """The ids of all articles by their names in the corpus at ``root``."""
    return {name: article_id for name, article_id, _ in _articles(ledger, root)}


def _build(place: Path, root: Path, digest: str, progress: Progress | None) -> None:
    from qa.library.add import add
    from qa.models.embedder import MiniLM

    half = place.with_name(f"{place.name}.half")
    for left in (half, place):
        shutil.rmtree(left, ignore_errors=True)
    add(half, [str(root)], embedder=MiniLM.load(), progress=progress)
    if not _holds(half, root, digest):
        shutil.rmtree(half, ignore_errors=True)
        raise UsageError(
            "eval.corpus_changed",
            f"the corpus {str(root)!r} changed while it was indexed",
            remedy="run the same command again",
        )
    half.rename(place)


def _holds(index: Path, root: Path, digest: str) -> bool:
    """Whether the index is there and has exactly the articles of the corpus."""
    if not index.is_dir():
        return False
    found = hashlib.sha256()
    try:
        with storage_faults(index), Ledger.open(index) as ledger:
            for name, _, sha256 in sorted(_articles(ledger, root)):
                found.update(f"{name}\0{sha256}\n".encode())
    except (IndexDamaged, IndexMissing, IndexMismatch):
        return False  # it is made again
    return found.hexdigest() == digest


def _articles(ledger: Ledger, root: Path) -> Iterator[tuple[str, str, str]]:
    """Name, id and the text's sha256 of each live article."""
    rows = ledger.connection.execute(
        "SELECT a.identity, a.id, v.sha256 FROM articles a JOIN versions v"
        " ON v.article_id = a.id AND v.version = a.version WHERE NOT a.removed"
    )
    for identity, article_id, sha256 in rows:
        yield article_name(str(identity), root), str(article_id), str(sha256)


def _key(root: Path, digest: str) -> str:
    """A name that changes with all that an index depends on: the files with their metadata and their place (which is
    in the articles' ids), the embedder, the tables, and the code that reads and cuts articles.
    """
    from qa.library.recipe import recipe

    parts = [str(root), digest, _content(root), fingerprint_of_shipped().sha256, len(MIGRATIONS), recipe(), __version__]
    return hashlib.sha256(json.dumps(parts).encode("utf-8", "backslashreplace")).hexdigest()[:24]


def _content(root: Path) -> str:
    """The digest of the files' bytes: titles and dates aren't in the digest of a corpus, but in its index."""
    found = hashlib.sha256()
    for path in sorted(root.rglob("*")) if root.is_dir() else [root]:
        if path.is_file():
            found.update(f"\n{path.relative_to(root)}\n".encode("utf-8", "backslashreplace"))
            with path.open("rb") as file:
                found.update(hashlib.file_digest(file, "sha256").digest())
    return found.hexdigest()
