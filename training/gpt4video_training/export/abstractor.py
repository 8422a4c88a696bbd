"""Abstractor -> `abstractor.onnx`."""

from __future__ import annotations

import argparse
from pathlib import Path

import torch

from gpt4video_training.abstractor.model import FRAMES, TOKENS, WIDTH, Abstractor
from gpt4video_training.export.graphs import export_graph


def load_abstractor(checkpoint: Path) -> Abstractor:
    """The abstractor of step 1, frozen."""
    model = Abstractor()
    model.load_state_dict(torch.load(checkpoint))
    return model.eval().requires_grad_(False)


def export_abstractor(checkpoint: Path, out: Path) -> float:
    """Write the graph; returns the largest difference to PyTorch."""
    torch.manual_seed(0)
    features = torch.randn(2, FRAMES, TOKENS, WIDTH)
    model = load_abstractor(checkpoint)
    return export_graph(model, {"features": features}, ("tokens",), out / "abstractor.onnx")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--checkpoint", type=Path, required=True)
    parser.add_argument("--out", type=Path, required=True)
    args = parser.parse_args()
    print("abstractor max abs diff", export_abstractor(args.checkpoint, args.out))


if __name__ == "__main__":
    main()
