"""Every actor's tokens learn to look at the noun that names it.

Without it, colours and motions land on the wrong one of several actors. The idea is the localisation loss
of FastComposer (arXiv 2305.10431), with words in place of pixels.
"""

from __future__ import annotations

import torch
from torch import Tensor

from .layout import PLACE_TOKENS

_HEAD = 0
"""One head of each reading block looks at the noun; the others look where they like."""


def looking_loss(looks: list[Tensor], places: Tensor) -> tuple[Tensor, Tensor]:
    """Mean negative log of the weight that an actor's tokens give its noun, and the mean weight.

    `looks` are logs of weights `[B, heads, 34, T]`; `places` `[M, 3]` as `Nouns.find` gives them.
    """
    if not len(places):
        return torch.zeros(()), torch.zeros(())
    row, noun, slot = places.unbind(dim=1)
    tokens = PLACE_TOKENS + 3 * slot[:, None] + torch.arange(3, device=slot.device)
    found = torch.stack([each[row[:, None], _HEAD, tokens, noun[:, None]] for each in looks])
    return -found.mean(), found.detach().exp().mean()
