"""A Chroma collection of ids and vectors in a folder of ours. The only module that imports chromadb.

Chroma's settings come from here alone: every field is passed, so neither ``CHROMA_*`` variables nor a ``.env`` file
have a say. Which folder, when, and whether to believe what it returns is for ``generation`` and ``dense``.
"""

from __future__ import annotations

import contextlib
import os
import sqlite3
import sys
import warnings
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Self

if TYPE_CHECKING:
    import numpy as np
    from chromadb.api.client import Client
    from chromadb.api.models.Collection import Collection
    from chromadb.config import Settings
    from numpy.typing import NDArray

#: Chroma's own file in the folder; beside it is one folder with the HNSW graph.
SQLITE_FILE = "chroma.sqlite3"
#: Chroma refuses more than 5,461. A call can't be interrupted, so it's kept short, for a fifth more CPU at most.
BATCH = 200
MAX_NEIGHBORS = 32
EF_CONSTRUCTION = 200
EF_SEARCH = 200
#: What a generation is built with; one built otherwise is rebuilt.
SETTINGS = f"cosine M={MAX_NEIGHBORS} ef_construction={EF_CONSTRUCTION} ef_search={EF_SEARCH}"

#: Chroma doesn't take a smaller threshold.
FEWEST = 2

_COLLECTION = "passages"
#: Variables of Chroma's settings that don't begin with ``CHROMA_``: a value that it can't parse makes its import fail.
_VARIABLES = frozenset(
    {"ALLOW_RESET", "ANONYMIZED_TELEMETRY", "ENVIRONMENT", "IS_PERSISTENT", "MIGRATIONS", "MIGRATIONS_HASH_ALGORITHM"}
    | {"PERSIST_DIRECTORY", "TENANT_ID", "TOPIC_NAMESPACE", "WORKER_MEMBERLIST_NAME"}
)


class StoreFailed(Exception):
    """Chroma failed, by an error or a panic; the message is its own."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Neighbour:
    """A row that Chroma returned; ``cosine`` is computed from its distance."""

    key: int
    cosine: float


class Store:
    """An open collection. Rows are named by the passage's key, which is never used again for another content."""

    def __init__(self, client: Client, collection: Collection) -> None:
        self._client = client
        self._collection = collection

    @classmethod
    def create(cls, folder: Path, *, changes: int) -> Self:
        """A new collection in ``folder``, to which ``changes`` rows will be added."""
        with _failures():
            hnsw = {
                "space": "cosine",
                "max_neighbors": MAX_NEIGHBORS,
                "ef_construction": EF_CONSTRUCTION,
                "ef_search": EF_SEARCH,
                "sync_threshold": _threshold(changes),
            }
            configuration: Any = {"hnsw": hnsw}
            client = _client(folder, migrations="apply")
            try:
                collection = client.create_collection(_COLLECTION, embedding_function=None, configuration=configuration)
            except BaseException:
                client.close()
                raise
            return cls(client, collection)

    @classmethod
    def open(cls, folder: Path) -> Self:
        """The collection in ``folder``. This writes to Chroma's SQLite file: a ``View`` opens a published one."""
        with _failures():
            client = _client(folder, migrations="validate")
            try:
                return cls(client, client.get_collection(_COLLECTION, embedding_function=None))
            except BaseException:
                client.close()
                raise

    @classmethod
    def open_to_change(cls, folder: Path, *, changes: int) -> Self:
        """The collection in ``folder``, to which ``changes`` rows in all will be added or deleted."""
        with contextlib.closing(cls.open(folder)) as store, _failures():
            # The graph is written once so many rows have changed; that takes effect for the next client only.
            configuration: Any = {"hnsw": {"sync_threshold": _threshold(changes)}}
            with warnings.catch_warnings():
                # Chroma warns itself that a collection without an embedding function is of the old kind.
                warnings.simplefilter("ignore", DeprecationWarning)
                store._collection.modify(configuration=configuration)
        return cls.open(folder)

    def add(self, keys: Sequence[int], vectors: NDArray[np.float32]) -> None:
        """Add at most ``BATCH`` rows whose keys aren't in it."""
        with _failures():
            self._collection.add(ids=[str(key) for key in keys], embeddings=vectors)

    def flush(self, key: int, vector: NDArray[np.float32]) -> None:
        """Make a second change, which Chroma wants before it writes its graph: a row gets the vector that it has."""
        with _failures():
            self._collection.update(ids=[str(key)], embeddings=vector.reshape(1, -1))

    def delete(self, keys: Sequence[int]) -> None:
        """Delete at most ``BATCH`` rows, at least one."""
        with _failures():
            self._collection.delete(ids=[str(key) for key in keys])

    def count(self) -> int:
        """How many rows there are."""
        with _failures():
            return self._collection.count()

    def query(self, vector: NDArray[np.float32], limit: int) -> list[Neighbour]:
        """About the ``limit`` nearest rows, nearest first."""
        with _failures():
            asked: Any = [vector]
            result = self._collection.query(query_embeddings=asked, n_results=limit, include=["distances"])
            distances = result["distances"] or [[]]
            pairs = zip(result["ids"][0], distances[0], strict=True)
            return [Neighbour(key=int(row), cosine=1.0 - distance) for row, distance in pairs]

    def vectors(self, keys: Sequence[int]) -> dict[int, NDArray[np.float32]]:
        """The vectors stored for those ``keys`` that are there (scaled to length 1 or not, as Chroma likes)."""
        with _failures():
            result = self._collection.get(ids=[str(key) for key in keys], include=["embeddings"])
            rows: Any = result["embeddings"]
            return {int(row): vector for row, vector in zip(result["ids"], rows, strict=True)}

    def close(self) -> None:
        """Let go of the files."""
        with _failures():
            self._client.close()


