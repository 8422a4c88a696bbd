"""Training curves: a JSON-lines log that survives restarts and a PNG of it."""

from __future__ import annotations

import json
from pathlib import Path


class Curve:
    """Named series over steps, appended to `<path>.jsonl` and drawn to `<path>.png`."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._rows: list[dict[str, float]] = []
        log = path.with_suffix(".jsonl")
        log.parent.mkdir(parents=True, exist_ok=True)
        log.write_text("")

    def add(self, step: int, **values: float) -> None:
        row = {"step": float(step), **values}
        self._rows.append(row)
        with self._path.with_suffix(".jsonl").open("a") as handle:
            handle.write(json.dumps({k: round(v, 5) for k, v in row.items()}) + "\n")

    def recent(self, last: int = 25) -> str:
        """Mean of each series over the last rows, for a log line."""
        rows = self._rows[-last:]
        names = [name for name in rows[-1] if name != "step"]
        return " ".join(f"{n} {sum(r.get(n, 0.0) for r in rows) / len(rows):.4f}" for n in names)

    def plot(self, target: Path | None = None) -> None:
        """One panel per series."""
        import matplotlib

        matplotlib.use("Agg")
        from matplotlib import pyplot

        names = sorted({name for row in self._rows for name in row if name != "step"})
        figure, axes = pyplot.subplots(1, len(names), figsize=(4 * len(names), 3), squeeze=False)
        for axis, name in zip(axes[0], names, strict=True):
            points = [(row["step"], row[name]) for row in self._rows if name in row]
            axis.plot(*zip(*points, strict=True), linewidth=0.8)
            axis.set_title(name)
            axis.set_xlabel("step")
        figure.tight_layout()
        figure.savefig(target or self._path.with_suffix(".png"), dpi=80)
        pyplot.close(figure)
