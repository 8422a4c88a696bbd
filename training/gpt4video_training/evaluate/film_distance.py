"""How far films are from rendered clips, and from one another, in the probe's features."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import torch
from numpy.typing import NDArray

from .film_probe import Probe, eight_frames

Clip = NDArray[np.uint8]
Array = NDArray[np.float64]
_DIRECTIONS = 48
"""Principal directions kept: a few hundred films cannot fill more."""


@torch.no_grad()
def probe_features(probe: Probe, clips: Sequence[Clip]) -> tuple[Array, Array]:
    """Features of whole clips `[N, 384]` and of single frames `[8 N, 128]`."""
    whole, single = [], []
    for start in range(0, len(clips), 32):
        batch = torch.stack([eight_frames(clip) for clip in clips[start : start + 32]])
        whole.append(probe.features(batch))
        single.append(probe.frame_features(batch).flatten(0, 1))
    return torch.cat(whole).double().numpy(), torch.cat(single).double().numpy()


class Frechet:
    """Fréchet distance (Heusel et al., arXiv 1706.08500) to reference features, in
    the reference's principal directions, each scaled to unit variance."""

    def __init__(self, reference: Array) -> None:
        self._mean = reference.mean(axis=0)
        values, vectors = np.linalg.eigh(np.cov(reference, rowvar=False))
        kept = np.argsort(values)[::-1][:_DIRECTIONS]
        self._project = vectors[:, kept] / np.sqrt(values[kept])
        self._reference = self._moments(reference)

    def __call__(self, features: Array) -> float:
        """The distance of other features from the reference."""
        (mean, cov), (other, other_cov) = self._reference, self._moments(features)
        # The reference is white, so that the root of the product is that of one factor.
        roots = np.sqrt(np.linalg.eigvals(cov @ other_cov).real.clip(min=0))
        gap = float(((mean - other) ** 2).sum())
        return gap + float(np.trace(cov) + np.trace(other_cov) - 2 * roots.sum())

    def _moments(self, features: Array) -> tuple[Array, Array]:
        white = (features - self._mean) @ self._project
        return white.mean(axis=0), np.cov(white, rowvar=False)


def spread(groups: Sequence[Sequence[Clip]], probe: Probe) -> dict[str, float]:
    """How much clips of one group differ: mean over pairs of the pixels' L1 (0..1) and
    of the distance of clip features."""
    pixels, features = [], []
    for clips in groups:
        state, _ = probe_features(probe, clips)
        for i in range(len(clips)):
            for j in range(i):
                gap = clips[i].astype(np.float32) - clips[j].astype(np.float32)
                pixels.append(float(np.abs(gap).mean()) / 255)
                features.append(float(np.linalg.norm(state[i] - state[j])))
    return {
        "pixels": round(float(np.mean(pixels)), 4),
        "least_pixels": round(float(np.min(pixels)), 4),
        "features": round(float(np.mean(features)), 3),
    }
