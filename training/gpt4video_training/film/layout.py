"""What a film's latents hold: thirty-four tokens of thirty-two numbers.

Twenty-four tokens are the backdrop, two by two cells of its code each; then come
three actors, each with one token of looks and two of its path; the last token is
the camera. Actors stand in the order of the scene sentence (by subject, then
colour), which is the order in which the text tower's first state tells them.
"""

from __future__ import annotations

from dataclasses import dataclass

import torch
from torch import Tensor
from torch.nn import functional

WIDTH, TOKENS = 32, 34
LATENT_SHAPE = (WIDTH, 1, 1, TOKENS)
ACTORS, FRAMES = 3, 16
CELLS = (8, 12)
CELL_CHANNELS = WIDTH // 4
PLACE_TOKENS = CELLS[0] * CELLS[1] // 4
LOOKS, PATH = WIDTH, 2 * WIDTH


@dataclass(frozen=True)
class Codes:
    """The parts of `B` films, each of about unit variance."""

    backdrop: Tensor
    """`[B, 8, 8, 12]`"""
    looks: Tensor
    """`[B, 3, 32]`"""
    paths: Tensor
    """`[B, 3, 64]`"""
    camera: Tensor
    """`[B, 16]`: how far to the right the window stands, -1 (not at all) to 1."""


def pack(codes: Codes) -> Tensor:
    """Latents `[B, 32, 1, 1, 34]` of the parts."""
    place = functional.pixel_unshuffle(codes.backdrop, 2).flatten(2).transpose(1, 2)
    actors = torch.cat([codes.looks, codes.paths], dim=2).unflatten(2, (3, WIDTH)).flatten(1, 2)
    camera = codes.camera.repeat(1, 2)[:, None]
    tokens = torch.cat([place, actors, camera], dim=1)
    return tokens.transpose(1, 2)[:, :, None, None]


def unpack(latents: Tensor) -> Codes:
    """Inverse of `pack`; the camera is the mean of its two copies."""
    tokens = latents[:, :, 0, 0].transpose(1, 2)
    place = tokens[:, :PLACE_TOKENS].transpose(1, 2).unflatten(2, (CELLS[0] // 2, CELLS[1] // 2))
    actors = tokens[:, PLACE_TOKENS:-1].unflatten(1, (ACTORS, 3)).flatten(2)
    return Codes(
        backdrop=functional.pixel_shuffle(place, 2),
        looks=actors[..., :LOOKS],
        paths=actors[..., LOOKS:],
        camera=tokens[:, -1].unflatten(1, (2, FRAMES)).mean(dim=1),
    )
