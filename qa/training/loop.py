"""Trains a network on encoded examples: one pass after another, with checkpoints that a run goes on from."""

from __future__ import annotations

import json
import math
import random
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import numpy as np
import torch
from torch import Tensor
from torch.nn import functional

from qa.training.batches import Batch, Encoded, batch, batches
from qa.training.network import NEVER, ReaderNetwork


@dataclass(frozen=True, slots=True, kw_only=True)
class Recipe:
    """How to train. ``rate`` is the highest learning rate, reached after ``warm`` of all steps and then falling to 0;
    ``answerable`` and ``evidence`` are the weights of those two losses beside the pointers' 1.
    """

    passes: int = 1
    rate: float = 1.5e-4
    warm: float = 0.05
    decay: float = 0.01
    clip: float = 1.0
    answerable: float = 0.5
    evidence: float = 0.5
    seed: int = 1
    save_seconds: float = 240.0


Examples = Callable[[int], Sequence[Encoded]]  # the examples of a pass, by its number


def train(
    network: ReaderNetwork, examples: Examples, recipe: Recipe, folder: Path, *, say: Callable[[str], None]
) -> ReaderNetwork:
    """Train in place, writing ``folder/checkpoint.pt`` now and then; goes on from one that is there."""
    folder.mkdir(parents=True, exist_ok=True)
    device = torch.device("cuda" if torch.cuda.is_available() else "cpu")
    network.to(device).train()
    weights = [weight for weight in network.parameters() if weight.requires_grad]
    optimiser = torch.optim.AdamW(weights, lr=recipe.rate, weight_decay=recipe.decay, fused=True)
    done = _resumed(network, optimiser, folder, recipe)
    begun, saved, losses = time.monotonic(), time.monotonic(), []
    step = 0
    for number in range(recipe.passes):
        found = examples(number)
        planned = list(batches(found, random.Random(recipe.seed * 1000 + number)))
        for place, chosen in enumerate(planned, start=1):
            step += 1
            if step <= done:
                continue
            share = (number + place / len(planned)) / recipe.passes  # passes differ a little in length
            for group in optimiser.param_groups:
                group["lr"] = recipe.rate * _schedule(share, recipe.warm)
            losses.append(_step(network, optimiser, batch([found[place] for place in chosen]), recipe, device))
            if step % 50 == 0:
                mean = np.mean(losses[-200:], axis=0)
                left = (time.monotonic() - begun) / (step - done) * step * (1 / share - 1)
                say(
                    f"step {step} ({share:.1%}) span {mean[0]:.3f} answerable {mean[1]:.3f} evidence {mean[2]:.3f},"
                    f" {left / 60:.0f} min left"
                )
            if time.monotonic() - saved > recipe.save_seconds or share == 1.0:
                _save(network, optimiser, folder, recipe, step)
                saved = time.monotonic()
    network.eval()
    return network


def _step(
    network: ReaderNetwork, optimiser: torch.optim.Optimizer, made: Batch, recipe: Recipe, device: torch.device
) -> tuple[float, float, float]:
    with torch.autocast(device.type, dtype=torch.bfloat16):
        pointers, answerable = network(*(_there(part, device) for part in (made.ids, made.segments, made.real)))
    parts = losses_of(pointers, answerable, made, device)
    loss = parts[0] + recipe.answerable * parts[1] + recipe.evidence * parts[2]
    loss.backward()
    torch.nn.utils.clip_grad_norm_([w for w in network.parameters() if w.requires_grad], recipe.clip)
    optimiser.step()
    optimiser.zero_grad(set_to_none=True)
    return parts[0].item(), parts[1].item(), parts[2].item()


def losses_of(pointers: Tensor, answerable: Tensor, made: Batch, device: torch.device) -> tuple[Tensor, Tensor, Tensor]:
    """The losses of the pointers (mean of start and end), of answerability and of evidence, in nats an example."""
    barred = (~_there(made.text, device)).float() * NEVER
    ends = []
    for channel, target in ((0, made.starts), (1, made.ends)):
        logs = functional.log_softmax(pointers[:, :, channel] + barred, dim=-1)
        ends.append(-(logs * _there(target, device)).sum(-1).mean())
    answers = functional.binary_cross_entropy_with_logits(answerable, _there(made.answerable, device))
    pooled = (_there(made.pooling, device) @ pointers[:, :, 2:])[:, :, 0]
    each = functional.binary_cross_entropy_with_logits(pooled, _there(made.evidence, device), reduction="none")
    real = _there(made.sentences, device).float()
    return (ends[0] + ends[1]) / 2, answers, (each * real).sum() / real.sum().clamp(min=1)


def _there(values: Any, device: torch.device) -> Tensor:
    return torch.from_numpy(values).to(device, non_blocking=True)


def _schedule(done: float, warm: float) -> float:
    """Up in a straight line, then down along a cosine."""
    return done / warm if done < warm else 0.5 * (1 + math.cos(math.pi * (done - warm) / (1 - warm)))


def _save(network: ReaderNetwork, optimiser: torch.optim.Optimizer, folder: Path, recipe: Recipe, step: int) -> None:
    state = {
        "network": network.state_dict(),
        "optimiser": optimiser.state_dict(),
        "step": step,
        "recipe": asdict(recipe),
    }
    torch.save(state, folder / "checkpoint.new")
    (folder / "checkpoint.new").replace(folder / "checkpoint.pt")
    (folder / "progress.json").write_text(json.dumps({"step": step, "recipe": asdict(recipe)}) + "\n")


def _resumed(network: ReaderNetwork, optimiser: torch.optim.Optimizer, folder: Path, recipe: Recipe) -> int:
    """The step after which to go on: 0 where there's no checkpoint. One of another recipe is refused."""
    path = folder / "checkpoint.pt"
    if not path.exists():
        return 0
    state = torch.load(path, map_location="cpu", weights_only=True)
    if {**state["recipe"], "save_seconds": 0} != {**asdict(recipe), "save_seconds": 0}:
        raise ValueError(f"{str(path)!r} was trained by another recipe: {state['recipe']}")
    network.load_state_dict(state["network"])
    optimiser.load_state_dict(state["optimiser"])
    return int(state["step"])


def logits(network: ReaderNetwork, found: Sequence[Encoded], *, tokens: int = 8192) -> Iterator[tuple[int, Any, float]]:
    """Of each example its number, its pointers ``(tokens, 3)`` and its answerability, in some order."""
    device = next(network.parameters()).device
    order = sorted(range(len(found)), key=lambda place: len(found[place].window.ids))
    while order:
        longest = len(found[order[-1]].window.ids)
        size = max(1, tokens // longest)
        chosen, order = order[-size:], order[:-size]
        made = batch([found[place] for place in chosen])
        with torch.no_grad(), torch.autocast(device.type, dtype=torch.bfloat16):
            pointers, answerable = network(*(_there(part, device) for part in (made.ids, made.segments, made.real)))
        for row, place in enumerate(chosen):
            yield place, pointers[row, : len(found[place].window.ids)].float().cpu().numpy(), float(answerable[row])
