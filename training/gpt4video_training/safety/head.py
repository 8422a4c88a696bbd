"""Step 4: the text-safety head, a small network on frozen sentence vectors, with thresholds."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import torch
from torch import nn

from gpt4video_training.safety.rows import CATEGORIES, Row

Floats = npt.NDArray[np.float32]


class SafetyHead(nn.Module):
    """Sentence vector [B,384] -> calibrated probability of each category [B,13]."""

    def __init__(self, width: int = 384, hidden: int = 192) -> None:
        super().__init__()
        self.net = nn.Sequential(
            nn.Linear(width, hidden),
            nn.GELU(),
            nn.Dropout(0.3),
            nn.Linear(hidden, len(CATEGORIES)),
        )
        self.register_buffer("scale", torch.ones(len(CATEGORIES)))
        self.register_buffer("shift", torch.zeros(len(CATEGORIES)))
        self.scale: torch.Tensor
        self.shift: torch.Tensor

    def logits(self, sentence_vec: torch.Tensor) -> torch.Tensor:
        out: torch.Tensor = self.net(sentence_vec * sentence_vec.shape[-1] ** 0.5)
        return out

    def forward(self, sentence_vec: torch.Tensor) -> torch.Tensor:
        return torch.sigmoid(self.logits(sentence_vec) * self.scale + self.shift)


@dataclass(frozen=True)
class Targets:
    """`labels` [N,13] in {0,1}, `known` [N,13] in {0,1}, `harm` [N], `weight` [N]."""

    labels: torch.Tensor
    known: torch.Tensor
    harm: torch.Tensor
    weight: torch.Tensor


def targets_of(rows: Sequence[Row]) -> Targets:
    labels = torch.zeros(len(rows), len(CATEGORIES))
    known = torch.zeros(len(rows), len(CATEGORIES))
    for index, row in enumerate(rows):
        for category, value in row.labels.items():
            labels[index, CATEGORIES.index(category)] = value
            known[index, CATEGORIES.index(category)] = 1
    harm = torch.tensor([float(row.harmful) for row in rows])
    # Requests written for this product count more than tweets and forum comments do.
    weights = {"own": 2.0, "cartoon": 2.0, "films": 1.5, "overt": 1.5, "tweets": 0.4}
    weight = torch.tensor([weights.get(row.source, 1.0) for row in rows])
    return Targets(labels, known, harm, weight)


def loss_of(logits: torch.Tensor, targets: Targets, index: torch.Tensor) -> torch.Tensor:
    """Masked cross-entropy per category plus one on "any category", in nats a row."""
    bce = nn.functional.binary_cross_entropy_with_logits
    each = bce(logits, targets.labels[index], reduction="none") * targets.known[index]
    anything = bce(torch.logsumexp(logits, dim=1), targets.harm[index], reduction="none")
    rows = each.sum(1) + 2.0 * anything
    return (rows * targets.weight[index]).mean()


def train_head(vectors: Floats, rows: Sequence[Row], epochs: int = 40, seed: int = 0) -> SafetyHead:
    """Fit on the given rows; deterministic for a seed."""
    torch.manual_seed(seed)
    head = SafetyHead()
    inputs, targets = torch.from_numpy(vectors), targets_of(rows)
    optimiser = torch.optim.AdamW(head.parameters(), lr=1e-3, weight_decay=0.05)
    batch = 128
    schedule = torch.optim.lr_scheduler.CosineAnnealingLR(
        optimiser, epochs * (len(rows) // batch + 1)
    )
    head.train()
    for _ in range(epochs):
        for index in torch.randperm(len(rows)).split(batch):
            noisy = inputs[index] + 0.01 * torch.randn(len(index), inputs.shape[1])
            loss = loss_of(head.logits(noisy), targets, index)
            optimiser.zero_grad()
            loss.backward()
            optimiser.step()
            schedule.step()
    return head.eval()


def calibrate(head: SafetyHead, vectors: Floats, rows: Sequence[Row]) -> None:
    """Platt scaling per category on rows not trained on; too few positives keep the raw scores."""
    targets = targets_of(rows)
    with torch.no_grad():
        logits = head.logits(torch.from_numpy(vectors))
    for column in range(len(CATEGORIES)):
        known = targets.known[:, column] > 0
        if targets.labels[known, column].sum() < 8:
            continue
        parameters = torch.tensor([1.0, 0.0], requires_grad=True)
        optimiser = torch.optim.LBFGS([parameters], max_iter=50)

        def closure(
            x: torch.Tensor = logits[known, column],
            y: torch.Tensor = targets.labels[known, column],
            p: torch.Tensor = parameters,
            o: torch.optim.LBFGS = optimiser,
        ) -> float:
            o.zero_grad()
            loss = nn.functional.binary_cross_entropy_with_logits(x * p[0] + p[1], y)
            (loss + 1e-3 * (p[0] - 1) ** 2).backward()
            return float(loss)

        optimiser.step(closure)
        head.scale[column] = parameters[0].detach().clamp(0.2, 3.0)
        head.shift[column] = parameters[1].detach()


def scores_of(head: SafetyHead, vectors: Floats) -> Floats:
    with torch.no_grad():
        scores: Floats = head(torch.from_numpy(vectors)).numpy()
    return scores


def choose_thresholds(
    scores: Floats, rows: Sequence[Row], max_false_refusals: float
) -> dict[str, float]:
    """Per-category thresholds that together refuse at most this share of the harmless rows."""
    harmless = scores[[not row.harmful for row in rows]]
    best = np.full(len(CATEGORIES), 0.95)
    for tail in np.linspace(0.0, 0.1, 401):
        candidate = np.clip(np.quantile(harmless, 1 - tail, axis=0), 0.1, 0.95)
        if (harmless > candidate).any(1).mean() > max_false_refusals:
            break
        best = candidate
    return {name: round(float(value), 4) for name, value in zip(CATEGORIES, best, strict=True)}


def flagged(scores: Floats, thresholds: dict[str, float]) -> npt.NDArray[np.bool_]:
    """True where any category is at or above its threshold; [N]."""
    limits = np.array([thresholds[name] for name in CATEGORIES], dtype=np.float32)
    hit: npt.NDArray[np.bool_] = np.any(scores >= limits, axis=1)
    return hit
