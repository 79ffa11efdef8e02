"""The embedder: vectors of any text, the same alone and among others, and model files that are damaged."""

from __future__ import annotations

import hashlib
import itertools
import shutil
import subprocess
import sys
import threading
from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from qa.errors import ModelUnusable
from qa.models.embedder import Embedder, MiniLM
from qa.models.fingerprint import fingerprint_of_shipped, read_card, shipped_folder
from qa.types import Fingerprint

HOSTILE = {
    "empty": "",
    "white space": " \t\r\n\u00a0\u3000",
    "NUL": "\x00",
    "NUL inside": "a\x00b",
    "lone surrogate": "\ud800",
    "surrogates the wrong way round": "x\udc00\ud800y",
    "right to left": "קרא את המאמר قرأ المقال",
    "bidi controls": "\u202eabc\u202c\u2066def\u2069",
    "emoji": "👩‍👩‍👧‍👦🏳️‍🌈" * 40,
    "combining": "e" + "\u0301" * 5000,
    "replacement": "\ufffd\ufffe\uffff",
    "one long word": "x" * 1_000_000,
    "many words": "word " * 50_000,
    "no spaces at all": "中" * 100_000,
    "markers": "[CLS] [SEP] [PAD] [MASK] [UNK]",
}


@pytest.fixture(scope="module")
def model() -> MiniLM:
    return MiniLM.load()


@pytest.fixture
def copied(tmp_path: Path) -> Path:
    """A copy of the shipped model to damage."""
    return Path(shutil.copytree(shipped_folder(), tmp_path / "model"))


def assert_unit(vector: np.ndarray) -> None:
    assert vector.shape == (384,)
    assert vector.dtype == np.float32
    assert abs(float(np.linalg.norm(vector.astype(np.float64))) - 1) < 1e-5


@pytest.mark.parametrize("text", HOSTILE.values(), ids=HOSTILE.keys())
def test_any_text_has_a_unit_vector(model: MiniLM, text: str) -> None:
    assert_unit(model.embed(text))


@settings(max_examples=60, deadline=None)
@given(st.text(st.characters(codec=None), max_size=400))
def test_any_text_has_a_unit_vector_and_a_count(model: MiniLM, text: str) -> None:
    assert_unit(model.embed(text))
    assert model.is_cut(text) == (model.count_tokens(text) > model.max_tokens)


@settings(max_examples=15, deadline=None)
@given(st.lists(st.text(max_size=60), max_size=20), st.randoms(use_true_random=False))
def test_vectors_depend_on_nothing_but_their_text(model: MiniLM, texts: list[str], random: object) -> None:
    alone = {text: model.embed(text).tobytes() for text in texts}
    shuffled = list(texts)
    random.shuffle(shuffled)  # type: ignore[attr-defined]
    for order in (texts, shuffled):
        assert [vector.tobytes() for vector in model.embed_many(order)] == [alone[text] for text in order]


def test_a_long_text_does_not_change_its_neighbours(model: MiniLM) -> None:
    short = ["The mill closed.", "Nobody was hurt."]
    expected = [model.embed(text).tobytes() for text in short]
    among = list(model.embed_many([short[0], "a longer text " * 300, short[1]]))
    assert [among[0].tobytes(), among[2].tobytes()] == expected


def test_many_texts_arrive_one_by_one(model: MiniLM) -> None:
    """A million texts are asked for as they're needed, not all at once."""
    asked = Asked()
    vectors = model.embed_many(asked)
    assert asked.given == 0
    assert_unit(next(vectors))
    assert 0 < asked.given < 100
    vectors.close()  # type: ignore[attr-defined]


def test_stopping_early_leaves_no_thread(model: MiniLM) -> None:
    vectors = model.embed_many(["some text"] * 50)
    list(itertools.islice(vectors, 3))
    vectors.close()  # type: ignore[attr-defined]
    assert not [thread for thread in threading.enumerate() if thread.name.startswith("qa-embed")]


class Asked(Sequence[str]):
    """A million texts that count how many were asked for."""

    def __init__(self) -> None:
        self.given = 0

    def __len__(self) -> int:
        return 1_000_000

    def __getitem__(self, number: int) -> str:  # type: ignore[override]
        self.given += 1
        return f"text {number}"

    def __iter__(self) -> Iterator[str]:
        return (self[number] for number in range(len(self)))


def test_meaning_decides_what_is_near(model: MiniLM) -> None:
    question = model.embed("How many people will the factory hire?")
    near = model.embed("The plant plans to recruit four hundred workers by spring.")
    far = model.embed("Rain is expected along the coast on Sunday.")
    assert question @ near > 0.4 > question @ far


