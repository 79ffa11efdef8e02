"""The export: what a network of known weights computes, what int8 may cost, the same bytes for the same input."""

from __future__ import annotations

import hashlib
import tomllib
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pytest
from bert_by_hand import INNER, SHAPE, TOWER, hidden, small_bert
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp
from numpy.typing import NDArray

from qa.models import export
from qa.models.bert import Floats, Precision, Weights
from qa.models.calibrate import peaks
from qa.models.fingerprint import read_card, shipped_folder
from qa.models.graph import Graph
from qa.models.precision import Float32, Int8, paired, quantised
from qa.models.runtime import onnxruntime

pytest.importorskip("onnx", reason="needs the export extra")


@pytest.fixture(scope="module")
def weights() -> Weights:
    return small_bert()


def by_hand(weights: Weights, ids: Sequence[int]) -> NDArray[np.float64]:
    """The same network and its pooling in plain numpy."""
    mean = hidden(weights, ids).mean(axis=0)
    return np.asarray(mean / np.linalg.norm(mean))


def run(model: bytes, ids: Sequence[int]) -> Floats:
    session = onnxruntime().InferenceSession(model, providers=["CPUExecutionProvider"])
    vector: Floats = session.run(None, {"ids": np.array([ids], dtype=np.int64)})[0][0]
    return vector


IDS = ([101, 102], [101, 7, 102], [101, *range(300, 322), 102])


@pytest.mark.parametrize("ids", IDS, ids=len)
def test_float32_computes_the_network(weights: Weights, ids: list[int]) -> None:
    model = export.embedder_graph(weights, SHAPE, Float32())
    np.testing.assert_allclose(run(model, ids), by_hand(weights, ids), atol=2e-6)


@pytest.mark.parametrize("ids", IDS, ids=len)
def test_int8_stays_near_float32(weights: Weights, ids: list[int]) -> None:
    model = export.embedder_graph(weights, SHAPE, Int8(peaks(weights, SHAPE)))
    assert float(run(model, ids) @ by_hand(weights, ids)) > 0.999


def test_a_checkpoint_may_prefix_its_names(weights: Weights) -> None:
    prefixed = Weights({"bert." + name: tensor for name, tensor in weights.tensors.items()})
    assert export.embedder_graph(prefixed, SHAPE, Float32()) == export.embedder_graph(weights, SHAPE, Float32())


@pytest.mark.parametrize("make", [Float32, lambda: Int8(peaks(small_bert(), SHAPE))], ids=["fp32", "int8"])
def test_the_same_input_gives_the_same_bytes(weights: Weights, make: type[Precision]) -> None:
    assert export.embedder_graph(weights, SHAPE, make()) == export.embedder_graph(small_bert(), SHAPE, make())


def test_calibration_finds_the_channel_that_towers(weights: Weights) -> None:
    found = peaks(weights, SHAPE).gelu["encoder.layer.0.feed"]
    assert found.shape == (INNER,)
    assert int(np.argmax(found)) == TOWER
    assert 50 < found[TOWER] < 70
    assert np.sort(found)[-2] < 10


def test_a_towering_channel_keeps_its_precision(weights: Weights) -> None:
    """With the wrong channels sent around, all others pay for the tower."""
    right = peaks(weights, SHAPE)
    blind = type(right)(normed=right.normed, gelu={name: -values for name, values in right.gelu.items()})
    models = [export.embedder_graph(weights, SHAPE, Int8(one)) for one in (right, blind)]
    losses = [1 - float(run(model, IDS[2]) @ by_hand(weights, IDS[2])) for model in models]
    assert losses[0] < losses[1] / 2


@settings(deadline=None)
@given(hnp.arrays(np.float32, (5, 3), elements=st.floats(-8, 8, width=32)))
def test_quantising_is_off_by_half_a_step_at_most(matrix: Floats) -> None:
    integers, scales = quantised(matrix)
    assert integers.dtype == np.int8
    assert integers.min() >= -127
    assert np.all(np.abs(integers * scales - matrix) <= scales * 0.5001)


@settings(deadline=None)
@given(hnp.arrays(np.float32, (5, 3), elements=st.floats(-8, 8, width=32)))
def test_no_two_neighbours_overflow_16_bits(matrix: Floats) -> None:
    """What a processor without VNNI computes: 255 times each of two weights of one sign, added in 16 bits."""
    integers, scales = paired(matrix)
    assert np.all(np.abs(integers * scales - matrix) <= scales * 0.5001)
    even = np.concatenate([integers, np.zeros((1, 3), dtype=np.int8)]).astype(int)
    for side in (np.maximum(even, 0), np.minimum(even, 0)):
        totals = 255 * (side[0::2] + side[1::2])
        assert -(2**15) <= totals.min() <= totals.max() < 2**15


def test_a_constant_has_one_value() -> None:
    graph = Graph()
    graph.constant("a", np.zeros(2, dtype=np.float32))
    with pytest.raises(ValueError, match="'a'"):
        graph.constant("a", np.ones(2, dtype=np.float32))


def test_the_tokenizer_neither_pads_nor_cuts() -> None:
    published = (
        b'{"padding": {"direction": "Right"}, "truncation": {"max_length": 128}, "model": {"vocab": {"\xc3\xa9": 0}}}'
    )
    expected = '{"padding":null,"truncation":null,"model":{"vocab":{"é":0}}}'
    assert export.settled_tokenizer(published).decode() == expected
    assert export.settled_tokenizer(expected.encode()).decode() == expected


def test_other_weights_are_refused(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "model.safetensors").write_bytes(b"other")
    names = ["--weights", str(tmp_path / "model.safetensors"), "--tokenizer", "none", "--out", str(tmp_path / "out")]
    assert export.main(names) == 1
    assert hashlib.sha256(b"other").hexdigest() in capsys.readouterr().err
    assert not (tmp_path / "out").exists()


def test_what_is_shipped_is_what_its_card_says() -> None:
    folder = shipped_folder()
    table = tomllib.loads((folder / "model.toml").read_text())
    for name, digest in table["files"].items():
        assert hashlib.sha256((folder / name).read_bytes()).hexdigest() == digest
    assert table["made"]["weights_sha256"] == export.SOURCE_SHA256
    assert (read_card(folder).tokens, read_card(folder).fingerprint.dimension) == (256, 384)
    assert (folder / "model.onnx").stat().st_size < 25_000_000
    assert "Apache License" in (folder / "LICENSE").read_text()
    assert export.SOURCE in (folder / "NOTICE").read_text()
