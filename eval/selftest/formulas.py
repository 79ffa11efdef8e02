"""Values worked out by brute force: over sets of single characters, by the definitions, as slowly as they are plain.

They take valid citations for granted (the scripted systems that they are for make no others), and look nothing up in
the metrics' code.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable

from eval.selftest.ground import Characters, Facts, Stretch, characters
from eval.types import GoldSpan, RunRecord, RunSpan

#: A gold span counts as held from this share of its characters on, white space left out.
_HELD = 0.8


def _f1(precision: float, recall: float) -> float:
    return 2 * precision * recall / (precision + recall) if precision + recall else 0.0


# --- what is cited ----------------------------------------------------------------------------------------------------


def precision(facts: Facts, record: RunRecord) -> float:
    """The share of the characters cited that may be."""
    cited = characters(record.citations)
    return len(cited & facts.allowed) / len(cited)


def recall(facts: Facts, record: RunRecord) -> float:
    """The share of an evidence set's characters that are cited, for the best set."""
    cited = characters(record.citations)
    return max(len(cited & one) / len(one) for one in map(characters, facts.item.evidence))


def char_f1(facts: Facts, record: RunRecord) -> float:
    """Their harmonic mean."""
    return _f1(precision(facts, record), recall(facts, record))


def iou(facts: Facts, record: RunRecord) -> float:
    """Common over all characters, for the best set; what else may be cited is left out."""
    cited = characters(record.citations)
    sets = [(one, cited - (facts.allowed - one)) for one in map(characters, facts.item.evidence)]
    return max(len(counted & one) / len(counted | one) for one, counted in sets)


def sentence_f1(facts: Facts, record: RunRecord) -> float:
    """F1 of the sentences touched against an evidence set's, for the best set."""
    return max(
        _f1(right / counted if counted else 0.0, right / wanted) for right, counted, wanted in _agree(facts, record)
    )


def sentence_em(facts: Facts, record: RunRecord) -> float:
    """Whether the sentences touched are those of an evidence set."""
    return float(any(right == counted == wanted for right, counted, wanted in _agree(facts, record)))


def _agree(facts: Facts, record: RunRecord) -> list[tuple[int, int, int]]:
    """By evidence set: how many sentences agree, were cited, are wanted."""
    cited, allowed = _sentences(facts, record.citations), _sentences(facts, (*facts.spans, *facts.item.acceptable))
    wanted = [_sentences(facts, spans) for spans in facts.item.evidence]
    return [(len(cited & one), len(cited - (allowed - one)), len(one)) for one in wanted]


def _sentences(facts: Facts, stretches: Iterable[Stretch]) -> frozenset[tuple[str, int]]:
    return frozenset(
        (one.article, sentence.start)
        for one in stretches
        for sentence in facts.corpus[one.article].sentences
        if max(one.start, sentence.start) < min(one.end, sentence.end)
    )


# --- with one citation too many --------------------------------------------------------------------------------------


def one_more_citation(facts: Facts, record: RunRecord) -> float:
    """The share of citations that are right, where the last of a claim is one too many."""
    cited = len(record.claims[0].citations)
    return (cited - 1) / cited


def invented_precision(facts: Facts, record: RunRecord) -> float:
    """Characters cited rightly over these and as many as the first citation, repeated where it doesn't stand."""
    right = len(characters(facts.first))
    return right / (right + len(facts.first[0].quote))


def invented_f1(facts: Facts, record: RunRecord) -> float:
    """Its F1; nothing is left out."""
    return _f1(invented_precision(facts, record), 1.0)


def invented_sentence_f1(facts: Facts, record: RunRecord) -> float:
    """F1 of n right sentences and one wrong one: 2n / (2n + 1)."""
    n = len(_sentences(facts, facts.first))
    return 2 * n / (2 * n + 1)


# --- what is found ----------------------------------------------------------------------------------------------------


def _by_score(record: RunRecord) -> list[RunSpan]:
    return sorted(record.retrieved or (), key=lambda hit: hit.score, reverse=True)


def _grades(facts: Facts, record: RunRecord) -> list[int]:
    """The grades of the ten articles found first."""
    return [facts.relevant.get(name, 0) for name in dict.fromkeys(hit.article for hit in _by_score(record))][:10]


def ndcg(facts: Facts, record: RunRecord) -> float:
    """The gain at ten over the best there is; a grade counts less by the logarithm of its rank."""
    best = sorted(facts.relevant.values(), reverse=True)[:10]
    return _gain(_grades(facts, record)) / _gain(best)


def _gain(grades: Iterable[int]) -> float:
    return math.fsum(grade / math.log2(rank) for rank, grade in enumerate(grades, start=2))


def recall_at_10(facts: Facts, record: RunRecord) -> float:
    """The share of relevant articles among the first ten."""
    return sum(grade > 0 for grade in _grades(facts, record)) / len(facts.relevant)


