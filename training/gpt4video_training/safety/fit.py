"""Trains the tower: a text is as harmful as the worst of its units, as the service judges it."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import torch

from gpt4video_training.safety.examples import Batch, Examples, Targets
from gpt4video_training.safety.tower import Tower

Floats = npt.NDArray[np.float32]
# Weight of a teacher's answer beside a label.
TAUGHT = 1.0


@dataclass(frozen=True)
class Rates:
    """Highest learning rates of the transformer layers and of what lies above them."""

    layers: float
    head: float


def unit_logits(tower: Tower, batch: Batch) -> torch.Tensor:
    """[U,14] of all units of a batch, in the order of `owner`."""
    return torch.cat([tower.logits(states, mask) for states, mask in batch.blocks])


def worst_units(values: torch.Tensor, batch: Batch) -> torch.Tensor:
    """[U,C] values of units -> [B,C] of rows: the highest; a row without a unit gets -30."""
    found = torch.full((len(batch.rows), values.shape[1]), -30.0)
    owner = batch.owner[:, None].expand_as(values)
    return found.scatter_reduce(0, owner, values, "amax")


def loss_of(logits: torch.Tensor, targets: Targets, rows: torch.Tensor, smooth: float = 0.02) -> torch.Tensor:
    """Cross-entropy of harm, and masked ones of the categories, weighted by row; [B,14] logits."""
    bce = torch.nn.functional.binary_cross_entropy_with_logits
    harm = targets.harm[rows] * (1 - 2 * smooth) + smooth
    anything = bce(logits[:, 0], harm, reduction="none") * targets.certain[rows]
    named = bce(logits[:, 1:], targets.labels[rows], reduction="none") * targets.known[rows]
    told = ((anything + 0.3 * named.sum(1)) * targets.weight[rows]).mean()
    return told + TAUGHT * taught_loss(logits, targets, rows)


def taught_loss(logits: torch.Tensor, targets: Targets, rows: torch.Tensor) -> torch.Tensor:
    """Cross-entropy to the teacher's probabilities, harm and all categories; 0 where it was not asked."""
    bce = torch.nn.functional.binary_cross_entropy_with_logits
    each = bce(logits, targets.answers[rows], reduction="none")
    return ((each[:, 0] + 0.3 * each[:, 1:].sum(1)) * targets.asked[rows]).mean()


def fit(
    tower: Tower,
    examples: Examples,
    passes: Sequence[Sequence[int]],
    rates: Rates,
    seed: int,
    report: Callable[[int, float], None],
) -> None:
    """AdamW with warm-up and cosine over the rows of each pass; deterministic for a seed.

    `report` gets the number of the pass and its mean loss.
    """
    torch.manual_seed(seed)
    generator = torch.Generator().manual_seed(seed)
    fresh = [p for name, p in tower.named_parameters() if not name.startswith("layers.")]
    groups = [
        {"params": list(tower.layers.parameters()), "lr": rates.layers},
        {"params": fresh, "lr": rates.head},
    ]
    optimiser = torch.optim.AdamW([g for g in groups if g["params"]], weight_decay=0.05)
    steps = sum(
        len(examples.groups(chosen, generator=torch.Generator().manual_seed(seed))) for chosen in passes
    )
    warm = min(100, max(1, steps // 10))
    schedule = torch.optim.lr_scheduler.LambdaLR(
        optimiser, lambda at: min(1.0, (at + 1) / warm) * (0.5 + 0.5 * np.cos(np.pi * min(at / steps, 1.0)))
    )
    tower.train()
    for number, chosen in enumerate(passes):
        losses = []
        for batch in examples.batches(chosen, generator=generator):
            with torch.autocast("cpu", torch.bfloat16):
                logits = unit_logits(tower, batch)
            loss = loss_of(worst_units(logits.float(), batch), examples.targets, batch.rows)
            optimiser.zero_grad()
            loss.backward()
            torch.nn.utils.clip_grad_norm_(tower.parameters(), 1.0)
            optimiser.step()
            schedule.step()
            losses.append(float(loss.detach()))
        report(number, float(np.mean(losses)))
    tower.eval()


def judged(tower: Tower, examples: Examples, chosen: Sequence[int]) -> Floats:
    """Logit of harm `[len(chosen)]` of rows, the worst of all their units."""
    harm: Floats = np.full(len(examples.rows), -30.0, dtype=np.float32)
    for batch, logits in _looked_at(tower, examples, chosen):
        harm[batch.rows.numpy()] = worst_units(logits[:, :1], batch)[:, 0].numpy()
    return harm[list(chosen)]


def logits_of(tower: Tower, examples: Examples, chosen: Sequence[int]) -> Floats:
    """`[len(chosen), 14]`, the highest of all units of a row, in half precision: what `loss_of` judges."""
    found: Floats = np.full((len(examples.rows), 14), -30.0, dtype=np.float32)
    for batch, logits in _looked_at(tower, examples, chosen, half=True):
        found[batch.rows.numpy()] = worst_units(logits, batch).numpy()
    return found[list(chosen)]


def _looked_at(
    tower: Tower, examples: Examples, chosen: Sequence[int], half: bool = False
) -> Iterator[tuple[Batch, torch.Tensor]]:
    """Batches of the rows with the logits of their units [U,14], without dropout."""
    was = tower.training
    tower.eval()
    with torch.no_grad():
        for batch in examples.batches(chosen, tokens=6000):
            with torch.autocast("cpu", torch.bfloat16, enabled=half):
                logits = unit_logits(tower, batch)
            yield batch, logits.float()
    tower.train(was)
