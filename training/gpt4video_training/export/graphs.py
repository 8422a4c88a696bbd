"""PyTorch modules to ONNX files: fp32 interface, fp16 weights, parity measured on the way."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import numpy as np
import onnx
import onnxruntime as ort
import torch
from onnx import TensorProto, helper, numpy_helper
from onnxruntime.quantization import QuantType, quantize_dynamic

_WORTH_SHRINKING = 4096


def export_graph(
    module: torch.nn.Module,
    inputs: dict[str, torch.Tensor],
    outputs: Sequence[str],
    path: Path,
    batch: str = "B",
) -> float:
    """Write `module` with a dynamic first dimension; returns max abs difference to PyTorch.

    `inputs` are named examples in the order of `forward`; their first dimension
    is the batch. Large weights are stored as fp16 and cast back when loaded.
    """
    module = module.eval()
    names = list(inputs)
    torch.onnx.export(
        module,
        tuple(inputs.values()),
        str(path),
        input_names=names,
        output_names=list(outputs),
        dynamic_shapes=tuple({0: torch.export.Dim.DYNAMIC} for _ in names),
        dynamo=True,
        external_data=False,
        opset_version=18,
        verbose=False,
    )
    _name_batch(path, batch)
    halve_weights(path)
    return parity(module, inputs, outputs, path)


def parity(
    module: torch.nn.Module, inputs: dict[str, torch.Tensor], outputs: Sequence[str], path: Path
) -> float:
    """Largest absolute difference between the graph and the module on the given inputs."""
    with torch.no_grad():
        expected = module(*inputs.values())
    expected = expected if isinstance(expected, tuple) else (expected,)
    session = ort.InferenceSession(str(path), providers=["CPUExecutionProvider"])
    feed = {name: value.numpy() for name, value in inputs.items()}
    actual = session.run(list(outputs), feed)
    return max(
        float(np.abs(a - e.float().numpy()).max())
        for a, e in zip(actual, expected, strict=True)
    )


def forget_traces(model: onnx.ModelProto) -> None:
    """The exporter notes for every node which line of which file made it; a shipped graph tells no paths."""
    del model.metadata_props[:], model.graph.metadata_props[:], model.graph.value_info[:]
    model.doc_string = model.graph.doc_string = ""
    for item in [*model.graph.node, *model.functions]:
        del item.metadata_props[:]
        item.doc_string = ""


def quantise(full: Path, small: Path) -> None:
    """Writes a graph whose constant products are of 8-bit integers; activations are rounded as they come."""
    # Seven-bit weights: eight-bit ones saturate in the AVX2 kernels of CPUs without VNNI.
    quantize_dynamic(str(full), str(small), weight_type=QuantType.QInt8, per_channel=True, reduce_range=True)
    quantised = onnx.load(str(small))
    forget_traces(quantised)
    onnx.save(quantised, str(small))


def _name_batch(path: Path, batch: str) -> None:
    model = onnx.load(str(path))
    for value in [*model.graph.input, *model.graph.output]:
        value.type.tensor_type.shape.dim[0].dim_param = batch
    forget_traces(model)
    onnx.save(model, str(path))


def halve_weights(path: Path) -> None:
    """Store large float32 initialisers as float16 with a Cast in front of their readers."""
    model = onnx.load(str(path))
    graph = model.graph
    casts = []
    for initializer in list(graph.initializer):
        values = numpy_helper.to_array(initializer)
        if initializer.data_type != TensorProto.FLOAT or values.size < _WORTH_SHRINKING:
            continue
        name = initializer.name
        initializer.CopyFrom(numpy_helper.from_array(values.astype(np.float16), f"{name}_half"))
        casts.append(
            helper.make_node(
                "Cast", [f"{name}_half"], [name], name=f"{name}_cast", to=TensorProto.FLOAT
            )
        )
    nodes = [*casts, *graph.node]
    del graph.node[:]
    graph.node.extend(nodes)
    onnx.checker.check_model(model)
    onnx.save(model, str(path))
