"""How a parity check's reference is written: test/fixtures/parity/<name>.json, at most 100 kB.

{ "generatedBy": script, "cases": { "small": Case, "full": Case } } where a Case is
{ "geometry": words, "config": {...}, "tensors": [[name, shape, scale, centre], ...],
  "inputs": {...}, "outputs": { name: Digest } }
A tensor named "layers.{24}.weight" stands for the 24 tensors "layers.0.weight" to "layers.23.weight".
A Digest is { "shape", "sum", "norm", "step", "values" }: `values` is base64 of float32 at every `step`-th
position of the flattened array. scripts/parity/harness reads all this.
"""

from __future__ import annotations

import base64
import json
import math
import re
from pathlib import Path
from typing import Any

import numpy as np
import torch
from weights import TensorSpec

FIXTURES = Path(__file__).resolve().parents[2] / "test" / "fixtures" / "parity"
MAX_BYTES = 100_000


def write(name: str, script: str, cases: dict[str, dict[str, Any]]) -> None:
    """Writes `test/fixtures/parity/{name}.json`, naming the script that made it."""
    FIXTURES.mkdir(parents=True, exist_ok=True)
    document = {"generatedBy": f"training/parity/{Path(script).name}", "cases": cases}
    text = json.dumps(document, separators=(",", ":"), ensure_ascii=False) + "\n"
    size = len(text.encode())
    assert size <= MAX_BYTES, f"{name}.json would hold {size} bytes; keep fewer values"
    (FIXTURES / f"{name}.json").write_text(text)
    print(f"{name}.json: {size} bytes")


def digest(output: torch.Tensor, count: int = 3000) -> dict[str, Any]:
    """Sum, norm and about `count` values spread over the whole output, at a step that meets every column."""
    flat = output.detach().float().numpy().reshape(-1)
    step = max(1, len(flat) // count)
    while step > 1 and math.gcd(step, len(flat)) > 1:
        step += 1
    wide = flat.astype(np.float64)
    return {
        "shape": list(output.shape),
        "sum": math.fsum(wide),
        "norm": math.sqrt(math.fsum(wide * wide)),
        "step": step,
        "values": base64.b64encode(flat[::step].astype("<f4").tobytes()).decode(),
    }


def tensor_list(specs: list[TensorSpec]) -> list[list[Any]]:
    """The tensors, with the layers of a stack folded into one entry."""
    groups: dict[tuple[Any, ...], dict[int, TensorSpec]] = {}
    for spec in specs:
        match = re.search(r"(?<=\.)\d+(?=\.)", spec.name)
        pattern = (
            spec.name if match is None else f"{spec.name[: match.start()]}{{}}{spec.name[match.end() :]}"
        )
        groups.setdefault((pattern, spec.shape, spec.spread), {})[
            -1 if match is None else int(match.group())
        ] = spec
    entries: list[list[Any]] = []
    for (pattern, shape, spread), members in groups.items():
        whole = len(members) > 1 and sorted(members) == list(range(len(members)))
        names = (
            [pattern.replace("{}", f"{{{len(members)}}}")]
            if whole
            else [spec.name for spec in members.values()]
        )
        entries += [[name, list(shape), spread.scale, spread.centre] for name in names]
    return entries
