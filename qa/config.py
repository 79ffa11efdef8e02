"""Where things are, and what the user's configuration file says. Nothing is read or made at import.

The file is TOML; of its tables only ``[abstention]`` is this version's. It is written here and nowhere else; what a
person wants of answers (``strictness``) stands in it only if they put it there.
"""

from __future__ import annotations

import math
import os
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING

from qa.durable import replace_file
from qa.errors import StorageFault, UsageError

if TYPE_CHECKING:
    from tomlkit import TOMLDocument

#: Names the index's folder where ``--index`` doesn't.
INDEX_VARIABLE = "QA_INDEX"
#: Names the configuration file.
CONFIG_VARIABLE = "QA_CONFIG"
#: So far, in log-odds, ``strict`` moves a threshold up and ``lenient`` down: one of .5 to .7 and to .3.
STEP = 0.85


class Strictness(StrEnum):
    """How sure an answer has to be, next to the threshold that was calibrated (or comes with ``qa``)."""

    STRICT = "strict"
    NORMAL = "normal"
    LENIENT = "lenient"

    def moved(self, threshold: float) -> float:
        """``threshold`` (0..1) as this wants it: moved by ``STEP``, but 0 and 1 stay what they are."""
        if self is Strictness.NORMAL:
            return threshold
        factor = math.exp(STEP if self is Strictness.STRICT else -STEP)  # of the odds, which don't overflow near 1
        return threshold * factor / (1 - threshold + threshold * factor)


@dataclass(frozen=True, slots=True, kw_only=True)
class Abstention:
    """A calibrated threshold: answers come from a confidence of ``threshold`` on (0..1).

    ``scorer`` is the digest of the scorer that it holds for. It was chosen so that at most a share of ``max_risk`` of
    the answers is wrong, with probability ``confidence_level``, on ``items`` items of ``gold`` (a set's name, ``@``,
    the beginning of its sha256).
    """

    threshold: float
    scorer: str
    max_risk: float
    confidence_level: float
    gold: str
    items: int


@dataclass(frozen=True, slots=True, kw_only=True)
class InForce:
    """The threshold that is used, the ``normal`` one that strictness moved, the digest of the scorer that it is used
    with, and what to say about it.
    """

    threshold: float
    normal: float
    scorer: str
    warnings: tuple[str, ...] = ()

    def stretched_to(self, confidence: float | None) -> bool:
        """Whether an answer of this confidence is one only because ``lenient`` was asked for."""
        return confidence is not None and self.threshold <= confidence < self.normal

    def withholds(self, confidence: float | None) -> bool:
        """Whether an answer of this confidence is none only because ``strict`` was asked for."""
        return confidence is not None and self.normal <= confidence < self.threshold


def index_folder(option: str | None) -> Path:
    """The index's folder: ``--index``, else ``QA_INDEX``, else one folder per user. It need not exist."""
    if option is not None and not option.strip():
        raise UsageError("usage.index", "--index names no folder", remedy="leave it out for your own index")
    chosen = option or os.environ.get(INDEX_VARIABLE)
    if chosen:
        return _expanded(chosen, "usage.index")
    from platformdirs import user_data_path

    return user_data_path("qa", appauthor=False) / "index"


def history_file() -> Path:
    """Where the interactive prompt keeps its history; the folder need not exist."""
    from platformdirs import user_state_path

    return user_state_path("qa", appauthor=False) / "history"


def config_file() -> Path:
    """The configuration file: ``QA_CONFIG``, else one per user. It need not exist."""
    chosen = os.environ.get(CONFIG_VARIABLE)
    if chosen:
        return _expanded(chosen, "config.path")
    from platformdirs import user_config_path

    return user_config_path("qa", appauthor=False) / "config.toml"


def _expanded(path: str, id: str) -> Path:
    try:
        return Path(path).expanduser().absolute()
    except (OSError, RuntimeError) as error:
        raise UsageError(id, f"{path!r} can't be found from here: {error}") from error


# --- the table [abstention]


def threshold_in_force(
    shipped: float, *, scorer: str, given: float | None = None, strictness: Strictness | None = None
) -> InForce:
    """The threshold to use: the one ``given``; else the file's, if calibrated for this ``scorer``; else ``shipped``.

    It is moved as ``strictness`` says, else as the file does; one that is given is moved only by what is given, too,
    and the file isn't read. Raises ``UsageError`` (``config.*``) for a file that can't be understood.
    """
    if given is not None:
        moved = (strictness or Strictness.NORMAL).moved(given)
        return InForce(threshold=moved, normal=given, scorer=scorer)
    wanted, calibrated = read_strictness(), read_abstention()
    normal = shipped
    warnings: tuple[str, ...] = ()
    if calibrated is not None and calibrated.scorer == scorer:
        normal = calibrated.threshold
    elif calibrated is not None:
        warnings = (
            f"the threshold in {str(config_file())!r} was calibrated for another scorer and isn't used;"
            " to calibrate again: qa eval calibrate",
        )
    moved = (strictness or wanted).moved(normal)
    return InForce(threshold=moved, normal=normal, scorer=scorer, warnings=warnings)


