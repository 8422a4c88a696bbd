"""Checkpoints that survive an interruption, and loss curves."""

from __future__ import annotations

import json
import math
import os
import time
from pathlib import Path
from typing import Any

import torch
from torch import Tensor


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


def learning_rate(
    peak: float, step: int, steps: int, time_left: float = 1.0, warmup: int = 100
) -> float:
    """Linear warm-up, level, then down to zero over the last half of the steps, or of
    the time (`time_left` is the share 0..1 of it), whichever comes first."""
    if step < warmup:
        return peak * (step + 1) / warmup
    left = min((steps - step) / steps, time_left)
    return peak * min(1.0, max(0.0, 2 * left))


class Clock:
    """A time limit in minutes; 0 means none."""

    def __init__(self, minutes: float) -> None:
        self._limit = 60 * minutes
        self._start = time.monotonic()

    def seconds(self) -> float:
        """Seconds since the start."""
        return time.monotonic() - self._start

    def share_left(self) -> float:
        """What is left of the time, 1 at the start and 0 when it is over."""
        return 1.0 if self._limit <= 0 else max(0.0, 1 - self.seconds() / self._limit)

    def is_over(self) -> bool:
        """Whether the time is used up."""
        return self.share_left() <= 0.0


class Curve:
    """Mean figures per interval of steps, kept as JSON lines and drawn at the end."""

    def __init__(self, path: Path) -> None:
        path.parent.mkdir(parents=True, exist_ok=True)
        self.path = path
        self._pending: dict[str, list[float | Tensor]] = {}

    def collect(self, **figures: float | Tensor) -> None:
        """Takes the figures of one step; those on a device are fetched when they are written."""
        for name, value in figures.items():
            self._pending.setdefault(name, []).append(value)

    def write(self, step: int, seconds: float) -> None:
        """Appends the means since the last time; figures that are not finite are an error."""
        means = {
            name: sum(map(float, values)) / len(values) for name, values in self._pending.items()
        }
        self._pending.clear()
        if not all(math.isfinite(value) for value in means.values()):
            raise ValueError(f"training diverged at step {step}: {means}; lower the learning rate")
        with self.path.open("a") as file:
            file.write(json.dumps({"step": step, "seconds": round(seconds), **means}) + "\n")
        shown = " ".join(f"{name} {value:.4f}" for name, value in means.items())
        print(f"step {step} {shown} {seconds:.0f}s", flush=True)

    def plot(self, title: str) -> None:
        """Draws every figure over the steps into a PNG beside the record."""
        import matplotlib

        matplotlib.use("Agg")
        from matplotlib import pyplot

        if not self.path.exists():
            return
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
