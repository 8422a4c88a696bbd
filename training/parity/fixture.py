"""How a parity check's reference is written: test/fixtures/parity/<name>.json, at most 100 kB.

{ "generatedBy": script, "cases": { "small": Case, "full": Case } } where a Case is
{ "geometry": words, "config": {...}, "tensors": [[name, shape, scale, centre], ...],
  "inputs": {...}, "outputs": { name: Digest } }
A tensor named "layers.{24}.weight" stands for the 24 tensors "layers.0.weight" to "layers.23.weight", "layers.{0,5}.weight" for two.
A Digest is { "shape", "sum", "norm", "step", "values" }: `values` is base64 of float32 at every `step`-th
position of the flattened array. scripts/parity/harness reads all this.
"""

from __future__ import annotations

import base64
import json
import math
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
    """The tensors, those that differ in the numbers of their names only folded into one entry."""
    groups: dict[tuple[Any, ...], list[tuple[str, ...]]] = {}
    for spec in specs:
        numbers = tuple(part for part in spec.name.split(".") if part.isdigit())
        pattern = ".".join("{}" if part.isdigit() else part for part in spec.name.split("."))
        groups.setdefault((pattern, spec.shape, spec.spread), []).append(numbers)
    return [
        [_filled(pattern, choice), list(shape), spread.scale, spread.centre]
        for (pattern, shape, spread), members in groups.items()
        for choice in _products(members)
    ]


def _products(members: list[tuple[str, ...]]) -> list[list[tuple[str, ...]]]:
    """Tuples of numbers as few products of sets: [(0, 5), (1, 5)] is [[(0, 1), (5,)]]."""
    if not members[0]:
        return [[]]
    rests: dict[str, list[tuple[str, ...]]] = {}
    for first, *rest in members:
        rests.setdefault(first, []).append(tuple(rest))
    firsts: dict[tuple[tuple[str, ...], ...], list[str]] = {}
    for first, rest in rests.items():
        firsts.setdefault(tuple(sorted(rest)), []).append(first)
    return [[tuple(first), *choice] for rest, first in firsts.items() for choice in _products(list(rest))]


def _filled(pattern: str, choice: list[tuple[str, ...]]) -> str:
    for numbers in choice:
        whole = list(numbers) == [str(index) for index in range(len(numbers))]
        listed = str(len(numbers)) if whole else ",".join(numbers)
        pattern = pattern.replace("{}", f"{{{listed}}}" if len(numbers) > 1 else numbers[0], 1)
    return pattern
