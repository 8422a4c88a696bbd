"""Muon (Jordan et al., 2024): momentum whose matrices are orthogonalised by
Newton–Schulz iterations. Learns the hidden layers in fewer steps than Adam; the
rest (biases, norms, embeddings, first and last layers) stays with AdamW.
"""

from __future__ import annotations

import math
from collections.abc import Iterable

import torch
from torch import Tensor, nn
from torch.optim import AdamW, Optimizer

_A, _B, _C = 3.4445, -4.7750, 2.0315


class Muon(Optimizer):
    """For weights of two and more dimensions; the later ones count as columns."""

    def __init__(
        self, params: Iterable[Tensor], lr: float, momentum: float = 0.95, decay: float = 0.0
    ) -> None:
        super().__init__(list(params), {"lr": lr, "momentum": momentum, "decay": decay})

    @torch.no_grad()
    def step(self, closure: None = None) -> None:  # type: ignore[override]
        for group in self.param_groups:
            for param in group["params"]:
                if param.grad is None:
                    continue
                state = self.state[param]
                if not state:
                    state["velocity"] = torch.zeros_like(param)
                velocity = state["velocity"]
                velocity.lerp_(param.grad, 1 - group["momentum"])
                update = param.grad.lerp(velocity, group["momentum"])
                update = _orthogonal(update.reshape(update.shape[0], -1)).reshape(update.shape)
                param.mul_(1 - group["lr"] * group["decay"])
                rows, columns = param.shape[0], param[0].numel()
                # Matches the size of Adam's updates, so both share one learning rate.
                param.add_(update, alpha=-group["lr"] * 0.2 * math.sqrt(max(rows, columns)))


def _orthogonal(matrix: Tensor) -> Tensor:
    x = matrix.bfloat16()
    flip = x.shape[0] > x.shape[1]
    x = x.T.contiguous() if flip else x
    x = x / (x.norm() + 1e-7)
    for _ in range(5):
        gram = x @ x.T
        x = _A * x + (_B * gram + _C * gram @ gram) @ x
    return (x.T if flip else x).to(matrix.dtype)


def build_optimisers(
    model: nn.Module, lr: float, decay: float, edges: tuple[str, ...]
) -> list[Optimizer]:
    """Muon for hidden matrices and AdamW for the rest. Parameters whose name
    contains one of `edges` count as first or last layers."""
    hidden: list[Tensor] = []
    rest: list[Tensor] = []
    for name, param in model.named_parameters():
        edge = param.ndim < 2 or any(part in name for part in edges)
        (rest if edge else hidden).append(param)
    return [
        Muon(hidden, lr, decay=decay),
        AdamW(rest, lr, betas=(0.9, 0.98), weight_decay=0.0, foreach=True),
    ]
