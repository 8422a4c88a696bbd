"""Rows as one batch: numbers first, which a worker makes and sends; tensors then, where the model is."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
import torch

from gpt4video_training.language.facts import Weights
from gpt4video_training.language.prompt import EOS, VISUAL_TOKENS
from gpt4video_training.language.rows import OPENING, Row

# Lengths are rounded up to it: aligned for a GPU, and few different shapes to keep memory for.
STRIDE = 64


@dataclass(frozen=True)
class Batch:
    """Plain tensors of one batch of B rows, S long.

    `ids`, `places`, `parts` [B,S] (parts -1 where padded); `visual` f16 [V,576] goes to the flat
    `visual_at` [V]. `said_at` [T] are flat places before taught words, `wanted` [T] the words,
    `weight` [T] what each counts; `kept_at` [K] are those before words of the base's, `manner` [K]
    the rows of its states.
    """

    ids: torch.Tensor
    places: torch.Tensor
    parts: torch.Tensor
    visual: torch.Tensor
    visual_at: torch.Tensor
    said_at: torch.Tensor
    wanted: torch.Tensor
    weight: torch.Tensor
    kept_at: torch.Tensor
    manner: torch.Tensor

    def to(self, device: torch.device) -> Batch:
        """Without waiting, where the memory is pinned."""
        return Batch(**{name: each.to(device, non_blocking=True) for name, each in vars(self).items()})


class Packed:
    """A batch as arrays: they travel through a worker's pipe and need no shared memory."""

    def __init__(self, **arrays: npt.NDArray[Any]) -> None:
        self._arrays = arrays

    def batch(self) -> Batch:
        return Batch(**{name: torch.from_numpy(each) for name, each in self._arrays.items()})

    def pin_memory(self) -> Batch:
        """Called by the loader's own thread."""
        pinned = {name: each.pin_memory() for name, each in vars(self.batch()).items()}
        return Batch(**pinned)


def collate(
    rows: list[tuple[Row, torch.Tensor]], starts: list[int], weights: Weights, stride: int = 1
) -> Packed:
    """Pads right. Beside each row its clips' tokens [clips,65,576]; `starts[i]` is the first state of
    the base's answer i. Lengths are rounded up to `stride`."""
    size = max(len(row.ids) for row, _ in rows)
    size = -(-size // stride) * stride
    shape = (len(rows), size)
    ids, places = np.full(shape, EOS, np.int64), np.zeros(shape, np.int64)
    parts, labels = np.full(shape, -1, np.int64), np.full(shape, -100, np.int64)
    manner = np.full(shape, -1, np.int64)
    visual, visual_at = [], []
    for at, (row, tokens) in enumerate(rows):
        length = len(row.ids)
        ids[at, :length], places[at, :length], parts[at, :length] = row.ids, row.places, row.parts
        labels[at, :length] = np.where(row.learn, ids[at, :length], -100)
        for first, number in row.manners:
            end = first
            while end < length and row.learn[end]:
                manner[at, end] = starts[number] + end - first
                end += 1
        for position, clip in row.clips:
            visual.append(tokens[clip].numpy().astype(np.float16))
            visual_at.append(at * size + position + np.arange(VISUAL_TOKENS))
    # What is predicted at a place is the next place's word; the last of a row predicts nothing.
    labels, manner = _next(labels, -100), _next(manner, -1)
    said, kept = (labels >= 0) & (manner < 0), manner >= 0
    width = rows[0][1].shape[-1]
    return Packed(
        ids=ids,
        places=places,
        parts=parts,
        visual=np.concatenate(visual) if visual else np.zeros((0, width), np.float16),
        visual_at=np.concatenate(visual_at) if visual else np.zeros(0, np.int64),
        said_at=np.flatnonzero(said),
        wanted=labels[said],
        weight=weights.of(labels)[said],
        kept_at=np.flatnonzero(kept),
        manner=manner[kept],
    )


def _next(values: npt.NDArray[np.int64], nothing: int) -> npt.NDArray[np.int64]:
    return np.concatenate([values[:, 1:], np.full((len(values), 1), nothing, np.int64)], axis=1)


def embedded(batch: Batch, table: torch.Tensor) -> torch.Tensor:
    """[B,S,576] of the table's type: words' embeddings, and the visual tokens in their places."""
    embeds = torch.nn.functional.embedding(batch.ids, table)
    flat = embeds.flatten(0, 1).index_copy(0, batch.visual_at, batch.visual.to(embeds.dtype))
    return flat.view_as(embeds)


def visible(parts: torch.Tensor) -> torch.Tensor:
    """parts [...,S] (-1 where padded) -> bool [...,S,S]: who sees whom, row sees column."""
    size = parts.shape[-1]
    earlier = torch.ones(size, size, dtype=torch.bool, device=parts.device).tril()
    row, column = parts[..., :, None], parts[..., None, :]
    return earlier & ((row == column) | (column == OPENING))


def bias_of(parts: torch.Tensor, dtype: torch.dtype) -> torch.Tensor:
    """parts [B,S] -> [B,1,S,S] with 0 where a token is seen, and next to minus infinity elsewhere."""
    hidden = ~visible(parts)[:, None]
    return torch.zeros(hidden.shape, dtype=dtype, device=parts.device).masked_fill_(hidden, -1e4)
