"""CLIP's image tower of transformers: the last layer after the final norm.

For scripts/parity/clip-vision.mjs.
"""

from __future__ import annotations

from typing import Any

import torch
from fixture import digest, tensor_list, write
from transformers import CLIPVisionConfig, CLIPVisionModel
from weights import Spread, fill, values

CLIP_PROCESSOR = {
    "crop_size": {"height": 224, "width": 224},
    "do_center_crop": True,
    "do_normalize": True,
    "do_resize": True,
    "image_mean": [0.48145466, 0.4578275, 0.40821073],
    "image_std": [0.26862954, 0.26130258, 0.27577711],
    "resample": 3,
    "size": {"shortest_edge": 224},
}


def spread(name: str, shape: tuple[int, ...]) -> Spread | None:
    """Embeddings lie around 0 as in a trained tower."""
    return Spread(0.5) if "class_embedding" in name or "position_embedding" in name else None


def case(words: str, pictures: int, **sizes: Any) -> dict[str, Any]:
    config = CLIPVisionConfig(projection_dim=64, **sizes)
    with torch.device("meta"):
        model = CLIPVisionModel(config)
    model = model.to_empty(device="cpu").eval()
    model.embeddings.position_ids = torch.arange(model.embeddings.num_positions).unsqueeze(0)
    tensors = fill(model, spread)
    shape = (pictures, 3, config.image_size, config.image_size)
    with torch.inference_mode():
        # transformers normalises the pooled token only; the paper's features are all tokens, normalised.
        features = model.post_layernorm(model(values("pixels", shape, Spread(2.0))).last_hidden_state)
    size = config.image_size
    return {
        "geometry": words,
        "config": config.to_dict(),
        "preprocessor": CLIP_PROCESSOR
        | {"size": {"shortest_edge": size}, "crop_size": {"height": size, "width": size}},
        "tensors": tensor_list(tensors),
        "inputs": {"pixels": {"shape": shape, "scale": 2.0}},
        "outputs": {"features": digest(features)},
    }


if __name__ == "__main__":
    torch.set_num_threads(1)
    small = case(
        "2 layers, width 64, 28² pixels",
        2,
        hidden_size=64,
        num_hidden_layers=2,
        num_attention_heads=4,
        intermediate_size=128,
        image_size=28,
        patch_size=14,
    )
    full = case(
        "ViT-L/14: 24 layers, width 1024, 224² pixels, 257 × 1024 features",
        1,
        hidden_size=1024,
        num_hidden_layers=24,
        num_attention_heads=16,
        intermediate_size=4096,
        image_size=224,
        patch_size=14,
    )
    write("clip-vision", __file__, {"small": small, "full": full})
