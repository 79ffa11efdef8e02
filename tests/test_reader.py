"""The reader: equal input gives equal output, spans stand where they say, long texts are read in windows, and model
files that are damaged are refused. How good its answers are is measured elsewhere.
"""

from __future__ import annotations

import hashlib
import math
import random
import shutil
import threading
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from functools import lru_cache
from itertools import islice, pairwise
from pathlib import Path

import numpy as np
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray
from tokenizers import Tokenizer

from qa.errors import ModelUnusable
from qa.models import opening
from qa.models.fingerprint import read_card, shipped_folder
from qa.models.reader.encoding import CLS, HEAD, MARKERS, OVERLAP, QUESTION, SEP, TOKENS, Encoder
from qa.models.reader.passage import Found, ReaderPassage
from qa.models.reader.reader import SPANS, MiniLMReader, Reader, shipped_reader
from qa.models.reader.spans import LONGEST, best_spans

MARKED = "[SEP] [CLS] [PAD] [MASK] [UNK] [sep]"
HOSTILE = {
    "empty": "",
    "white space": " \t\r\n\u00a0\u3000",
    "NUL": "a\x00b",
    "lone surrogate": "\ud800",
    "surrogates the wrong way round": "x\udc00\ud800y",
    "right to left": "קרא את המאמר قرأ المقال",
    "bidi controls": "\u202eabc\u202c\u2066def\u2069",
    "emoji": "👩‍👩‍👧‍👦🏳️‍🌈" * 40,
    "combining": "e" + "\u0301" * 5000 + " o\u0308\u0323",
    "replacement": "\ufffd\ufffe\uffff",
    "one long word": "x" * 50_000,
    "no spaces at all": "中" * 900,
    "markers": MARKED,
    "50,000 characters": "international, " * 3_334,
}
BRIDGE = (
    "The Orla bridge will close on Friday. Engineer Petra Holm inspected the cables in May. It was built in 1931.",
    "Who inspected the cables?",
)


@pytest.fixture(scope="module")
def reader() -> MiniLMReader:
    return MiniLMReader.load()


@lru_cache(maxsize=1)
def tokenizer() -> Tokenizer:
    return opening.tokenizer(shipped_folder() / "tokenizer.json", tokens=None)


@lru_cache(maxsize=1)
def encoder() -> Encoder:
    return Encoder(tokenizer())


def passage(text: str, *, head: str = "", cuts: Sequence[int] | None = None) -> ReaderPassage:
    """A passage whose sentences lie between ``cuts`` (default: at full stops)."""
    if cuts is None:
        cuts = [0, *(place + 1 for place, mark in enumerate(text) if mark == "."), len(text)]
    inside = sorted({min(max(0, cut), len(text)) for cut in cuts})
    return ReaderPassage(head=head, text=text, sentences=tuple(pairwise(inside)))


def assert_sound(found: Found, question: str, one: ReaderPassage) -> None:
    """All that holds of any reading."""
    windows = list(encoder().windows(question, one))
    borders = [({start for start, _ in w.offsets}, {end for _, end in w.offsets}) for w in windows]
    for span in found.spans:
        assert 0 <= span.start < span.end <= len(one.text)
        assert any(span.start in starts and span.end in ends for starts, ends in borders)
    assert bool(found.spans) == any(window.offsets for window in windows)
    assert len(found.spans) <= SPANS
    assert [span.margin for span in found.spans] == sorted((span.margin for span in found.spans), reverse=True)
    ordered = sorted(found.spans, key=lambda span: span.start)
    assert all(before.end <= after.start for before, after in pairwise(ordered))
    assert len(found.evidence) == len(one.sentences)
    assert all(map(math.isfinite, [found.answerable, *found.evidence, *(span.margin for span in found.spans)]))
    assert found.cut == (len(windows) > 1)


# --- any input


@pytest.mark.parametrize("text", HOSTILE.values(), ids=HOSTILE.keys())
def test_any_text_can_be_read(reader: MiniLMReader, text: str) -> None:
    one = passage(text, head=text[:200], cuts=range(0, len(text) + 1, 60))
    assert_sound(reader.read(text[:200], one), text[:200], one)


FOREIGN = st.text(st.characters(codec=None), max_size=60)
WORDS = st.sampled_from(
    [*MARKED.split(), "The", "bridge", "closed.", "Łódź", "👩‍👩‍👧‍👦", "e\u0301", "\ud83d", "1931", "\u202e"]
)
ANY = st.lists(FOREIGN | WORDS, max_size=30).map(" ".join)