def test_only_the_first_256_tokens_are_read(model: MiniLM) -> None:
    body = "word " * 254  # with the two markers, 256
    assert model.count_tokens(body) == model.max_tokens == 256
    assert not model.is_cut(body)
    assert model.is_cut(body + "more")
    assert model.count_tokens(body + "more and more") == 259
    assert model.embed(body).tobytes() == model.embed(body + "more and more").tobytes()
    assert (
        model.embed(body).tobytes() != model.embed("word " * 253).tobytes()
    )  # not cut at 128 as the published tokenizer


def test_counts_are_of_the_whole_text(model: MiniLM) -> None:
    assert [model.count_tokens(text) for text in ("", "one", "one two", "word " * 10_000)] == [2, 3, 4, 10_002]


def test_it_is_an_embedder(model: MiniLM) -> None:
    embedder: Embedder = model
    assert embedder.fingerprint == fingerprint_of_shipped()
    assert embedder.embed("x").shape == (embedder.fingerprint.dimension,)


def test_a_fingerprint_has_a_short_id() -> None:
    mark = Fingerprint(name="all-MiniLM-L6-v2-int8", sha256="1a2b3c4d" * 8, dimension=384, normalised=True)
    assert mark.id == "all-MiniLM-L6-v2-int8@1a2b3c4d"
    assert replace(mark, sha256="0" * 64) != mark


@pytest.mark.parametrize("name", ["model.onnx", "tokenizer.json"])
@pytest.mark.parametrize("place", [0, -1])
def test_a_changed_file_is_refused(copied: Path, name: str, place: int) -> None:
    content = bytearray((copied / name).read_bytes())
    content[place] ^= 1
    (copied / name).write_bytes(content)
    with pytest.raises(ModelUnusable) as caught:
        MiniLM.load(copied)
    assert (caught.value.id, name in caught.value.message) == ("model.damaged", True)
    assert caught.value.remedy


@pytest.mark.parametrize("name", ["model.onnx", "tokenizer.json", "model.toml"])
def test_a_missing_file_is_said_to_be_missing(copied: Path, name: str) -> None:
    (copied / name).unlink()
    with pytest.raises(ModelUnusable) as caught:
        MiniLM.load(copied)
    assert (caught.value.id, caught.value.code) == ("model.missing", 22)


@pytest.mark.parametrize(
    "card",
    [
        b"", b"\xff", b"name = 3", b"[files]", b"name = [", b'name = "x"\nfiles = 3',
        b'name = "x"\ndimension = "384"\nnormalised = true\nmax_tokens = 256\n[files]\n"model.onnx" = "0"',
        b'name = "x"\ndimension = 384\nnormalised = true\nmax_tokens = 256\n[files]\n"model.onnx" = "0"',
        b'name = "x"\ndimension = 384\nnormalised = true\nmax_tokens = 1.5\n[files]\n"model.onnx" = "0"',
        b"a = " + b"[" * 3_000,
        *(
            f'name = "x"\ndimension = {dimension}\nnormalised = true\nmax_tokens = {tokens}\n'
            '[files]\n"model.onnx" = "0"\n"tokenizer.json" = "0"'.encode()
            for dimension, tokens in (
                ("384", "-5"), ("384", "true"), ("384", "0"), ("384", "115"), ("384", "513"), ("384", "1" + "0" * 30),
                ("-5", "256"), ("0", "256"), ("true", "256"),
            )
        ),
    ],
)  # fmt: skip
def test_a_broken_card_is_refused(copied: Path, card: bytes) -> None:
    (copied / "model.toml").write_bytes(card)
    with pytest.raises(ModelUnusable) as caught:
        MiniLM.load(copied)
    assert caught.value.id == "model.damaged"


def test_another_file_as_the_model_is_refused(copied: Path) -> None:
    """A card may agree with a file that isn't a model: the runtime's own refusal must not come out as a bug of ours."""
    old = read_card(copied).fingerprint.sha256
    (copied / "model.onnx").write_bytes(b"not a model")
    card = (copied / "model.toml").read_text().replace(old, hashlib.sha256(b"not a model").hexdigest())
    (copied / "model.toml").write_text(card)
    with pytest.raises(ModelUnusable) as caught:
        MiniLM.load(copied)
    assert caught.value.id == "model.damaged"


def test_reading_the_fingerprint_loads_nothing_heavy() -> None:
    code = (
        "import sys; from qa.models.embedder import fingerprint_of_shipped; fingerprint_of_shipped();"
        "print([name for name in ('numpy', 'onnxruntime', 'tokenizers', 'onnx') if name in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"
