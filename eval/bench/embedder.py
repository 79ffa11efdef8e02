"""The embedder's numbers: agreement with float32, speed, load time and retrieval: ``python -m eval.bench.embedder``.

Passages and questions come from the folder that ``QA_DATA`` names. Speeds are of CPU time, the two models taking turns
in one run, so that their ratio holds on another machine. The float32 model is made by ``qa.models.export --fp32`` and
given as a folder; without it, int8 is measured alone. Comparing whole pipelines is ``eval.bench``'s.
"""

from __future__ import annotations

import argparse
import csv
import json
import os
import subprocess
import sys
import time
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from qa.models.embedder import MiniLM

Vectors = NDArray[np.float32]
DEPTH = 10
ROUNDS = 3  # of the two models' turns in the measurement of speed
START = (
    "import time; start = time.process_time(); from qa.models.runtime import onnxruntime; onnxruntime();"
    "from qa.models.embedder import MiniLM;"
    "middle = time.process_time(); MiniLM.load(); print(middle - start, time.process_time() - middle)"
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Texts:
    """Passages and questions on them, all distinct and in order of appearance."""

    passages: tuple[str, ...]
    questions: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Judged:
    """A retrieval collection: documents, questions, and which documents are relevant to each question, by id."""

    documents: Mapping[str, str]
    questions: Mapping[str, str]
    relevant: Mapping[str, frozenset[str]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Agreement:
    """How near two models' vectors are: cosines of equal passages, and the share of equal passages in the top 10."""

    mean: float
    least: float
    overlap: float


def main(arguments: Sequence[str] | None = None) -> int:
    """Measure and print, a line a figure."""
    options = _parser().parse_args(arguments)
    data = Path(os.environ.get("QA_DATA", "../shared/data"))
    if not data.is_dir():
        sys.stderr.write(f"there is no data at {str(data)!r}: set QA_DATA\n")
        return 2
    int8 = MiniLM.load(options.model)
    fp32 = MiniLM.load(options.fp32) if options.fp32 else None
    _say(f"model {int8.fingerprint.id}" + (f", beside {fp32.fingerprint.id}" if fp32 else ""))
    _print_load(options.model)
    texts = read_squad(data / "squadshifts" / "new_wiki.json", passages=options.passages)
    _print_speed(int8, fp32, texts)
    if fp32:
        _print_agreement(int8, fp32, texts)
    if not options.quick:
        _print_retrieval([int8, fp32] if fp32 else [int8], read_beir(data / "scifact"))
    return 0


def read_squad(path: Path, *, passages: int) -> Texts:
    """The first paragraphs of a file in SQuAD's format, and the first question on each."""
    articles = json.loads(path.read_text(encoding="utf-8"))["data"]
    found = [paragraph for article in articles for paragraph in article["paragraphs"]][:passages]
    questions = (paragraph["qas"][0]["question"] for paragraph in found if paragraph["qas"])
    return Texts(
        passages=tuple(dict.fromkeys(paragraph["context"] for paragraph in found)),
        questions=tuple(dict.fromkeys(questions)),
    )


def read_beir(folder: Path) -> Judged:
    """A collection in BEIR's layout, with its training judgements; a document is its title and text."""
    relevant: dict[str, set[str]] = {}
    with (folder / "train.tsv").open(encoding="utf-8", newline="") as lines:
        for row in csv.DictReader(lines, delimiter="\t"):
            if int(row["score"]) > 0:
                relevant.setdefault(row["query-id"], set()).add(row["corpus-id"])
    documents = {row["_id"]: f"{row['title']}. {row['text']}" for row in _rows(folder / "corpus.jsonl")}
    questions = {row["_id"]: row["text"] for row in _rows(folder / "queries.jsonl") if row["_id"] in relevant}
    return Judged(
        documents=documents, questions=questions, relevant={key: frozenset(ids) for key, ids in relevant.items()}
    )


def agreement(passages: tuple[Vectors, Vectors], questions: tuple[Vectors, Vectors]) -> Agreement:
    """Compare two models by their vectors of the same passages and of the same questions."""
    cosines = np.sum(passages[0] * passages[1], axis=1)
    tops = [top(asked @ found.T) for asked, found in zip(questions, passages, strict=True)]
    shared = [len(set(one) & set(other)) / len(one) for one, other in zip(*tops, strict=True)]
    return Agreement(mean=float(cosines.mean()), least=float(cosines.min()), overlap=float(np.mean(shared)))


def top(scores: Vectors) -> list[list[int]]:
    """The columns of the ``DEPTH`` best scores of each row, best first; of equals the first."""
    return [[int(place) for place in np.argsort(-row, kind="stable")[:DEPTH]] for row in scores]


def ndcg(ranked: Sequence[str], relevant: frozenset[str]) -> float:
    """nDCG at ``DEPTH`` with binary relevance (Järvelin and Kekäläinen 2002, as trec_eval's ndcg_cut)."""
    gains = [1 / np.log2(rank + 2) for rank, name in enumerate(ranked[:DEPTH]) if name in relevant]
    ideal = [1 / np.log2(rank + 2) for rank in range(min(DEPTH, len(relevant)))]
    return float(sum(gains) / sum(ideal))


def dense_ndcg(model: MiniLM, judged: Judged) -> float:
    """Mean nDCG over every judged question, each document embedded whole (as far as the model reads)."""
    names = list(judged.documents)
    documents = embedded(model, judged.documents.values())
    questions = embedded(model, judged.questions.values())
    tops = top(questions @ documents.T)
    ranked = zip(judged.questions, tops, strict=True)
    return float(np.mean([ndcg([names[place] for place in row], judged.relevant[key]) for key, row in ranked]))


def embedded(model: MiniLM, texts: Iterable[str]) -> Vectors:
    """The vectors of ``texts``, one a row."""
    return np.stack(list(model.embed_many(list(texts))))


def _rows(path: Path) -> list[dict[str, str]]:
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]


def _print_load(folder: Path | None) -> None:
    """CPU seconds of a cold process for the imports and for opening the model; the least of five."""
    code = START if folder is None else START.replace("load()", f"load(__import__('pathlib').Path({str(folder)!r}))")
    runs = [subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True) for _ in range(5)]
    times = [tuple(float(part) for part in run.stdout.split()) for run in runs]
    imports, opening = (min(column) * 1000 for column in zip(*times, strict=True))
    _say(f"load, cold process: {opening:.0f} ms CPU, after {imports:.0f} ms of imports (least of {len(runs)})")


