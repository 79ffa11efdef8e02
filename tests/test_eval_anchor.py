"""Gold spans are found again in articles that changed, and never guessed where several could be meant."""

from __future__ import annotations

import re
from dataclasses import replace
from hashlib import sha256
from pathlib import Path

from hypothesis import assume, given
from hypothesis import strategies as st

from eval.corpus import Corpus, Text
from eval.gold.anchor import Anchored, Quarantined, anchor, anchor_item
from eval.gold.check import placed
from eval.metrics.metric import Place
from eval.types import GoldSpan, Item, Split
from qa.text import normalise

SENTENCES = (
    "He declined to comment.",
    "The toll rose to nine.",
    "Élise Moreau said: “No.”",
    "Łukasz and 張美琳 met at the café.",
    "Yaroslava wrote Тимко 👩‍🔬 on it.",
    "No.",
)
#: Written in by an editor: shares no sentence with the pool.
EDITS = st.text(alphabet="zq 9\né\U0001f600", max_size=40)


def text_of(text: str, name: str = "a.md") -> Text:
    return Text(name, "", "", None, text, sha256(text.encode()).hexdigest())


def corpus_of(*texts: str) -> Corpus:
    names = [f"{chr(97 + number)}.md" for number in range(len(texts))]
    return Corpus(Path("/c"), {name: text_of(text, name) for name, text in zip(names, texts, strict=True)})


def span_of(text: str, quote: str, *, nth: int = 0) -> GoldSpan:
    """The nth occurrence of ``quote``, as gold records it."""
    at = -1
    for _ in range(nth + 1):
        at = text.index(quote, at + 1)
    return placed(text_of(text), at, at + len(quote))


def where(found: Anchored | Quarantined) -> tuple[int, int]:
    assert isinstance(found, Anchored)
    return found.place.start, found.place.end


def item_of(*evidence: tuple[GoldSpan, ...], acceptable: tuple[GoldSpan, ...] = ()) -> Item:
    return Item(
        id="q",
        question="?",
        type="other",
        categories=(),
        cluster="c",
        split=Split.TEST,
        answerable=True,
        evidence=evidence,
        acceptable=acceptable,
    )


@given(st.lists(st.sampled_from(SENTENCES), min_size=1, max_size=12), st.data())
def test_in_the_same_text_a_span_stands_where_it_says_however_often_it_is_repeated(
    sentences: list[str], data: st.DataObject
) -> None:
    text = " ".join(sentences)
    number = data.draw(st.integers(0, len(sentences) - 1))
    start = len(" ".join([*sentences[:number], ""]))
    span = placed(text_of(text), start, start + len(sentences[number]))
    found = anchor(span, corpus_of(text))
    assert isinstance(found, Anchored)
    assert not found.moved
    assert where(found) == (start, start + len(sentences[number]))


@given(st.lists(st.sampled_from(SENTENCES), min_size=1, max_size=12), st.data())
def test_after_edits_elsewhere_it_is_the_right_one_or_one_that_nothing_tells_apart(
    sentences: list[str], data: st.DataObject
) -> None:
    text = " ".join(sentences)
    number = data.draw(st.integers(0, len(sentences) - 1))
    start = len(" ".join([*sentences[:number], ""]))
    end = start + len(sentences[number])
    gold = placed(text_of(text), start, end)
    # What is cut or written stands outside the recorded context.
    low, high = max(0, start - 32), min(len(text), end + 32)
    cut = data.draw(st.integers(0, low))
    before = text[:cut] + data.draw(EDITS) + text[data.draw(st.integers(cut, low)) : low]
    late = data.draw(st.integers(high, len(text)))
    after = text[high:late] + data.draw(EDITS) + text[data.draw(st.integers(late, len(text))) :]
    changed = before + text[low:high] + after
    right = len(before) + start - low

    found = anchor(gold, corpus_of(changed))

    # Overlapping ones too: one sentence's context may be another one.
    same = len(re.findall(f"(?={re.escape(gold.prefix + gold.quote + gold.suffix)})", changed))
    if isinstance(found, Quarantined):
        assert same > 1
        return
    at = found.place.start
    assert changed[at : found.place.end] == gold.quote
    if same == 1:
        assert at == right
    else:
        assert changed[at - len(gold.prefix) : at] == gold.prefix
        assert changed[found.place.end :].startswith(gold.suffix)
    assert found.moved == (at != start)


@given(
    st.lists(st.sampled_from(SENTENCES[1:]), max_size=6),
    st.lists(st.sampled_from(SENTENCES[1:]), max_size=6),
    EDITS,
    EDITS,
)
def test_a_quote_that_stands_once_is_found_whatever_surrounds_it(
    before: list[str], after: list[str], wrote: str, wrote_too: str
) -> None:
    quote = SENTENCES[0]
    text = " ".join([*before, quote, *after])
    start = len(" ".join([*before, ""]))
    changed = f"{wrote} {quote} {wrote_too}"
    found = anchor(placed(text_of(text), start, start + len(quote)), corpus_of(changed))
    assert where(found) == (len(wrote) + 1, len(wrote) + 1 + len(quote))


@given(st.sampled_from(SENTENCES), st.lists(st.sampled_from(SENTENCES), max_size=8))
def test_a_quote_that_is_gone_is_quarantined(quote: str, rest: list[str]) -> None:
    rest = [sentence for sentence in rest if sentence != quote]
    gold = span_of(" ".join([quote, *rest]), quote)
    changed = " ".join(["Something else.", *rest])
    assume(normalise(quote).text not in normalise(changed).text)
    found = anchor(gold, corpus_of(changed))
    assert found == Quarantined("its quote isn't in the article any more")


