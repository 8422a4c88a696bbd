"""The three autoencoders of a film's parts, kept together in one checkpoint each."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import torch
from torch import Tensor, nn

from .backdrop_coder import BackdropDecoder, BackdropEncoder, BackdropSize
from .path_coder import PathDecoder, PathEncoder
from .progress import load_checkpoint
from .sprite_coder import SpriteDecoder, SpriteEncoder

PARTS = ("backdrops", "sprites", "paths")
NOISE = {"backdrops": 0.1, "sprites": 0.25, "paths": 0.12}
"""Standard deviation of the noise on a code while its decoder learns."""


class Coder(nn.Module):
    """Encoder, noise while training, decoder."""

    def __init__(self, encoder: nn.Module, decoder: nn.Module, noise: float) -> None:
        super().__init__()
        self.encoder, self.decoder, self.noise = encoder, decoder, noise

    def forward(self, x: Tensor) -> Tensor:
        """The reconstruction, shaped like `x`."""
        codes = self.encoder(x)
        if self.training:
            codes = codes + self.noise * torch.randn_like(codes)
        return self.decoder(codes)


_MAKERS: dict[str, Callable[[], tuple[nn.Module, nn.Module]]] = {
    "backdrops": lambda: (BackdropEncoder(BackdropSize()), BackdropDecoder(BackdropSize())),
    "sprites": lambda: (SpriteEncoder(), SpriteDecoder()),
    "paths": lambda: (PathEncoder(), PathDecoder()),
}


def make_coder(part: str) -> Coder:
    """An untrained coder of `backdrops`, `sprites` or `paths`."""
    encoder, decoder = _MAKERS[part]()
    return Coder(encoder, decoder, NOISE[part]).to(memory_format=torch.channels_last)


def load_coder(work: Path, part: str) -> Coder:
    """The trained coder of a part from the work folder, ready to run."""
    path = work / f"{part}.pt"
    state = load_checkpoint(path)
    if state is None:
        raise FileNotFoundError(f"{path} is missing; run train_coders --part {part}")
    coder = make_coder(part)
    coder.load_state_dict(state["model"])
    return coder.eval()
