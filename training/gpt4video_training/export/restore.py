"""Shipped graphs back to PyTorch weights, so that training can go on from a bundle alone."""

from __future__ import annotations

import argparse
import random
import shutil
from pathlib import Path

import onnx
import torch
from onnx import numpy_helper
from torch import nn

from gpt4video_training.vision.text import CaptionTokenizer, TextEncoder
from gpt4video_training.vision.train_clip import sample_batch
from gpt4video_training.vision.vit import VisionEncoder

Weights = dict[str, torch.Tensor]


def read_graph(path: Path) -> tuple[Weights, list[torch.Tensor]]:
    """Named initialisers, and the constant right-hand sides of all products in graph order.

    The exporter keeps the names of everything but the matrices of linear layers, which it
    stores transposed under names of its own.
    """
    graph = onnx.load(str(path)).graph
    values = {
        item.name.removesuffix("_half"): torch.from_numpy(numpy_helper.to_array(item).copy()).float()
        for item in graph.initializer
        if item.data_type in (onnx.TensorProto.FLOAT, onnx.TensorProto.FLOAT16)
    }
    products = [
        values[node.input[1]].T
        for node in graph.node
        if node.op_type == "MatMul" and node.input[1] in values and node.input[1].startswith("val_")
    ]
    return values, products


def restore(module: nn.Module, path: Path) -> None:
    """Fill `module` from the graph that was exported from it. Raises ValueError when they differ."""
    values, products = read_graph(path)
    fill(module, values, products, path)


def fill(module: nn.Module, values: Weights, unnamed: list[torch.Tensor], path: Path) -> None:
    """Named values where the module has their name, the others in order. Raises ValueError."""
    state = module.state_dict()
    missing = [name for name in state if name not in values]
    shapes = [tuple(state[name].shape) for name in missing]
    found = [tuple(value.shape) for value in unnamed]
    if shapes != found:
        raise ValueError(f"{path}: the module wants {shapes}, the graph holds {found}")
    named = {name: values[name] for name in state if name in values}
    module.load_state_dict({**named, **dict(zip(missing, unnamed, strict=True))})


def read_text(bundle: Path) -> TextEncoder:
    """The text tower of `text-encoder.onnx`."""
    text = TextEncoder(CaptionTokenizer(bundle / "text-encoder.tokenizer.json").size)
    restore(text, bundle / "text-encoder.onnx")
    return text.eval()


def read_vision(bundle: Path) -> VisionEncoder:
    """The image tower of `vision.onnx`."""
    vision = VisionEncoder()
    values, products = read_graph(bundle / "vision.onnx")
    convolutions = [stage for stage in vision.stem if isinstance(stage, nn.Sequential)]
    folded = [values[f"stem.{at}.0.weight_bias"] for at in range(1, len(convolutions) + 1)]
    state = vision.state_dict()
    norms = [name for name in state if name.startswith("stem") and name.split(".")[2:3] == ["1"]]
    values.update({name: state[name] for name in norms})
    fill(vision, values, products, bundle / "vision.onnx")
    rng = random.Random(0)
    pixels = sample_batch(rng, 128).pixels
    x = vision.stem[0](pixels)
    with torch.no_grad():
        for stage, bias in zip(convolutions, folded, strict=True):
            x = unfold_norm(stage, x, bias)
    return vision.eval()


def restore_text(bundle: Path, work: Path) -> None:
    """`text-encoder.onnx` and its tokenizer -> `text-encoder.pt` as `train_text` leaves it."""
    work.mkdir(parents=True, exist_ok=True)
    shutil.copyfile(bundle / "text-encoder.tokenizer.json", work / "text-encoder.tokenizer.json")
    torch.save({"model": read_text(bundle).state_dict()}, work / "text-encoder.pt")


def restore_vision(bundle: Path, work: Path) -> None:
    """`vision.onnx` and the text tower's projection -> `clip.pt` as `train_clip` leaves it, without heads."""
    text = torch.load(work / "text-encoder.pt")["model"]
    torch.save(
        {
            "vision": read_vision(bundle).state_dict(),
            "projection": {"weight": text["projection.weight"]},
            "log_scale": torch.tensor(2.6),
        },
        work / "clip.pt",
    )


def unfold_norm(stage: nn.Sequential, x: torch.Tensor, bias: torch.Tensor) -> torch.Tensor:
    """The exporter folded the normalisation into the convolution: choose one that gives the same output
    for inputs like `x`, [N,C,H,W]. Returns the stage's output."""
    convolution, norm, activation = stage
    assert isinstance(norm, nn.BatchNorm2d) and norm.running_mean is not None
    assert norm.running_var is not None
    y = convolution(x)
    mean, variance = y.mean((0, 2, 3)), y.var((0, 2, 3), unbiased=False)
    norm.running_mean.copy_(mean)
    norm.running_var.copy_(variance)
    norm.weight.copy_((variance + norm.eps).sqrt())
    norm.bias.copy_(bias + mean)
    out: torch.Tensor = activation(y + bias[:, None, None])
    return out


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--bundle", type=Path, required=True)
    parser.add_argument("--work", type=Path, required=True)
    args = parser.parse_args()
    restore_text(args.bundle, args.work)
    restore_vision(args.bundle, args.work)


if __name__ == "__main__":
    main()
