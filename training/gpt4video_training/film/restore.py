"""The shipped film graphs back to PyTorch modules, so that training can go on from a bundle alone.

    python -m gpt4video_training.film.restore --bundle ../models/cartoon --work DIR

Writes `denoiser.pt` as `train_denoiser` leaves it and the three coders as `train_coders` leaves them, at
step 0 and without the optimisers' memory. Encoders are not shipped: they start untrained.
"""

from __future__ import annotations

import argparse
from pathlib import Path

import onnx

from ..export.restore import fill, read_graph
from .backdrop_coder import BackdropDecoder, BackdropSize
from .coders import make_coder
from .denoiser import Denoiser, DenoiserSize
from .path_coder import PathDecoder
from .progress import save_checkpoint
from .sprite_coder import SpriteDecoder
from .stage import Stage


def restore_denoiser(path: Path) -> Denoiser:
    """`film-denoiser.onnx` -> the denoiser. Raises ValueError when they differ."""
    values, products = read_graph(path)
    # The matrices of each kind of token, which the graph picks by index: the way in and the way out.
    nodes = onnx.load(str(path)).graph.node
    picked = [node.input[0] for node in nodes if node.op_type == "GatherND"]
    tables = [values[name] for name in picked if name in values and values[name].dim() == 3]
    module = Denoiser(DenoiserSize())
    fill(module, values, [*tables, *products], path)
    return module.eval()


def restore_stage(path: Path) -> Stage:
    """`film-decoder.onnx` -> the decoder. Raises ValueError when they differ."""
    values, _ = read_graph(path)
    # The exporter takes group normalisation apart: gain and shift become nameless `[C, 1, 1]`.
    gains = [
        value.flatten()
        for name, value in values.items()
        if name.startswith("val_") and value.dim() == 3
    ]
    module = Stage(BackdropDecoder(BackdropSize()), SpriteDecoder(), PathDecoder())
    fill(module, values, gains, path)
    return module.eval()


def main() -> None:
    """Command line."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--bundle", type=Path, required=True)
    parser.add_argument("--work", type=Path, required=True)
    options = parser.parse_args()
    denoiser = restore_denoiser(options.bundle / "film-denoiser.onnx")
    weights = denoiser.state_dict()
    first = {"optimisers": [], "step": 0}
    models = {"model": weights, "average": weights, "size": denoiser.size}
    save_checkpoint(options.work / "denoiser.pt", {**models, **first})
    stage = restore_stage(options.bundle / "film-decoder.onnx")
    decoders = {"backdrops": stage.backdrop, "sprites": stage.sprite, "paths": stage.path}
    for part, decoder in decoders.items():
        coder = make_coder(part)
        coder.decoder = decoder
        save_checkpoint(options.work / f"{part}.pt", {"model": coder.state_dict(), **first})


if __name__ == "__main__":
    main()
