"""The user's configuration file, TOML: its tables read strictly, and written in one step with all else in it kept."""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING

from qa.config.paths import config_file
from qa.durable import replace_file
from qa.errors import StorageFault, UsageError

if TYPE_CHECKING:
    from tomlkit import TOMLDocument
    from tomlkit.items import Table


def read_table(name: str) -> Mapping[str, object]:
    """The table of that name as it stands, empty where there is none; raises ``UsageError`` (``config.*``) for a file
    that can't be understood.
    """
    path = config_file()
    text = _read(path)
    if text is None:
        return {}
    import tomllib

    try:
        document = tomllib.loads(text)
    except (ValueError, RecursionError) as error:  # TOMLDecodeError, and integers that are too long
        raise malformed(str(error)) from error
    table = document.get(name, {})
    if not isinstance(table, dict):
        raise malformed(f"{name!r} isn't a table")
    return table


def write_table(name: str, change: Callable[[Table], object]) -> Path:
    """Have ``change`` change the table of that name, which is made where there is none; returns the file's path.

    In one step: a reader sees the old file or the new one. Raises ``UsageError`` where the file can't be understood,
    ``StorageFault`` where it can't be written.
    """
    import tomlkit

    path = config_file()
    document = _document(path, name)
    table = document.get(name)
    if table is None:
        table = tomlkit.table()
        document[name] = table
    change(table)
    content = document.as_string()
    try:
        target = Path(os.path.realpath(path))
        target.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        replace_file(target, content.encode(), private=True)
    except OSError as error:
        raise StorageFault("config.unwritable", f"{str(path)!r} can't be written: {error.strerror or error}") from error
    return path


def _document(path: Path, name: str) -> TOMLDocument:
    """The file as it stands, with its comments; an empty one where there is none."""
    import tomlkit
    from tomlkit.exceptions import TOMLKitError

    try:
        document = tomlkit.parse(_read(path) or "")
    except (TOMLKitError, ValueError, RecursionError) as error:
        raise malformed(str(error)) from error
    if not isinstance(document.get(name, {}), dict):
        raise malformed(f"{name!r} isn't a table")
    return document


def _read(path: Path) -> str | None:
    try:
        if path.is_fifo():  # reading would wait for whoever writes it
            raise UsageError("config.unreadable", f"the configuration {str(path)!r} is a pipe", remedy="QA_CONFIG=FILE")
        # Not as a text file: what isn't touched keeps its line ends.
        return path.read_bytes().decode("utf-8-sig")
    except FileNotFoundError:
        return None
    except UnicodeDecodeError as error:
        raise malformed("it isn't UTF-8") from error
    except OSError as error:
        message = f"the configuration {str(path)!r} can't be read: {error.strerror or error}"
        raise UsageError("config.unreadable", message, remedy="QA_CONFIG=FILE") from error


def unfit(name: str, value: object, what: str, *, secret: bool = False) -> UsageError:
    """The error for a value of the file that can't be what ``name`` (with its table) wants."""
    found = "missing" if value is None else f"not {what}" if secret else f"not {what}: {value!r:.40}"
    return malformed(f"{name!r} is {found}")


def malformed(why: str) -> UsageError:
    """The error for a file that can't be understood."""
    message = f"the configuration {str(config_file())!r} can't be understood: {why}"
    return UsageError("config.malformed", message, remedy="mend or delete it")
