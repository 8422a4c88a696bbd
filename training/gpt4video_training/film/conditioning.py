"""Captions as the film model reads them: hidden states of the CLIP text tower."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import torch
from torch import Tensor

from ..export.text_encoder import load_text_encoder

# Guidance steers away from the film of the empty caption.
UNCONDITIONAL = ""


class TextConditioning:
    """The frozen text tower of step 0a, from its work folder, on a device."""

    def __init__(self, work: Path, device: torch.device | None = None) -> None:
        encoder, self._tokenizer = load_text_encoder(work)
        self._encoder = encoder.requires_grad_(False).to(device)

    def __call__(self, captions: Sequence[str]) -> tuple[Tensor, Tensor]:
        """`hidden` [N, 32, 256] and `mask` [N, 32] (1 = real token), both float32."""
        return self.read(*self._tokenizer(captions))

    @torch.no_grad()
    def read(self, ids: Tensor, mask: Tensor) -> tuple[Tensor, Tensor]:
        """The same of tokens `[N, T]` and their mask, both int64."""
        hidden, _ = self._encoder(ids, mask)
        return hidden.float(), mask.float()
