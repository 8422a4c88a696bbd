"""Step 1: the abstractor learns to say the canonical scene sentence in word embeddings.

The language model is not run. Its input embeddings of the sentence's words are
the targets: a softmax over distances picks the word, a squared error brings
the token onto it. One layer's heads are shown where each actor is in each frame,
and what they see there must tell the actor's geometry. Image and language model are frozen.
"""

from __future__ import annotations

import argparse
import time
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
import torch
from torch import nn

from gpt4video_training.abstractor.batches import Cache, Source
from gpt4video_training.abstractor.fresh import Fresh
from gpt4video_training.abstractor.losses import MOVES, GeometryLoss, WordLoss, attention_loss
from gpt4video_training.abstractor.model import GLIMPSE, Abstractor
from gpt4video_training.curves import Curve
from gpt4video_training.data.slots import FILLER, VOCABULARY
from gpt4video_training.devices import add_device


@dataclass(frozen=True)
class Plan:
    """How long and how fast; `timed` is off for the paper's abstractor, trained for comparison. With
    `steps` it is these that count, so that two runs can be compared on a busy machine."""

    minutes: float
    steps: int = 0
    batch: int = 32
    rate: float = 6e-4
    timed: bool = True
    device: torch.device = field(default_factory=lambda: torch.device("cpu"))


# The image tower, which has learnt, takes smaller steps than what reads it.
_TOWER_RATE = 0.3
_STAY = 5.0


def train(source: Source, words: torch.Tensor, out: Path, plan: Plan) -> Abstractor:
    """Writes `abstractor.pt`, picking up where an earlier run stopped; lr falls to zero."""
    model = Abstractor(time_embeddings=plan.timed)
    loss, geometry_loss = WordLoss(words).to(plan.device), GeometryLoss(GLIMPSE + 1).to(plan.device)
    # The end token is a full stop, so that nothing strange follows the sentence.
    model.vit_eos.data.copy_(words[VOCABULARY.index(FILLER)])
    checkpoint = out / "abstractor.pt"
    if checkpoint.exists():
        model.load_state_dict(torch.load(checkpoint))
    model.to(plan.device)
    own, tower = [*model.parameters(), *geometry_loss.parameters()], source.learning()
    groups = [{"params": own, "share": 1.0}, {"params": tower, "share": _TOWER_RATE}]
    optimiser = torch.optim.AdamW(groups, lr=plan.rate, weight_decay=0.02, betas=(0.9, 0.98))
    curve, start = Curve(out / "abstractor"), time.time()
    for step, batch in enumerate(source.batches(plan.batch)):
        progress = _progress(plan, step, time.time() - start)
        if progress >= 1:
            break
        rate = plan.rate * min(1.0, (step + 1) / 60) * min(1.0, 1.6 * (1 - progress))
        for group in optimiser.param_groups:
            group["lr"] = rate * group["share"]
        with torch.autocast(plan.device.type, torch.bfloat16):
            said, glimpses, weights = model.look(batch.features)
        entropy, error, right = loss(said, batch.sentences)
        looked = attention_loss(weights, batch.owners)
        seen = geometry_loss(glimpses, batch.geometry)
        optimiser.zero_grad()
        told = 3 * entropy + error + plan.timed * (0.3 * looked + 2 * seen)
        (told + _STAY * batch.strayed).backward()
        nn.utils.clip_grad_norm_([*own, *tower], 1.0)
        optimiser.step()
        actual = right.float().mean(0)
        curve.add(
            step,
            words=entropy.item(),
            error=error.item(),
            looked=looked.item(),
            seen=seen.item(),
            strayed=batch.strayed.item(),
            moves=float(actual[MOVES].mean()),
            right=float(actual.mean()),
            all_right=float(right.all(1).float().mean()),
        )
        if step % 25 == 24:
            print(f"step {step + 1} {curve.recent()} {time.time() - start:.0f} s", flush=True)
        if step % 100 == 99:
            _save(model, source, out)
    _save(model, source, out)
    curve.plot()
    return model


def _save(model: Abstractor, source: Source, out: Path) -> None:
    torch.save(model.state_dict(), out / "abstractor.pt")
    source.save(out)


def _progress(plan: Plan, step: int, seconds: float) -> float:
    return step / plan.steps if plan.steps else seconds / (60 * plan.minutes)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    clips = parser.add_mutually_exclusive_group(required=True)
    clips.add_argument("--clips", type=Path, help="a clip cache")
    clips.add_argument("--fresh", type=Path, help="folder with clip.pt: clips are rendered on the way")
    parser.add_argument("--tune", action="store_true", help="the image tower learns too; with --fresh")
    parser.add_argument("--words", type=Path, required=True, help="language/words.pt")
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--minutes", type=float, default=40)
    parser.add_argument("--steps", type=int, default=0, help="instead of minutes")
    parser.add_argument("--batch", type=int, default=32)
    parser.add_argument("--rate", type=float, default=6e-4)
    parser.add_argument("--blind", action="store_true", help="the paper's: no time embeddings")
    parser.add_argument("--seed", type=int, default=3)
    add_device(parser)
    args = parser.parse_args()
    args.out.mkdir(parents=True, exist_ok=True)
    torch.manual_seed(args.seed)
    source: Source
    if args.fresh:
        source = Fresh(args.fresh, args.tune, args.seed, args.device, args.workers)
    else:
        source = Cache(args.clips, np.random.default_rng(args.seed), args.device)
    plan = Plan(args.minutes, args.steps, args.batch, args.rate, not args.blind, args.device)
    train(source, torch.load(args.words).float(), args.out, plan)


if __name__ == "__main__":
    main()
