"""ONNX graphs, the adapter file and the bundle's manifest."""
