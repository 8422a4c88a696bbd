"""A file written by the safetensors library, with every element type that is read."""

import base64

import torch
from safetensors.torch import save

from fixture import write

tensors = {
    "a.float": torch.tensor([[1.5, -2.25, 0.0], [3.4e38, 1e-40, -0.0]]),
    "b.half": torch.tensor([1.0, -0.333251953125, 65504.0, 6e-8, float("inf"), 0.0], dtype=torch.float16),
    "c.brain": torch.tensor([1.0, -3.140625, 2.0**100], dtype=torch.bfloat16),
    "d.long": torch.tensor([2**60, -1], dtype=torch.int64),
    "e.byte": torch.tensor([[0], [255]], dtype=torch.uint8),
    "f.int": torch.tensor(-7, dtype=torch.int32),
}
values = {name: [str(v) for v in t.to(torch.float32 if t.is_floating_point() else t.dtype).reshape(-1).tolist()] for name, t in tensors.items()}
shapes = {name: list(t.shape) for name, t in tensors.items()}
write("safetensors", __file__, {"file": base64.b64encode(save(tensors, {"stage": "golden"})).decode(), "shapes": shapes, "values": values})