@settings(max_examples=60, deadline=None)
@given(ANY, ANY, ANY, st.lists(st.integers(0, 300), max_size=8))
@example("각", "각", "각 각", [0, 1])
def test_any_input_can_be_read(reader: MiniLMReader, question: str, head: str, text: str, cuts: list[int]) -> None:
    one = passage(text, head=head, cuts=cuts)
    assert_sound(reader.read(question, one), question, one)


@settings(max_examples=200, deadline=None)
@given(ANY, ANY, ANY)
def test_no_text_makes_a_marker(question: str, head: str, text: str) -> None:
    (window, *_) = windows = list(encoder().windows(question, passage(text, head=head)))
    for one in windows:
        marked = [place for place, token in enumerate(one.ids) if token in MARKERS]
        separators = marked[1:]
        assert [one.ids[place] for place in marked] == [CLS, SEP, SEP, SEP]
        assert (marked[0], one.first, separators[2]) == (0, separators[1] + 1, len(one.ids) - 1)
        assert one.segments == (0,) * (separators[0] + 1) + (1,) * (len(one.ids) - separators[0] - 1)
        assert one.ids[: one.first] == window.ids[: window.first]


def test_a_marker_spelled_out_is_words_like_others(reader: MiniLMReader) -> None:
    """What stands behind a spelled-out separator is still the question: another passage would answer it."""
    text, question = BRIDGE
    (window,) = encoder().windows(f"{question} [SEP] [CLS]", passage(f"[SEP] {text} [MASK]", head="[SEP]"))
    assert sum(token in MARKERS for token in window.ids) == 4
    assert window.segments.count(0) == 2 + len(tokenizer().encode(question, add_special_tokens=False).ids) + 2
    start, end = window.offsets[0]
    assert f"[SEP] {text}"[start:end] == "[SEP]"


# --- the same again


def test_equal_input_gives_equal_output(reader: MiniLMReader) -> None:
    """Alone, among others, in any order, from several threads, from another session: to the last bit."""
    text, question = BRIDGE
    long = passage(" ".join([text] * 30), head="Orla bridge")
    passages = [passage(text), passage(""), long, passage(text, head="Orla bridge"), passage("Rain fell."), long]
    alone = [reader.read(question, one) for one in passages]
    assert alone[2] == alone[5]
    assert len({repr(found) for found in alone}) == 5
    for order in (range(6), reversed(range(6)), random.Random(3).sample(range(6), 6)):
        numbers = list(order)
        assert list(reader.read_many(question, [passages[n] for n in numbers])) == [alone[n] for n in numbers]
    assert list(reader.read_many(question, passages[:1])) == alone[:1]
    assert list(reader.read_many(question, [])) == []
    with ThreadPoolExecutor(4) as pool:
        found = list(pool.map(lambda n: reader.read(question, passages[n % 6]), range(24)))
    assert found == alone * 4
    assert [MiniLMReader.load().read(question, one) for one in passages] == alone


def test_what_is_read_depends_on_all_of_the_input(reader: MiniLMReader) -> None:
    text, question = BRIDGE
    plain = reader.read(question, passage(text))
    assert reader.read("Who built it?", passage(text)).answerable != plain.answerable
    assert reader.read(question, passage(text, head="Orla")).answerable != plain.answerable
    assert reader.read(question, passage(text + " Rain fell.")).answerable != plain.answerable
    cut = reader.read(question, passage(text, cuts=[0, 5, len(text)]))
    assert (cut.answerable, cut.spans) == (plain.answerable, plain.spans)  # sentences are asked about, not read


def test_readings_arrive_in_order_and_one_by_one(reader: MiniLMReader) -> None:
    text, question = BRIDGE
    found = reader.read_many(question, [passage(text, head=f"number {n}") for n in range(12)])
    assert next(found) == reader.read(question, passage(text, head="number 0"))
    assert list(islice(found, 2))[1] == reader.read(question, passage(text, head="number 2"))
    found.close()  # type: ignore[attr-defined]
    assert not [thread for thread in threading.enumerate() if thread.name.startswith("qa-read")]


def test_it_is_a_reader(reader: MiniLMReader) -> None:
    one: Reader = reader
    assert one.fingerprint == read_card(shipped_reader()).fingerprint
    assert one.fingerprint.id == f"{one.fingerprint.name}@{one.fingerprint.sha256[:8]}"


# --- windows


