"""Trains and measures the scorer of extractive answers: ``python -m eval.bench.scorer train|calibrate|measure``.

``train`` writes ``qa/answer/scorer.toml``: three logistic regressions in numpy, with the data's digests and what they
measured on groups (titles, documents) that weren't trained on. ``calibrate`` adds what makes a confidence of its
probabilities (``scorer_calibrate``); it needs no development data. ``measure`` prints the same tables for the shipped
file, on each question's own articles alone, and on RGB, which is never trained on.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
from collections import Counter
from collections.abc import Sequence
from dataclasses import replace
from functools import partial
from pathlib import Path
from time import perf_counter

import numpy as np

import qa.answer
from eval.bench.arguments import ended
from eval.bench.reader_kit import Kit
from eval.bench.scorer_calibrate import calibrated, write
from eval.bench.scorer_data import data_folder, digest
from eval.bench.scorer_rows import FOLDS, Array, Measuring, Row, Vectors, rows_of, together
from eval.bench.scorer_tables import Judged, by_similarity, by_weights, table, thresholds
from eval.bench.scorer_topics import topics
from qa.answer.features import NAMES
from qa.answer.weights import ANSWERABLE_NAMES, STATEMENT_NAMES, Weights, shipped_weights
from qa.models.embedder import MiniLM
from qa.models.reader.reader import MiniLMReader, Reader

#: Items of each set that are trained on (0: all). Other sets weigh no more than SQuAD 2.0.
TRAINED = {"squad2": 0, "clapnq": 0, "clapnq-none": 0}
MEASURED = ("squad2", "new_wiki", "clapnq", "clapnq-none", "qed", "qamr", "rgb")
#: For so large a share of the answerable questions each kind of unanswerable one is made.
MADE = 0.25
#: How much a set and a kind of question count in the second regression. SQuAD 2.0's own unanswerable questions were
#: written to look like answerable ones: what they teach is the opposite of what holds elsewhere, so they count less.
WEIGHTS = {"clapnq": 2.0, "qed": 0.5, "qamr": 0.2}
KINDS = {"yes": 2.4, "own": 0.6, "entity": 0.6, "removed": 0.6, "elsewhere": 0.8}
COMMAND = "python -m eval.bench.scorer train"


# --- logistic regression


def fit(features: Array, labels: Array, weights: Array, *, ridge: float = 1.0) -> tuple[Array, float]:
    """Weights and bias by Newton's method (IRLS) with an L2 penalty on standardised features."""
    mean, scale = features.mean(axis=0), features.std(axis=0) + 1e-9
    inputs = np.hstack([(features - mean) / scale, np.ones((len(features), 1))])
    beta = np.zeros(inputs.shape[1])
    penalty = np.diag([ridge] * (inputs.shape[1] - 1) + [0.0])
    for _ in range(25):
        p = 1 / (1 + np.exp(-np.clip(inputs @ beta, -30, 30)))
        slope = inputs.T @ (weights * (p - labels)) + penalty @ beta
        curve = (inputs * (weights * p * (1 - p))[:, None]).T @ inputs + penalty
        step = np.linalg.solve(curve + 1e-6 * np.eye(len(beta)), slope)
        beta -= step
        if np.abs(step).max() < 1e-6:
            break
    real = beta[:-1] / scale
    return real, float(beta[-1] - real @ mean)


NOTHING = Weights((), 0.0, (), 0.0, (), 0.0)


def train(rows: Sequence[Row], blank: Weights = NOTHING) -> Weights:
    """The first two regressions on ``rows``: the second on logits from folds that the first hasn't seen."""
    sentence, bias = _fit_sentences(rows)
    values = np.zeros((len(rows), len(ANSWERABLE_NAMES)))
    for fold in range(FOLDS):
        inner, inner_bias = _fit_sentences([row for row in rows if row.fold != fold])
        for place, row in enumerate(rows):
            if row.fold == fold:
                values[place] = together(row, row.features @ inner + inner_bias)
    labels = np.array([float(row.answerable) for row in rows])
    answerable, answerable_bias = fit(values, labels, np.array(_balanced(rows)), ridge=5.0)
    return replace(
        blank,
        sentence=tuple(sentence),
        sentence_bias=bias,
        answerable=tuple(answerable),
        answerable_bias=answerable_bias,
    )


def fit_statements(embedding: Vectors) -> tuple[Weights, list[str]]:
    """Weights for whether a statement is about a topic, and lines that say how well that is told on other articles."""
    found = topics()
    vectors = [embedding.vectors([topic.topic, topic.said]) for topic in found]
    features = np.array(
        [[topic.here, topic.around, float(one @ other)] for topic, (one, other) in zip(found, vectors, strict=True)]
    )
    labels = np.array([float(topic.about) for topic in found])
    fold = np.array([topic.article % FOLDS for topic in found])
    scores = np.zeros(len(found))
    for held in range(FOLDS):
        weights, bias = fit(features[fold != held], labels[fold != held], np.ones(int((fold != held).sum())))
        scores[fold == held] = 1 / (1 + np.exp(-(features[fold == held] @ weights + bias)))
    lines = []
    for kind in sorted({topic.kind for topic in found}):
        these = scores[[topic.kind == kind for topic in found]]
        lines.append(f"statements {kind:24} n {len(these):5} taken to be about the topic {np.mean(these >= 0.5):.2f}")
    weights, bias = fit(features, labels, np.ones(len(found)))
    return Weights((), 0.0, (), 0.0, tuple(weights), bias), lines


