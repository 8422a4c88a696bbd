"""Attention over rows with an explicit mask, in two matrix products; on a CPU several times as
fast in bfloat16 as the fused operator."""

from __future__ import annotations

from typing import Any

import torch
from torch import nn
from transformers import AttentionInterface, LlamaForCausalLM

NAME = "masked_rows"


def use_masked_rows(model: LlamaForCausalLM) -> None:
    """The model then takes an additive mask [B,1,S,S] as `attention_mask`."""
    AttentionInterface.register(NAME, masked_rows)
    model.set_attn_implementation(NAME)


def masked_rows(
    module: nn.Module,
    query: torch.Tensor,
    key: torch.Tensor,
    value: torch.Tensor,
    attention_mask: torch.Tensor,
    scaling: float,
    **_: Any,
) -> tuple[torch.Tensor, None]:
    """query [B,H,S,D], key and value [B,G,S,D] with H a multiple of G -> [B,S,H,D]."""
    batch, heads, size, depth = query.shape
    groups = key.shape[1]
    # The heads that share a key are rows of one product.
    asked = (query * scaling).reshape(batch, groups, -1, depth)
    scores = (asked @ key.transpose(-1, -2)).view(batch, groups, heads // groups, size, size)
    weights = torch.softmax(scores + attention_mask[:, :, None], -1)
    mixed = weights.view(batch, groups, -1, size) @ value
    return mixed.view(batch, heads, size, depth).transpose(1, 2).contiguous(), None
