"""Step 1, last part: only the projections and the word network, on states computed once.

The layers stay as they are, so their states of all cached clips, forwards and
backwards, are computed once and many epochs cost seconds.
"""

from __future__ import annotations

import argparse
import time
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import torch
from torch import nn

from gpt4video_training.abstractor.cache import Clips, load_clips
from gpt4video_training.abstractor.model import Abstractor
from gpt4video_training.abstractor.train import POSITIONS, WordLoss
from gpt4video_training.curves import Curve
from gpt4video_training.data.slots import SLOTS

MOVES = [i for i, slot in enumerate(SLOTS) if slot.name[:-1] in ("first", "then")]


@dataclass(frozen=True)
class States:
    """`states` f16 [N,slots,528] of the variable places and their sentences [N,64]."""

    states: torch.Tensor
    wanted: torch.Tensor


def states_of(model: Abstractor, clips: Clips, count: int) -> States:
    """The first `count` clips both ways, where the reverse has words."""
    states, wanted = [], []
    with torch.inference_mode(), torch.autocast("cpu", torch.bfloat16):
        for at in range(0, count, 32):
            part = slice(at, min(at + 32, count))
            for features, sentence in (
                (clips.features[part], clips.forward[part]),
                (clips.features[part, ::-1], clips.backward[part]),
            ):
                keep = sentence[:, 0] >= 0
                batch = torch.from_numpy(features[keep].astype(np.float32))
                states.append(model.look(batch)[:, POSITIONS].half())
                wanted.append(torch.from_numpy(sentence[keep].astype(np.int64)))
            if at % 640 == 0:
                print(f"states of {at} clips", flush=True)
    return States(torch.cat(states), torch.cat(wanted))


def fit(model: Abstractor, data: States, loss: WordLoss, out: Path, minutes: float) -> None:
    """Trains the speaking part; a twentieth is held back to see how far to trust it."""
    parts = [model.spatial_fc, model.temporal_fc, model.words, model.state_norm]
    learned = [p for part in parts for p in part.parameters()]
    optimiser = torch.optim.AdamW(learned, lr=1e-3, weight_decay=0.05)
    held = len(data.states) // 20
    curve, start, step = Curve(out / "speak"), time.time(), 0
    generator = torch.Generator().manual_seed(0)
    while (progress := (time.time() - start) / (60 * minutes)) < 1:
        for group in optimiser.param_groups:
            group["lr"] = 1.5e-3 * min(1.0, 1.5 * (1 - progress))
        index = held + torch.randint(len(data.states) - held, (64,), generator=generator)
        model.train()
        with torch.autocast("cpu", torch.bfloat16):
            said = model.say(data.states[index].float())
        entropy, error, right = loss.slots(said, data.wanted[index])
        optimiser.zero_grad()
        (3 * entropy + error).backward()
        nn.utils.clip_grad_norm_(learned, 1.0)
        optimiser.step()
        step += 1
        if step % 100 == 0:
            model.eval()
            with torch.no_grad():
                held_right = loss.slots(
                    model.say(data.states[:held].float()), data.wanted[:held]
                )[2].float()
            curve.add(
                step,
                words=entropy.item(),
                right=float(right.float().mean()),
                held_right=float(held_right.mean()),
                held_moves=float(held_right[:, MOVES].mean()),
                held_all=float(held_right.all(1).float().mean()),
            )
            print(f"step {step} {curve.recent(1)} {time.time() - start:.0f} s", flush=True)
    curve.plot()


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--clips", type=Path, required=True)
    parser.add_argument("--words", type=Path, required=True)
    parser.add_argument("--checkpoint", type=Path, required=True)
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--count", type=int, default=3000)
    parser.add_argument("--minutes", type=float, default=2)
    args = parser.parse_args()
    torch.manual_seed(6)
    model = Abstractor()
    model.load_state_dict(torch.load(args.checkpoint))
    model.eval().requires_grad_(False)
    for part in (model.spatial_fc, model.temporal_fc, model.words, model.state_norm):
        part.requires_grad_(True)
    clips = load_clips(args.clips)
    cache = args.out / "states.pt"
    if not cache.exists():
        data = states_of(model, clips, min(args.count, len(clips)))
        torch.save((data.states, data.wanted), cache)
    data = States(*torch.load(cache))
    fit(model, data, WordLoss(torch.load(args.words)), args.out, args.minutes)
    torch.save(model.state_dict(), args.checkpoint)


if __name__ == "__main__":
    main()
