"""Checkpoints that survive an interruption, and loss curves."""

from __future__ import annotations

import json
import math
import os
from pathlib import Path
from typing import Any

import torch


def save_checkpoint(path: Path, state: dict[str, Any]) -> None:
    """Writes the state aside and renames it, so that a reader never sees half a file."""
    path.parent.mkdir(parents=True, exist_ok=True)
    aside = path.with_suffix(".part")
    torch.save(state, aside)
    os.replace(aside, path)


def load_checkpoint(path: Path) -> dict[str, Any] | None:
    """The state saved last, or None when training starts anew."""
    if not path.exists():
        return None
    state: dict[str, Any] = torch.load(path, map_location="cpu", weights_only=False)
    return state


def learning_rate(peak: float, step: int, steps: int, warmup: int = 100) -> float:
    """Linear warm-up, level, then a linear descent to zero over the last half."""
    if step < warmup:
        return peak * (step + 1) / warmup
    return peak * min(1.0, max(0.0, 2 * (steps - step) / steps))


class Curve:
    """A running record of figures per step, kept as JSON lines."""

    def __init__(self, path: Path) -> None:
        path.parent.mkdir(parents=True, exist_ok=True)
        self.path = path

    def add(self, step: int, **figures: float) -> None:
        """Appends one line; figures that are not finite are an error."""
        if not all(math.isfinite(value) for value in figures.values()):
            raise ValueError(f"training diverged at step {step}: {figures}")
        with self.path.open("a") as file:
            file.write(json.dumps({"step": step, **figures}) + "\n")

    def plot(self, title: str) -> None:
        """Draws every figure over the steps into a PNG beside the record."""
        import matplotlib

        matplotlib.use("Agg")
        from matplotlib import pyplot

        rows = [json.loads(line) for line in self.path.read_text().splitlines()]
        names = [name for name in rows[-1] if name not in ("step", "lr", "seconds")]
        figure, axes = pyplot.subplots(1, len(names), figsize=(5 * len(names), 3.2), squeeze=False)
        for axis, name in zip(axes[0], names, strict=True):
            points = [(row["step"], row[name]) for row in rows if name in row]
            axis.plot(*zip(*points, strict=True), linewidth=1)
            axis.set(title=f"{title}: {name}", xlabel="step", yscale="log")
            axis.grid(alpha=0.3)
        figure.tight_layout()
        figure.savefig(self.path.with_suffix(".png"), dpi=90)
        pyplot.close(figure)
