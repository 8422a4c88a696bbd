"""Calibration of the probability of harm, and the threshold of each category, on rows not trained on."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt
import torch

from gpt4video_training.safety.rows import CATEGORIES, Row
from gpt4video_training.safety.tower import Tower

Floats = npt.NDArray[np.float32]


def calibrate(tower: Tower, harm: Floats, rows: Sequence[Row]) -> None:
    """Platt scaling of the logits `[N]` of harm, so that a score is a probability on such rows."""
    certain = torch.tensor([row.certain for row in rows])
    logits = torch.from_numpy(harm)[certain]
    labels = torch.tensor([float(row.harmful) for row in rows])[certain]
    parameters = torch.tensor([1.0, 0.0], requires_grad=True)
    optimiser = torch.optim.LBFGS([parameters], max_iter=100)

    def closure() -> float:
        optimiser.zero_grad()
        loss = torch.nn.functional.binary_cross_entropy_with_logits(
            logits * parameters[0] + parameters[1], labels
        )
        loss.backward()
        return float(loss.detach())

    optimiser.step(closure)
    tower.scale.copy_(parameters[0].detach().clamp(0.05, 5.0))
    tower.shift.copy_(parameters[1].detach())


def choose_thresholds(scores: Floats, rows: Sequence[Row], most: float) -> dict[str, float]:
    """The lowest thresholds that refuse at most the share `most` of the harmless rows.

    The highest score of a text is its probability of harm, and the service names
    the category that exceeds its threshold by most: one limit for all
    categories lets the likeliest one decide and name.
    """
    counted = [index for index, row in enumerate(rows) if row.certain]
    harmful = np.array([rows[index].harmful for index in counted])
    top = scores[counted].max(axis=1)
    harmless = np.sort(top[~harmful])[::-1]
    # Rounded up, so that no further harmless row is refused.
    limit = np.floor(float(harmless[int(most * len(harmless))]) * 1e4 + 1) / 1e4
    return dict.fromkeys(CATEGORIES, float(limit))


def flagged(scores: Floats, thresholds: dict[str, float]) -> npt.NDArray[np.bool_]:
    """True where any category is at or above its threshold; [N]."""
    limits = np.array([thresholds[name] for name in CATEGORIES], dtype=np.float32)
    hit: npt.NDArray[np.bool_] = np.any(scores >= limits, axis=1)
    return hit
