"""Inner tensors of an ONNX graph as further outputs, without touching the file's weights."""

from __future__ import annotations

from collections.abc import Sequence

import onnx


def exposed(model: bytes, tensors: Sequence[str]) -> bytes:
    """The model with binary32 outputs added for the named tensors.

    Protobuf merges a message that is given twice, so appending a `ModelProto`
    that holds nothing but a graph with outputs extends the graph; the
    TypeScript adapter does the same (libs/adapters/src/onnx/expose-tensors.ts).
    """
    outputs = [onnx.helper.make_tensor_value_info(name, onnx.TensorProto.FLOAT, None) for name in tensors]
    extension = onnx.ModelProto(graph=onnx.GraphProto(output=outputs))
    return model + extension.SerializeToString()
