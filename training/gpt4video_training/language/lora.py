"""Low-rank adapters on the query and value projections, r=16, alpha=16 as in the paper's code.

Without its dropout: no example is drawn twice, so there is nothing to learn by heart.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import torch
from safetensors.torch import load_file, save_file
from torch import nn
from transformers import LlamaForCausalLM

RANK, ALPHA = 16, 16
TARGETS = ("q_proj", "v_proj")


class LoraLinear(nn.Module):
    """Frozen `base` plus B·A with rank 16; x [...,in] -> [...,out]."""

    def __init__(self, base: nn.Linear) -> None:
        super().__init__()
        self.base = base
        self.lora_a = nn.Parameter(torch.empty(RANK, base.in_features, device=base.weight.device))
        self.lora_b = nn.Parameter(torch.zeros(base.out_features, RANK, device=base.weight.device))
        nn.init.kaiming_uniform_(self.lora_a, a=5**0.5)

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        low = nn.functional.linear(x, self.lora_a.to(x.dtype))
        out: torch.Tensor = self.base(x) + (ALPHA / RANK) * nn.functional.linear(
            low, self.lora_b.to(x.dtype)
        )
        return out


def attach(model: LlamaForCausalLM) -> list[nn.Parameter]:
    """Freeze the model and put adapters on every layer's q and v; returns what learns."""
    model.requires_grad_(False)
    learned: list[nn.Parameter] = []
    for layer in model.model.layers:
        for name in TARGETS:
            adapter = LoraLinear(getattr(layer.self_attn, name))
            setattr(layer.self_attn, name, adapter)
            learned += [adapter.lora_a, adapter.lora_b]
    return learned


def _named(model: LlamaForCausalLM) -> Iterator[tuple[str, LoraLinear]]:
    for index, layer in enumerate(model.model.layers):
        for name in TARGETS:
            adapter = getattr(layer.self_attn, name)
            assert isinstance(adapter, LoraLinear)
            yield f"layers.{index}.{name}", adapter


def save_adapter(model: LlamaForCausalLM, path: Path) -> None:
    """fp32 `layers.{i}.{q,v}_proj.lora_{A,B}` with the scale folded into B."""
    tensors: dict[str, torch.Tensor] = {}
    for name, adapter in _named(model):
        tensors[f"{name}.lora_A"] = adapter.lora_a.detach().float().contiguous()
        tensors[f"{name}.lora_B"] = (adapter.lora_b.detach().float() * (ALPHA / RANK)).contiguous()
    save_file(tensors, str(path))


def load_adapter(model: LlamaForCausalLM, path: Path) -> None:
    """Inverse of `save_adapter`; the model must have adapters attached."""
    tensors = load_file(str(path))
    with torch.no_grad():
        for name, adapter in _named(model):
            adapter.lora_a.copy_(tensors[f"{name}.lora_A"])
            adapter.lora_b.copy_(tensors[f"{name}.lora_B"] / (ALPHA / RANK))
