"""Image tower -> `vision.onnx`."""

from __future__ import annotations

import argparse
from pathlib import Path

import torch

from gpt4video_training.abstractor.cache import load_vision
from gpt4video_training.export.graphs import export_graph
from gpt4video_training.vision.vit import SIDE


def export_vision(work: Path, out: Path) -> float:
    """Write the graph; returns the largest difference to PyTorch."""
    torch.manual_seed(0)
    pixels = torch.randn(3, 3, SIDE, SIDE)
    names = ("features", "pooled")
    return export_graph(load_vision(work), {"pixels": pixels}, names, out / "vision.onnx", "N")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--work", type=Path, required=True)
    parser.add_argument("--out", type=Path, required=True)
    args = parser.parse_args()
    print("vision max abs diff", export_vision(args.work, args.out))


if __name__ == "__main__":
    main()
