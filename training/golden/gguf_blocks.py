"""Quantised blocks of GGUF files and what the gguf package says they mean: libs/model/fixtures/gguf-blocks.json."""

from __future__ import annotations

import base64
import json
from pathlib import Path

import numpy as np
from gguf import GGML_QUANT_SIZES, GGMLQuantizationType
from gguf.quants import dequantize

OUT = Path(__file__).resolve().parents[2] / "libs" / "model" / "fixtures" / "gguf-blocks.json"
# Where a unit keeps its half floats: scale, and minimum where it has one.
HALVES = {
    "Q4_0": [0],
    "Q4_1": [0, 2],
    "Q5_0": [0],
    "Q5_1": [0, 2],
    "Q8_0": [0],
    "Q4_K": [0, 2],
    "Q5_K": [0, 2],
    "Q6_K": [208],
}
ROWS, COLUMNS = 2, 512


def main() -> None:
    random = np.random.default_rng(7)
    cases = {}
    for name, places in HALVES.items():
        kind = GGMLQuantizationType[name]
        values, size = GGML_QUANT_SIZES[kind]
        units = ROWS * COLUMNS // values
        data = random.integers(0, 256, (units, size), np.uint8)
        for place in places:
            halves = random.uniform(-0.5, 0.5, units).astype(np.float16)
            data[:, place : place + 2] = halves.view(np.uint8).reshape(units, 2)
        meant = dequantize(data.reshape(ROWS, -1), kind)
        cases[name] = {
            "code": int(kind),
            "data": base64.b64encode(data.tobytes()).decode(),
            "values": base64.b64encode(meant.astype("<f4").tobytes()).decode(),
        }
    OUT.write_text(json.dumps({"rows": ROWS, "columns": COLUMNS, "cases": cases}, indent=1) + "\n")


if __name__ == "__main__":
    main()
