"""What the verifier is told of cited sentences: who speaks in each, who is meant, and the names that stand before.

Who "she" or "the rector" is where ``qa.statements`` leaves it open is taken from what stands before in the article, as
a reader does: the nearest person who can be meant.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from functools import lru_cache

from qa.answer.support import Evidence
from qa.answer.support.names import names_in
from qa.answer.support.near import nearest
from qa.answer.support.reading import lines
from qa.answer.view import ArticleView
from qa.answer.writer.shown import ShownSentence
from qa.ledger.ledger import Ledger
from qa.retrieve.words import LEGAL_FORMS
from qa.statements.given_names import usual_gender
from qa.statements.naming import fold, name_parts
from qa.statements.roles import is_head
from qa.types import Person, Speaker

_REACH = 120  # sentences on each side: an article has some forty, a book's chapter thousands
_AHEAD = 6  # sentences
_GOES_ON = 4  # sentences of a quotation
_BESIDE = 6  # words
#: Who may be meant by a pronoun, by the gender that it tells.
_PRONOUNS = {"he": "m", "she": "f", "her": "f", "him": "m", "hi": "m", "i": "", "we": ""}


def evidence_of(run: Sequence[ShownSentence], ledger: Ledger) -> Evidence:
    """The evidence of sentences that stand next to each other in one article."""
    view, article = run[0].view, run[0].view.article
    before = list(_names_before(view, run[0].number))
    last = min(len(view.sentences), run[-1].number + 1 + _REACH)
    after = [name for place in range(run[-1].number + 1, last) for name in _names_of(view, place)]
    persons = tuple(_persons(before, view, ledger))
    known = {*before, *after, *(name for one in run for name in _names_of(view, one.number))}
    everybody = frozenset(name for name, _ in _persons(known, view, ledger))
    spoken = []
    here = list(persons or _first_after(view, run[-1].number, ledger))
    for one in run:
        said = list(_said(view, one.number))
        named = list(_persons(_names_of(view, one.number), view, ledger))
        spoken.append((view.text(one.number), tuple(_resolved(speaker, [*here, *named]) for speaker in said)))
        here += named
    speakers = {speaker for _, everybody in spoken for speaker in everybody}
    inferred = all(said.inferred for one in run for said in view.said(one.number))
    return Evidence(
        text=article.text[run[0].span.start : run[-1].span.end],
        title=article.title,
        published=article.published,
        speaker=Speaker(name=speakers.pop(), inferred=inferred) if len(speakers) == 1 else None,
        people=tuple(dict.fromkeys(meant.person.name for one in run for meant in view.meant(one.number))),
        article=article.id,
        spoken=tuple(spoken),
        near=(*dict.fromkeys(after), *before),
        persons=persons or tuple(_first_after(view, run[-1].number, ledger)),
        everybody=everybody,
        offices=tuple((name, heads) for name, heads in _offices(view, run[0].number) if name in everybody),
    )


def _said(view: ArticleView, number: int) -> Iterator[str]:
    """Who speaks in a sentence, as written; a quotation without a speaker of its own goes on with the one before."""
    here = list(dict.fromkeys(statement.speaker for statement in view.said(number)))
    back = number
    while not here and back and number - back < _GOES_ON and _in_quotes(view, back):
        back -= 1
        here = list(dict.fromkeys(statement.speaker for statement in view.said(back)))
    yield from here


def _in_quotes(view: ArticleView, number: int) -> bool:
    """Whether a sentence begins inside a quotation or with one, as far as the marks in its own paragraph tell."""
    text, start = view.article.text, view.sentences[number].start
    paragraph = text[text.rfind("\n\n", 0, start) + 1 : start]
    opened = paragraph.count("“") - paragraph.count("”") if "“" in paragraph else paragraph.count('"') % 2
    return opened > 0 or text[start] in '"“'


def _offices(view: ArticleView, first: int) -> Iterator[tuple[str, frozenset[str]]]:
    """What the article calls each person around sentence ``first``: the offices that stand right beside the name."""
    found: dict[str, set[str]] = defaultdict(set)
    for number in range(max(0, first - _REACH), min(len(view.sentences), first + _REACH)):
        for line in lines(view.text(number)):
            names = [name for name in names_in(line) if name.sure]
            for name in names:
                others = {at for other in names if other is not name for at in range(other.first, other.last)}
                around = (*range(name.first - 1, name.first - _BESIDE, -1), *range(name.last, name.last + _BESIDE))
                heads = {line.low(at) for at in around if at not in others and is_head(line.low(at))}
                if heads:
                    found[view.called(name_parts(name.text)) or name.text].update(heads)
    yield from ((name, frozenset(heads)) for name, heads in found.items())


def _resolved(speaker: str, persons: Sequence[tuple[str, str]]) -> str:
    """A speaker as written, or whom a pronoun means; of what isn't a name at all, the nearest person."""
    low = fold(speaker)
    if any(mark in speaker for mark in '"“”'):
        return nearest(persons) or speaker
    return (nearest(persons, _PRONOUNS[low]) or speaker) if low in _PRONOUNS else speaker


def _names_before(view: ArticleView, number: int) -> Iterator[str]:
    """The names of the title and of the sentences before, people in full, the nearest last."""
    yield from _names_in(view, view.article.title)
    for place in range(max(0, number - _REACH), number):
        yield from _names_of(view, place)


def _names_of(view: ArticleView, number: int) -> Iterator[str]:
    yield from _names_in(view, view.text(number))


def _names_in(view: ArticleView, text: str) -> Iterator[str]:
    for name in _sure_names(text):
        yield view.called(name_parts(name)) or " ".join(_without_legal_form(name.split()))


@lru_cache(maxsize=2_048)
def _sure_names(text: str) -> tuple[str, ...]:
    return tuple(name.text for line in lines(text) for name in names_in(line) if name.sure)


def _without_legal_form(words: list[str]) -> list[str]:
    return words[:-1] if len(words) > 1 and words[-1].casefold().strip(".") in LEGAL_FORMS else words


def _persons(names: Iterable[str], view: ArticleView, ledger: Ledger) -> Iterator[tuple[str, str]]:
    """Those of the names that are persons', with their gender as far as the article or the usual tells."""
    for name in names:
        person = next((one for one in view.people if fold(one.name) == fold(name)), None)
        if person is not None or ledger.has_person(name):
            yield name, _gender(person, view) or usual_gender(name_parts(name)[0])


def _gender(person: Person | None, view: ArticleView) -> str:
    """The gender of the pronouns by which the article means a person."""
    meant = (
        (view.article.text[one.start : one.end] for one in person.mentions if one.kind == "pronoun") if person else ()
    )
    genders = {_PRONOUNS.get(fold(word).removesuffix("s"), "") for word in meant} - {""}
    return genders.pop() if len(genders) == 1 else ""


def _first_after(view: ArticleView, number: int, ledger: Ledger) -> Iterator[tuple[str, str]]:
    """The first person who is named after a sentence: "she" at the beginning of an article."""
    for place in range(number + 1, min(number + _AHEAD, len(view.sentences))):
        for found in _persons(_names_of(view, place), view, ledger):
            yield found
            return
