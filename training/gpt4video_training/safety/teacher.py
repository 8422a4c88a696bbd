"""A larger network that teaches the served one: all-mpnet-base-v2 (Apache-2.0) under the same head."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Sequence
from pathlib import Path

import numpy as np
import numpy.typing as npt
import torch
from torch import nn
from transformers import MPNetModel

from gpt4video_training.safety.tower import Tower
from gpt4video_training.safety.units import plain_tokenizer

# Of the twelve layers, those below this one keep their weights.
FIRST = 6


class Teacher(Tower):
    """States `[B,S,768]` after the lower layers -> logits [B,14], as `Tower` gives them."""

    def __init__(self, folder: Path) -> None:
        model = MPNetModel.from_pretrained(folder, add_pooling_layer=False)
        super().__init__(0, width=model.config.hidden_size)
        self.layers = model.encoder.layer[FIRST:]
        # A method is no submodule: the bias stays frozen, as the lower layers are that share it.
        self._place_bias = model.encoder.requires_grad_(False).compute_position_bias
        self.layers.requires_grad_(True)

    def raised(self, states: torch.Tensor, away: torch.Tensor) -> torch.Tensor:
        where = self._place_bias(states)
        for layer in self.layers:
            states = layer(states, away, where)[0]
        return states


class TeacherEncoder:
    """States below the trained layers, of many units at once."""

    def __init__(self, folder: Path) -> None:
        model = MPNetModel.from_pretrained(folder, add_pooling_layer=False).eval()
        self.width: int = model.config.hidden_size
        self.tokenizer = plain_tokenizer(folder / "tokenizer.json")
        weights = (folder / "model.safetensors").stat()
        self.identity = hashlib.sha256(f"{folder.name} {weights.st_size} {FIRST}".encode()).hexdigest()[:12]
        model.encoder.layer = nn.ModuleList(model.encoder.layer[:FIRST])
        self._model = model

    def states(self, units: Sequence[Sequence[int]], block: int = 64) -> Iterator[npt.NDArray[np.float32]]:
        """`[len(ids), 768]` of each unit, in order."""
        for at in range(0, len(units), block * 64):
            part = units[at : at + block * 64]
            order = sorted(range(len(part)), key=lambda index: len(part[index]))
            found: dict[int, npt.NDArray[np.float32]] = {}
            for start in range(0, len(part), block):
                chosen = order[start : start + block]
                found.update(zip(chosen, self._block([part[index] for index in chosen]), strict=True))
            yield from (found[index] for index in range(len(part)))

    def _block(self, units: Sequence[Sequence[int]]) -> list[npt.NDArray[np.float32]]:
        longest = max(map(len, units))
        ids = torch.tensor([[*unit, *[1] * (longest - len(unit))] for unit in units])
        mask = torch.tensor([[1.0] * len(unit) + [0.0] * (longest - len(unit)) for unit in units])
        with torch.no_grad(), torch.autocast("cpu", torch.bfloat16):
            states = self._model(input_ids=ids, attention_mask=mask).last_hidden_state.float().numpy()
        return [row[: len(unit)] for row, unit in zip(states, units, strict=True)]
