"""``gates.toml``: for each set the data that its bounds hold for, the bounds, and each time one was lowered, with why.

::

    [newsroom]
    gold = "<sha256 of the items>"
    corpus = "<sha256 of the articles>"
    digest = "<sha256 of all the rest of this table>"

    [newsroom.floors]
    grounded_accuracy = 0.61

    [newsroom.ceilings]
    false_answer = 0.08

    [[newsroom.lowered]]
    metric = "grounded_accuracy"
    from = 0.64
    to = 0.61
    reason = "..."
    date = "2025-03-31"

The digest is no secret: it keeps an edit by hand from passing unseen. ``qa eval gate --pin`` writes the file
(:mod:`eval.pins` says what may change); reading is strict.
"""

from __future__ import annotations

import hashlib
import json
import math
import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from eval.gold.store import SETS
from eval.types import GoldSet
from qa.durable import replace_file
from qa.errors import StorageFault, UsageError

#: The file that is shipped, for the sets that are.
GATES = Path(__file__).with_name("gates.toml")
_HEAD = "Floors and ceilings of `qa eval gate`, written by `qa eval gate --pin RUN`: the digests refuse edits by hand."


def gates_of(gold: GoldSet) -> Path:
    """Where the bounds of a set stand: beside its items, unless it is shipped. The file need not exist."""
    folder = Path(gold.folder)
    return GATES if not gold.folder or folder.parent == SETS else folder / GATES.name


@dataclass(frozen=True, slots=True, kw_only=True)
class Lowered:
    """A bound that was made easier to meet; ``after`` is None where it was taken away."""

    metric: str
    before: float
    after: float | None
    reason: str
    date: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Gate:
    """The bounds of one set: floors for metrics of which more is better, ceilings for the others, all in 0..1.

    ``gold`` and ``corpus`` are the digests of the data that they hold for.
    """

    set: str
    gold: str
    corpus: str
    floors: Mapping[str, float]
    ceilings: Mapping[str, float]
    lowered: tuple[Lowered, ...] = ()

    @property
    def digest(self) -> str:
        """The sha256 of everything else: the order of bounds doesn't count, that of ``lowered`` does."""
        parts = {
            "set": self.set,
            "gold": self.gold,
            "corpus": self.corpus,
            "floors": {name: float(value) for name, value in self.floors.items()},
            "ceilings": {name: float(value) for name, value in self.ceilings.items()},
            "lowered": [_entry(one) for one in self.lowered],
        }
        return hashlib.sha256(json.dumps(parts, sort_keys=True, ensure_ascii=False).encode()).hexdigest()


def read_gates(path: Path) -> Mapping[str, Gate]:
    """The gates of all sets by name; raises ``UsageError`` for a file that isn't there or isn't as it was written."""
    if not path.exists():
        raise UsageError("gate.no_file", f"{str(path)!r} isn't there", remedy="qa eval gate --pin RUN")
    try:
        document = tomllib.loads(_bytes(path).decode())
    except UnicodeDecodeError as error:
        raise _bad(path, "it isn't UTF-8 text") from error
    except (tomllib.TOMLDecodeError, RecursionError) as error:
        raise _bad(path, f"it isn't TOML: {error}") from error
    return {name: _gate(path, name, table) for name, table in document.items()}


def write_gate(path: Path, gate: Gate) -> None:
    """Put the table of ``gate.set`` into the file, in one step; other tables and comments stay."""
    import tomlkit

    table = tomlkit.table()
    for name, value in (("gold", gate.gold), ("corpus", gate.corpus), ("digest", gate.digest)):
        table[name] = value
    for name, bounds in (("floors", gate.floors), ("ceilings", gate.ceilings)):
        if bounds:
            inner = tomlkit.table()
            inner.update({metric: float(bound) for metric, bound in sorted(bounds.items())})
            table[name] = inner
    if gate.lowered:
        history = tomlkit.aot()
        for one in gate.lowered:
            history.append(tomlkit.item(_entry(one)))
        table["lowered"] = history
    try:
        text = _bytes(path).decode() if path.exists() else f"# {_HEAD}\n\n"
        document = tomlkit.parse(text)
        document[gate.set] = table
        replace_file(path, tomlkit.dumps(document).encode())
    except OSError as error:
        raise StorageFault("gate.unwritable", f"{str(path)!r} can't be written: {error.strerror}") from error


