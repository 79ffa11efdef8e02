"""Who is in an article: every person it names, and each name, title, description and pronoun that means them.

One article at a time; the same name in another article is another ``Person`` until a question says otherwise. Names are
compared in ``naming``; what people said is found in ``speech``.
"""

from __future__ import annotations

from collections.abc import Sequence

from qa.statements.figures import Figure, find_figures
from qa.statements.naming import full_name_variants, matches
from qa.statements.references import resolve
from qa.statements.tokens import Reading, read
from qa.types import Mention, Person, SentenceSpan

__all__ = ["find_people", "full_name_variants", "matches"]


def find_people(text: str, sentences: Sequence[SentenceSpan]) -> tuple[Person, ...]:
    """The persons of one article in order of appearance, names from its body and headline sentences.

    ``sentences`` are the article's, in order. Linear in the length of the text.
    """
    reading = read(text, sentences)
    figures = find_figures(reading)
    resolve(reading, figures)
    return tuple(_person(reading, figure) for figure in figures)


def _person(reading: Reading, figure: Figure) -> Person:
    mentions = tuple(
        Mention(start=reading.tokens[place.first].start, end=reading.tokens[place.last - 1].end, kind=place.kind)
        for place in figure.places
    )
    forms = (reading.text[mention.start : mention.end] for mention in mentions if mention.kind != "pronoun")
    aliases = tuple(form for form in dict.fromkeys(forms) if form != figure.name)
    return Person(name=figure.name, aliases=aliases, mentions=mentions)
