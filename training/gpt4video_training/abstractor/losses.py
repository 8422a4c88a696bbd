"""What step 1 asks of the abstractor: words, where it looks, what it sees there."""

from __future__ import annotations

import torch
from torch import nn

from gpt4video_training.abstractor.model import FRAMES, QUERIES
from gpt4video_training.data.slots import LENGTH, NONE, SLOTS, VOCABULARY

POSITIONS = torch.tensor([slot.position for slot in SLOTS])
MOVES = torch.tensor([i for i, s in enumerate(SLOTS) if s.name[:-1] in ("first", "then")])
_NONE = VOCABULARY.index(NONE)
_BOUND = [slot for slot in SLOTS if slot.actor is not None]
_BOUND_POSITIONS = torch.tensor([slot.position for slot in _BOUND])
_BOUND_ACTORS = torch.tensor([slot.actor or 0 for slot in _BOUND])


class WordLoss(nn.Module):
    """How far tokens [B,64,576] are from the words they should be.

    `words` [V,576] are the language model's embeddings of `VOCABULARY`.
    """

    def __init__(self, words: torch.Tensor) -> None:
        super().__init__()
        self.register_buffer("words", words)
        self.words: torch.Tensor
        distances = torch.cdist(words, words).square()
        self.spread = float(distances[distances > 0].mean())
        allowed = torch.zeros(LENGTH, len(VOCABULARY), dtype=torch.bool)
        for slot in SLOTS:
            for word in slot.words:
                allowed[slot.position, VOCABULARY.index(word)] = True
        self.register_buffer("allowed", allowed)
        self.allowed: torch.Tensor

    def logits(self, tokens: torch.Tensor) -> torch.Tensor:
        """Scores of the words allowed in each variable slot, [B,slots,576] -> [B,slots,V]."""
        squared = (
            tokens.square().sum(-1, keepdim=True)
            - 2 * tokens @ self.words.T
            + self.words.square().sum(-1)
        )
        scores = -8.0 * squared / self.spread
        return scores.masked_fill(~self.allowed[POSITIONS], -1e4)

    def forward(
        self, tokens: torch.Tensor, target: torch.Tensor
    ) -> tuple[torch.Tensor, torch.Tensor, torch.Tensor]:
        """Cross-entropy (nats), relative squared error of all words, right slots [B,slots]."""
        logits = self.logits(tokens[:, POSITIONS])
        wanted = target[:, POSITIONS]
        each = nn.functional.cross_entropy(
            logits.flatten(0, 1), wanted.flatten(), reduction="none"
        ).view(wanted.shape)
        weight = torch.where(wanted == _NONE, 0.3, 1.0)
        entropy = (each * weight).sum() / weight.sum()
        error = (tokens[:, :LENGTH] - self.words[target]).square().sum(-1).mean() / self.spread
        return entropy, error, logits.argmax(-1) == wanted


def attention_loss(weights: torch.Tensor, owners: torch.Tensor) -> torch.Tensor:
    """Head f of the glimpse layer should look at the slot's own actor in frame f.

    `weights` [B,H,128,260], `owners` [B,4,64]; -log of the attention that lands there.
    """
    batch = weights.shape[0]
    actors = (_BOUND_ACTORS + 1).to(owners.device)
    mine = owners[:, :, None, :] == actors[None, None, :, None]
    seen = mine.any(-1)
    losses = []
    for half in (0, QUERIES):
        keys = weights[:, :FRAMES, half + _BOUND_POSITIONS].view(batch, FRAMES, len(_BOUND), FRAMES, -1)
        own_frame = torch.stack([keys[:, f, :, f, 1:] for f in range(FRAMES)], dim=1)
        landed = (own_frame * mine).sum(-1)
        losses.append(-(landed + 1e-4).log()[seen].mean())
    return torch.stack(losses).mean()


class GeometryLoss(nn.Module):
    """Glimpses of an actor's slots should tell where it is, how large, how turned, how clear."""

    def __init__(self, width: int) -> None:
        super().__init__()
        self.tell = nn.Linear(width, 6)

    def forward(self, glimpses: torch.Tensor, geometry: torch.Tensor) -> torch.Tensor:
        """Glimpses [B,4,64,49] against `Clips.geometry` [B,3,4,6], where the actor can be seen."""
        told = self.tell(glimpses[:, :, _BOUND_POSITIONS])
        wanted = geometry[:, _BOUND_ACTORS].transpose(1, 2)
        clear = wanted[..., 5] > 0.5
        return nn.functional.smooth_l1_loss(told[clear], wanted[clear], beta=0.05)
