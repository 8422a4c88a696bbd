"""The judge of films: a small network that names what a clip shows.

    python -m gpt4video_training.evaluate.film_probe --work DIR

Trained on rendered clips alone, blurred, dimmed and grained at random; it never
sees a film of the film model. Its features also measure how far films are from
rendered clips.
"""

from __future__ import annotations

import argparse
import random
from pathlib import Path

import cv2
import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor, nn
from torch.nn import functional

from ..data.slots import SLOTS, Slot, slot_words
from ..film.muon import build_optimisers
from ..film.progress import Clock, Curve, learning_rate, load_checkpoint, save_checkpoint
from ..world.render import render
from ..world.sampling import Mix, sample_scene
from ..world.scene import Scene

FRAMES = 8
NAMES = ("place", "count", *(f"{name}{actor}" for actor in "AB"
         for name in ("subject", "colour", "first", "then")))  # fmt: skip
JUDGED: tuple[Slot, ...] = tuple(slot for slot in SLOTS if slot.name in NAMES)
PROBE_MIX = Mix((0.9, 0.1, 0.0), sequence=0.25, relation=0.45, pan=0.0, noise=0.0, textured=0.15)
FEATURES = 384


class Probe(nn.Module):
    """Clips `[B, 8, 3, 128, 128]` in 0..1: every frame is looked at by itself, then
    all frames together at each place."""

    def __init__(self) -> None:
        super().__init__()
        self.look = nn.Sequential(
            nn.Conv2d(3, 32, 7, stride=4, padding=3), nn.GroupNorm(4, 32), nn.SiLU(),
            nn.Conv2d(32, 64, 3, stride=2, padding=1), nn.GroupNorm(8, 64), nn.SiLU(),
        )  # fmt: skip
        self.squeeze = nn.Conv2d(64, 32, 1)
        self.follow = nn.Sequential(
            nn.Conv2d(32 * FRAMES, 192, 3, stride=2, padding=1), nn.GroupNorm(8, 192), nn.SiLU(),
            nn.Conv2d(192, 192, 3, padding=1), nn.GroupNorm(8, 192), nn.SiLU(),
            nn.Conv2d(192, 256, 3, stride=2, padding=1), nn.GroupNorm(8, 256), nn.SiLU(),
        )  # fmt: skip
        self.think = nn.Sequential(nn.Flatten(), nn.Linear(4096, FEATURES), nn.SiLU())
        self.heads = nn.ModuleList(nn.Linear(FEATURES, len(slot.words)) for slot in JUDGED)

    def frame_features(self, clips: Tensor) -> Tensor:
        """Mean and maximum of each channel in each frame: `[B, 8, 128]`."""
        x = self.look(clips.flatten(0, 1) * 2 - 1)
        pooled = torch.cat([x.mean(dim=(2, 3)), x.amax(dim=(2, 3))], dim=1)
        return pooled.unflatten(0, (-1, FRAMES))

    def features(self, clips: Tensor) -> Tensor:
        """What the whole clip amounts to: `[B, 384]`."""
        x = self.squeeze(self.look(clips.flatten(0, 1) * 2 - 1))
        return self.think(self.follow(x.unflatten(0, (-1, FRAMES)).flatten(1, 2)))

    def forward(self, clips: Tensor) -> list[Tensor]:
        """Logits of every judged slot."""
        state = self.features(clips)
        return [head(state) for head in self.heads]


def eight_frames(clip: NDArray[np.uint8]) -> Tensor:
    """The probe's view of a clip uint8 `[16 or 8, 128, 128, 3]`: `[8, 3, 128, 128]`."""
    indices = np.round(np.linspace(0, len(clip) - 1, FRAMES)).astype(int)
    return torch.from_numpy(clip[indices]).permute(0, 3, 1, 2).float() / 255


