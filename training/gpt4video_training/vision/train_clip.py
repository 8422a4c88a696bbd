"""Step 0a, second half: the image tower against the frozen text states, with dense labels."""

from __future__ import annotations

import argparse
import random
import time
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import torch
from torch import nn
from torch.nn.functional import binary_cross_entropy_with_logits, cross_entropy, smooth_l1_loss

from gpt4video_training.curves import Curve
from gpt4video_training.vision.frames import (
    clip_frames,
    normalise,
    patch_geometry,
    patch_labels,
    patch_owners,
)
from gpt4video_training.vision.text import CaptionTokenizer, TextEncoder
from gpt4video_training.vision.train_text import captions_of
from gpt4video_training.vision.vit import DenseHeads, VisionEncoder
from gpt4video_training.world.sampling import Mix, sample_scene
from gpt4video_training.world.scene import COLOURS, PLACES, SUBJECTS

CROWDED = Mix(actors=(0.2, 0.4, 0.4), textured=0.35)
EMPTY_WEIGHT = 0.05


@dataclass(frozen=True)
class Batch:
    """`pixels` [N,3,112,112], `patches` [N,5,64], `geometry` [N,6,64], `place` [N], `present` [N,160]."""

    pixels: torch.Tensor
    patches: torch.Tensor
    geometry: torch.Tensor
    place: torch.Tensor
    present: torch.Tensor
    captions: list[str]


def sample_batch(rng: random.Random, size: int, split: str = "train") -> Batch:
    """Random frames of random scenes with everything that is true of them."""
    frames, patches, geometry, places, captions = [], [], [], [], []
    present = torch.zeros(size, len(SUBJECTS) * len(COLOURS))
    for row in range(size):
        scene = sample_scene(rng, split, CROWDED)
        index = (rng.randrange(16),)
        frames.append(clip_frames(scene, index, rng)[0])
        owners = patch_owners(scene, index)[0]
        patches.append(patch_labels(scene, owners))
        geometry.append(patch_geometry(scene, owners, index[0]))
        places.append(PLACES.index(scene.place))
        captions.append(captions_of(scene, rng))
        for number, actor in enumerate(scene.actors):
            if (owners == number + 1).any():
                cell = SUBJECTS.index(actor.subject) * len(COLOURS) + COLOURS.index(actor.colour)
                present[row, cell] = 1
    return Batch(
        normalise(np.stack(frames)),
        torch.from_numpy(np.stack(patches)),
        torch.from_numpy(np.stack(geometry)),
        torch.tensor(places),
        present,
        captions,
    )


class ClipTrainer(nn.Module):
    """Both towers with their losses; of the text tower only the projection learns."""

    def __init__(self, text: TextEncoder, tokenizer: CaptionTokenizer) -> None:
        super().__init__()
        self.vision = VisionEncoder()
        self.heads = DenseHeads()
        self.text = text.requires_grad_(False)
        self.text.projection.requires_grad_(True)
        self.log_scale = nn.Parameter(torch.tensor(2.6))
        self._tokenizer = tokenizer

    def losses(self, batch: Batch) -> dict[str, torch.Tensor]:
        """Named losses in nats; `total` is what is minimised."""
        features, pooled = self.vision(batch.pixels.contiguous(memory_format=torch.channels_last))
        told = self.heads(features)
        patch, (place,), (present,) = told["patch"], told["place"], told["present"]
        dense = torch.stack([_patch_loss(x, batch.patches[:, i]) for i, x in enumerate(patch)])
        shown = batch.patches[:, 0] > 0
        moved = smooth_l1_loss(
            told["geometry"][0][shown], batch.geometry.transpose(1, 2)[shown], beta=0.1
        )
        with torch.no_grad():
            hidden, _ = self.text(*self._tokenizer(batch.captions))
        logits = pooled @ self.text.pool(hidden).float().T * self.log_scale.exp().clamp(max=100)
        own = torch.arange(len(logits))
        contrast = (cross_entropy(logits, own) + cross_entropy(logits.T, own)) / 2
        where = cross_entropy(place, batch.place)
        who = binary_cross_entropy_with_logits(present, batch.present) * 20
        right = [(x.argmax(-1) == batch.patches[:, i])[shown].float().mean() for i, x in enumerate(patch)]
        return {
            "total": dense.sum() + 4 * moved + contrast * 0.3 + where * 0.3 + who * 0.3,
            "patch": dense.sum(),
            "geometry": moved,
            "contrast": contrast,
            "place": where,
            "who": who,
            "subject_right": right[0],
            "colour_right": right[1],
            "texture_right": right[2],
            "letter_right": right[4],
            "place_right": (place.argmax(-1) == batch.place).float().mean(),
        }


