"""Captions as the film model reads them: hidden states of the CLIP text tower."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import torch
from torch import Tensor

from ..export.text_encoder import load_text_encoder
from ..vision.nouns import Nouns
from ..world.scene import Scene

# Guidance steers away from the film of the empty caption.
UNCONDITIONAL = ""


class TextConditioning:
    """The frozen text tower of step 0a, from its work folder."""

    def __init__(self, work: Path) -> None:
        self._encoder, self._tokenizer = load_text_encoder(work)
        self._encoder.requires_grad_(False)
        self._nouns = Nouns(self._tokenizer)

    @torch.no_grad()
    def __call__(self, captions: Sequence[str]) -> tuple[Tensor, Tensor]:
        """`hidden` [N, 32, 256] and `mask` [N, 32] (1 = real token), both float32."""
        ids, mask = self._tokenizer(captions)
        hidden, _ = self._encoder(ids, mask)
        return hidden.float(), mask.float()

    def nouns(self, scenes: list[Scene], captions: Sequence[str]) -> Tensor:
        """Which token names which actor, `[M, 3]` as `Nouns.find` gives it."""
        places, _ = self._nouns.find(scenes, self._tokenizer(captions)[0])
        return places
