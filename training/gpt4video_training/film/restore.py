"""The shipped film graphs back to PyTorch modules."""

from __future__ import annotations

from pathlib import Path

import onnx

from ..export.restore import fill, read_graph
from .backdrop_coder import BackdropDecoder, BackdropSize
from .denoiser import Denoiser, DenoiserSize
from .path_coder import PathDecoder
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
