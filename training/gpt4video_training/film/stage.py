"""The film decoder: one differentiable network from latents to frames.

It decodes the backdrop, the actors' sprites and their paths, puts every sprite
where its path says by affine grid sampling, lays the layers over one another and
moves the window of the camera.
"""

from __future__ import annotations

from pathlib import Path

import torch
from torch import Tensor, nn
from torch.nn import functional

from .coders import load_coder
from .layout import ACTORS, FRAMES, Codes, unpack
from .sprites import REACH
from .staging import CENTRE, PANNED, SPREAD, WIDE, WINDOW


class Stage(nn.Module):
    """Latents `[B, 32, 1, 1, 34]` to frames `[B, 16, 3, 128, 128]` in [0, 1]."""

    def __init__(self, backdrop: nn.Module, sprite: nn.Module, path: nn.Module) -> None:
        super().__init__()
        self.backdrop, self.sprite, self.path = backdrop, sprite, path
        self.centre: Tensor
        self.spread: Tensor
        self.axis: Tensor
        self.register_buffer("centre", torch.from_numpy(CENTRE), persistent=False)
        self.register_buffer("spread", torch.from_numpy(SPREAD), persistent=False)
        axis = (torch.arange(WINDOW, dtype=torch.float32) + 0.5) / WINDOW
        self.register_buffer("axis", axis, persistent=False)

    def forward(self, latents: Tensor) -> Tensor:
        """Decodes whole films."""
        return self.compose(unpack(latents))

    def compose(self, codes: Codes) -> Tensor:
        """Frames of the parts, back to front."""
        sprites = self.sprite(codes.looks.flatten(0, 1)).unflatten(0, (-1, ACTORS))
        poses = self.path(codes.paths.flatten(0, 1)).unflatten(0, (-1, ACTORS))
        poses = poses * self.spread + self.centre
        layers = [self._put(sprites[:, slot], poses[:, slot]) for slot in range(ACTORS)]
        front = (poses[..., 7].mean(dim=2) > 0.5).float()
        frames = self._window(self.backdrop(codes.backdrop), codes.camera)
        for layer in layers:
            frames = frames * (1 - layer[:, :, 3:])
        for slot, layer in enumerate(layers):
            light = layer[:, :, :3]
            for other, cover in enumerate(layers):
                if other != slot:
                    light = light * (1 - cover[:, :, 3:] * _hides(front, other, slot))
            frames = frames + light
        return frames.clamp(0, 1)

    def _put(self, sprites: Tensor, poses: Tensor) -> Tensor:
        """One actor of each film `[B, 4, 64, 64]` by its poses `[B, 16, 8]`: layers
        `[B, 16, 4, 128, 128]`."""
        x, y, size, cosine, sine, opacity, facing, _ = (
            poses.flatten(0, 1)[..., None, None].unbind(1)
        )
        length = torch.sqrt(cosine.square() + sine.square() + 1e-6)
        scale = 1 / (REACH * length * torch.exp(size))
        across = (self.axis[None, None, :] - x) * scale
        down = (self.axis[None, :, None] - y) * scale
        # Mirrors are whole: a face half turned does not exist in this world.
        side = torch.where(facing < 0, -1.0, 1.0)
        grid = torch.stack(
            [side * (cosine * across + sine * down), cosine * down - sine * across], dim=-1
        )
        repeated = sprites[:, None].expand(-1, FRAMES, -1, -1, -1).flatten(0, 1)
        placed = functional.grid_sample(repeated, grid, align_corners=False)
        strength = ((opacity - 0.5) * 1.06 + 0.5).clamp(0, 1)
        return (placed * strength[:, None]).unflatten(0, (-1, FRAMES))

    def _window(self, wide: Tensor, camera: Tensor) -> Tensor:
        """What the camera sees of `[B, 3, 128, 192]`: `[B, 16, 3, 128, 128]`."""
        time = torch.linspace(-1, 1, FRAMES, device=camera.device)
        # The camera turns evenly: the line through its places forgets their noise.
        slope = (camera * time).mean(dim=1, keepdim=True) / time.square().mean()
        place = (camera.mean(dim=1, keepdim=True) + slope * time).clamp(-1, 1)
        left = torch.round((place + 1) / 2 * (PANNED - WINDOW)).flatten()
        across = (self.axis[None] * WINDOW + left[:, None]) * (2 / WIDE) - 1
        across = across[:, None, :].expand(-1, WINDOW, -1)
        down = (self.axis * 2 - 1)[None, :, None].expand(len(left), -1, WINDOW)
        repeated = wide[:, None].expand(-1, FRAMES, -1, -1, -1).flatten(0, 1)
        grid = torch.stack([across, down], dim=-1)
        return functional.grid_sample(repeated, grid, align_corners=False).unflatten(0, (-1, FRAMES))


def _hides(front: Tensor, other: int, slot: int) -> Tensor:
    """1 where actor `other` stands before actor `slot`: `[B, 1, 1, 1, 1]`."""
    ahead = front[:, other] - front[:, slot]
    hides = ahead > (-0.5 if other < slot else 0.5)
    return hides.float()[:, None, None, None, None]


def load_stage(work: Path) -> Stage:
    """The decoder of the trained coders in `work`, fine-tuned where that was done."""
    parts = (load_coder(work, part).decoder for part in ("backdrops", "sprites", "paths"))
    stage = Stage(*parts).eval()
    fine = work / "stage.pt"
    if fine.exists():
        stage.load_state_dict(torch.load(fine, weights_only=False)["model"])
    return stage
