"""The decoder of diffusers' AutoencoderKL, the geometry of Stable Diffusion 2 and ZeroScope, for scripts/parity/vae.mjs.

The pipeline's scaling before and its mapping to 0..1 after belong to the graph, so they are done here too.
"""

from __future__ import annotations

import json
from typing import Any

import torch
from diffusers import AutoencoderKL
from fixture import digest, tensor_list, write
from weights import Spread, fill, values


def spread(name: str, shape: tuple[int, ...]) -> Spread | None:
    """The last layer small enough that few values are cut off at black and white."""
    return Spread(0.02) if name == "decoder.conv_out.weight" else None


def case(words: str, height: int, width: int, **sizes: Any) -> dict[str, Any]:
    levels = len(sizes["block_out_channels"])
    model = AutoencoderKL(
        down_block_types=("DownEncoderBlock2D",) * levels,
        up_block_types=("UpDecoderBlock2D",) * levels,
        **sizes,
    ).eval()
    tensors = [spec for spec in fill(model, spread) if spec.name.startswith(("decoder.", "post_quant_conv."))]
    latents = values("latents", (1, 4, 1, height, width), Spread(1.7))
    with torch.inference_mode():
        picture = model.decode(latents[:, :, 0] / model.config.scaling_factor).sample
    frames = (picture / 2 + 0.5).clamp(0, 1)
    inside = ((frames > 0) & (frames < 1)).float().mean()
    print(f"{words}: mean {frames.mean():.3f}, std {frames.std():.3f}, {inside:.1%} between black and white")
    return {
        "geometry": words,
        "config": json.loads(model.to_json_string()),
        "tensors": tensor_list(tensors),
        "inputs": {"latents": {"shape": list(latents.shape), "scale": 1.7}},
        "outputs": {"frames": digest(frames, 2500)},
    }


if __name__ == "__main__":
    torch.set_num_threads(1)
    small = case(
        "2 levels, widths 8 and 16; latents of 5 × 6",
        5,
        6,
        block_out_channels=(8, 16),
        layers_per_block=1,
        norm_num_groups=4,
    )
    full = case(
        "widths 128, 256, 512, 512, 2 layers a level; latents of 12 × 16",
        12,
        16,
        block_out_channels=(128, 256, 512, 512),
        layers_per_block=2,
    )
    write("vae", __file__, {"small": small, "full": full})
