"""The image tower: a small vision transformer whose patch features know what they show."""

from __future__ import annotations

import torch
from torch import nn

from gpt4video_training.vision.layers import Block
from gpt4video_training.world.scene import COLOURS, PLACES, SIZES, SUBJECTS, TEXTURES

SIDE, PATCH, GRID = 112, 14, 8
TOKENS = GRID * GRID + 1
MEAN = (0.48145466, 0.4578275, 0.40821073)
STD = (0.26862954, 0.26130258, 0.27577711)


def _conv(inputs: int, outputs: int, stride: int) -> nn.Sequential:
    return nn.Sequential(
        nn.Conv2d(inputs, outputs, 3, stride=stride, padding=1, bias=False),
        nn.BatchNorm2d(outputs),
        nn.ReLU(),
    )


class VisionEncoder(nn.Module):
    """pixels [N,3,112,112] (normalised) -> features [N,65,256], pooled [N,256] (unit length).

    The 8×8 patches (14 pixels each) are embedded by a pyramid of convolutions
    instead of one: shapes are learnt from far fewer pictures. CLS is token 0;
    features are after the last norm.
    """

    def __init__(
        self, width: int = 256, layers: int = 3, heads: int = 4, shared: int = 256
    ) -> None:
        super().__init__()
        self.stem = nn.Sequential(
            nn.Upsample(size=(16 * GRID, 16 * GRID), mode="bilinear", align_corners=False),
            _conv(3, 32, 2),
            _conv(32, 64, 2),
            _conv(64, 64, 1),
            _conv(64, 128, 2),
            _conv(128, 128, 1),
            nn.Conv2d(128, width, 3, stride=2, padding=1),
        )
        self.cls = nn.Parameter(torch.zeros(1, 1, width))
        self.position = nn.Parameter(torch.empty(1, TOKENS, width))
        self.blocks = nn.ModuleList(Block(width, heads) for _ in range(layers))
        self.norm = nn.LayerNorm(width)
        self.projection = nn.Linear(width, shared, bias=False)
        nn.init.trunc_normal_(self.position, std=0.02)

    def forward(self, pixels: torch.Tensor) -> tuple[torch.Tensor, torch.Tensor]:
        patches = self.stem(pixels).flatten(2).transpose(1, 2)
        x = torch.cat([self.cls.expand(patches.shape[0], -1, -1), patches], dim=1)
        x = x + self.position
        for block in self.blocks:
            x = block(x)
        features = self.norm(x)
        pooled = nn.functional.normalize(self.projection(features[:, 0]).float(), dim=-1)
        return features, pooled


class DenseHeads(nn.Module):
    """What training asks of the features and the bundle does not ship.

    Every patch tells the subject, colour, texture, size and letter of the actor it
    shows (0 = none) and where that actor really is; CLS tells the place and which
    subjects are in the picture.
    """

    def __init__(self, width: int = 256) -> None:
        super().__init__()
        kinds = (len(SUBJECTS), len(COLOURS), len(TEXTURES), len(SIZES), 3)
        self.sizes = [count + 1 for count in kinds]
        self.patch = nn.Linear(width, sum(self.sizes))
        self.geometry = nn.Linear(width, 6)
        self.place = nn.Linear(width, len(PLACES))
        self.present = nn.Linear(width, len(SUBJECTS) * len(COLOURS))

    def forward(self, features: torch.Tensor) -> dict[str, list[torch.Tensor]]:
        """`patch`: five of [N,64,classes]; `geometry` [N,64,6]; `place` [N,8]; `present` [N,160]."""
        patches, cls = features[:, 1:], features[:, 0]
        return {
            "patch": list(self.patch(patches).float().split(self.sizes, dim=-1)),
            "geometry": [self.geometry(patches).float()],
            "place": [self.place(cls).float()],
            "present": [self.present(cls).float()],
        }
