"""Step 0a goes on: the shipped text tower learns which colour belongs to which actor.

    python -m gpt4video_training.vision.bind_text --work DIR

The first token's state of the shipped tower tells the subjects and the colours of a caption with two
actors, but not which belongs to which: it reads a bag of words. Here every noun has to tell its own colour
and motions, after the first block and after the last, and the first state all slots again, on captions of
crowds, while the sentence's place in CLIP space stays where the image tower was trained to find it.
"""

from __future__ import annotations

import argparse
import copy
import random
import time
from pathlib import Path

import torch
from torch import nn

from gpt4video_training.curves import Curve
from gpt4video_training.data.slots import SLOTS
from gpt4video_training.vision.nouns import NounHead, Nouns
from gpt4video_training.vision.text import CaptionTokenizer, TextEncoder
from gpt4video_training.vision.train_text import SlotHeads, captions_of, class_targets, slot_loss
from gpt4video_training.world.sampling import Mix, sample_scene
from gpt4video_training.world.scene import Scene

CROWDS = Mix(actors=(0.15, 0.5, 0.35), textured=0.2)
# How much a sentence may not move in CLIP space, beside one nat of every slot.
_STAY = 4.0
# Every so many steps the place is compared; the slots are what takes steps.
_COMPARE = 4
_SECOND_COLOUR = [slot.name for slot in SLOTS].index("colourB")


class TextBinder:
    """The tower that learns, the tower as it was, and heads that read the first state."""

    def __init__(self, work: Path) -> None:
        torch.manual_seed(0)
        self.tokenizer = CaptionTokenizer(work / "text-encoder.tokenizer.json")
        self.tower, self.heads = TextEncoder(self.tokenizer.size), SlotHeads()
        self.nouns = Nouns(self.tokenizer)
        self.early, self.late = NounHead(), NounHead()
        self.tower.load_state_dict(torch.load(work / "text-encoder.pt")["model"])
        self.before = copy.deepcopy(self.tower).requires_grad_(False)
        self.tower.projection.requires_grad_(False)

    def parameters(self) -> list[nn.Parameter]:
        """What learns."""
        learning = [p for p in self.tower.parameters() if p.requires_grad]
        heads = (self.heads, self.early, self.late)
        return [*learning, *(p for head in heads for p in head.parameters())]

    def loss(
        self, scenes: list[Scene], captions: list[str], compare: bool
    ) -> tuple[torch.Tensor, dict[str, float]]:
        """The loss and its figures: the share of right slots, of right colours of the second of
        several actors and of colours told by nouns, and the cosine to the place before."""
        ids, mask = self.tokenizer(captions)
        longest = int(mask.sum(dim=1).max())
        ids, mask, targets = ids[:, :longest], mask[:, :longest], class_targets(scenes)
        places, truths = self.nouns.find(scenes, ids)
        with torch.autocast("cpu", torch.bfloat16):
            states = self.tower.layers(ids, mask)
            hidden = self.tower.norm(states[-1])
            logits = self.heads(hidden[:, 0])
            early, _ = self.early.loss(states[0], places, truths)
            late, named = self.late.loss(hidden, places, truths)
        slots, right = slot_loss(logits, targets)
        figures = {
            "slots": slots.item(),
            "right": right,
            "bound": second_bound(scenes, logits, targets),
            "early": early.item(),
            "named": named,
        }
        loss = slots + early + late
        if compare:
            same = self._same(ids, mask, hidden)
            loss = loss + _COMPARE * _STAY * (1 - same)
            figures["same"] = float(same)
        return loss, figures

    def _same(self, ids: torch.Tensor, mask: torch.Tensor, hidden: torch.Tensor) -> torch.Tensor:
        """Mean cosine to the sentences' places before."""
        with torch.no_grad(), torch.autocast("cpu", torch.bfloat16):
            _, old = self.before(ids, mask)
        return (self.tower.pool(hidden).float() * old.float()).sum(dim=1).mean()


def second_bound(
    scenes: list[Scene], logits: list[torch.Tensor], targets: torch.Tensor
) -> float:
    """How often the first state tells the colour of the second of several actors."""
    several = torch.tensor([len(scene.actors) > 1 for scene in scenes])
    bound = logits[_SECOND_COLOUR].argmax(dim=1) == targets[:, _SECOND_COLOUR]
    return float(bound[several].float().mean())


def train(work: Path, steps: int, batch: int, rate: float) -> None:
    """Replaces `text-encoder.pt` in `work` by the tower that binds."""
    binder = TextBinder(work)
    optimiser = torch.optim.AdamW(binder.parameters(), rate, weight_decay=0.02, betas=(0.9, 0.98))
    schedule = torch.optim.lr_scheduler.OneCycleLR(optimiser, rate, steps, pct_start=0.1)
    rng, curve, start = random.Random(17), Curve(work / "text-binding"), time.time()
    for step in range(steps):
        scenes = [sample_scene(rng, "train", CROWDS) for _ in range(batch)]
        captions = [captions_of(scene, rng) for scene in scenes]
        loss, figures = binder.loss(scenes, captions, compare=step % _COMPARE == 0)
        optimiser.zero_grad()
        loss.backward()
        nn.utils.clip_grad_norm_(binder.parameters(), 1.0)
        optimiser.step()
        schedule.step()
        curve.add(step, **figures)
        if step % 50 == 49 or step == steps - 1:
            print(f"step {step + 1} {curve.recent()} {time.time() - start:.0f} s", flush=True)
            state = {"model": binder.tower.state_dict(), "vocabulary": binder.tokenizer.size}
            torch.save(state, work / "text-binding.pt")
    (work / "text-binding.pt").replace(work / "text-encoder.pt")
    curve.plot()


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--work", type=Path, required=True)
    parser.add_argument("--steps", type=int, default=1500)
    parser.add_argument("--batch", type=int, default=128)
    parser.add_argument("--rate", type=float, default=1e-3)
    args = parser.parse_args()
    train(args.work, args.steps, args.batch, args.rate)


if __name__ == "__main__":
    main()
