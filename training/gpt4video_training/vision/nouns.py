"""Where a caption names its actors, and what each noun's state has to tell of its actor."""

from __future__ import annotations

import torch
from torch import nn

from gpt4video_training.vision.text import CaptionTokenizer
from gpt4video_training.world.scene import COLOURS, MOTIONS, STILL, SUBJECTS, Scene

_MOTIONS = (*MOTIONS, STILL)
_SIZES = (len(COLOURS), len(_MOTIONS), len(_MOTIONS))


class Nouns:
    """Finds nouns that name one actor only."""

    def __init__(self, tokenizer: CaptionTokenizer) -> None:
        ids, _ = tokenizer(SUBJECTS)
        self._ids = {name: int(row[1]) for name, row in zip(SUBJECTS, ids, strict=True)}

    def find(self, scenes: list[Scene], ids: torch.Tensor) -> tuple[torch.Tensor, torch.Tensor]:
        """Places `[M, 2]` (caption, token) in `ids` `[N, T]`, and of each actor there its colour,
        first and last motion `[M, 3]`."""
        places, truths = [], []
        for row, scene in enumerate(scenes):
            for actor in scene.actors:
                found = (ids[row] == self._ids[actor.subject]).nonzero()
                if len(found) == 1:
                    motions = (actor.motions[0], actor.motions[-1])
                    places.append((row, int(found)))
                    truths.append((COLOURS.index(actor.colour), *map(_MOTIONS.index, motions)))
        return torch.tensor(places), torch.tensor(truths)


class NounHead(nn.Module):
    """Reads a noun's actor from its state."""

    def __init__(self, width: int = 256) -> None:
        super().__init__()
        self.out = nn.Linear(width, sum(_SIZES))

    def loss(
        self, states: torch.Tensor, places: torch.Tensor, truths: torch.Tensor
    ) -> tuple[torch.Tensor, float]:
        """Mean cross-entropy in nats, and the share of right colours, of states `[N, T, width]`."""
        logits = self.out(states[places[:, 0], places[:, 1]]).float().split(_SIZES, dim=1)
        losses = [nn.functional.cross_entropy(x, truths[:, i]) for i, x in enumerate(logits)]
        right = (logits[0].argmax(dim=1) == truths[:, 0]).float().mean()
        return torch.stack(losses).mean(), float(right)
