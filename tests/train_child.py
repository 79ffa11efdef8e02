"""A small network and made-up examples for the tests of training. No test is in here.

Run as ``python train_child.py FOLDER``, it trains with a checkpoint after every step, to be killed.
"""

from __future__ import annotations

import sys
from collections.abc import Sequence
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING

from qa.models import opening
from qa.models.fingerprint import shipped_folder
from qa.models.reader.encoding import Encoder
from qa.models.reader.passage import ReaderPassage
from qa.training.batches import Encoded, targets
from qa.training.items import Item, passage

if TYPE_CHECKING:
    from qa.training.loop import Recipe
    from qa.training.network import ReaderNetwork

#: In place of the network's own sizes: it trains in seconds.
SIZES = {"WIDTH": 24, "INNER": 48, "HEADS": 4, "LAYERS": 2}
STEPS = 30
_TOWNS = ("Orla", "Selm", "Tarnby", "Brannock", "Sund", "Skell")


def small_network(seed: int = 5) -> ReaderNetwork:
    """A network of ``SIZES`` with the weights of that seed; changes the module for the whole process."""
    import torch

    from qa.training import network

    for name, size in SIZES.items():
        setattr(network, name, size)
    torch.set_num_threads(1)  # sums of several threads may differ in their last bits
    torch.manual_seed(seed)
    made = network.ReaderNetwork()
    made.embeddings.word_embeddings.weight.requires_grad = False  # as in a real run, and most of the cost
    return made


@lru_cache(maxsize=1)
def encoder() -> Encoder:
    """With the shipped tokenizer."""
    return Encoder(opening.tokenizer(shipped_folder() / "tokenizer.json", tokens=None))


def made_up() -> list[Encoded]:
    """Questions that are answered, and as many that aren't."""
    reading, found = encoder(), []
    for number, town in enumerate(_TOWNS):
        text = f"The ferry of {town} sank in 19{number}4. Nobody was hurt, the harbour of {town} said."
        one = passage(text, title="", group=town)
        year = text.index("19")
        for place, asked in enumerate((f"When did the ferry of {town} sink?", f"Who built the tower of {town}?")):
            answers = () if place else ((year, year + 4),)
            item = Item(source="made-up", question=asked, passage=one, answers=answers)
            (window,) = reading.windows(asked, as_read(item))
            found.append(targets(window, item))
    return found


def as_read(item: Item, head: str = "") -> ReaderPassage:
    """The item's passage as the reader gets it."""
    return ReaderPassage(head=head, text=item.passage.text, sentences=item.passage.sentences)


def recipe(*, save_seconds: float) -> Recipe:
    """One batch a pass, so that passes are steps."""
    from qa.training.loop import Recipe

    return Recipe(passes=STEPS, rate=3e-3, save_seconds=save_seconds)


def trained(folder: Path, *, save_seconds: float, examples: Sequence[Encoded] | None = None) -> ReaderNetwork:
    """The network after training in ``folder``, from where it stood there."""
    from qa.training.loop import train

    found = list(examples or made_up())
    return train(small_network(), lambda _: found, recipe(save_seconds=save_seconds), folder, say=lambda _: None)


if __name__ == "__main__":
    trained(Path(sys.argv[1]), save_seconds=-1.0)
