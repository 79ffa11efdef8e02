"""JSON on stdout: one document, whatever the values are made of."""

from __future__ import annotations

import json
import sys
from dataclasses import fields, is_dataclass
from datetime import date
from enum import Enum


def print_json(value: object) -> None:
    """Write ``value`` (dataclasses, dates and enums inside are fine) as one JSON document and a newline."""
    sys.stdout.write(dumps(plain(value), indent=2 if sys.stdout.isatty() else None) + "\n")


def dumps(document: object, *, indent: int | None = None) -> str:
    """JSON text; escaped where stdout's encoding couldn't hold every character."""
    encoding = (getattr(sys.stdout, "encoding", None) or "").lower().replace("-", "")
    return json.dumps(document, ensure_ascii=not encoding.startswith("utf"), indent=indent)


def plain(value: object) -> object:
    """``value`` as JSON's own types: dataclasses become objects, dates ISO strings, tuples arrays."""
    if is_dataclass(value) and not isinstance(value, type):
        return {field.name: plain(getattr(value, field.name)) for field in fields(value)}
    if isinstance(value, dict):
        return {str(key): plain(item) for key, item in value.items()}
    if isinstance(value, (list, tuple, set, frozenset)):
        return [plain(item) for item in value]
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, Enum):
        return value.value
    return value
