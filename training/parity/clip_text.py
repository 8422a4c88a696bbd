"""CLIP's text tower of transformers, as diffusion pipelines run it, for scripts/parity/clip-text.mjs.

Geometries: ViT-L/14's (QuickGELU), and the one that ZeroScope takes from OpenCLIP-H: 23 layers of a 24-layer
tower, GELU, so that the last layer there is the penultimate one of the full tower.
"""

from __future__ import annotations

from typing import Any

import torch
from fixture import digest, tensor_list, write
from transformers import CLIPTextConfig, CLIPTextModel
from weights import Spread, fill, ids

TEXTS = 2


def spread(name: str, shape: tuple[int, ...]) -> Spread | None:
    """Embeddings lie around 0 as in a trained tower."""
    return Spread(0.5) if "embedding" in name else None


def case(words: str, skipped: int, **sizes: Any) -> dict[str, Any]:
    config = CLIPTextConfig(projection_dim=64, eos_token_id=sizes["vocab_size"] - 1, **sizes)
    with torch.device("meta"):
        model = CLIPTextModel(config)
    model = model.to_empty(device="cpu").eval()
    model.embeddings.position_ids = torch.arange(config.max_position_embeddings).unsqueeze(0)
    tensors = fill(model, spread)
    tokens = ids("input_ids", (TEXTS, config.max_position_embeddings), config.vocab_size)
    with torch.inference_mode():
        states = model(tokens, output_hidden_states=True).hidden_states
        hidden = model.final_layer_norm(states[len(states) - 1 - skipped])
    return {
        "geometry": words,
        "config": config.to_dict(),
        "skippedLayers": skipped,
        "tensors": tensor_list(tensors),
        "inputs": {"input_ids": {"shape": list(tokens.shape), "below": config.vocab_size}},
        "outputs": {"hidden": digest(hidden)},
    }


LARGE = {"vocab_size": 49408, "max_position_embeddings": 77}
SMALL = {
    "vocab_size": 300,
    "max_position_embeddings": 9,
    "hidden_size": 64,
    "num_attention_heads": 4,
    "intermediate_size": 128,
}

if __name__ == "__main__":
    torch.set_num_threads(1)
    vit_l = case(
        "ViT-L/14: 12 layers, width 768, QuickGELU",
        0,
        hidden_size=768,
        num_hidden_layers=12,
        num_attention_heads=12,
        intermediate_size=3072,
        **LARGE,
    )
    zeroscope = case(
        "ZeroScope: 23 layers, width 1024, GELU",
        0,
        hidden_size=1024,
        num_hidden_layers=23,
        num_attention_heads=16,
        intermediate_size=4096,
        hidden_act="gelu",
        **LARGE,
    )
    penultimate = case(
        "OpenCLIP-H: penultimate of 24 layers, width 1024, GELU",
        1,
        hidden_size=1024,
        num_hidden_layers=24,
        num_attention_heads=16,
        intermediate_size=4096,
        hidden_act="gelu",
        **LARGE,
    )
    small = [
        case("2 layers, width 64, QuickGELU", 0, num_hidden_layers=2, **SMALL),
        case("penultimate of 3 layers, width 64, GELU", 1, num_hidden_layers=3, hidden_act="gelu", **SMALL),
    ]
    write(
        "clip-text",
        __file__,
        {"small": {"towers": small}, "full": {"towers": [vit_l, zeroscope, penultimate]}},
    )
