"""Where a caption names its actors, and what each noun's state has to tell of its actor."""

from __future__ import annotations

import torch
from torch import nn

from gpt4video_training.data.slots import LETTERS, sorted_indices
from gpt4video_training.vision.text import CaptionTokenizer
from gpt4video_training.world.scene import COLOURS, MOTIONS, STILL, SUBJECTS, Scene

_MOTIONS = (*MOTIONS, STILL)
_SIZES = (len(COLOURS), len(_MOTIONS), len(_MOTIONS), len(SUBJECTS), len(LETTERS))


class Nouns:
    """Finds nouns that name one actor only."""

    def __init__(self, tokenizer: CaptionTokenizer) -> None:
        ids, _ = tokenizer(SUBJECTS)
        self._ids = {name: int(row[1]) for name, row in zip(SUBJECTS, ids, strict=True)}

    def find(self, scenes: list[Scene], ids: torch.Tensor) -> tuple[torch.Tensor, torch.Tensor]:
        """Places `[M, 3]` (caption, token, place of the actor in the scene sentence) in `ids`
        `[N, T]`, and of each actor there its colour, first and last motion, subject and place in
        the scene sentence `[M, 5]`."""
        places, truths = [], []
        for row, scene in enumerate(scenes):
            for slot, index in enumerate(sorted_indices(scene)):
                actor = scene.actors[index]
                found = (ids[row] == self._ids[actor.subject]).nonzero()
                if len(found) == 1:
                    first, last = (_MOTIONS.index(actor.motions[at]) for at in (0, -1))
                    colour, subject = COLOURS.index(actor.colour), SUBJECTS.index(actor.subject)
                    places.append((row, int(found), slot))
                    truths.append((colour, first, last, subject, slot))
        return torch.tensor(places).reshape(-1, 3), torch.tensor(truths).reshape(-1, len(_SIZES))


class NounHead(nn.Module):
    """Reads a noun's actor from its state."""

    def __init__(self, width: int = 256) -> None:
        super().__init__()
        self.out = nn.Linear(width, sum(_SIZES))

    def loss(
        self, states: torch.Tensor, places: torch.Tensor, truths: torch.Tensor
    ) -> tuple[torch.Tensor, float]:
        """Mean cross-entropy in nats, and the share of nouns read right in everything, of states
        `[N, T, width]`."""
        logits = self.out(states[places[:, 0], places[:, 1]]).float().split(_SIZES, dim=1)
        losses = [nn.functional.cross_entropy(x, truths[:, i]) for i, x in enumerate(logits)]
        read = torch.stack([x.argmax(dim=1) for x in logits], dim=1)
        return torch.stack(losses).mean(), float((read == truths).all(dim=1).float().mean())
