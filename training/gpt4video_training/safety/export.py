"""`text-safety.onnx`: the trained tower, computed in 8-bit integers as the layers below it are."""

from __future__ import annotations

import tempfile
from pathlib import Path

import torch

from gpt4video_training.export.graphs import parity, quantise
from gpt4video_training.safety.states import WIDTH
from gpt4video_training.safety.tower import Tower


def export_tower(tower: Tower, path: Path) -> float:
    """Writes the graph `states` [B,S,384], `mask` [B,S] -> `scores` [B,13].

    Returns the largest difference to PyTorch before quantisation; what that changes, `served_scores` tells.
    """
    generator = torch.Generator().manual_seed(0)
    states = torch.randn(3, 9, WIDTH, generator=generator)
    mask = (torch.arange(9)[None] < torch.tensor([[9], [5], [1]])).float()
    axes = {0: torch.export.Dim("B"), 1: torch.export.Dim("S")}
    with tempfile.TemporaryDirectory() as folder:
        full = Path(folder) / "full.onnx"
        torch.onnx.export(
            tower.eval(),
            (states, mask),
            str(full),
            input_names=["states", "mask"],
            output_names=["scores"],
            dynamic_shapes={"states": axes, "mask": axes},
            dynamo=True,
            external_data=False,
            opset_version=18,
            verbose=False,
        )
        quantise(full, path)
        return parity(tower, {"states": states, "mask": mask}, ["scores"], full)