def vacuum(folder: Path) -> None:
    """Drop the free pages of Chroma's SQLite file (12 MB become 1.4 for 10k rows); it must be closed."""
    with contextlib.closing(sqlite3.connect(folder / SQLITE_FILE)) as connection:
        connection.execute("VACUUM")


def chroma_version() -> str:
    """The installed Chroma's version, without importing it."""
    from importlib.metadata import version

    return version("chromadb")


def imported_version(folder: Path) -> str:
    """The same where Chroma is needed anyway, which is quicker; ``folder`` is one without a ``.env``."""
    with _failures(), _plain_surroundings(folder):
        import chromadb

        return chromadb.__version__


def _threshold(changes: int) -> int:
    # Chroma writes the graph after so many changes, and keeps what comes later in a log that each opening replays.
    return max(FEWEST, changes)


def _client(folder: Path, *, migrations: str) -> Client:
    with _plain_surroundings(folder):
        from chromadb.api.client import Client
        from chromadb.config import Settings

        return Client(settings=_settings(Settings, folder, migrations=migrations))


def _settings(settings: type[Settings], folder: Path, *, migrations: str) -> Settings:
    values: dict[str, Any] = {name: field.get_default() for name, field in settings.model_fields.items()}
    values |= {"_env_file": None, "anonymized_telemetry": False, "migrations": migrations}
    values |= {"is_persistent": True, "persist_directory": str(folder)}
    return settings(**values)


@contextlib.contextmanager
def _plain_surroundings(folder: Path) -> Iterator[None]:
    """No variables and no ``.env`` of Chroma's: its import reads both, and fails where it can't parse them."""
    names = [name for name in os.environ if name.upper().startswith("CHROMA_") or name.upper() in _VARIABLES]
    kept = {name: os.environ.pop(name) for name in names}
    # The folder is changed only where there is such a file, and only until chromadb is imported.
    elsewhere = (
        contextlib.chdir(folder)
        if "chromadb" not in sys.modules and Path(".env").exists()
        else contextlib.nullcontext()
    )
    try:
        with elsewhere:
            yield
    finally:
        os.environ.update(kept)


@contextlib.contextmanager
def _failures() -> Iterator[None]:
    try:
        yield
    except (KeyboardInterrupt, SystemExit, GeneratorExit, StoreFailed):
        raise
    except BaseException as error:  # a panic of Chroma's Rust part isn't an Exception
        raise StoreFailed(f"{type(error).__name__}: {error}") from error
