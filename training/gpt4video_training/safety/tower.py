"""The text-safety network: MiniLM's upper layers, trained further, on the states of its lower ones."""

from __future__ import annotations

from pathlib import Path

import torch
from safetensors import safe_open
from torch import nn

from gpt4video_training.safety.rows import CATEGORIES
from gpt4video_training.safety.states import WIDTH, kept_below

HEADS = 12
INNER = 1536
EPSILON = 1e-12


class Layer(nn.Module):
    """One BERT layer (post-norm): [B,S,384] and an additive mask [B,1,1,S] -> [B,S,384]."""

    def __init__(self, dropout: float = 0.1) -> None:
        super().__init__()
        self.query, self.key = nn.Linear(WIDTH, WIDTH), nn.Linear(WIDTH, WIDTH)
        self.value, self.mix = nn.Linear(WIDTH, WIDTH), nn.Linear(WIDTH, WIDTH)
        self.mixed = nn.LayerNorm(WIDTH, eps=EPSILON)
        self.up, self.down = nn.Linear(WIDTH, INNER), nn.Linear(INNER, WIDTH)
        self.out = nn.LayerNorm(WIDTH, eps=EPSILON)
        self.drop = nn.Dropout(dropout)

    def forward(self, states: torch.Tensor, mask: torch.Tensor) -> torch.Tensor:
        batch, length, _ = states.shape

        def split(rows: torch.Tensor) -> torch.Tensor:
            return rows.view(batch, length, HEADS, WIDTH // HEADS).transpose(1, 2)

        query, key, value = split(self.query(states)), split(self.key(states)), split(self.value(states))
        weights = query @ key.transpose(2, 3) * (WIDTH // HEADS) ** -0.5 + mask
        seen = (weights.softmax(3) @ value).transpose(1, 2).reshape(batch, length, WIDTH)
        states = self.mixed(states + self.drop(self.mix(seen)))
        inner = nn.functional.gelu(self.up(states))
        found: torch.Tensor = self.out(states + self.drop(self.down(inner)))
        return found


class Tower(nn.Module):
    """Token states [B,S,384] and mask [B,S] (1 is a token) -> scores [B,13].

    One output says how likely the text is harmful at all, the others which
    category it is. A category's score is the former times its share of the
    likeliest category: the highest score is the probability of harm.
    """

    def __init__(self, layers: int, hidden: int = 192, width: int = WIDTH) -> None:
        super().__init__()
        self.layers = nn.ModuleList(Layer() for _ in range(layers))
        self.gaze = nn.Linear(width, 4)
        self.net = nn.Sequential(
            nn.Linear(width * 5, hidden),
            nn.GELU(),
            nn.Dropout(0.3),
            nn.Linear(hidden, 1 + len(CATEGORIES)),
        )
        self.register_buffer("scale", torch.ones(()))
        self.register_buffer("shift", torch.zeros(()))
        self.scale: torch.Tensor
        self.shift: torch.Tensor

    def raised(self, states: torch.Tensor, away: torch.Tensor) -> torch.Tensor:
        """The states above the trained layers; `away` [B,1,1,S] is added to what attention sees."""
        for layer in self.layers:
            states = layer(states, away)
        return states

    def logits(self, states: torch.Tensor, mask: torch.Tensor) -> torch.Tensor:
        """Harm, then one logit a category: [B,14]."""
        away = (1.0 - mask.float()) * -1e4
        states = self.raised(states, away[:, None, None, :])
        # Four learnt gazes find the few tokens that matter; the mean says what the rest is about.
        gaze = (self.gaze(states) + away[:, :, None]).softmax(1).transpose(1, 2)
        looked = (gaze @ states).flatten(1)
        kept = mask.float()[:, :, None]
        mean = (states * kept).sum(1) / kept.sum(1)
        found: torch.Tensor = self.net(torch.cat([looked, mean], dim=1))
        return found

    def scores(self, logits: torch.Tensor) -> torch.Tensor:
        """[B,14] logits -> [B,13] scores."""
        harm = torch.sigmoid(logits[:, :1] * self.scale + self.shift)
        named = torch.sigmoid(logits[:, 1:])
        return harm * named / named.amax(1, keepdim=True)

    def forward(self, states: torch.Tensor, mask: torch.Tensor) -> torch.Tensor:
        return self.scores(self.logits(states, mask))


def start_from(tower: Tower, weights: Path) -> None:
    """Copies the layers of MiniLM that the tower's take the place of out of its `model.safetensors`."""
    names = {
        "query": "attention.self.query",
        "key": "attention.self.key",
        "value": "attention.self.value",
        "mix": "attention.output.dense",
        "mixed": "attention.output.LayerNorm",
        "up": "intermediate.dense",
        "down": "output.dense",
        "out": "output.LayerNorm",
    }
    first = kept_below(len(tower.layers))
    with safe_open(str(weights), "pt") as file, torch.no_grad():
        for at, layer in enumerate(tower.layers):
            for ours, theirs in names.items():
                for part in ("weight", "bias"):
                    tensor = file.get_tensor(f"encoder.layer.{first + at}.{theirs}.{part}")
                    getattr(getattr(layer, ours), part).copy_(tensor)
