"""JSON on stdout: one document, whatever the values are made of."""

from __future__ import annotations

import json
import sys


def print_json(value: object) -> None:
    """Write ``value`` (dataclasses, dates and enums inside are fine) as one JSON document and a newline."""
    from qa.answer.record import plain

    sys.stdout.write(dumps(plain(value), indent=2 if sys.stdout.isatty() else None) + "\n")


def dumps(document: object, *, indent: int | None = None) -> str:
    """JSON text; escaped where stdout's encoding couldn't hold every character."""
    encoding = (getattr(sys.stdout, "encoding", None) or "").lower().replace("-", "")
    return json.dumps(document, ensure_ascii=not encoding.startswith("utf"), indent=indent)
