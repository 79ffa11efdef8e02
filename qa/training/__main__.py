"""``python -m qa.training base|tune|average|measure``: makes the reader's weights.

``base`` trains on all sets but SQuAD 2.0; ``tune`` goes on from there on some or all of SQuAD 2.0's titles mixed with a
part of the rest; ``average`` is the mean of two runs' weights (Wortsman and others, 2022); ``measure`` tells what a
checkpoint does, in a minute. Data is read from the folder that ``QA_DATA`` names. A run that was broken off goes on
when the same command is given again.
"""

from __future__ import annotations

import argparse
import json
import os
import random
import sys
import time
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import torch
from safetensors.torch import load_file, save_file
from tokenizers import Tokenizer

from qa.models.fingerprint import shipped_folder
from qa.models.reader.encoding import Encoder
from qa.training.batches import Encoded, encoded
from qa.training.items import digests, items
from qa.training.loop import Recipe, train
from qa.training.mixture import SHARES, Example, Share, examples
from qa.training.network import ReaderNetwork, started_from
from qa.training.quick import measure

WEIGHTS, MADE = "weights.safetensors", "made.json"


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
    if options.command == "average":
        _average(options)
        return 0
    shares = _shares(options)
    recipe = Recipe(passes=options.passes, rate=options.rate, seed=options.seed)

    def one_pass(number: int) -> list[Encoded]:
        return _encode(_examples(options, shares, number), encoder, options)

    train(network, one_pass, recipe, options.out, say=_say)
    _write(network, options, shares, _measure(network, encoder, options))
    return 0


def _shares(options: argparse.Namespace) -> dict[str, Share]:
    """What each set gives to a pass: all or ``--items`` of it, ``--again`` of it where SQuAD 2.0 is what is trained
    on.
    """
    wanted = options.sources.split(",") if options.sources else list(SHARES)
    part = options.items if options.command == "base" else options.again
    shares = {
        name: replace(share, items=part, near=min(1.0, share.near * options.near))
        for name, share in SHARES.items()
        if name in wanted and name != "squad2"
    }
    return shares if options.command == "base" else {**shares, "squad2": SHARES["squad2"]}


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


def _average(options: argparse.Namespace) -> None:
    """The mean of the weights of two runs that went on from the same ones."""
    one, other = (load_file(path) for path in (options.start, options.other))
    options.out.mkdir(parents=True, exist_ok=True)
    save_file({name: ((one[name] + other[name]) / 2).contiguous() for name in one}, options.out / WEIGHTS)
    first, second = (_made(path) for path in (options.start, options.other))
    made = {
        **first,
        "commands": [*dict.fromkeys([*first["commands"], *second["commands"]]), _command(options)],
        "measured": {**first["measured"], **second["measured"]},
        "data": {**first["data"], **second["data"]},
    }
    (options.out / MADE).write_text(json.dumps(made, indent=1) + "\n", encoding="utf-8")


def _made(weights: Path) -> dict[str, Any]:
    """How weights were made; nothing is known of published ones."""
    path = weights.with_name(MADE)
    empty: dict[str, Any] = {"commands": [], "measured": {}, "data": {}}
    return {**empty, **json.loads(path.read_text(encoding="utf-8"))} if path.exists() else empty


def _command(options: argparse.Namespace) -> str:
    return "python -m qa.training " + " ".join(map(_named, options.given))


def _measure(network: ReaderNetwork, encoder: Encoder, options: argparse.Namespace) -> str:
    """SQuAD 2.0 by title sets, said and returned: those trained on aren't left out here, the caller names them."""
    chosen = [Example(item=item, head=item.passage.title) for item in items(_data(), "squad2")]
    if options.measured:
        wanted = set(options.measured.split(","))
        chosen = [one for one in chosen if one.item.passage.group in wanted]
    random.Random(7).shuffle(chosen)
    chosen = chosen[: options.sample] if options.sample else chosen
    rng = random.Random(0)
    network.eval()
    found = str(measure(network, chosen, [encoded(encoder, one, rng) for one in chosen]))
    _say(f"squad2: {found}")
    return found


def _write(network: ReaderNetwork, options: argparse.Namespace, shares: dict[str, Share], measured: str) -> None:
    """The weights, and how they were made: all commands from the published weights on, with folders by their names."""
    save_file({name: value.cpu().contiguous() for name, value in network.state_dict().items()}, options.out / WEIGHTS)
    earlier = _made(options.start)
    unseen = {options.out.name: measured} if options.command == "base" or options.measured else {}
    made = {
        "commands": [*earlier["commands"], _command(options)],
        "seed": options.seed,
        "torch": torch.__version__,
        "measured": {**earlier["measured"], **unseen},  # on SQuAD 2.0's titles that weren't trained on
        "data": digests(_data(), shares),
    }
    (options.out / MADE).write_text(json.dumps(made, indent=1) + "\n", encoding="utf-8")


def _named(argument: str) -> str:
    """An argument without the folders above what it names."""
    path = Path(argument)
    if not path.is_absolute():
        return argument
    return f"{path.parent.name}/{path.name}" if path.suffix and path.with_name(MADE).exists() else path.name


def _data() -> Path:
    return Path(os.environ.get("QA_DATA", "../shared/data"))


def _say(line: str) -> None:
    sys.stdout.write(line + "\n")
    sys.stdout.flush()


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m qa.training", description=__doc__)
    parser.add_argument("command", choices=("base", "tune", "average", "measure"))
    parser.add_argument("--start", type=Path, required=True, help="weights (.safetensors) or a checkpoint (.pt)")
    parser.add_argument("--out", type=Path, required=True, help="folder of this run")
    parser.add_argument("--other", type=Path, help="the other weights, for average")
    parser.add_argument("--passes", type=int, default=1)
    parser.add_argument("--rate", type=float, default=Recipe().rate)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--sources", default="", help=f"of {', '.join(SHARES)}; default: all")
    parser.add_argument("--items", type=float, default=1.0, help="the share of each set that one pass of base sees")
    parser.add_argument("--near", type=float, default=1.0, help="times as many near passages that don't answer")
    parser.add_argument("--again", type=float, default=0.1, help="the share of the other sets that tune sees again")
    parser.add_argument("--titles", default="", help="of SQuAD 2.0, with commas; default: all")
    parser.add_argument("--measured", default="", help="the same, for what is measured at the end")
    parser.add_argument("--sample", type=int, default=0, help="measure so many questions only")
    parser.add_argument("--limit", type=int, default=0, help="train on so many examples a pass only")
    return parser


if __name__ == "__main__":
    sys.exit(main())
