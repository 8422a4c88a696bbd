"""Path autoencoder: sixteen poses become sixty-four numbers.

The decoder knows what paths look like, so that a sampled code with small errors
still gives a smooth path.
"""

from __future__ import annotations

from torch import Tensor, nn

from .layout import FRAMES, PATH
from .staging import POSE


class PathEncoder(nn.Module):
    """Paths `[N, 16, 8]` in the coder's units to codes `[N, 64]` of unit variance."""

    def __init__(self, width: int = 384) -> None:
        super().__init__()
        self.layers = nn.Sequential(
            nn.Linear(FRAMES * POSE, width), nn.SiLU(), nn.Linear(width, width), nn.SiLU(),
            nn.Linear(width, PATH), nn.BatchNorm1d(PATH, affine=False, momentum=0.02),
        )  # fmt: skip

    def forward(self, paths: Tensor) -> Tensor:
        """Encodes every path by itself."""
        return self.layers(paths.flatten(1))


class PathDecoder(nn.Module):
    """Codes `[N, 64]` to paths `[N, 16, 8]` in the coder's units."""

    def __init__(self, width: int = 384) -> None:
        super().__init__()
        self.layers = nn.Sequential(
            nn.Linear(PATH, width), nn.SiLU(), nn.Linear(width, width), nn.SiLU(),
            nn.Linear(width, width), nn.SiLU(), nn.Linear(width, FRAMES * POSE),
        )  # fmt: skip

    def forward(self, codes: Tensor) -> Tensor:
        """Decodes every code by itself."""
        return self.layers(codes).unflatten(1, (FRAMES, POSE))
