"""Tells what kind of thing a question asks for, by its grammar."""

from __future__ import annotations

import re
from collections.abc import Sequence

from qa.statements.verbs import look_up

_WORD = re.compile(r"[^\W_]+(?:['’-][^\W_]+)*")
#: What stands before the question proper: greetings, "can you tell me", "do you know".
_ASIDE = re.compile(
    r"^\W*(?:(?:please|so|and|but|well|ok|okay|hi|hello|hey)\W+)*"
    r"(?:(?:can|could|would|will) you\W+(?:please\W+)?)?"
    r"(?:(?:tell|show|give) (?:me|us)\W+|i(?:'d| would) like to know\W+|do you know\W+"
    r"|(?:find|explain|state|say) (?=wh|how))?"
)
_PLACES = r"(?:which|what) (?:city|country|place|state|town|location|region)\b"
_TIMES = r"(?:which|what) (?:year|date|day|month|decade|century)\b"
_MEASURES = (
    r"(?:percentage|percent|proportion|fraction|share|number|amount|price|cost|age|size|population|total|value"
    r"|distance|temperature|speed|rate|height|length|weight)\b"
)
_DEGREES = r"(?:many|much|long|large|big|high|tall|far|old|fast|often|deep|wide|heavy|expensive|few)\b"
#: How a question of each kind begins; the first that fits decides.
_LEADS = tuple(
    (kind, re.compile(pattern))
    for kind, pattern in (
        ("who", r"who|whom|whose|(?:which|what) (?:person|people|man|woman)\b|(?:by|to|with|for|from) who"),
        ("where", rf"where|(?:(?:in|at|to|from) )?{_PLACES}"),
        ("when", rf"(?:since |until )?when|(?:(?:in|on|by|during|of) )?{_TIMES}|what time|how (?:long ago|recently)"),
        ("quantity", rf"(?:\w+ )?how {_DEGREES}|(?:at |by |to )?what {_MEASURES}"),
        ("quantity", rf"what (?:is|was|are|were) the (?:\w+ )?{_MEASURES}"),
        ("why", r"why|how come|for what reason|what (?:\w+ )?(?:reason|cause)s?\b|what (?:caused|led to|made)"),
        ("list", r"list|name|enumerate|what are (?:the|some|all|other)\b|who (?:all|else)\b"),
        ("list", r"which (?:\w+ )?\w+s (?:are|were|have|had|did|do)\b"),
    )
)
_DEFINITION = re.compile(
    r"(?:what(?:'s| is| are| was| were) (?:an? |the )?[^?]{1,60}\??\s*$|define\b|what does [^?]{1,60} mean\b"
    r"|what is meant by|(?:the )?(?:definition|meaning) of)"
)
#: "What is Alimama?" defines; "What is the capital of France?" asks for something of something.
_ATTRIBUTE = re.compile(r"\b(?:of|in|for|by|from|at|on|that|which|who|with|to|used|called|named|about)\b")
_YESNO = re.compile(
    r"(?:is|are|was|were|am|do|does|did|has|have|had|can|could|will|would|should|shall|may|might|must"
    r"|(?:is|are|was|were|do|does|did|has|have|could|would|should)n't|can't|won't)\b"
)
_WHAT = re.compile(r"(?:what|how|which|in what way|to what extent)\b")
_OF_SPEECH = re.compile(
    r"\b(?:according to|(?:views?|opinions?|stance|position|thoughts?|statements?|remarks?|comments?|reaction|response)"
    r" (?:of|on|about|to|regarding)\b|quotes? (?:by|from|of)\b)"
)
_ENDING = re.compile(r"\b(who|whom|where|when|why|how many|how much)\W*$")
_ENDINGS = {"whom": "who", "how many": "quantity", "how much": "quantity"}
_HELPERS = ("did", "does", "do", "has", "have", "had", "was", "is", "were", "are")
_THOUGHT = ("think", "believe", "feel", "expect", "hope", "want")


def kind_of(text: str) -> str:
    """One of the kinds of ``Question.kind`` for the question ``text``; of several questions the first decides."""
    plain = _ASIDE.sub("", text.casefold().replace("’", "'"), count=1).strip()
    if _YESNO.match(plain):
        return "yesno"
    if _asks_for_statement(plain):
        return "statement"
    for kind, pattern in _LEADS:
        if pattern.match(plain):
            return kind
    if (match := _DEFINITION.match(plain)) and not _ATTRIBUTE.search(match.group()[len("what is") :]):
        return "definition"
    # "The meeting was held where?"
    last = _ENDING.search(plain)
    return _ENDINGS.get(last.group(1), last.group(1)) if last else "other"


def _asks_for_statement(plain: str) -> bool:
    if _OF_SPEECH.search(plain):
        return not plain.startswith(("who", "when", "where", "how many", "how much", "in which", "in what"))
    if plain.startswith(("what was said", "what is said", "what has been said")):
        return True
    if not _WHAT.match(plain) or plain.startswith(("how many", "how much", "how long")):
        return False
    return _speaks(_WORD.findall(plain[:200])[1:10], what=plain.startswith("what "))


def _speaks(words: Sequence[str], *, what: bool) -> bool:
    """Whether the words after "what" have someone say something: "did X say", "X says", but not "is X called"."""
    helper = words[0] if words and words[0] in _HELPERS else ""
    for word in words[1:]:
        verb = look_up(word)
        if (
            verb is None
            or (verb.kind == "stance" and verb.base not in _THOUGHT)
            or word in ("called", "named", "known")
        ):
            continue
        if not helper and verb.kind == "say" and verb.form in ("past", "s") and what:
            return True
        if helper in ("was", "is", "were", "are") and verb.form == "ing":
            return True
        if helper in ("did", "does", "do") and verb.form == "base":
            return True
        if helper in ("has", "have", "had") and verb.form == "past":
            return True
    return False