def read_abstention() -> Abstention | None:
    """The calibrated threshold, or ``None`` where there is none; raises ``UsageError`` (``config.*``) for a file that
    can't be understood.
    """
    path = config_file()
    table = _table(path)
    return None if table.keys() <= {"strictness"} else _abstention(path, table)


def read_strictness() -> Strictness:
    """How sure answers have to be where nobody says so: normal, but for what the file says; raises ``UsageError``
    (``config.*``) for one that can't be understood.
    """
    path = config_file()
    value = _table(path).get("strictness", Strictness.NORMAL)
    if not isinstance(value, str) or value not in list(Strictness):
        raise _unfit(path, "strictness", value, "'strict', 'normal' or 'lenient'")
    return Strictness(value)


def write_abstention(abstention: Abstention) -> Path:
    """Put the table into the configuration file, which keeps all else that is in it; returns the file's path.

    In one step: a reader sees the old file or the new one. Raises ``UsageError`` where the file can't be understood,
    ``StorageFault`` where it can't be written.
    """
    path = config_file()
    document = _document(path)
    table = document.get("abstention")
    if table is None:
        import tomlkit

        table = tomlkit.table()
        document["abstention"] = table
    for key, value in asdict(abstention).items():
        table[key] = value
    content = document.as_string()
    try:
        target = Path(os.path.realpath(path))
        target.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        replace_file(target, content.encode(), private=True)
    except OSError as error:
        raise StorageFault("config.unwritable", f"{str(path)!r} can't be written: {error.strerror or error}") from error
    return path


def _table(path: Path) -> Mapping[str, object]:
    """The table as it stands, empty where there is none."""
    text = _read(path)
    if text is None:
        return {}
    import tomllib

    try:
        document = tomllib.loads(text)
    except (ValueError, RecursionError) as error:  # TOMLDecodeError, and integers that are too long
        raise _malformed(path, str(error)) from error
    table = document.get("abstention", {})
    if not isinstance(table, dict):
        raise _malformed(path, "'abstention' isn't a table")
    return table


def _document(path: Path) -> TOMLDocument:
    """The file as it stands, with its comments; an empty one where there is none."""
    import tomlkit
    from tomlkit.exceptions import TOMLKitError

    try:
        document = tomlkit.parse(_read(path) or "")
    except (TOMLKitError, ValueError, RecursionError) as error:
        raise _malformed(path, str(error)) from error
    if not isinstance(document.get("abstention", {}), dict):
        raise _malformed(path, "'abstention' isn't a table")
    return document


def _read(path: Path) -> str | None:
    try:
        # Not as a text file: what isn't touched keeps its line ends.
        return path.read_bytes().decode("utf-8-sig")
    except FileNotFoundError:
        return None
    except UnicodeDecodeError as error:
        raise _malformed(path, "it isn't UTF-8") from error
    except OSError as error:
        message = f"the configuration {str(path)!r} can't be read: {error.strerror or error}"
        raise UsageError("config.unreadable", message) from error


def _abstention(path: Path, table: Mapping[str, object]) -> Abstention:
    return Abstention(
        threshold=_share(path, table, "threshold"),
        scorer=_string(path, table, "scorer"),
        max_risk=_share(path, table, "max_risk"),
        confidence_level=_share(path, table, "confidence_level"),
        gold=_string(path, table, "gold"),
        items=_count(path, table, "items"),
    )


def _count(path: Path, table: Mapping[str, object], name: str) -> int:
    value = table.get(name)
    if isinstance(value, bool) or not isinstance(value, int) or value < 0:
        raise _unfit(path, name, value, "a count")
    return value


def _share(path: Path, table: Mapping[str, object], name: str) -> float:
    value = table.get(name)
    if isinstance(value, bool) or not isinstance(value, (int, float)) or not 0 <= value <= 1:
        raise _unfit(path, name, value, "a number from 0 to 1")
    return float(value)


def _string(path: Path, table: Mapping[str, object], name: str) -> str:
    value = table.get(name)
    if not isinstance(value, str):
        raise _unfit(path, name, value, "a string")
    return value


def _unfit(path: Path, name: str, value: object, what: str) -> UsageError:
    found = "missing" if value is None else f"not {what}: {value!r:.40}"
    return _malformed(path, f"'abstention.{name}' is {found}")


def _malformed(path: Path, why: str) -> UsageError:
    return UsageError(
        "config.malformed", f"the configuration {str(path)!r} can't be understood: {why}", remedy="mend or delete it"
    )