def plain(text: str) -> list[tuple[int, int]]:
    """Where the text's tokens stand."""
    offsets: list[tuple[int, int]] = tokenizer().encode(text, add_special_tokens=False).offsets
    return offsets


@settings(max_examples=60, deadline=None)
@given(st.integers(0, 900), st.integers(0, 90), st.integers(0, 90))
@example(203, 90, 90)
@example(204, 90, 90)
@example(205, 90, 90)
def test_windows_overlap_and_leave_nothing_out(words: int, asked: int, headed: int) -> None:
    text = " ".join(f"w{number}" for number in range(words))
    windows = list(encoder().windows("ask " * asked, passage(text, head="top " * headed)))
    offsets, room = plain(text), TOKENS - (min(asked, QUESTION) + 2) - (min(headed, HEAD) + 1) - 1
    assert all(one.first == min(asked, QUESTION) + min(headed, HEAD) + 3 for one in windows)
    begins = [offsets.index(one.offsets[0]) for one in windows if one.offsets]
    assert [list(one.offsets) for one in windows if one.offsets] == [offsets[b : b + room] for b in begins]
    assert all(len(one.ids) == one.first + len(one.offsets) + 1 <= TOKENS for one in windows)
    if len(offsets) <= room:
        assert len(windows) == 1
        assert list(windows[0].offsets) == offsets
        return
    assert all(len(one.ids) == TOKENS for one in windows)
    assert (begins[0], begins[-1]) == (0, len(offsets) - room)
    shared = [before + room - after for before, after in pairwise(begins)]
    assert shared[:-1] == [OVERLAP] * (len(shared) - 1)  # the last window is full and shares as much as it takes
    assert shared[-1] >= OVERLAP


@settings(max_examples=100, deadline=None)
@given(
    st.lists(st.sampled_from(["The", "bridge", "Unbelievably,", "1931", "O'Neil's", "—", "a.b", "Łódź"]), max_size=400)
)
def test_the_offsets_of_a_window_slice_its_tokens(words: list[str]) -> None:
    text = "  ".join(words)
    for window in encoder().windows("Who?", passage(text)):
        inside = window.ids[window.first : -1]
        for token, (start, end) in zip(inside, window.offsets, strict=True):
            written = tokenizer().id_to_token(token).removeprefix("##")
            assert text[start:end].lower().replace("ó", "o").replace("ź", "z") == written


@settings(max_examples=100, deadline=None)
@given(st.lists(st.integers(0, 60), max_size=12), st.integers(0, 40))
def test_the_tokens_of_a_sentence(cuts: list[int], shift: int) -> None:
    text = "The Orla bridge, 90 metres long, will close; unbelievably soon."
    (window,) = encoder().windows("Why?", passage(" " * shift + text))
    sentences = passage(" " * shift + text, cuts=cuts).sentences
    for (first, last), (start, end) in zip(window.sentence_tokens(sentences), sentences, strict=True):
        inside = [place for place, (a, b) in enumerate(window.offsets) if max(a, start) < min(b, end)]
        assert list(range(first, last)) == [window.first + place for place in inside]


# --- a network whose every word is known


class Session:
    """In the place of ONNX Runtime: says of each token what it is told to, by the token's written form."""

    def __init__(self, *, start: dict[str, float], end: dict[str, float], evidence: dict[str, float]) -> None:
        self.said = (start, end, evidence)
        self.answerable: Callable[[list[str]], float] = lambda words: 0.0

    def run(self, wanted: list[str], given: dict[str, NDArray[np.int64]]) -> list[NDArray[np.float32]]:
        """Logits: -9 (evidence: 0) of what nothing is said of; 0 of "no answer", the first token."""
        assert wanted == ["pointers", "answerable"]
        words = [tokenizer().id_to_token(token) for token in given["ids"][0]]
        rows = [[said.get(word, other) for said, other in zip(self.said, (-9, -9, 0), strict=True)] for word in words]
        pointers = np.array([rows], dtype=np.float32)
        pointers[0, 0] = 0
        return [pointers, np.array([[self.answerable(words)]], dtype=np.float32)]


def known(session: Session) -> MiniLMReader:
    return MiniLMReader(card=read_card(shipped_reader()), session=session, tokenizer=tokenizer())