def _print_speed(int8: MiniLM, fp32: MiniLM | None, texts: Texts) -> None:
    models = [int8] if fp32 is None else [int8, fp32]
    tokens = [int8.count_tokens(text) for text in texts.passages]
    sample = [text for text, count in zip(texts.passages, tokens, strict=True) if 100 <= count <= 156][:100]
    seconds = [[_cpu_seconds(model, sample) for model in models] for _ in range(ROUNDS)]
    rates = [len(sample) / min(column) for column in zip(*seconds, strict=True)]
    mean = np.mean([int8.count_tokens(text) for text in sample])
    said = "speed: " + " against ".join(f"{rate:.1f}" for rate in rates) + " passages a CPU second"
    ratio = f", ratio {rates[0] / rates[1]:.2f}" if fp32 else ""
    _say(f"{said}{ratio} (n {len(sample)}, {mean:.0f} tokens each, best of {ROUNDS} turns)")


def _cpu_seconds(model: MiniLM, texts: Sequence[str]) -> float:
    start = time.process_time()
    for text in texts:
        model.embed(text)
    return time.process_time() - start


def _print_agreement(int8: MiniLM, fp32: MiniLM, texts: Texts) -> None:
    passages = embedded(int8, texts.passages), embedded(fp32, texts.passages)
    questions = embedded(int8, texts.questions), embedded(fp32, texts.questions)
    found = agreement(passages, questions)
    _say(f"agreement: cosine mean {found.mean:.4f}, least {found.least:.4f} (n {len(texts.passages)} passages)")
    _say(f"agreement: overlap@{DEPTH} {found.overlap:.4f} (n {len(texts.questions)} questions)")


def _print_retrieval(models: Sequence[MiniLM], judged: Judged) -> None:
    for model in models:
        score = dense_ndcg(model, judged)
        counts = f"n {len(judged.questions)} training questions, {len(judged.documents)} documents"
        _say(f"SciFact, dense alone: nDCG@{DEPTH} {score:.4f} with {model.fingerprint.name} ({counts})")


def _say(line: str) -> None:
    sys.stdout.write(line + "\n")
    sys.stdout.flush()


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m eval.bench.embedder", description="Measure the embedder.")
    parser.add_argument("--model", type=Path, help="folder of the model (default: the one that comes with qa)")
    parser.add_argument("--fp32", type=Path, help="folder of the float32 model, to compare with")
    parser.add_argument("--passages", type=int, default=1000, help="how many passages to compare on (default 1000)")
    parser.add_argument("--quick", action="store_true", help="leave SciFact out (it takes minutes)")
    return parser


if __name__ == "__main__":
    sys.exit(main())
