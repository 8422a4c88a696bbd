"""The shipped abstractor back to PyTorch, so that training can go on from a bundle alone.

    python -m gpt4video_training.abstractor.restore --bundle ../models/cartoon --out DIR

Writes `abstractor.pt` as `abstractor.train` leaves it.
"""

from __future__ import annotations

import argparse
from pathlib import Path

import torch

from gpt4video_training.abstractor.model import Abstractor
from gpt4video_training.export.restore import fill, read_graph

_LAYER = ("query", "key", "value", "out", "mlp.w1", "mlp.w3", "mlp.w2")
_GLIMPSE = ("glimpse", "recall")
_SAID = ("spatial_fc", "temporal_fc", "words.0", "words.2")


def restore_abstractor(path: Path) -> Abstractor:
    """`abstractor.onnx` -> the module. Raises ValueError when they differ."""
    layers = [[f"layers.{at}.{name}" for name in _LAYER] for at in range(3)]
    # Matrices stand in the order in which the graph multiplies by them, not in that of the module.
    names = [*layers[0], *layers[1], *_GLIMPSE, *layers[2], *_SAID]
    values, products = read_graph(path)
    if len(products) != len(names):
        raise ValueError(f"{path}: an abstractor multiplies by {len(names)} matrices, not {len(products)}")
    named = {f"{name}.weight": product for name, product in zip(names, products, strict=True)}
    module = Abstractor()
    fill(module, {**values, **named}, [], path)
    return module.eval()


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--bundle", type=Path, required=True)
    parser.add_argument("--out", type=Path, required=True)
    args = parser.parse_args()
    args.out.mkdir(parents=True, exist_ok=True)
    module = restore_abstractor(args.bundle / "abstractor.onnx")
    torch.save(module.state_dict(), args.out / "abstractor.pt")


if __name__ == "__main__":
    main()
