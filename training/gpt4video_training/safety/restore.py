"""The tower as the bundle holds it, so that training can go on from the shipped weights."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

import numpy as np
import numpy.typing as npt
import onnx
import torch
from onnx import numpy_helper

from gpt4video_training.safety.tower import Tower

Arrays = dict[str, npt.NDArray[np.float32]]


def restore_tower(path: Path) -> Tower:
    """Every weight of `text-safety.onnx`, as rounded; calibration starts anew, as training moves it."""
    model = onnx.load(str(path))
    held = _expanded(model)
    tower = Tower(depth_of(held))
    state = tower.state_dict()
    for name in state.keys() - {"scale", "shift"}:
        matrix = _matrix_before(model, name.replace(".weight", ".bias")) if name not in held else None
        found = held[name] if matrix is None else held[matrix].T
        state[name] = torch.from_numpy(np.array(found, order="C"))
    tower.load_state_dict(state)
    return tower


def depth_of(names: Iterable[str]) -> int:
    """How many trained layers there are among a tower's parameters."""
    return len({name.split(".")[1] for name in names if name.startswith("layers.")})


def depth_in(path: Path) -> int:
    """How many trained layers `text-safety.onnx` holds."""
    return depth_of(tensor.name for tensor in onnx.load(str(path)).graph.initializer)


def _expanded(model: onnx.ModelProto) -> Arrays:
    """Initializers by name; codes of matrices as what they stand for, `[in, out]`."""
    held = {tensor.name: numpy_helper.to_array(tensor) for tensor in model.graph.initializer}
    for name in [name for name in held if name.endswith("_quantized")]:
        scales = held[f"{name.removesuffix('_quantized')}_scale"]
        held[name] = held[name].astype(np.float32) * scales
    return held


def _matrix_before(model: onnx.ModelProto, bias: str) -> str:
    """The exporter names transposed matrices by number: the one whose product the bias is added to."""
    makers = {output: node for node in model.graph.node for output in node.output}
    name = next(n for node in model.graph.node if bias in node.input for n in node.input if n != bias)
    while makers[name].op_type != "MatMulInteger":
        name = makers[name].input[0]
    return str(makers[name].input[1])
