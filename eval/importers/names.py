"""The full name of the person that an annotated source is ("House Speaker Paul D. Ryan (R-Wis.)").

Meant to be sure rather than complete: a source that may be somebody else, several people or no person has no name here.
"""

from __future__ import annotations

import re

from qa.statements.given_names import is_given

#: Words with a capital that follow each other.
_CAPITALS = re.compile(r"[A-Z][\w'’.-]*(?: [A-Z][\w'’.-]*)*")
_POSSESSIVE = ("'s", "’s", "'", "’")
#: Before a name: the source is somebody else ("a lawyer for ..."), or one of several.
_ANOTHER = re.compile(r"\b(?:for|of|to|by|from|with|and|or|at|against|like|including)\b", re.IGNORECASE)
#: After a name: the source is still the person.
_STILL = re.compile(r"\s*(?:$|[,(—–]|--)| (?:of|at|in|on|who|all)\b")
_SUFFIX = re.compile(r"(?: (?:Jr\.?|Sr\.?|II|III|IV))+\Z")
_NOT_BEFORE = frozenset(("the", "a", "an", "mr.", "mrs.", "ms.", "los"))
#: Words of no person's name, though "Charlotte Observer" and "Many Americans" begin with what can be a given name.
_NO_NAMES = re.compile(
    r"(?i)many|americans|news|times|service|post|observer|press|poll|tribune|herald|university|party|street|county"
    r"|campaign|committee|house|court|mayor|city"
)
_LONGEST = 4


def full_name(source: str) -> str:
    """The name from the given name on, without "Jr."; empty if it can't be told whose that is."""
    if any(full_name(tail) for tail in re.split(r"\band\b", source)[1:]):
        return ""
    head = source.partition(",")[0]
    for match in _CAPITALS.finditer(head):
        if match[0].endswith(_POSSESSIVE):
            continue
        if _ANOTHER.search(source, 0, match.start()):
            return ""
        words = _SUFFIX.sub("", match[0]).rstrip(".").split(" ")
        begin = _given(words)
        if begin is not None:
            before = (source[: match.start()].split() + words[:begin])[-1:]
            still = _STILL.match(source, match.end())
            return " ".join(words[begin:]) if still and _is_name(words[begin:], before) else ""
    return ""


def _given(words: list[str]) -> int | None:
    """Where the given names begin that a surname follows."""
    found = next((n for n in reversed(range(len(words) - 1)) if is_given(words[n].lower())), None)
    while found and is_given(words[found - 1].lower()):
        found -= 1
    return found


def _is_name(words: list[str], before: list[str]) -> bool:
    if len(words) > _LONGEST or any(word.endswith(_POSSESSIVE) for word in words):
        return False
    return not any(map(_NO_NAMES.fullmatch, words)) and _NOT_BEFORE.isdisjoint(map(str.lower, before))