def _entry(one: Lowered) -> dict[str, object]:
    after = {} if one.after is None else {"to": float(one.after)}
    return {"metric": one.metric, "from": float(one.before), **after, "reason": one.reason, "date": one.date}


def _bytes(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError as error:
        raise UsageError("gate.unreadable", f"{str(path)!r} can't be read: {error.strerror}") from error


# --- reading, strictly -----------------------------------------------------------------------------------------------


def _gate(path: Path, name: str, table: object) -> Gate:
    if not isinstance(table, dict):
        raise _bad(path, f"{name!r} is no table")
    _only(path, name, table, ("gold", "corpus", "digest", "floors", "ceilings", "lowered"))
    lowered = table.get("lowered", [])
    if not isinstance(lowered, list):
        raise _bad(path, f"'{name}.lowered' is no array of tables")
    gate = Gate(
        set=name,
        gold=_text(path, name, table, "gold"),
        corpus=_text(path, name, table, "corpus"),
        floors=_bounds(path, name, table, "floors"),
        ceilings=_bounds(path, name, table, "ceilings"),
        lowered=tuple(_lowered(path, f"{name}.lowered[{index}]", entry) for index, entry in enumerate(lowered)),
    )
    if not gate.floors and not gate.ceilings:
        raise _bad(path, f"{name!r} has neither floors nor ceilings")
    if _text(path, name, table, "digest") != gate.digest:
        raise UsageError(
            "gate.edited",
            f"{path}: the digest of {name!r} doesn't fit what stands there: it was edited by hand",
            remedy=f"take back the edit (git checkout {path.name}), then qa eval gate --pin RUN",
        )
    return gate


def _bounds(path: Path, name: str, table: Mapping[str, object], field: str) -> Mapping[str, float]:
    bounds = table.get(field, {})
    if not isinstance(bounds, dict):
        raise _bad(path, f"'{name}.{field}' is no table")
    return {metric: _share(path, f"{name}.{field}", bounds, metric) for metric in bounds}


def _lowered(path: Path, where: str, entry: object) -> Lowered:
    if not isinstance(entry, dict):
        raise _bad(path, f"'{where}' is no table")
    _only(path, where, entry, ("metric", "from", "to", "reason", "date"))
    made = Lowered(
        metric=_text(path, where, entry, "metric"),
        before=_share(path, where, entry, "from"),
        after=_share(path, where, entry, "to") if "to" in entry else None,
        reason=_text(path, where, entry, "reason"),
        date=_text(path, where, entry, "date"),
    )
    try:
        date.fromisoformat(made.date)
    except ValueError:
        raise _bad(path, f"'{where}.date' is {made.date!r}, no date like 2025-03-31") from None
    return made


def _only(path: Path, where: str, table: Mapping[str, object], known: Sequence[str]) -> None:
    unknown = sorted(set(table) - set(known))
    if unknown:
        raise _bad(path, f"{where!r} has an unknown field {unknown[0]!r}")


def _text(path: Path, where: str, table: Mapping[str, object], field: str) -> str:
    value = table.get(field)
    if not isinstance(value, str) or not value.strip():
        raise _bad(path, f"'{where}.{field}' is {'no text' if field in table else 'missing'}")
    return value


def _share(path: Path, where: str, table: Mapping[str, object], field: str) -> float:
    value = table.get(field)
    number = isinstance(value, (int, float)) and not isinstance(value, bool)
    if not number or not math.isfinite(value) or not 0 <= value <= 1:  # type: ignore[arg-type, operator]
        raise _bad(path, f"'{where}.{field}' is {value!r}, no number in 0..1")
    return float(value)  # type: ignore[arg-type]


def _bad(path: Path, why: str) -> UsageError:
    return UsageError("gate.bad_file", f"{path}: {why}", remedy="put it back as qa eval gate --pin wrote it")
