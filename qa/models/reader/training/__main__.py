"""``python -m qa.models.reader.training base|tune|measure``: makes the reader's weights.

``base`` trains on all sets but SQuAD 2.0; ``tune`` goes on from there on some or all of SQuAD 2.0's titles mixed with a
part of the rest; ``measure`` tells what a checkpoint does, in a minute. Data is read from the folder that ``QA_DATA``
names. A run that was broken off goes on when the same command is given again.
"""

from __future__ import annotations

import argparse
import json
import os
import random
import sys
import time
from collections.abc import Sequence
from pathlib import Path

import torch
from safetensors.torch import load_file, save_file
from tokenizers import Tokenizer

from qa.models.fingerprint import shipped_folder
from qa.models.reader.encoding import Encoder
from qa.models.reader.training.batches import Encoded, encoded
from qa.models.reader.training.items import digests, items
from qa.models.reader.training.loop import Recipe, train
from qa.models.reader.training.mixture import SHARES, Example, Share, examples
from qa.models.reader.training.network import ReaderNetwork, started_from
from qa.models.reader.training.quick import measure

WEIGHTS = "weights.safetensors"
#: Beside SQuAD 2.0, ``tune`` sees so much of each source again, so that what was learned stays.
AGAIN = 0.12


def main(arguments: Sequence[str] | None = None) -> int:
    """The command."""
    given = list(sys.argv[1:] if arguments is None else arguments)
    options = _parser().parse_args(given)
    options.given = given
    torch.manual_seed(options.seed)
    tokenizer = Tokenizer.from_str((shipped_folder() / "tokenizer.json").read_text(encoding="utf-8"))
    encoder = Encoder(tokenizer)
    network = _network(options.start)
    if options.command == "measure":
        _measure(network, encoder, options)
        return 0
    shares = dict(SHARES)
    if options.command == "base":
        del shares["squad2"]
    else:
        again = {name: Share(items=AGAIN, wrong=s.wrong, removed=s.removed, near=s.near) for name, s in shares.items()}
        shares = {**again, "squad2": shares["squad2"]}
    recipe = Recipe(passes=options.passes, rate=options.rate, seed=options.seed)

    def one_pass(number: int) -> list[Encoded]:
        return _encode(_examples(options, shares, number), encoder, options)

    train(network, one_pass, recipe, options.out, say=_say)
    _write(network, options, shares)
    _measure(network, encoder, options)
    return 0


def _network(start: Path) -> ReaderNetwork:
    """A network from published weights, from weights written here, or from a checkpoint."""
    if start.suffix == ".pt":
        network = ReaderNetwork()
        network.load_state_dict(torch.load(start, map_location="cpu", weights_only=True)["network"])
        network.embeddings.word_embeddings.weight.requires_grad = False
        return network
    tensors = load_file(start)
    network = started_from(tensors)
    if "pointer.weight" in tensors:
        network.load_state_dict(tensors)
    return network


def _examples(options: argparse.Namespace, shares: dict[str, Share], number: int) -> list[Example]:
    titles = frozenset(options.titles.split(",")) if options.titles else None
    seed = options.seed * 100 + number
    return examples(_data(), shares, cache=options.out.parent / "cache", seed=seed, titles=titles)


def _encode(chosen: Sequence[Example], encoder: Encoder, options: argparse.Namespace) -> list[Encoded]:
    started = time.monotonic()
    rng = random.Random(options.seed)
    chosen = chosen[: options.limit] if options.limit else chosen
    found = [encoded(encoder, example, rng) for example in chosen]
    tokens = sum(len(one.window.ids) for one in found)
    answered = sum(1 for one in found if one.answerable)
    _say(f"{len(found)} examples, {answered} answered, {tokens} tokens, encoded in {time.monotonic() - started:.0f} s")
    return found


def _measure(network: ReaderNetwork, encoder: Encoder, options: argparse.Namespace) -> None:
    """SQuAD 2.0 by title sets: those trained on aren't left out here, the caller names them."""
    chosen = [Example(item=item, head=item.passage.title) for item in items(_data(), "squad2")]
    if options.measured:
        wanted = set(options.measured.split(","))
        chosen = [one for one in chosen if one.item.passage.group in wanted]
    random.Random(7).shuffle(chosen)
    chosen = chosen[: options.sample] if options.sample else chosen
    rng = random.Random(0)
    network.eval()
    _say(f"squad2: {measure(network, chosen, [encoded(encoder, one, rng) for one in chosen])}")


def _write(network: ReaderNetwork, options: argparse.Namespace, shares: dict[str, Share]) -> None:
    save_file({name: value.cpu().contiguous() for name, value in network.state_dict().items()}, options.out / WEIGHTS)
    made = {
        "command": "python -m qa.models.reader.training " + " ".join(options.given),
        "seed": options.seed,
        "torch": torch.__version__,
        "data": digests(_data(), shares),
    }
    (options.out / "made.json").write_text(json.dumps(made, indent=1) + "\n", encoding="utf-8")


def _data() -> Path:
    return Path(os.environ.get("QA_DATA", "../shared/data"))


def _say(line: str) -> None:
    sys.stdout.write(line + "\n")
    sys.stdout.flush()


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m qa.models.reader.training", description=__doc__)
    parser.add_argument("command", choices=("base", "tune", "measure"))
    parser.add_argument("--start", type=Path, required=True, help="weights (.safetensors) or a checkpoint (.pt)")
    parser.add_argument("--out", type=Path, required=True, help="folder of this run")
    parser.add_argument("--passes", type=int, default=1)
    parser.add_argument("--rate", type=float, default=Recipe().rate)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--titles", default="", help="of SQuAD 2.0, with commas; default: all")
    parser.add_argument("--measured", default="", help="the same, for what is measured at the end")
    parser.add_argument("--sample", type=int, default=0, help="measure so many questions only")
    parser.add_argument("--limit", type=int, default=0, help="train on so many examples a pass only")
    return parser


if __name__ == "__main__":
    sys.exit(main())
