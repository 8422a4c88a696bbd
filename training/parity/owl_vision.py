"""mPLUG-Owl's image tower: CLIP's computation on a checkpoint that names and packs its tensors otherwise.

One matrix holds query, key and value, head by head. The reference is transformers' CLIP tower, whose
weights are unpacked from mPLUG-Owl's here. For scripts/parity/owl-vision.mjs.
"""

from __future__ import annotations

from typing import Any

import torch
from clip_vision import CLIP_PROCESSOR
from fixture import digest, tensor_list, write
from transformers import CLIPVisionConfig, CLIPVisionModel
from weights import Spread, TensorSpec, default_spread, values

LAYER = {
    "input_layernorm": "layer_norm1",
    "post_attention_layernorm": "layer_norm2",
    "self_attn.dense": "self_attn.out_proj",
    "mlp.fc1": "mlp.fc1",
    "mlp.fc2": "mlp.fc2",
}


def loaded(config: CLIPVisionConfig) -> tuple[CLIPVisionModel, list[TensorSpec]]:
    """A CLIP tower with the weights of a generated mPLUG-Owl checkpoint, and that checkpoint's tensors."""
    with torch.device("meta"):
        model = CLIPVisionModel(config)
    model = model.to_empty(device="cpu").eval()
    model.embeddings.position_ids = torch.arange(model.embeddings.num_positions).unsqueeze(0)
    state = model.state_dict()
    specs: list[TensorSpec] = []
    width, heads, places = config.hidden_size, config.num_attention_heads, model.embeddings.num_positions

    def take(name: str, shape: tuple[int, ...], spread: Spread | None = None) -> torch.Tensor:
        name = f"vision_model.{name}"
        specs.append(TensorSpec(name, shape, spread or default_spread(name, shape)))
        return values(name, shape, specs[-1].spread)

    def same(owl: str, clip: str) -> None:
        for part in ("weight", "bias"):
            state[f"{clip}.{part}"].copy_(take(f"{owl}.{part}", tuple(state[f"{clip}.{part}"].shape)))

    patch = (width, 3, config.patch_size, config.patch_size)
    state["embeddings.patch_embedding.weight"].copy_(take("embeddings.patch_embed.weight", patch))
    state["embeddings.class_embedding"].copy_(
        take("embeddings.cls_token", (1, 1, width), Spread(0.5)).view(-1)
    )
    position = take("embeddings.position_embedding", (1, places, width), Spread(0.5))
    state["embeddings.position_embedding.weight"].copy_(position[0])
    same("embeddings.pre_layernorm", "pre_layrnorm")
    same("post_layernorm", "post_layernorm")
    for index in range(config.num_hidden_layers):
        prefix = f"encoder.layers.{index}"
        for owl, clip in LAYER.items():
            same(f"{prefix}.{owl}", f"{prefix}.{clip}")
        for part, shape in (("weight", (3 * width, width)), ("bias", (3 * width,))):
            packed = take(f"{prefix}.self_attn.query_key_value.{part}", shape)
            unpacked = (
                packed.view(heads, 3, width // heads, *shape[1:])
                .transpose(0, 1)
                .reshape(3, width, *shape[1:])
            )
            for row, name in enumerate(("q_proj", "k_proj", "v_proj")):
                state[f"{prefix}.self_attn.{name}.{part}"].copy_(unpacked[row])
    return model, specs


def case(words: str, pictures: int, **sizes: Any) -> dict[str, Any]:
    config = CLIPVisionConfig(layer_norm_eps=1e-6, **sizes)
    shape = (pictures, 3, config.image_size, config.image_size)
    with torch.inference_mode():
        model, tensors = loaded(config)
        features = model.post_layernorm(model(values("pixels", shape, Spread(2.0))).last_hidden_state)
    vision = {key: value for key, value in sizes.items()}
    return {
        "geometry": words,
        "config": {"model_type": "mplug-owl", "vision_config": vision},
        "preprocessor": {key: CLIP_PROCESSOR[key] for key in ("image_mean", "image_std")},
        "tensors": tensor_list(tensors),
        "inputs": {"pixels": {"shape": shape, "scale": 2.0}},
        "outputs": {"features": digest(features)},
    }


if __name__ == "__main__":
    torch.set_num_threads(1)
    small = {
        "hidden_size": 64,
        "num_hidden_layers": 2,
        "num_attention_heads": 4,
        "intermediate_size": 128,
        "image_size": 28,
    }
    full = {
        "hidden_size": 1024,
        "num_hidden_layers": 24,
        "num_attention_heads": 16,
        "intermediate_size": 4096,
    }
    write(
        "owl-vision",
        __file__,
        {
            "small": case("2 layers, width 64, 28² pixels", 2, patch_size=14, **small),
            "full": case(
                "24 layers, width 1024, 224² pixels, 257 × 1024 features",
                1,
                patch_size=14,
                image_size=224,
                **full,
            ),
        },
    )
