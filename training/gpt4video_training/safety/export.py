"""`text-safety.onnx`: the trained tower with 8-bit weights that the graph itself expands."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import numpy.typing as npt
import onnx
import onnxruntime as ort
import torch
from onnx import TensorProto, helper, numpy_helper

from gpt4video_training.export.graphs import forget_traces
from gpt4video_training.safety.states import WIDTH
from gpt4video_training.safety.tower import Tower

# Smaller matrices are not worth the loss.
SMALLEST = 16_384


def eight_bit(
    matrix: npt.NDArray[np.float32], axis: int
) -> tuple[npt.NDArray[np.int8], npt.NDArray[np.float32]]:
    """Symmetric codes and one scale for each slice along `axis`; their product is the nearest matrix."""
    other = tuple(i for i in range(matrix.ndim) if i != axis)
    scale = np.maximum(np.abs(matrix).max(axis=other), 1e-12).astype(np.float32) / np.float32(127)
    shape = [1] * matrix.ndim
    shape[axis] = -1
    codes = np.rint(matrix / scale.reshape(shape)).clip(-127, 127).astype(np.int8)
    return codes, scale


def round_weights(tower: Tower) -> None:
    """Gives the tower the weights that the file can hold, so that what is measured is what is served."""
    with torch.no_grad():
        for module in tower.modules():
            if isinstance(module, torch.nn.Linear) and module.weight.numel() >= SMALLEST:
                codes, scale = eight_bit(module.weight.numpy(), 0)
                module.weight.copy_(torch.from_numpy(codes.astype(np.float32) * scale[:, None]))


def export_tower(tower: Tower, path: Path) -> float:
    """Writes the graph `states` [B,S,384], `mask` [B,S] -> `scores` [B,13]; returns its error."""
    generator = torch.Generator().manual_seed(0)
    states = torch.randn(3, 9, WIDTH, generator=generator)
    mask = (torch.arange(9)[None] < torch.tensor([[9], [5], [1]])).float()
    axes = {0: torch.export.Dim("B"), 1: torch.export.Dim("S")}
    torch.onnx.export(
        tower.eval(),
        (states, mask),
        str(path),
        input_names=["states", "mask"],
        output_names=["scores"],
        dynamic_shapes={"states": axes, "mask": axes},
        dynamo=True,
        external_data=False,
        opset_version=18,
        verbose=False,
    )
    packed = _packed(onnx.load(str(path)))
    forget_traces(packed)
    onnx.save(packed, str(path))
    feed = {"states": states.numpy(), "mask": mask.numpy()}
    out = ort.InferenceSession(str(path)).run(["scores"], feed)[0]
    with torch.no_grad():
        return float(np.abs(out - tower(states, mask).numpy()).max())


def _packed(model: onnx.ModelProto) -> onnx.ModelProto:
    """Large matrices as 8-bit codes and scales."""
    kept, nodes = [], []
    for tensor in model.graph.initializer:
        values = numpy_helper.to_array(tensor)
        if tensor.data_type != TensorProto.FLOAT or values.ndim != 2 or values.size < SMALLEST:
            kept.append(tensor)
            continue
        name = tensor.name
        axis = _output_axis(model, name)
        codes, scale = _codes(values, axis)
        # Cast and Mul are folded when the graph is loaded; a DequantizeLinear would be fused with its product
        # into one that rounds the states to 8 bits too.
        shape = (-1, 1) if axis == 0 else (1, -1)
        kept.append(numpy_helper.from_array(codes, f"{name}.codes"))
        kept.append(numpy_helper.from_array(scale.reshape(shape), f"{name}.scale"))
        nodes.append(helper.make_node("Cast", [f"{name}.codes"], [f"{name}.wide"], to=TensorProto.FLOAT))
        nodes.append(helper.make_node("Mul", [f"{name}.wide", f"{name}.scale"], [name]))
    del model.graph.initializer[:]
    model.graph.initializer.extend(kept)
    rest = list(model.graph.node)
    del model.graph.node[:]
    model.graph.node.extend([*nodes, *rest])
    del model.graph.value_info[:]
    onnx.checker.check_model(model)
    return model


def _codes(
    values: npt.NDArray[np.float32], axis: int
) -> tuple[npt.NDArray[np.int8], npt.NDArray[np.float32]]:
    codes, scale = eight_bit(values, axis)
    found = codes.astype(np.float32) * (scale[:, None] if axis == 0 else scale[None])
    if not np.allclose(found, values, atol=float(scale.max()) * 0.01):
        raise ValueError("a matrix was not rounded before the export; call round_weights first")
    return codes, scale


def _output_axis(model: onnx.ModelProto, name: str) -> int:
    """Where a matrix keeps its outputs: first in a transposed Gemm, last in a MatMul."""
    for node in model.graph.node:
        if name in node.input:
            transposed = any(a.name == "transB" and a.i for a in node.attribute)
            return 0 if node.op_type == "Gemm" and transposed else 1
    raise ValueError(f"no operator reads {name}")
