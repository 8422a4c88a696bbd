"""UNet3DConditionModel of diffusers, ZeroScope's geometry, for scripts/parity/unet3d.mjs.

The full checkpoint (1.4 billion parameters) is written to a file and mapped, so that memory holds the
activations only; its place can be named: python unet3d.py [folder].
"""

from __future__ import annotations

import json
import sys
import tempfile
from pathlib import Path
from typing import Any

import torch
from diffusers import UNet3DConditionModel
from fixture import digest, tensor_list, write
from safetensors.torch import load_file
from weights import Spread, TensorSpec, default_spread, values

Shape = tuple[int, ...]


def generated_file(model: torch.nn.Module, path: Path) -> list[TensorSpec]:
    """Writes every tensor of the model's layout, generated from its name, as a safetensors file."""
    specs = [
        TensorSpec(name, tuple(t.shape), default_spread(name, tuple(t.shape)))
        for name, t in model.state_dict().items()
    ]
    header, offset = {}, 0
    for spec in specs:
        size = 4 * torch.Size(spec.shape).numel()
        header[spec.name] = {
            "dtype": "F32",
            "shape": list(spec.shape),
            "data_offsets": [offset, offset + size],
        }
        offset += size
    text = json.dumps(header).encode()
    text += b" " * (-len(text) % 8)
    with path.open("wb") as file:
        file.write(len(text).to_bytes(8, "little") + text)
        for spec in specs:
            file.write(values(spec.name, spec.shape, spec.spread).numpy().tobytes())
    return specs


def case(
    words: str, sample: Shape, text: Shape, timesteps: list[int], folder: Path, **sizes: Any
) -> dict[str, Any]:
    with torch.device("meta"):
        model = UNet3DConditionModel(cross_attention_dim=text[2], **sizes).eval()
    path = folder / "unet.safetensors"
    tensors = generated_file(model, path)
    model.load_state_dict(load_file(path), assign=True)
    count = sum(spec.numel() for spec in model.parameters())
    inputs = {"latents": Spread(1.7), "text": Spread(1.7)}
    with torch.inference_mode():
        prediction = model(
            values("latents", sample, inputs["latents"]),
            torch.tensor(timesteps),
            values("text", text, inputs["text"]),
        ).sample
    print(
        f"{words}: {count:,} parameters, |prediction| up to {prediction.abs().max():.3f}, std {prediction.std():.3f}"
    )
    return {
        "geometry": f"{words}; {count:,} parameters",
        "config": json.loads(model.to_json_string()),
        "tensors": tensor_list(tensors),
        "inputs": {
            "latents": {"shape": list(sample), "scale": 1.7},
            "text": {"shape": list(text), "scale": 1.7},
            "timestep": timesteps,
        },
        "outputs": {"prediction": digest(prediction, 2000)},
    }


SMALL = {
    "block_out_channels": (16, 32),
    "down_block_types": ("CrossAttnDownBlock3D", "DownBlock3D"),
    "up_block_types": ("UpBlock3D", "CrossAttnUpBlock3D"),
    "layers_per_block": 1,
    "norm_num_groups": 8,
    "attention_head_dim": 8,
}

if __name__ == "__main__":
    torch.set_num_threads(1)
    with tempfile.TemporaryDirectory(dir=sys.argv[1] if len(sys.argv) > 1 else None) as place:
        small = case(
            "2 levels, widths 16 and 32; 3 frames of 5 × 7",
            (2, 4, 3, 5, 7),
            (2, 5, 24),
            [999, 40],
            Path(place),
            **SMALL,
        )
        words = "ZeroScope: widths 320, 640, 1280, 1280, 2 layers a level; 3 frames of 8 × 16 latents"
        full = case(words, (2, 4, 3, 8, 16), (2, 77, 1024), [975, 25], Path(place))
    write("unet3d", __file__, {"small": small, "full": full})
