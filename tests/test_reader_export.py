"""The reader's export: what its graph computes, the two segments, what int8 may cost, and the folder it writes."""

from __future__ import annotations

import hashlib
import json
import tomllib
from collections.abc import Callable, Sequence
from pathlib import Path

import numpy as np
import pytest
from bert_by_hand import SEP, SHAPE, hidden, linear, small_bert, with_heads
from numpy.typing import NDArray

from qa.models.bert import Floats, Precision, Shape, Weights
from qa.models.calibrate import peaks
from qa.models.fingerprint import read_card, shipped_folder
from qa.models.precision import Float32, Int8
from qa.models.reader.encoding import CLS, TOKENS, Encoder
from qa.models.reader.export import export, main, reader_graph
from qa.models.reader.passage import ReaderPassage
from qa.models.reader.reader import MiniLMReader, shipped_reader
from qa.models.runtime import onnxruntime

pytest.importorskip("onnx", reason="needs the export extra")

TWO = Shape(layers=SHAPE.layers, heads=SHAPE.heads, tokens=SHAPE.tokens, segments=True)
#: What ``export`` makes: the shipped reader's layers and heads, over narrow ones.
WHOLE = Shape(tokens=TOKENS, segments=True)

PAIR = [CLS, 7, 8, SEP, 300, SEP, 301, 302, 303, SEP]
IDS = (
    PAIR,
    [CLS, 7, 8, 9],  # no separator: all is of the first segment
    [CLS, 7, SEP],  # nothing behind it
    [SEP, 7, 8],
    [CLS, SEP, SEP, SEP],
    [CLS, *range(300, 310), SEP, *range(400, 411), SEP],
)


@pytest.fixture(scope="module")
def weights() -> Weights:
    return with_heads(small_bert())


def by_hand(weights: Weights, ids: Sequence[int], shape: Shape = TWO) -> tuple[NDArray[np.float64], float]:
    """The network with its two heads in plain numpy: pointers ``(tokens, 3)``, and whether it answers."""
    last = hidden(weights, ids, shape)
    return linear(weights, "pointer", last), float(linear(weights, "answerable", last[:1])[0, 0])


def run(model: bytes, ids: Sequence[int]) -> tuple[Floats, float]:
    session = onnxruntime().InferenceSession(model, providers=["CPUExecutionProvider"])
    pointers, answerable = session.run(["pointers", "answerable"], {"ids": np.array([ids], dtype=np.int64)})
    assert (pointers.shape, answerable.shape) == ((1, len(ids), 3), (1, 1))
    return pointers[0], float(answerable[0, 0])


@pytest.mark.parametrize("ids", IDS, ids=len)
def test_float32_computes_the_network(weights: Weights, ids: list[int]) -> None:
    pointers, answerable = run(reader_graph(weights, TWO, Float32()), ids)
    wanted, whole = by_hand(weights, ids)
    np.testing.assert_allclose(pointers, wanted, atol=2e-5)
    assert answerable == pytest.approx(whole, abs=2e-5)


def test_what_follows_the_first_separator_is_of_another_segment(weights: Weights) -> None:
    """The oracle tells the segments apart, so the test above does; and the separator itself is of the first."""
    table = weights["embeddings.token_type_embeddings.weight"]
    other = Weights({**weights.tensors, "embeddings.token_type_embeddings.weight": table[[0, 0]]})
    graph = reader_graph(other, TWO, Float32())
    assert np.abs(run(graph, PAIR)[0] - by_hand(weights, PAIR)[0]).max() > 0.1
    np.testing.assert_allclose(run(graph, [CLS, 7, SEP])[0], by_hand(weights, [CLS, 7, SEP])[0], atol=2e-5)


def test_int8_stays_near_float32(weights: Weights) -> None:
    model = reader_graph(weights, TWO, Int8(peaks(weights, TWO)))
    found, wanted = [], []
    for ids in IDS:
        pointers, answerable = run(model, ids)
        expected, whole = by_hand(weights, ids)
        found += [*pointers.ravel(), answerable]
        wanted += [*expected.ravel(), whole]
    assert float(np.abs(np.subtract(found, wanted)).mean()) < 0.03 * float(np.std(wanted))
    assert np.corrcoef(found, wanted)[0, 1] > 0.998


@pytest.mark.parametrize("make", [Float32, lambda: Int8(peaks(with_heads(small_bert()), TWO))], ids=["fp32", "int8"])
def test_the_same_weights_give_the_same_bytes(weights: Weights, make: Callable[[], Precision]) -> None:
    assert reader_graph(weights, TWO, make()) == reader_graph(with_heads(small_bert()), TWO, make())


