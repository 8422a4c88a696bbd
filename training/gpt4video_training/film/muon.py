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
            for params in _of_one_shape(group["params"]):
                rows, columns = params[0].shape[0], params[0][0].numel()
                updates = [self._momentum(param, group["momentum"]) for param in params]
                flat = torch.stack([update.reshape(rows, columns) for update in updates])
                # Matches the size of Adam's updates, so both share one learning rate.
                size = -group["lr"] * 0.2 * math.sqrt(max(rows, columns))
                for param, update in zip(params, _orthogonal(flat), strict=True):
                    param.mul_(1 - group["lr"] * group["decay"])
                    param.add_(update.reshape(param.shape), alpha=size)

    def _momentum(self, param: Tensor, momentum: float) -> Tensor:
        """Nesterov's update of one weight."""
        gradient = param.grad
        assert gradient is not None
        state = self.state[param]
        if not state:
            state["velocity"] = torch.zeros_like(param)
        velocity = state["velocity"]
        velocity.lerp_(gradient, 1 - momentum)
        return gradient.lerp(velocity, momentum)


def _of_one_shape(params: list[Tensor]) -> Iterable[list[Tensor]]:
    """Weights that have a gradient, in groups that one product can take together."""
    groups: dict[torch.Size, list[Tensor]] = {}
    for param in params:
        if param.grad is not None:
            groups.setdefault(param.shape, []).append(param)
    return groups.values()


def _orthogonal(matrices: Tensor) -> Tensor:
    """The nearest orthogonal matrices, roughly: `[N, rows, columns]`."""
    x = matrices.bfloat16()
    flip = x.shape[1] > x.shape[2]
    x = x.mT.contiguous() if flip else x
    x = x / (x.norm(dim=(1, 2), keepdim=True) + 1e-7)
    for _ in range(5):
        gram = x @ x.mT
        x = _A * x + (_B * gram + _C * gram @ gram) @ x
    return (x.mT if flip else x).to(matrices.dtype)


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