def labels(scenes: list[Scene]) -> Tensor:
    """The class of each judged slot: int64 `[N, slots]`."""
    words = [slot_words(scene) for scene in scenes]
    return torch.tensor([[s.words.index(each[s.name]) for s in JUDGED] for each in words])


def probe_scene(rng: random.Random) -> Scene:
    """A scene of one or two actors from all compositions: a judge must know them all."""
    return sample_scene(rng, "test" if rng.random() < 0.15 else "train", PROBE_MIX)


def _worn(clip: NDArray[np.uint8], rng: random.Random) -> NDArray[np.uint8]:
    """Softened, dimmed or grained, as decoded and generated clips are."""
    frames = clip.astype(np.float32)
    if rng.random() < 0.6:
        sigma = rng.uniform(0.3, 1.3)
        frames = np.stack([cv2.GaussianBlur(frame, (0, 0), sigma) for frame in frames])
    frames = (frames - 128) * rng.uniform(0.9, 1.05) + 128 + rng.uniform(-8, 8)
    if rng.random() < 0.3:
        grain = np.random.default_rng(rng.randrange(1 << 30))
        frames = frames + grain.standard_normal(frames.shape, dtype=np.float32) * rng.uniform(2, 8)
    return frames.clip(0, 255).astype(np.uint8)


def load_probe(work: Path) -> Probe:
    """The trained probe of the work folder."""
    state = load_checkpoint(work / "probe.pt")
    if state is None:
        raise FileNotFoundError(f"{work / 'probe.pt'} is missing; run evaluate.film_probe")
    probe = Probe()
    probe.load_state_dict(state["model"])
    return probe.eval()


def train(work: Path, steps: int, minutes: float, batch: int = 48, lr: float = 1e-3) -> None:
    """Trains to the last step or the time limit, continuing from the checkpoint."""
    torch.manual_seed(0)
    model, step, path = Probe(), 0, work / "probe.pt"
    if state := load_checkpoint(path):
        model.load_state_dict(state["model"])
        step = state["step"]
    optimisers = build_optimisers(model, lr, decay=0.01, edges=("look.0", "heads"))
    clock, curve = Clock(minutes), Curve(work / "probe.jsonl")
    while step < steps and not clock.is_over():
        rng = random.Random(5_000_011 * (step + 1))
        scenes = [probe_scene(rng) for _ in range(batch)]
        clips = torch.stack([eight_frames(_worn(render(s, FRAMES), rng)) for s in scenes])
        with torch.autocast("cpu", dtype=torch.bfloat16):
            logits = model(clips)
        truth = labels(scenes)
        losses = [functional.cross_entropy(x.float(), truth[:, i]) for i, x in enumerate(logits)]
        right = [(x.argmax(1) == truth[:, i]).float().mean() for i, x in enumerate(logits)]
        loss = torch.stack(losses).mean()
        loss.backward()
        torch.nn.utils.clip_grad_norm_(model.parameters(), 1.0)
        rate = learning_rate(lr, step, steps, clock.share_left())
        for optimiser in optimisers:
            optimiser.param_groups[0]["lr"] = rate
            optimiser.step()
            optimiser.zero_grad()
        step += 1
        curve.collect(loss=loss.item(), wrong=1 - float(torch.stack(right).mean()) + 1e-4)
        if step % 25 == 0:
            curve.write(step, clock.seconds())
        if step % 50 == 0:
            save_checkpoint(path, {"model": model.state_dict(), "step": step})
    save_checkpoint(path, {"model": model.state_dict(), "step": step})
    curve.plot("probe")


def main() -> None:
    """Command line."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--work", type=Path, required=True)
    parser.add_argument("--steps", type=int, default=3000)
    parser.add_argument("--minutes", type=float, default=0, help="stop by the clock; 0 = no limit")
    options = parser.parse_args()
    torch.set_num_threads(1)
    options.work.mkdir(parents=True, exist_ok=True)
    train(options.work, options.steps, options.minutes)


if __name__ == "__main__":
    main()
