"""Prompts are files: a text template each, loaded by name, filled with ``string.Template``; imports nothing of ``qa``.

A variable that is missing is an error, and so is one that the template doesn't have: a prompt that silently lacks its
evidence is worse than none. The digest of the template goes on every record that was made with it.
"""

from __future__ import annotations

import hashlib
import re
from dataclasses import dataclass
from pathlib import Path
from string import Template

__all__ = ["Prompt", "examples", "load"]

_NAME = re.compile(r"[a-z][a-z0-9-]*")


@dataclass(frozen=True, slots=True)
class Prompt:
    """A template with its name; ``sha256`` is of its UTF-8 text."""

    name: str
    template: str

    @property
    def sha256(self) -> str:
        """Digest of the template's text."""
        return hashlib.sha256(self.template.encode()).hexdigest()

    def fill(self, **variables: str) -> str:
        """The prompt with every ``${variable}`` filled in; raises ``KeyError`` naming those that are missing or
        unknown.
        """
        wanted = set(Template(self.template).get_identifiers())
        wrong = sorted(wanted ^ variables.keys())
        if wrong:
            raise KeyError(f"prompt {self.name!r}: missing or unknown variables {wrong}")
        return Template(self.template).substitute(variables)


def load(name: str, *, folder: Path | None = None) -> Prompt:
    """The prompt in ``<name>.txt``; raises ``ValueError`` for a name that isn't one and ``FileNotFoundError`` where
    there is none.
    """
    if not _NAME.fullmatch(name):
        raise ValueError(f"not a prompt's name: {name!r}")
    path = (folder or Path(__file__).parent) / f"{name}.txt"
    return Prompt(name=name, template=path.read_text(encoding="utf-8"))


def examples() -> Prompt:
    """The examples shown before a question, as JSON in ``template``: articles of our own making, a question about
    them, and the reply.
    """
    return Prompt(name="examples", template=(Path(__file__).parent / "examples.json").read_text(encoding="utf-8"))
