"""Where golden vectors lie and how they are written."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np

FIXTURES = Path(__file__).resolve().parents[2] / "libs" / "model" / "fixtures"


def write(name: str, script: str, values: dict) -> None:
    """Writes `libs/model/fixtures/{name}.json`, naming the script that made it."""
    FIXTURES.mkdir(parents=True, exist_ok=True)
    document = {"generatedBy": f"training/golden/{Path(script).name}", **values}
    path = FIXTURES / f"{name}.json"
    path.write_text(json.dumps(document, separators=(",", ":")) + "\n")
    print(f"{path.name}: {path.stat().st_size} bytes")


def numbers(array: np.ndarray, digits: int = 9) -> list[float]:
    """A flat list with enough digits for float32."""
    return [float(f"{value:.{digits}g}") for value in np.asarray(array).reshape(-1)]


def pattern(width: int, height: int) -> np.ndarray:
    """A picture `[height, width, 3]` that both sides compute: edges, gradients and noise, no file needed."""
    y, x, c = np.meshgrid(np.arange(height), np.arange(width), np.arange(3), indexing="ij")
    return ((x * 7 + y * 13 + c * 61 + (x * y) % 17 * 9 + (x // 5 + y // 3) % 2 * 90) % 256).astype(np.uint8)
