"""Imported sets kept in a cache, so that ``FORMAT:PATH`` can stand wherever a gold set can."""

from __future__ import annotations

import hashlib
import inspect
import json
import shutil
from importlib.resources import files
from pathlib import Path

from eval.corpus import read_corpus
from eval.gold.store import HEADER
from eval.importers.formats import FORMATS, Format, digest_of, format_of, write
from eval.importers.imported import Imported
from eval.metrics import tokens
from eval.run.index import cache_folder
from qa.errors import UsageError
from qa.ledger.faults import storage_faults
from qa.library.recipe import recipe


def is_reference(reference: str) -> bool:
    """Whether this is ``FORMAT:PATH`` rather than a set's name or folder."""
    name, colon, _ = reference.partition(":")
    return bool(colon) and name in FORMATS


def imported_set(reference: str, cache: Path | None = None, corpus: Path | None = None) -> Path:
    """The folder of the gold set that ``FORMAT:PATH`` is, converted where that wasn't done yet.

    It lies in ``sets`` of the eval suite's cache (``QA_EVAL_CACHE``, else a folder per user), or of ``cache``. A set is
    another one where the files or the corpus differ, or the code that reads them. Raises ``UsageError`` where it can't
    be imported, ``StorageFault`` where it can't be written.
    """
    name, _, path = reference.partition(":")
    format = format_of(name)
    if not path:
        raise UsageError("import.no_path", f"{reference!r} names no path", remedy=f"{name}:PATH is {format.path}")
    source = Path(path).expanduser()
    sets = (cache or cache_folder()) / "sets"
    place = sets / f"{format.set_name(source)}-{_key(format, source, corpus)}"
    if not _is_whole(place):
        _publish(place, format.convert(source, corpus))
    return place


def _publish(place: Path, imported: Imported) -> None:
    """Write a set beside its place, and put it there in one step."""
    from filelock import FileLock

    half = place.with_name(f"{place.name}.half")
    with storage_faults(place.parent, writing=True):
        place.parent.mkdir(parents=True, exist_ok=True)
        with FileLock(place.with_name(f"{place.name}.lock")):
            if _is_whole(place):
                return
            for left in (half, place):
                shutil.rmtree(left, ignore_errors=True)
            write(half, imported)
            half.rename(place)


def _is_whole(place: Path) -> bool:
    return (place / HEADER).is_file()


def _key(format: Format, source: Path, corpus: Path | None) -> str:
    """A name that changes with all that a set depends on."""
    parts = [format.name, digest_of(format.files(source)), recipe(), _code()]
    if corpus is not None:
        parts += [str(corpus.absolute()), read_corpus(corpus).sha256]
    return hashlib.sha256(json.dumps(parts).encode("utf-8", "backslashreplace")).hexdigest()[:16]


def _code() -> str:
    """The digest of the importers, and of what tells where an answer stands."""
    found = hashlib.sha256(inspect.getsource(tokens).encode())
    modules = (file for file in files("eval.importers").iterdir() if file.name.endswith(".py"))
    for module in sorted(modules, key=lambda file: file.name):
        found.update(module.read_bytes())
    return found.hexdigest()
