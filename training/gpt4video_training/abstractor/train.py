"""Step 1: the abstractor learns to say the canonical scene sentence in word embeddings.

The language model is not run. Its input embeddings of the sentence's words are
the targets: a softmax over distances picks the word, a squared error brings
the token onto it. One layer's heads are shown where each actor is in each frame,
and what they see there must tell the actor's geometry. Image and language model are frozen.
"""

from __future__ import annotations

import argparse
import time
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import torch
from torch import nn

from gpt4video_training.abstractor.cache import Clips, load_clips, shards
from gpt4video_training.abstractor.losses import MOVES, GeometryLoss, WordLoss, attention_loss
from gpt4video_training.abstractor.model import GLIMPSE, Abstractor
from gpt4video_training.curves import Curve
from gpt4video_training.data.slots import FILLER, VOCABULARY


@dataclass(frozen=True)
class Batch:
    """See `Clips`; float32 and int64."""

    features: torch.Tensor
    owners: torch.Tensor
    geometry: torch.Tensor
    sentences: torch.Tensor


class Cache:
    """All finished parts of a clip cache, also those that are finished while training runs."""

    def __init__(self, folder: Path, rng: np.random.Generator) -> None:
        self._folder = folder
        self._rng = rng
        self._parts: list[Clips] = []

    def look(self) -> int:
        """Opens new parts; returns the number of clips."""
        for folder in shards(self._folder)[len(self._parts) :]:
            self._parts.append(load_clips(folder))
        return sum(len(part) for part in self._parts)

    def batch(self, size: int) -> Batch:
        """Random clips of one part, in the order of the file, so that reading is fast."""
        part = self._parts[self._rng.integers(len(self._parts))]
        index = np.sort(self._rng.choice(len(part), size, replace=False))
        return Batch(
            torch.from_numpy(part.features[index].astype(np.float32)),
            torch.from_numpy(part.owners[index].astype(np.int64)),
            torch.from_numpy(part.geometry[index].astype(np.float32)),
            torch.from_numpy(part.sentences[index].astype(np.int64)),
        )


@dataclass(frozen=True)
class Plan:
    """How long and how fast; `timed` is off for the paper's abstractor, trained for comparison. With
    `steps` it is these that count, so that two runs can be compared on a busy machine."""

    minutes: float
    steps: int = 0
    batch: int = 32
    rate: float = 6e-4
    timed: bool = True


def train(cache: Cache, words: torch.Tensor, out: Path, plan: Plan) -> Abstractor:
    """Writes `abstractor.pt`, picking up where an earlier run stopped; lr falls to zero."""
    model, loss = Abstractor(time_embeddings=plan.timed), WordLoss(words)
    geometry_loss = GeometryLoss(GLIMPSE + 1)
    # The end token is a full stop, so that nothing strange follows the sentence.
    model.vit_eos.data.copy_(words[VOCABULARY.index(FILLER)])
    checkpoint = out / "abstractor.pt"
    if checkpoint.exists():
        model.load_state_dict(torch.load(checkpoint))
    learned = [*model.parameters(), *geometry_loss.parameters()]
    optimiser = torch.optim.AdamW(learned, lr=plan.rate, weight_decay=0.02, betas=(0.9, 0.98))
    curve, start, step = Curve(out / "abstractor"), time.time(), 0
    while (progress := _progress(plan, step, time.time() - start)) < 1:
        for group in optimiser.param_groups:
            group["lr"] = plan.rate * min(1.0, (step + 1) / 60) * min(1.0, 1.6 * (1 - progress))
        if step % 50 == 0:
            clips = cache.look()
        batch = cache.batch(plan.batch)
        with torch.autocast("cpu", torch.bfloat16):
            said, glimpses, weights = model.look(batch.features)
        entropy, error, right = loss(said, batch.sentences)
        looked = attention_loss(weights, batch.owners)
        seen = geometry_loss(glimpses, batch.geometry)
        optimiser.zero_grad()
        (3 * entropy + error + plan.timed * (0.3 * looked + 2 * seen)).backward()
        nn.utils.clip_grad_norm_(learned, 1.0)
        optimiser.step()
        actual = right.float().mean(0)
        curve.add(
            step,
            words=entropy.item(),
            error=error.item(),
            looked=looked.item(),
            seen=seen.item(),
            moves=float(actual[MOVES].mean()),
            right=float(actual.mean()),
            all_right=float(right.all(1).float().mean()),
        )
        step += 1
        if step % 25 == 0:
            print(f"step {step} {curve.recent()} {clips} clips {time.time() - start:.0f} s", flush=True)
        if step % 100 == 0:
            torch.save(model.state_dict(), checkpoint)
    torch.save(model.state_dict(), checkpoint)
    curve.plot()
    return model


def _progress(plan: Plan, step: int, seconds: float) -> float:
    return step / plan.steps if plan.steps else seconds / (60 * plan.minutes)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--clips", type=Path, required=True)
    parser.add_argument("--words", type=Path, required=True, help="language/words.pt")
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--minutes", type=float, default=40)
    parser.add_argument("--steps", type=int, default=0, help="instead of minutes")
    parser.add_argument("--batch", type=int, default=32)
    parser.add_argument("--rate", type=float, default=6e-4)
    parser.add_argument("--blind", action="store_true", help="the paper's: no time embeddings")
    parser.add_argument("--seed", type=int, default=3)
    args = parser.parse_args()
    args.out.mkdir(parents=True, exist_ok=True)
    torch.manual_seed(args.seed)
    cache = Cache(args.clips, np.random.default_rng(args.seed))
    plan = Plan(args.minutes, args.steps, args.batch, args.rate, not args.blind)
    train(cache, torch.load(args.words).float(), args.out, plan)


if __name__ == "__main__":
    main()
