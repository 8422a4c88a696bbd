"""Weights, inputs and ids that Python and TypeScript both compute from a tensor's name: no file is needed.

The same bits come from libs/model/src/random/generated-values.ts.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import torch

CHUNK = 1 << 22


@dataclass(frozen=True)
class Spread:
    """Values lie in `centre` ± `scale`."""

    scale: float
    centre: float = 0.0


Rule = Callable[[str, tuple[int, ...]], Spread | None]


@dataclass(frozen=True)
class TensorSpec:
    """A tensor of a checkpoint by name, shape and spread."""

    name: str
    shape: tuple[int, ...]
    spread: Spread


def values(name: str, shape: tuple[int, ...], spread: Spread) -> torch.Tensor:
    """float32 of that shape: centre + (fraction - 0.5) * 2 * scale, rounded once."""
    out = np.empty(math.prod(shape), np.float32)
    for start in range(0, len(out), CHUNK):
        fractions = _fractions(name, start, min(CHUNK, len(out) - start))
        out[start : start + CHUNK] = spread.centre + (fractions - 0.5) * 2 * spread.scale
    return torch.from_numpy(out.reshape(shape))


def ids(name: str, shape: tuple[int, ...], below: int) -> torch.Tensor:
    """int64 of that shape, 0 to `below` - 1."""
    return torch.from_numpy(
        np.floor(_fractions(name, 0, math.prod(shape)) * below).astype(np.int64).reshape(shape)
    )


def default_spread(name: str, shape: tuple[int, ...]) -> Spread:
    """Matrices keep the variance of what they multiply, norms stay near 1, biases are small."""
    if len(shape) < 2:
        return Spread(0.2, 1.0) if name.endswith("weight") else Spread(0.1)
    return Spread(float(f"{math.sqrt(3 / math.prod(shape[1:])):.6g}"))


def fill(
    module: torch.nn.Module, rule: Rule = lambda name, shape: None, prefix: str = ""
) -> list[TensorSpec]:
    """Fills every floating-point parameter and buffer in place; `rule` may give another spread.

    Tensors are named as in `state_dict` behind `prefix`; a tensor of several names is filled and listed once.
    """
    specs: list[TensorSpec] = []
    seen: set[int] = set()
    for key, tensor in module.state_dict(keep_vars=True).items():
        if not tensor.is_floating_point() or tensor.data_ptr() in seen:
            continue
        seen.add(tensor.data_ptr())
        name, shape = prefix + key, tuple(tensor.shape)
        spread = rule(name, shape) or default_spread(name, shape)
        with torch.no_grad():
            tensor.copy_(values(name, shape, spread))
        specs.append(TensorSpec(name, shape, spread))
    return specs


def _fractions(name: str, start: int, count: int) -> npt.NDArray[np.float64]:
    index = np.arange(start, start + count, dtype=np.uint64)
    bits = ((index * np.uint64(0x9E3779B9) + np.uint64(_fnv1a(name))) & np.uint64(0xFFFFFFFF)).astype(
        np.uint32
    )
    bits = (bits ^ (bits >> np.uint32(16))) * np.uint32(0x85EBCA6B)
    bits = (bits ^ (bits >> np.uint32(13))) * np.uint32(0xC2B2AE35)
    bits ^= bits >> np.uint32(16)
    return (bits >> np.uint32(8)) / np.float64(1 << 24)


def _fnv1a(name: str) -> int:
    digest = 0x811C9DC5
    for byte in name.encode():
        digest = (digest ^ byte) * 0x01000193 & 0xFFFFFFFF
    return digest