# --- the folder

MADE: dict[str, object] = {
    "command": 'python -m qa.training tune --out "läufe/eins"',
    "seed": 3,
    "rate": 1.5e-4,
    "data": {"squad2/dev-8-titles.json": "a" * 64, "qed/qed-dev.jsonlines": "b" * 64},
}


@pytest.fixture(scope="module")
def narrow(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Weights]:
    """A checkpoint of the shipped reader's layers, and its tensors."""
    from safetensors.numpy import save_file

    made = with_heads(small_bert(WHOLE, width=24, inner=48, words=30_522, places=512))
    path = tmp_path_factory.mktemp("narrow") / "weights.safetensors"
    save_file(dict(made.tensors), path)
    return path, made


def test_a_folder_is_written_that_can_be_read(narrow: tuple[Path, Weights], tmp_path: Path) -> None:
    path, weights = narrow
    card = export(path, tmp_path / "model", fp32=True, made=MADE)
    assert (tmp_path / "model" / "model.toml").read_text(encoding="utf-8") == card
    read = read_card(tmp_path / "model")
    assert read.fingerprint.sha256 == hashlib.sha256((tmp_path / "model" / "model.onnx").read_bytes()).hexdigest()
    assert (read.fingerprint.name, read.tokens) == ("qa-reader-minilm-fp32", TOKENS)
    made = tomllib.loads(card)["made"]
    assert made["weights_sha256"] == hashlib.sha256(path.read_bytes()).hexdigest()
    assert {name: made[name] for name in MADE} == MADE
    reader = MiniLMReader.load(tmp_path / "model")
    passage = ReaderPassage(head="Tram", text="The tram of Selm opened in 1931.", sentences=((0, 32),))
    (window,) = encoder().windows("When did it open?", passage)
    pointers, answerable = by_hand(weights, window.ids, WHOLE)
    found = reader.read("When did it open?", passage)
    assert found.answerable == pytest.approx(answerable, abs=1e-3)
    assert found.evidence == pytest.approx([pointers[window.first : -1, 2].mean()], abs=1e-3)


@pytest.mark.parametrize("out", ["runs/\U0001f6a2", "a\x7fb", "back\\slash"], ids=ascii)
def test_a_run_in_any_folder_leaves_a_card_that_can_be_read(
    narrow: tuple[Path, Weights], tmp_path: Path, out: str
) -> None:
    export(narrow[0], tmp_path, fp32=True, made={"commands": [f"tune --out {out}"]})
    assert read_card(tmp_path).tokens == TOKENS
    assert tomllib.loads((tmp_path / "model.toml").read_text(encoding="utf-8"))["made"]["commands"][0].endswith(out)


def encoder() -> Encoder:
    from qa.models import opening

    return Encoder(opening.tokenizer(shipped_folder() / "tokenizer.json", tokens=None))


def test_the_command_writes_what_is_shipped(
    narrow: tuple[Path, Weights], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    made = tmp_path / "made.json"
    made.write_text(json.dumps({"seed": 5}), encoding="utf-8")
    folders = [tmp_path / name for name in ("one", "two")]
    for folder in folders:
        assert main(["--weights", str(narrow[0]), "--made", str(made), "--out", str(folder)]) == 0
    assert capsys.readouterr().out == 2 * (folders[0] / "model.toml").read_text(encoding="utf-8")
    for name in ("model.onnx", "model.toml"):
        assert (folders[0] / name).read_bytes() == (folders[1] / name).read_bytes()
    assert read_card(folders[0]).fingerprint.name == "qa-reader-minilm-int8"
    assert tomllib.loads((folders[0] / "model.toml").read_text(encoding="utf-8"))["made"]["seed"] == 5


def test_what_is_shipped_is_what_its_card_says() -> None:
    folder = shipped_reader()
    table = tomllib.loads((folder / "model.toml").read_text(encoding="utf-8"))
    files = {"model.onnx": folder / "model.onnx", "tokenizer.json": shipped_folder() / "tokenizer.json"}
    assert table["files"] == {name: hashlib.sha256(path.read_bytes()).hexdigest() for name, path in files.items()}
    assert table["max_tokens"] == TOKENS
    assert files["model.onnx"].stat().st_size < 25_000_000
    assert {"commands", "seed", "data"} <= table["made"].keys()  # how it was made is recorded beside it
