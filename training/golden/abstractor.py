"""Both abstractor variants in PyTorch with random weights, for abstractor/reference.ts.

The `joint` form below is first checked against the module that is trained, so that all three agree.
Run from anywhere; needs `training/` on the path, which this file adds.
"""

import base64
import sys
from pathlib import Path

import torch
from safetensors.torch import save
from torch.nn.functional import layer_norm, linear, scaled_dot_product_attention, silu

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from fixture import numbers, write
from gpt4video_training.abstractor.model import Abstractor

Weights = dict[str, torch.Tensor]


def through(w: Weights, name: str, x: torch.Tensor) -> torch.Tensor:
    return linear(x, w[f"{name}.weight"], w[f"{name}.bias"])


def norm(w: Weights, name: str, x: torch.Tensor, eps: float = 1e-5) -> torch.Tensor:
    return layer_norm(x, x.shape[-1:], w[f"{name}.weight"], w[f"{name}.bias"], eps)


def layer(w: Weights, p: str, heads: int, q: torch.Tensor, v: torch.Tensor) -> torch.Tensor:
    normed = norm(w, f"{p}.norm1", q)
    source = torch.cat([normed, norm(w, f"{p}.normk", v)], dim=1)

    def split(x: torch.Tensor) -> torch.Tensor:
        return x.unflatten(-1, (heads, -1)).transpose(1, 2)

    mixed = scaled_dot_product_attention(*(split(through(w, f"{p}.{n}", x)) for n, x in (("query", normed), ("key", source), ("value", source))))
    x = normed + through(w, f"{p}.out", mixed.transpose(1, 2).flatten(2))
    y = norm(w, f"{p}.norm2", x)
    gated = silu(through(w, f"{p}.mlp.w1", y)) * through(w, f"{p}.mlp.w3", y)
    return x + through(w, f"{p}.mlp.w2", norm(w, f"{p}.mlp.norm", gated, 1e-6))


def forward(features: torch.Tensor, w: Weights, variant: str, layers: int, heads: int) -> torch.Tensor:
    batch, frames = features.shape[:2]
    if "time" in w:
        features = features + w["time"].reshape(1, frames, 1, -1)
    if "place" in w:
        features = features + w["place"].reshape(1, 1, features.shape[2], -1)
    keys = features.flatten(1, 2)

    def deep(queries: torch.Tensor) -> torch.Tensor:
        x = queries.reshape(1, -1, keys.shape[-1]).expand(batch, -1, -1)
        for index in range(layers):
            x = layer(w, f"layers.{index}", heads, x, keys)
        return x

    spatial, temporal = (w[n].reshape(-1, keys.shape[-1]) for n in ("spatial", "temporal"))
    if variant == "paper":
        return through(w, "spatial_fc", deep(spatial) + deep(temporal))
    count = len(spatial)
    x = deep(spatial if frames == 1 else torch.cat([spatial, temporal]))
    words = through(w, "spatial_fc", x[:, :count])
    if frames > 1:
        words = words + through(w, "temporal_fc", x[:, count:])
    return torch.cat([words, w["vit_eos"].reshape(1, 1, -1).expand(batch, -1, -1)], dim=1)


def check_against_trained_module() -> None:
    module = Abstractor(layers=2, heads=4, hidden=48, width=32).double().eval()
    features = torch.randn(2, 4, 65, 32, dtype=torch.float64)
    with torch.no_grad():
        difference = (module(features).double() - forward(features, module.state_dict(), "joint", 2, 4)).abs().max().item()
    assert difference < 1e-5, f"the trained module differs by {difference}"
    print(f"trained module differs by {difference:.1e}")


def random_weights(layers: int, width: int, hidden: int, queries: int, out: int) -> Weights:
    shapes = {"spatial": (queries, width), "temporal": (queries, width), "vit_eos": (1, out)}
    linears = {"spatial_fc": (out, width), "temporal_fc": (out, width)}
    norms = {}
    for i in range(layers):
        p = f"layers.{i}"
        linears |= {f"{p}.{n}": (width, width) for n in ("query", "key", "value", "out")}
        linears |= {f"{p}.mlp.w1": (hidden, width), f"{p}.mlp.w3": (hidden, width), f"{p}.mlp.w2": (width, hidden)}
        norms |= {f"{p}.{n}": width for n in ("norm1", "normk", "norm2")} | {f"{p}.mlp.norm": hidden}
    weights = {n: torch.randn(s) for n, s in shapes.items()}
    for n, (rows, columns) in linears.items():
        weights |= {f"{n}.weight": torch.randn(rows, columns) / columns**0.5, f"{n}.bias": torch.randn(rows) * 0.1}
    for n, length in norms.items():
        weights |= {f"{n}.weight": 1 + torch.randn(length) * 0.2, f"{n}.bias": torch.randn(length) * 0.2}
    return weights


torch.manual_seed(11)
check_against_trained_module()
layers, heads, width, queries, patches, out = 2, 4, 16, 3, 5, 6
cases = []
for variant, frames, extras in (("joint", 4, ()), ("joint", 4, ("time",)), ("joint", 4, ("time", "place")), ("joint", 1, ()), ("paper", 4, ()), ("paper", 4, ("time",))):
    weights = random_weights(layers, width, 20, queries, out)
    if "time" in extras:
        weights["time"] = torch.randn(frames, width)
    if "place" in extras:
        weights["place"] = torch.randn(patches, width)
    features = torch.randn(2, frames, patches, width)
    tokens = forward(features.double(), {n: t.double() for n, t in weights.items()}, variant, layers, heads)
    cases.append(
        {
            "variant": variant,
            "extras": list(extras),
            "layers": layers,
            "heads": heads,
            "tensors": base64.b64encode(save({**weights, "features": features})).decode(),
            "shape": list(tokens.shape),
            "tokens": numbers(tokens),
        }
    )
write("abstractor", __file__, {"cases": cases})
