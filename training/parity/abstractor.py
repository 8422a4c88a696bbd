"""Both abstractors at the published sizes, written from the specification, for scripts/parity/abstractor.mjs.

`joint` is mPLUG-Owl's code, `paper` the paper's equations (§3.2) with shared layers; each with and
without time embeddings. Parameters have the names of mPLUG-Owl's checkpoints.
"""

from __future__ import annotations

from typing import Any

import torch
from fixture import digest, tensor_list, write
from torch import nn
from torch.nn.functional import scaled_dot_product_attention, silu
from weights import Spread, fill, values


class Gated(nn.Module):
    """SiLU(w1 x) * (w3 x), normalised, then w2."""

    def __init__(self, width: int, hidden: int) -> None:
        super().__init__()
        self.w1 = nn.Linear(width, hidden)
        self.w2 = nn.Linear(hidden, width)
        self.w3 = nn.Linear(width, hidden)
        self.ffn_ln = nn.LayerNorm(hidden, eps=1e-6)

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        return self.w2(self.ffn_ln(silu(self.w1(x)) * self.w3(x)))


class Output(nn.Module):
    def __init__(self, width: int, hidden: int) -> None:
        super().__init__()
        self.out_proj = nn.Linear(width, width)
        self.norm2 = nn.LayerNorm(width)
        self.mlp = Gated(width, hidden)


class Attention(nn.Module):
    """Multi-head attention without its output projection."""

    def __init__(self, width: int, heads: int) -> None:
        super().__init__()
        self.heads = heads
        self.query = nn.Linear(width, width)
        self.key = nn.Linear(width, width)
        self.value = nn.Linear(width, width)

    def forward(self, queries: torch.Tensor, keys: torch.Tensor) -> torch.Tensor:
        q, k, v = (
            project(x).unflatten(-1, (self.heads, -1)).transpose(1, 2)
            for project, x in ((self.query, queries), (self.key, keys), (self.value, keys))
        )
        return scaled_dot_product_attention(q, k, v).transpose(1, 2).flatten(2)


class CrossAttention(nn.Module):
    """A layer: the residual is the normalised query, and queries are keys too."""

    def __init__(self, width: int, heads: int, hidden: int) -> None:
        super().__init__()
        self.norm1 = nn.LayerNorm(width)
        self.normk = nn.LayerNorm(width)
        self.attention = Attention(width, heads)
        self.output = Output(width, hidden)

    def forward(self, queries: torch.Tensor, features: torch.Tensor) -> torch.Tensor:
        normed = self.norm1(queries)
        keys = torch.cat([normed, self.normk(features)], dim=1)
        x = normed + self.output.out_proj(self.attention(normed, keys))
        return x + self.output.mlp(self.output.norm2(x))


class Model(nn.Module):
    """Features [B,T,P,D] to tokens [B,Q+1,W] (joint) or [B,Q,W] (paper)."""

    def __init__(self, variant: str, frames: int | None, sizes: dict[str, int]) -> None:
        super().__init__()
        width, queries, language = sizes["width"], sizes["queries"], sizes["language"]
        self.query_tokens = nn.Parameter(torch.empty(1, queries, width))
        self.temporal_query_tokens = nn.Parameter(torch.empty(1, queries, width))
        self.abstractor = nn.Module()
        self.abstractor.encoder = nn.Module()
        self.abstractor.encoder.layers = nn.ModuleList()
        for _ in range(sizes["layers"]):
            layer = nn.Module()
            layer.crossattention = CrossAttention(width, sizes["heads"], sizes["hidden"])
            self.abstractor.encoder.layers.append(layer)
        self.abstractor.visual_fc = nn.Linear(width, language)
        if variant == "joint":
            self.abstractor.temporal_visual_fc = nn.Linear(width, language)
            self.abstractor.vit_eos = nn.Parameter(torch.empty(1, 1, language))
        if frames is not None:
            self.abstractor.time_embedding = nn.Parameter(torch.empty(frames, width))
        self.variant = variant

    def through(self, queries: torch.Tensor, features: torch.Tensor) -> torch.Tensor:
        x = queries.expand(len(features), -1, -1)
        for layer in self.abstractor.encoder.layers:
            x = layer.crossattention(x, features)
        return x

    def forward(self, features: torch.Tensor) -> torch.Tensor:
        parts = self.abstractor
        if hasattr(parts, "time_embedding"):
            features = features + parts.time_embedding[None, :, None]
        keys = features.flatten(1, 2)
        if self.variant == "paper":
            return parts.visual_fc(
                self.through(self.query_tokens, keys) + self.through(self.temporal_query_tokens, keys)
            )
        x = self.through(torch.cat([self.query_tokens, self.temporal_query_tokens], dim=1), keys)
        spatial, temporal = x.chunk(2, dim=1)
        words = parts.visual_fc(spatial) + parts.temporal_visual_fc(temporal)
        return torch.cat([words, parts.vit_eos.expand(len(words), -1, -1)], dim=1)


def spread(name: str, shape: tuple[int, ...]) -> Spread | None:
    return Spread(1.0) if name.endswith(("tokens", "vit_eos", "time_embedding")) else None


def case(words: str, samples: int, sizes: dict[str, int], count: int) -> dict[str, Any]:
    frames, side = 4, sizes["image"] // 14
    shape = (samples, frames, side * side + 1, sizes["width"])
    features = values("features", shape, Spread(2.0))
    variants = []
    for variant in ("joint", "paper"):
        for time in (None, frames):
            with torch.device("meta"):
                model = Model(variant, time, sizes)
            model = model.to_empty(device="cpu").eval()
            tensors = fill(model, spread)
            with torch.inference_mode():
                tokens = model(features)
            variants.append(
                {
                    "variant": variant,
                    "time": time is not None,
                    "tensors": tensor_list(tensors),
                    "tokens": digest(tokens, count),
                }
            )
    config = {
        "model_type": "mplug-owl",
        "num_query_tokens": sizes["queries"],
        "vision_config": {"hidden_size": sizes["width"], "image_size": sizes["image"], "patch_size": 14},
        "visual_abstractor_config": {
            "hidden_size": sizes["width"],
            "num_hidden_layers": sizes["layers"],
            "num_attention_heads": sizes["heads"],
            "intermediate_size": sizes["intermediate"],
            "encoder_hidden_size": sizes["width"],
            "layer_norm_eps": 1e-6,
        },
    }
    return {
        "geometry": words,
        "config": config,
        "inputs": {"features": {"shape": shape, "scale": 2.0}},
        "variants": variants,
    }


if __name__ == "__main__":
    torch.set_num_threads(1)
    small = {
        "layers": 2,
        "heads": 4,
        "width": 32,
        "hidden": 256,
        "intermediate": 96,
        "queries": 3,
        "image": 28,
        "language": 48,
    }
    full = {
        "layers": 6,
        "heads": 16,
        "width": 1024,
        "hidden": 2816,
        "intermediate": 4096,
        "queries": 64,
        "image": 224,
        "language": 4096,
    }
    write(
        "abstractor",
        __file__,
        {
            "small": case("2 layers, width 32, 3 + 3 queries", 2, small, 400),
            "full": case("6 layers, width 1024, 64 + 64 queries, 4 × 257 features", 1, full, 2500),
        },
    )