def _fit_sentences(rows: Sequence[Row]) -> tuple[Array, float]:
    features = np.vstack([row.features for row in rows])
    labels = np.concatenate([row.gold for row in rows]).astype(float)
    weights = np.concatenate([np.full(len(row.gold), 1.0) for row in rows])
    return fit(features, labels, weights)


def _balanced(rows: Sequence[Row]) -> list[float]:
    """A weight for each row: kinds of questions count as ``WEIGHTS`` says, whatever their numbers."""
    counts = Counter(row.kind for row in rows)
    return [WEIGHTS.get(row.source, 1.0) * KINDS[row.kind[1]] * 1_000 / counts[row.kind] for row in rows]


def held_out(rows: Sequence[Row]) -> list[Judged]:
    """Every row judged by weights trained on the other folds."""
    judged: list[Judged] = []
    for fold in range(FOLDS):
        judge = by_weights(train([row for row in rows if row.fold != fold]))
        judged.extend(judge(row) for row in rows if row.fold == fold)
    return judged


# --- commands


def command_train(measuring: Measuring) -> None:
    """Train on all, measure held out, write the file."""
    started = perf_counter()
    rows = [row for source, limit in TRAINED.items() for row in rows_of(source, measuring, limit=limit, made=MADE)]
    measuring.save()
    print(f"{len(rows)} questions, {sum(len(row.gold) for row in rows)} sentences, {perf_counter() - started:.0f} s")
    print("similarity alone", *table([by_similarity(row) for row in rows]), sep="\n")
    judged = held_out(rows)
    lines = [*table(judged), *thresholds(judged)]
    print(f"held out ({FOLDS} folds by group)", *lines, sep="\n")
    spoken, spoken_lines = fit_statements(measuring.embedding)
    measuring.save()
    print(*spoken_lines, sep="\n")
    weights = replace(train(rows, spoken), reader=measuring.reader.fingerprint.id)
    path = weights_file()
    path.write_text(as_toml(weights, [*lines, *spoken_lines]), encoding="utf-8")
    for name, weight in zip(NAMES, weights.sentence, strict=True):
        print(f"{name:20} {weight:8.3f}")
    print(f"wrote {path.name}")


def as_toml(weights: Weights, lines: Sequence[str]) -> str:
    """The model file: where it comes from, what it measured, and its weights."""
    parts = [
        f'# Written by "{COMMAND}"; not edited by hand.',
        f'command = "{COMMAND}"',
        f'embedder = "{MiniLM.load().fingerprint.id}"',
        f'reader = "{weights.reader}"',
        f"held_out = [\n{''.join(f'    {line!r},{chr(10)}' for line in lines)}]",
        "\n[data]",
        *(f'{source} = "{digest(source)}"' for source in (*TRAINED, "aeb")),
    ]
    parts += ["\n[confidence]", "slope = 1.0", "shift = 0.0", "threshold = 0.5"]  # not calibrated yet
    for title, names, values, bias in (
        ("sentence", NAMES, weights.sentence, weights.sentence_bias),
        ("answerable", ANSWERABLE_NAMES, weights.answerable, weights.answerable_bias),
        ("statement", STATEMENT_NAMES, weights.statement, weights.statement_bias),
    ):
        parts += [f"\n[{title}]", f"bias = {bias:.5f}", f"\n[{title}.weights]"]
        parts += [f"{name} = {value:.5f}" for name, value in zip(names, values, strict=True)]
    return "\n".join(parts) + "\n"


def command_measure(measuring: Measuring) -> None:
    """Print what similarity alone and the shipped weights do on every set; only RGB is unseen by the shipped file."""
    rows = [row for source in MEASURED for row in rows_of(source, measuring, limit=TRAINED.get(source, 0), made=0.0)]
    measuring.save()
    print("similarity alone", *table([by_similarity(row) for row in rows]), sep="\n")
    print("shipped", *table([by_weights(shipped_weights())(row) for row in rows]), sep="\n")


def weights_file() -> Path:
    """Where the trained weights are."""
    return Path(qa.answer.__file__).with_name("scorer.toml")


def command_calibrate(reader: Reader) -> None:
    """Fit the confidence, and write it into the file."""
    with tempfile.TemporaryDirectory(prefix="qa-bench-") as work:
        found = calibrated(
            Kit(data=data_folder(), work=Path(work), embedder=MiniLM.load(), reader=reader, threshold=0.0)
        )
    write(weights_file(), found)
    print(found)


def main(arguments: Sequence[str]) -> int:
    """The command."""
    parser = argparse.ArgumentParser(prog="python -m eval.bench.scorer", description=__doc__)
    parser.add_argument("command", choices=("train", "calibrate", "measure"))
    parser.add_argument("--cache", type=Path, help="a folder for what was embedded and read")
    parser.add_argument("--reader", type=Path, help="a reader's folder (default: the one that comes with qa)")
    options = parser.parse_args(arguments)
    if options.command != "calibrate" and not data_folder().is_dir():
        print(f"no data at {str(data_folder())!r}; set QA_DATA", file=sys.stderr)
        return 2
    return ended(partial(_run, options))


def _run(options: argparse.Namespace) -> int:
    reader = MiniLMReader.load(options.reader)
    if options.command == "calibrate":
        command_calibrate(reader)
        return 0
    measuring = Measuring(reader, options.cache)
    command_train(measuring) if options.command == "train" else command_measure(measuring)
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