def test_a_reading_by_hand() -> None:
    session = Session(start={"red": 3.0, "one": 1.0}, end={"bridge": 4.0, "two": 0.5}, evidence={"red": 4.0})
    text = "The red bridge fell. One or two saw it."
    found = known(session).read("Which?", passage(text))
    assert [(text[one.start : one.end], one.margin) for one in found.spans[:2]] == [
        ("red bridge", 7.0),
        ("One or two", 1.5),
    ]
    assert found.evidence == (pytest.approx(4 / 5), 0.0)  # the mean over "the red bridge fell ."
    assert (found.answerable, found.cut) == (0.0, False)


def test_a_long_passage_by_hand() -> None:
    """What is in one window only is found, and the best of all windows counts."""
    session = Session(
        start={"red": 3.0, "blue": 5.0}, end={"red": 3.0, "blue": 5.0}, evidence={"red": 2.0, "blue": -3.0}
    )
    session.answerable = lambda words: float("blue" in words) * 2.0 - float("red" in words)
    filler = "word " * 400
    text = f"red. {filler}. {filler}blue."
    one = passage(text)
    windows = list(encoder().windows("Which?", one))
    assert len(windows) >= 3
    found = known(session).read("Which?", one)
    assert [(text[span.start : span.end], span.margin) for span in found.spans[:2]] == [("blue", 10.0), ("red", 6.0)]
    assert (found.answerable, found.cut) == (2.0, True)
    assert found.evidence[0] == pytest.approx(1.0)  # "red ." in the first window
    assert found.evidence[1] == 0.0  # in all windows
    assert found.evidence[2] == 0.0  # in two windows, of which the last says less
    assert len(found.evidence) == len(one.sentences) == 3


def test_a_sentence_without_a_word_is_no_evidence() -> None:
    session = Session(start={}, end={}, evidence={"red": -9.0})
    found = known(session).read("Which?", passage("red   red", cuts=[0, 3, 6, 9]))
    assert found.evidence[0] == found.evidence[2] == -9.0
    assert found.evidence[1] < -9.0


def test_a_span_in_two_windows_is_one() -> None:
    session = Session(start={"red": 3.0}, end={"red": 3.0}, evidence={})
    filler = "word " * 280
    text = f"{filler}red {'word ' * 200}"
    both = [
        window for window in encoder().windows("?", passage(text)) if any(text[a:b] == "red" for a, b in window.offsets)
    ]
    assert len(both) == 2
    found = known(session).read("?", passage(text))
    assert [text[span.start : span.end] for span in found.spans].count("red") == 1


def test_spans_do_not_overlap_where_a_character_has_several_tokens() -> None:
    """A syllable of Hangul is cut into its letters, which all stand in one place of the text."""
    letters = tokenizer().encode("각", add_special_tokens=False)
    assert (len(letters.tokens), set(letters.offsets)) == (3, {(0, 1)})
    logits = dict(zip(letters.tokens, (9.0, 8.0, 7.0), strict=True))
    one = passage("각 a")
    assert_sound(known(Session(start=logits, end=logits, evidence={})).read("?", one), "?", one)


@given(
    st.integers(1, 3),
    st.lists(st.tuples(st.integers(-40, 40), st.integers(-40, 40)), min_size=1, max_size=14),
    st.integers(1, 5),
)
def test_the_best_spans_by_brute_force(first: int, text: list[tuple[int, int]], count: int) -> None:
    """Each is the best of those that don't overlap a better one, and none is left out while there is room."""
    rows = [(3, 5), *[(99, 99)] * (first - 1), *text, (99, 99)]
    starts, ends = (np.array(column, dtype=np.float32) for column in zip(*rows, strict=True))
    found = best_spans(starts, ends, first=first, count=count)
    left = [(a, b) for a in range(len(text)) for b in range(a, min(len(text), a + LONGEST))]
    for start, end, margin in found:
        assert (start, end) in left
        assert margin == text[start][0] + text[end][1] - 8 == max(text[a][0] + text[b][1] for a, b in left) - 8
        left = [(a, b) for a, b in left if b < start or a > end]
    assert len(found) == count or not left


@given(st.lists(st.tuples(st.integers(-40, 40), st.integers(-40, 40)), min_size=60, max_size=140), st.integers(1, 5))
def test_the_best_spans_of_a_long_window(text: list[tuple[int, int]], count: int) -> None:
    """Only the likeliest starts and ends are paired: what is found is sound, and as good as any pair of those."""
    starts, ends = (np.array(column, dtype=np.float32) for column in zip((0, 0), *text, (99, 99), strict=True))
    found = best_spans(starts, ends, first=1, count=count)
    assert 1 <= len(found) <= count
    for place, (start, end, margin) in enumerate(found):
        assert start <= end < min(len(text), start + LONGEST)
        assert margin == text[start][0] + text[end][1]
        assert all(end < a or start > b for a, b, _ in found[:place])
    assert [margin for *_, margin in found] == sorted((margin for *_, margin in found), reverse=True)
    likely = [sorted(range(len(text)), key=lambda at: -text[at][side])[:10] for side in (0, 1)]
    pairs = [text[a][0] + text[b][1] for a in likely[0] for b in likely[1] if a <= b < a + LONGEST]
    assert found[0][2] >= max(pairs, default=-math.inf)