def _patch_loss(logits: torch.Tensor, labels: torch.Tensor) -> torch.Tensor:
    """Cross-entropy over patches; the many empty ones weigh little."""
    weight = torch.ones(logits.shape[-1])
    weight[0] = EMPTY_WEIGHT
    return cross_entropy(logits.flatten(0, 1), labels.flatten(), weight=weight)


def load_text(work: Path) -> tuple[TextEncoder, CaptionTokenizer]:
    """The text tower of `train_text` with its tokenizer."""
    tokenizer = CaptionTokenizer(work / "text-encoder.tokenizer.json")
    text = TextEncoder(tokenizer.size)
    text.load_state_dict(torch.load(work / "text-encoder.pt")["model"])
    return text.eval(), tokenizer


def train(work: Path, minutes: float, batch: int, seed: int = 1, rate: float = 1e-3) -> None:
    """Writes `clip.pt` to `work`, going on from an earlier one; the learning rate falls to
    zero as the minutes run out."""
    rng = random.Random(seed)
    torch.manual_seed(seed)
    trainer = ClipTrainer(*load_text(work))
    if (work / "clip.pt").exists():
        resume(trainer, work)
    learned = [p for p in trainer.parameters() if p.requires_grad]
    optimiser = torch.optim.AdamW(learned, lr=rate, weight_decay=0.02, betas=(0.9, 0.98))
    curve, start, step = Curve(work / "clip"), time.time(), 0
    while (progress := (time.time() - start) / (60 * minutes)) < 1:
        for group in optimiser.param_groups:
            group["lr"] = rate * min(1.0, (step + 1) / 80) * min(1.0, 1.6 * (1 - progress))
        with torch.autocast("cpu", torch.bfloat16):
            losses = trainer.losses(sample_batch(rng, batch))
        optimiser.zero_grad()
        losses["total"].backward()
        nn.utils.clip_grad_norm_(learned, 1.0)
        optimiser.step()
        curve.add(step, **{name: value.item() for name, value in losses.items()})
        step += 1
        if step % 25 == 0:
            print(f"step {step} {curve.recent()} {time.time() - start:.0f} s", flush=True)
        if step % 100 == 0:
            save(trainer, work)
    save(trainer, work)
    curve.plot()


def save(trainer: ClipTrainer, work: Path) -> None:
    torch.save(
        {
            "vision": trainer.vision.state_dict(),
            "heads": trainer.heads.state_dict(),
            "projection": trainer.text.projection.state_dict(),
            "log_scale": trainer.log_scale.detach(),
        },
        work / "clip.pt",
    )


def resume(trainer: ClipTrainer, work: Path) -> None:
    """Inverse of `save`."""
    state = torch.load(work / "clip.pt")
    trainer.vision.load_state_dict(state["vision"])
    # A tower that was restored from a bundle comes without the heads, which do not ship.
    if "heads" in state:
        trainer.heads.load_state_dict(state["heads"])
    trainer.text.projection.load_state_dict(state["projection"])
    trainer.log_scale.data.copy_(state["log_scale"])


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--work", type=Path, required=True)
    parser.add_argument("--minutes", type=float, default=22)
    parser.add_argument("--batch", type=int, default=64)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--rate", type=float, default=1e-3)
    args = parser.parse_args()
    train(args.work, args.minutes, args.batch, args.seed, args.rate)


if __name__ == "__main__":
    main()
