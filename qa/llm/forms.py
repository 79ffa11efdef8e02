"""In which form an endpoint takes a request: with a JSON schema, asked for a JSON object, or with nothing of the kind.

Which one it takes is found out by a refusal, once, and remembered in a file of the user's (state, not configuration:
it can be deleted).
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from enum import StrEnum
from pathlib import Path

from qa.durable import replace_file


class Form(StrEnum):
    """From the most that can be asked for to the least."""

    SCHEMA = "schema"
    OBJECT_SCHEMA = "object-schema"  # as llama-cpp-python has it
    OBJECT = "object"
    PLAIN = "plain"
    BARE = "bare"  # nor a temperature, nor a count of tokens

    @property
    def next(self) -> Form | None:
        """What to try where this one is refused."""
        forms = list(Form)
        place = forms.index(self) + 1
        return forms[place] if place < len(forms) else None


class Forms:
    """What is remembered of endpoints, by address and model. A file that can't be read or written is done without."""

    def __init__(self, path: Path | None = None) -> None:
        self._path = path
        self._known: dict[str, Form] = {}

    def get(self, url: str, model: str) -> Form:
        """The form to try first."""
        key = _key(url, model)
        return self._known.get(key) or self._stored().get(key) or Form.SCHEMA

    def remember(self, url: str, model: str, form: Form) -> None:
        """That an endpoint took this form."""
        if self.get(url, model) is form:
            return
        self._known[_key(url, model)] = form
        if self._path is None:
            return
        content = json.dumps({**self._stored(), **self._known}, indent=1, sort_keys=True)
        try:
            self._path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
            replace_file(self._path, content.encode(), private=True)
        except OSError:
            return  # found out again next time

    def _stored(self) -> Mapping[str, Form]:
        if self._path is None:
            return {}
        try:
            stored = json.loads(self._path.read_text("utf-8"))
            return {str(key): Form(value) for key, value in stored.items()}
        except (OSError, ValueError, AttributeError, RecursionError):
            return {}


def _key(url: str, model: str) -> str:
    return f"{url} {model}"
