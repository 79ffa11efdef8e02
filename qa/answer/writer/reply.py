"""A model's reply, read strictly: one JSON object of claims with ids, or an abstention. What is anything else isn't
guessed at.
"""

from __future__ import annotations

import json
import re
from collections.abc import Sequence
from dataclasses import dataclass

#: More statements than this aren't an answer.
CLAIMS = 20
#: So many sentences may carry one claim; who cites more points at nothing.
CITES = 8


class BadReply(Exception):
    """The reply isn't what was asked for; the message says why, for the model and for people."""


@dataclass(frozen=True, slots=True)
class Said:
    """One claim as the model wrote it: its text and the ids that it points at, none of it checked."""

    text: str
    cites: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Replied:
    """A whole reply: claims, or none and ``abstain``."""

    abstain: bool
    claims: tuple[Said, ...]


def schema(ids: Sequence[str]) -> dict[str, object]:
    """The JSON schema of a reply that cites some of ``ids``."""
    claim = {
        "type": "object",
        "properties": {
            "text": {"type": "string"},
            "cites": {"type": "array", "items": {"type": "string", "enum": list(ids)}},
        },
        "required": ["text", "cites"],
        "additionalProperties": False,
    }
    return {
        "type": "object",
        "properties": {"abstain": {"type": "boolean"}, "claims": {"type": "array", "items": claim}},
        "required": ["abstain", "claims"],
        "additionalProperties": False,
    }


def read_reply(text: str) -> Replied:
    """The reply in ``text``; raises ``BadReply`` for what isn't one, down to the last key."""
    document = _json(text)
    if not isinstance(document, dict) or document.keys() != {"abstain", "claims"}:
        raise BadReply('it must be one JSON object with the keys "abstain" and "claims", and nothing around it')
    abstain, claims = document["abstain"], document["claims"]
    if not isinstance(abstain, bool):
        raise BadReply('"abstain" must be true or false')
    if not isinstance(claims, list):
        raise BadReply('"claims" must be an array')
    if len(claims) > CLAIMS:
        raise BadReply(f"there must be at most {CLAIMS} claims")
    if abstain and claims:
        raise BadReply('there must be no claims where "abstain" is true')
    # Small models that are held to the schema abstain by claiming nothing.
    return Replied(abstain or not claims, tuple(_said(claim) for claim in claims))


def _said(claim: object) -> Said:
    if not isinstance(claim, dict) or claim.keys() != {"text", "cites"}:
        raise BadReply('each claim must be an object with the keys "text" and "cites"')
    text, cites = claim["text"], claim["cites"]
    if not isinstance(text, str) or not isinstance(cites, list) or not all(isinstance(one, str) for one in cites):
        raise BadReply('"text" must be a string and "cites" an array of ids as strings')
    try:
        "".join((text, *cites)).encode()
    except UnicodeEncodeError:
        raise BadReply("half a surrogate pair is in it") from None
    return Said(text, tuple(dict.fromkeys(cites)))


def _json(text: str) -> object:
    try:
        return json.loads(text, object_pairs_hook=_once, parse_constant=_no_constant)
    except BadReply:
        raise
    except (ValueError, RecursionError) as error:
        raise BadReply(f"it isn't JSON: {str(error)[:80]}") from None


def _once(pairs: list[tuple[str, object]]) -> dict[str, object]:
    made = dict(pairs)
    if len(made) != len(pairs):
        raise BadReply("a key stands in it twice")
    return made


def _no_constant(name: str) -> None:
    raise BadReply(f"{name} isn't JSON")


# --- while it comes


class Incoming:
    """A reply while it comes: hands out each claim as soon as it is whole.

    Only of a reply that begins as asked for, ``{"abstain": false, "claims": [``; of any other nothing is handed out
    before ``read_reply`` has read all of it.
    """

    _BEGINNING = re.compile(r'\s*\{\s*"abstain"\s*:\s*false\s*,\s*"claims"\s*:\s*\[')
    #: A reply that hasn't begun so after this many characters won't.
    _SOON = 200

    def __init__(self) -> None:
        self._text = ""
        self._at = -1  # where the next claim may begin; -1 before the array
        self._scanned = 0
        self._depth = 0
        self._in_string = False
        self._escaped = False
        self._lost = False

    def feed(self, piece: str) -> list[Said]:
        """The claims that ``piece`` completes, in order."""
        if self._lost:
            return []
        self._text += piece
        if self._at < 0 and not self._begun():
            return []
        found: list[Said] = []
        while (end := self._end_of_claim()) is not None:
            try:
                found.append(_said(_json(self._text[self._at : end])))
            except BadReply:
                self._lost = True
                break
            self._at = end
        return found

    def _begun(self) -> bool:
        match = self._BEGINNING.match(self._text)
        if match is None:
            self._lost = len(self._text) > self._SOON
            return False
        self._at = self._scanned = match.end()
        return True

    def _end_of_claim(self) -> int | None:
        """Where the claim ends that begins at ``_at``, once all of it is there. Every character is looked at once."""
        text = self._text
        while self._scanned < len(text):
            char = text[self._scanned]
            self._scanned += 1
            if self._in_string:
                if self._escaped:
                    self._escaped = False
                elif char == "\\":
                    self._escaped = True
                elif char == '"':
                    self._in_string = False
            elif self._depth == 0:
                if char == "{":
                    self._at, self._depth = self._scanned - 1, 1
                elif char not in " \t\r\n,":
                    self._lost = True  # the array's end, or what doesn't belong there
                    return None
            elif char == '"':
                self._in_string = True
            elif char in "{}":
                self._depth += 1 if char == "{" else -1
                if self._depth == 0:
                    return self._scanned
        return None