def rr(facts: Facts, record: RunRecord) -> float:
    """One over the rank of the first relevant article."""
    return next((1 / rank for rank, grade in enumerate(_grades(facts, record), start=1) if grade), 0.0)


def success(facts: Facts, record: RunRecord) -> float:
    """Whether one is among the first five."""
    return float(any(_grades(facts, record)[:5]))


def span_recall(facts: Facts, record: RunRecord) -> float:
    """The share of an evidence set's spans that were found, for the best set."""
    found = characters(record.retrieved or ())
    return max(sum(_held(facts, span, found) for span in spans) / len(spans) for spans in facts.item.evidence)


def density(budget: int) -> Callable[[Facts, RunRecord], float]:
    """The share of the first ``budget`` characters found that may be cited."""

    def value(facts: Facts, record: RunRecord) -> float:
        taken = _first(record, budget)
        return len(facts.allowed & frozenset(taken)) / len(taken)

    return value


def complete_in(budget: int) -> Callable[[Facts, RunRecord], float]:
    """Whether the first ``budget`` characters found hold an evidence set."""

    def value(facts: Facts, record: RunRecord) -> float:
        taken = frozenset(_first(record, budget))
        return float(any(all(_held(facts, span, taken) for span in spans) for spans in facts.item.evidence))

    return value


def _first(record: RunRecord, budget: int) -> list[tuple[str, int]]:
    found: list[tuple[str, int]] = []
    for hit in _by_score(record):
        found += [(hit.article, at) for at in range(hit.start, hit.end)][: budget - len(found)]
    return found


def _held(facts: Facts, span: GoldSpan, found: Characters) -> bool:
    text = facts.corpus[span.article].text
    visible = [(span.article, at) for at in range(span.start, span.end) if not text[at].isspace()]
    return sum(one in found for one in visible) / len(visible) >= _HELD


# --- what is said -----------------------------------------------------------------------------------------------------


def f3(facts: Facts, record: RunRecord) -> float:
    """TREC's nugget F: ten times precision times recall over nine times precision plus recall."""
    texts = [claim.text for claim in record.claims] or [record.answer]
    given = [
        one
        for one in facts.item.nuggets
        if any(word.lower() in text.lower() for word in one.wordings for text in texts)
    ]
    vital = sum(nugget.vital for nugget in facts.item.nuggets)
    share = sum(nugget.vital for nugget in given) / vital
    length = sum(not char.isspace() for text in texts for char in text)
    brief = min(1.0, 100 * len(given) / length)
    return 10 * brief * share / (9 * brief + share) if brief and share else 0.0


def one_more_word(facts: Facts, record: RunRecord) -> float:
    """F1 of an answer of n words with one wrong word after it: 2n / (2n + 1); articles are no words."""
    bare = [word.strip("!\"#$%&'()*+,-./:;<=>?@[\\]^_`{|}~").lower() for word in facts.item.answers[0].text.split()]
    n = sum(bool(word) and word not in ("a", "an", "the") for word in bare)
    return 2 * n / (2 * n + 1)


def cited_share(facts: Facts, record: RunRecord) -> float:
    """The share of claims with citations, where these are the right ones."""
    return sum(bool(claim.citations) for claim in record.claims) / len(record.claims)


def cited_members(facts: Facts, record: RunRecord) -> float:
    """F1 of a whole list of which these, and no other claims, name a part."""
    return _f1(cited_share(facts, record), 1.0)


def one_part(facts: Facts, record: RunRecord) -> float:
    """F1 of a list of which one part is named: 2 / (n + 1) of n."""
    return 2 / (len(facts.item.answers) + 1)


def one_nugget(facts: Facts, record: RunRecord) -> float:
    """The share of vital nuggets, where one is given."""
    return 1 / sum(nugget.vital for nugget in facts.item.nuggets)


def if_alone(count: Callable[[Facts], int]) -> Callable[[Facts, RunRecord], float]:
    """1 where giving the first is giving all."""
    return lambda facts, record: float(count(facts) <= 1)


def forbidden(facts: Facts, record: RunRecord) -> float:
    """Whether a claim that cites all its words says what is forbidden, and no gold span among them says it too."""
    return float(
        any(
            phrase in claim.text and not any(phrase in span.quote for span in _cited(facts, record))
            for phrase in facts.item.forbidden
            for claim in record.claims
        )
    )


def allowed(facts: Facts, record: RunRecord) -> float:
    """Whether none does."""
    return 1 - forbidden(facts, record)


def _cited(facts: Facts, record: RunRecord) -> list[GoldSpan]:
    shown = {citation.article for citation in record.citations}
    return [span for span in (*facts.spans, *facts.item.acceptable) if span.article in shown]


def repeated_words(facts: Facts, record: RunRecord) -> float:
    """0 where the same words are quoted from two articles."""
    return float(all(a.quote != b.quote or a.article == b.article for a in record.citations for b in record.citations))