def test_new_quotation_marks_count_as_moved() -> None:
    text = "One. “We won’t,” she said. Two."
    gold = span_of(text, "“We won’t,” she said.")
    changed = 'One. "We won\'t," she  said. Two.'
    found = anchor(gold, corpus_of(changed))
    assert isinstance(found, Anchored)
    assert found.moved
    # The same start; one character longer by the second space.
    assert where(found) == (5, 5 + len(gold.quote) + 1)


def test_new_quotation_marks_at_the_same_place_count_as_moved() -> None:
    gold = span_of("One. “No.” Two.", "“No.”")
    found = anchor(gold, corpus_of('One. "No." Two.'))
    assert isinstance(found, Anchored)
    assert (where(found), found.moved) == ((gold.start, gold.end), True)


def test_of_repeated_sentences_the_one_with_its_neighbours_is_chosen() -> None:
    text = "The bank said no. He declined to comment. The union said yes. He declined to comment. It rained."
    second = span_of(text, "He declined to comment.", nth=1)
    changed = "New first line. " + text.replace("It rained.", "It snowed.")
    assert where(anchor(second, corpus_of(changed)))[0] == second.start + len("New first line. ")


def test_of_equal_words_around_it_the_exact_ones_count() -> None:
    # The first is followed by one space, as recorded, the second by two.
    sentence = "He declined to comment on it at all."
    gold = span_of(f"{sentence} {sentence} {sentence}", sentence)
    assert where(anchor(gold, corpus_of(f"9{sentence} {sentence}  {sentence}")))[0] == 1
    # New quotation marks around the right one don't make the wrong one right.
    same = " " + "x" * 40 + " "
    gold = span_of(f"She said “no”. It is over.{same}She said yes. It is over.{same}", "It is over.")
    found = anchor(gold, corpus_of(f'First: she said "no". It is over.{same}She said yes. It is over.{same}'))
    assert where(found)[0] == len('First: she said "no". ')


def test_a_repeated_sentence_that_moved_onto_the_recorded_place_of_another_is_not_taken_for_it() -> None:
    # "Stop." stands at 0 and at 10; with ten characters in front the first one stands at 10.
    text = "Stop. Go. Stop. Wait."
    second = span_of(text, "Stop.", nth=1)
    assert second.start == 10
    changed = "Well: 12. " + text
    assert changed[10:15] == "Stop."
    assert where(anchor(second, corpus_of(changed))) == (20, 25)


def test_between_equals_the_recorded_place_decides_and_without_it_nothing_does() -> None:
    block = "x" * 40 + " No. " + "y" * 40
    text = block + block
    at = [text.index(" No. ") + 1, text.rindex(" No. ") + 1]
    gold = placed(text_of(text), at[1], at[1] + 3)
    assert where(anchor(gold, corpus_of(text + "z"))) == (at[1], at[1] + 3)
    found = anchor(gold, corpus_of("zz" + text))
    assert isinstance(found, Quarantined)
    assert "2 times" in found.reason


def test_a_quote_isnt_found_inside_a_word() -> None:
    gold = span_of("Will he go? No. It rained.", "No.")
    assert isinstance(anchor(gold, corpus_of("Will he go to the casino. It rained.")), Quarantined)
    # Where words aren't set apart by spaces there is nothing to cut.
    gold = span_of("東京都。張美琳は話した。", "張美琳")
    assert isinstance(anchor(replace(gold, prefix="都"), corpus_of("昨日張美琳は話した。")), Anchored)


def test_a_draft_without_a_position_is_found_by_its_quote_and_hasnt_moved() -> None:
    corpus = corpus_of("One. Two. Three.", "Four. Two. Two.")
    draft = GoldSpan(article="a.md", start=0, end=0, quote="Two.")
    assert anchor(draft, corpus) == Anchored(Place(article="a.md", start=5, end=9), moved=False)
    assert isinstance(anchor(replace(draft, article="b.md"), corpus), Quarantined)
    told = anchor(replace(draft, article="b.md", prefix="Four. "), corpus)
    assert where(told) == (6, 10)
    assert anchor(replace(draft, article="c.md"), corpus) == Quarantined("the corpus has no such article")


def test_a_position_that_contradicts_its_own_text_counts_as_moved() -> None:
    text = "One. Two. Three."
    gold = replace(span_of(text, "Two."), start=4, end=8)
    found = anchor(gold, corpus_of(text))
    assert isinstance(found, Anchored)
    assert found.moved
    assert where(found) == (5, 9)


def test_an_alternative_with_a_span_that_is_gone_is_left_out() -> None:
    text = "One is so. Two is so. Three is so."
    one, two, three = (span_of(text, f"{word} is so.") for word in ("One", "Two", "Three"))
    changed = corpus_of("New. One is so. Two is so.")
    found = anchor_item(item_of((one, two), (one, three), (three,), acceptable=(two, three)), changed)
    assert [[(place.start, place.end) for place in spans] for spans in found.evidence] == [[(5, 15), (16, 26)]]
    assert [(place.start, place.end) for place in found.acceptable] == [(16, 26)]
    # one twice, two twice; three is gone in all three places.
    assert found.moved == 4
    assert found.quarantined == ("q: a.md: its quote isn't in the article any more: 'Three is so.'",) * 3
