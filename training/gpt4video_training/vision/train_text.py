"""Step 0a, first half: the text tower learns to say what a caption states.

Its first token's state must tell every slot of the canonical scene sentence,
so that hidden states carry who does what in which order. The film model is
conditioned on them; the image tower is then trained against the frozen states.
"""

from __future__ import annotations

import argparse
import random
import time
from pathlib import Path

import torch
from torch import nn

from gpt4video_training.curves import Curve
from gpt4video_training.data.captions import caption
from gpt4video_training.data.slots import SLOTS, slot_words
from gpt4video_training.vision.text import CaptionTokenizer, TextEncoder, train_tokenizer
from gpt4video_training.world.sampling import sample_scene
from gpt4video_training.world.scene import Scene


def captions_of(scene: Scene, rng: random.Random) -> str:
    """Varied wording, and in a fifth of the cases the plain one that requests end in."""
    return caption(scene) if rng.random() < 0.2 else caption(scene, rng)


def class_targets(scenes: list[Scene]) -> torch.Tensor:
    """Class of every slot within its own words, [N, slots]."""
    rows = []
    for scene in scenes:
        words = slot_words(scene)
        rows.append([slot.words.index(words[slot.name]) for slot in SLOTS])
    return torch.tensor(rows)


class SlotHeads(nn.Module):
    """State [N,256] -> logits of every slot, concatenated."""

    def __init__(self, width: int = 256) -> None:
        super().__init__()
        self.sizes = [len(slot.words) for slot in SLOTS]
        self.out = nn.Sequential(nn.Linear(width, 512), nn.GELU(), nn.Linear(512, sum(self.sizes)))

    def forward(self, state: torch.Tensor) -> list[torch.Tensor]:
        logits: torch.Tensor = self.out(state)
        return list(logits.float().split(self.sizes, dim=1))


def slot_loss(logits: list[torch.Tensor], targets: torch.Tensor) -> tuple[torch.Tensor, float]:
    """Mean cross-entropy over slots in nats, and the share of right slots."""
    losses = [nn.functional.cross_entropy(x, targets[:, i]) for i, x in enumerate(logits)]
    right = [(x.argmax(1) == targets[:, i]).float().mean() for i, x in enumerate(logits)]
    return torch.stack(losses).mean(), float(torch.stack(right).mean())


def train(work: Path, steps: int, batch: int, seed: int = 0) -> None:
    """Writes `text-encoder.tokenizer.json` and `text-encoder.pt` to `work`; resumable."""
    rng = random.Random(seed)
    torch.manual_seed(seed)
    tokenizer_file = work / "text-encoder.tokenizer.json"
    if not tokenizer_file.exists():
        corpus = [captions_of(sample_scene(rng), rng) for _ in range(40_000)]
        train_tokenizer(corpus).save(str(tokenizer_file))
    tokenizer = CaptionTokenizer(tokenizer_file)
    model, heads = TextEncoder(tokenizer.size), SlotHeads()
    parameters = [*model.parameters(), *heads.parameters()]
    optimiser = torch.optim.AdamW(parameters, lr=1e-3, weight_decay=0.02, betas=(0.9, 0.98))
    schedule = torch.optim.lr_scheduler.OneCycleLR(optimiser, 1.2e-3, steps, pct_start=0.08)
    curve, start = Curve(work / "text-encoder"), time.time()
    for step in range(steps):
        scenes = [sample_scene(rng) for _ in range(batch)]
        ids, mask = tokenizer([captions_of(scene, rng) for scene in scenes])
        with torch.autocast("cpu", torch.bfloat16):
            hidden, _ = model(ids, mask)
            logits = heads(hidden[:, 0])
        loss, right = slot_loss(logits, class_targets(scenes))
        optimiser.zero_grad()
        loss.backward()
        nn.utils.clip_grad_norm_(parameters, 1.0)
        optimiser.step()
        schedule.step()
        curve.add(step, loss=loss.item(), right=right)
        if step % 25 == 24 or step == steps - 1:
            print(f"step {step + 1} {curve.recent()} {time.time() - start:.0f} s", flush=True)
            torch.save({"model": model.state_dict(), "heads": heads.state_dict(),
                        "vocabulary": tokenizer.size}, work / "text-encoder.pt")
    curve.plot()


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--work", type=Path, required=True)
    parser.add_argument("--steps", type=int, default=1000)
    parser.add_argument("--batch", type=int, default=192)
    args = parser.parse_args()
    args.work.mkdir(parents=True, exist_ok=True)
    train(args.work, args.steps, args.batch)


if __name__ == "__main__":
    main()