def test_a_window_without_text_has_no_span() -> None:
    nothing = np.zeros(3, dtype=np.float32)
    assert best_spans(nothing, nothing, first=2, count=5) == []


def test_an_answer_is_48_tokens_long_at_most() -> None:
    for length, found in ((LONGEST, (0, LONGEST - 1, 18.0)), (LONGEST + 1, (0, 0, 9.0))):
        starts, ends = np.zeros((2, length + 2), dtype=np.float32)
        starts[1], ends[length] = 9, 9
        assert best_spans(starts, ends, first=1, count=1) == [found]


# --- files


@pytest.fixture
def copied(tmp_path: Path) -> Path:
    """A copy of the shipped model to damage."""
    return Path(shutil.copytree(shipped_reader(), tmp_path / "model"))


def refusal(folder: Path) -> tuple[str, int, str]:
    with pytest.raises(ModelUnusable) as caught:
        MiniLMReader.load(folder)
    return caught.value.id, caught.value.code, str(caught.value)


@pytest.mark.parametrize("name", ["model.onnx", "model.toml"])
def test_a_missing_file_is_said_to_be_missing(copied: Path, name: str) -> None:
    (copied / name).unlink()
    assert refusal(copied)[:2] == ("model.missing", 22)
    assert refusal(copied / "nowhere")[0] == "model.missing"


@pytest.mark.parametrize("place", [0, 1_000_000, -1])
def test_a_flipped_byte_is_found(copied: Path, place: int) -> None:
    content = bytearray((copied / "model.onnx").read_bytes())
    content[place] ^= 1
    (copied / "model.onnx").write_bytes(content)
    identifier, code, message = refusal(copied)
    assert (identifier, code) == ("model.damaged", 22)
    assert str(copied / "model.onnx") in message


def test_a_reader_of_another_tokenizer_is_refused(copied: Path) -> None:
    card = (copied / "model.toml").read_text(encoding="utf-8")
    digest = read_card(copied).tokenizer_sha256
    (copied / "model.toml").write_text(card.replace(digest, "0" * 64), encoding="utf-8")
    identifier, _, message = refusal(copied)
    assert identifier == "model.damaged"
    assert "tokenizer.json" in message


def test_another_file_as_the_model_is_refused(copied: Path) -> None:
    """A card may agree with a file that isn't a model: the runtime's own refusal must not come out as a bug of ours."""
    card = (copied / "model.toml").read_text(encoding="utf-8")
    (copied / "model.onnx").write_bytes(b"not a model")
    digest = hashlib.sha256(b"not a model").hexdigest()
    (copied / "model.toml").write_text(card.replace(read_card(copied).fingerprint.sha256, digest), encoding="utf-8")
    assert refusal(copied)[0] == "model.damaged"


def test_another_models_network_is_refused(copied: Path) -> None:
    embedder = (shipped_folder() / "model.onnx").read_bytes()
    card = (copied / "model.toml").read_text(encoding="utf-8")
    (copied / "model.onnx").write_bytes(embedder)
    digest = hashlib.sha256(embedder).hexdigest()
    (copied / "model.toml").write_text(card.replace(read_card(copied).fingerprint.sha256, digest), encoding="utf-8")
    identifier, _, message = refusal(copied)
    assert identifier == "model.damaged"
    assert "another model" in message


@pytest.mark.parametrize("tokens", [-200, 0, 64, 115, 179, 242])
def test_windows_without_room_for_a_text_are_refused(tokens: int) -> None:
    with pytest.raises(ValueError, match="no room"):
        Encoder(opening.tokenizer(shipped_folder() / "tokenizer.json", tokens=None), tokens=tokens)


@pytest.mark.parametrize("card", [b"", b"\xff", b"[files]", b'name = "x"\nfiles = 3'])
def test_a_broken_card_is_refused(copied: Path, card: bytes) -> None:
    (copied / "model.toml").write_bytes(card)
    assert refusal(copied)[0] == "model.damaged"
