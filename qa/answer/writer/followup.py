"""A follow-up question made to stand alone: "And what about logistics?" after "What did Zhang say about hiring?".

A model rewrites it from the questions before; no evidence and no answer is shown to it, and it answers nothing. What it
writes is taken only if it brings no name and no figure that none of the questions has.
"""

from __future__ import annotations

import json
import re
from collections.abc import Sequence

import prompts
from qa.answer.writer.neutral import neutral
from qa.llm.model import Deadline, Message, Model, whole
from qa.text import safe_text

#: So many questions before are shown.
TURNS = 4
_LONGEST = 1_000
_OPENS = re.compile(r"\s*(?:and|but|so|or|also|what about|how about|why not|then|else|which of)\b", re.IGNORECASE)
_REFERS = re.compile(
    r"\b(?:he|she|it|they|him|her|his|hers|its|their|theirs|them|there|then|that|this|these|those|one|ones|same|others?|so)\b",
    re.IGNORECASE,
)
_ASKS_LITTLE = 4  # words: "Why?", "When exactly?", "By whom?"
_WORD = re.compile(r"[^\W_]+(?:['’.,-][^\W_]+)*")
_SCHEMA: dict[str, object] = {
    "type": "object",
    "properties": {"question": {"type": "string"}},
    "required": ["question"],
    "additionalProperties": False,
}


def leans(question: str) -> bool:
    """Whether a question may need those before it: by how it begins, what it refers to, how little it asks."""
    return bool(_OPENS.match(question) or _REFERS.search(question)) or len(_WORD.findall(question)) <= _ASKS_LITTLE


def stands_alone(model: Model, before: Sequence[str], question: str, *, deadline: Deadline) -> str:
    """The question with what it leaves out; as it is where nothing better comes. Raises what ``Model.write`` raises."""
    asked = "\n".join(f"- {neutral(one)}" for one in before[-TURNS:])
    messages = (
        Message("system", prompts.load("rewrite").template.strip()),
        Message("user", prompts.load("followup").fill(before=asked, question=neutral(question)).strip()),
    )
    made = _question(whole(model.write(messages, schema=_SCHEMA, deadline=deadline)).text)
    return made if made and _brings_nothing(made, (*before, question)) else question


def _question(text: str) -> str:
    try:
        document = json.loads(text)
    except (ValueError, RecursionError):
        return ""
    if not isinstance(document, dict) or document.keys() != {"question"} or not isinstance(document["question"], str):
        return ""
    made = " ".join(document["question"].split())
    return made if len(made) <= _LONGEST and safe_text(made) == made else ""


def _brings_nothing(made: str, questions: Sequence[str]) -> bool:
    """Whether every name and every figure of a question stands in the others."""
    there = {word.casefold().removesuffix("'s").removesuffix("’s") for one in questions for word in _WORD.findall(one)}
    first, *rest = _WORD.findall(made) or [""]
    telling = [word for word in rest if word[:1].isupper() or any(char.isdigit() for char in word)]
    telling += [first] if any(char.isdigit() for char in first) else []
    return all(word.casefold().removesuffix("'s").removesuffix("’s") in there for word in telling)
