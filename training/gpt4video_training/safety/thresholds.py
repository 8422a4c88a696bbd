"""Calibration of the probability of harm, and the threshold of each category, on rows not trained on."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt
import torch

from gpt4video_training.safety.rows import CATEGORIES, Row
from gpt4video_training.safety.tower import Tower

Floats = npt.NDArray[np.float32]
# Fewer harmful rows than this say too little about a category: it keeps the common threshold.
ENOUGH = 20


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
    """Thresholds that refuse at most the share `most` of harmless rows and as many harmful ones as they can.

    A text is refused by its likeliest category, so each category's threshold
    trades its own harmful rows against its own harmless ones. One price of a
    false refusal, common to all categories, makes the trade the best in sum.
    """
    counted = [index for index, row in enumerate(rows) if row.certain]
    harmful = np.array([rows[index].harmful for index in counted])
    top = scores[counted].max(axis=1)
    name = scores[counted].argmax(axis=1)
    best = _common(top, harmful, most)
    thresholds = np.full(len(CATEGORIES), best)
    refused = float((top[harmful] >= best).mean())
    for price in np.geomspace(0.2, 20, 60):
        candidate = np.array([_priced(top[name == c], harmful[name == c], price, best) for c in range(13)])
        hit = top >= candidate[name]
        if hit[~harmful].mean() <= most and hit[harmful].mean() > refused:
            refused, thresholds = float(hit[harmful].mean()), candidate
    # Rounded up, so that no further harmless row is refused.
    return {c: float(np.ceil(t * 1e4) / 1e4) for c, t in zip(CATEGORIES, thresholds, strict=True)}


def flagged(scores: Floats, thresholds: dict[str, float]) -> npt.NDArray[np.bool_]:
    """True where any category is at or above its threshold; [N]."""
    limits = np.array([thresholds[name] for name in CATEGORIES], dtype=np.float32)
    hit: npt.NDArray[np.bool_] = np.any(scores >= limits, axis=1)
    return hit


def _common(top: Floats, harmful: npt.NDArray[np.bool_], most: float) -> float:
    """The lowest threshold that refuses at most this share of the harmless rows."""
    harmless = np.sort(top[~harmful])[::-1]
    allowed = int(most * len(harmless))
    return float(np.nextafter(harmless[allowed], np.float32(1)))


def _priced(top: Floats, harmful: npt.NDArray[np.bool_], price: float, common: float) -> float:
    if harmful.sum() < ENOUGH:
        return common
    order = np.argsort(-top, kind="stable")
    gain = np.cumsum(np.where(harmful[order], 1.0, -price))
    last = int(gain.argmax())
    # Between the last refused row and the next one.
    after = float(top[order[last + 1]]) if last + 1 < len(order) else 0.0
    return float(np.clip((float(top[order[last]]) + after) / 2, 0.02, 0.98))
