"""Graphs keep their numbers with halved weights, at any batch size, and the manifest finds gaps."""

from pathlib import Path

import numpy as np
import onnxruntime as ort
import pytest
import torch

from gpt4video_training.abstractor.model import Abstractor
from gpt4video_training.evaluate.clips import decode_mp4, encode_mp4, uniform_indices
from gpt4video_training.export.graphs import export_graph
from gpt4video_training.export.manifest import file_entry


def test_the_abstractor_graph_equals_the_module(tmp_path: Path) -> None:
    torch.manual_seed(0)
    path = tmp_path / "abstractor.onnx"
    example = {"features": torch.randn(2, 4, 65, 256)}
    assert export_graph(Abstractor(), example, ("tokens",), path) < 1e-2
    session = ort.InferenceSession(str(path))
    out = session.run(None, {"features": np.zeros((5, 4, 65, 256), np.float32)})[0]
    assert out.shape == (5, 65, 576)


def test_a_missing_file_is_named(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError, match=r"vision\.onnx is missing"):
        file_entry(tmp_path, "vision.onnx")


def test_clips_survive_the_codec() -> None:
    frames = np.zeros((16, 128, 128, 3), np.uint8)
    frames[..., 0] = 200
    decoded = decode_mp4(encode_mp4(frames))
    assert decoded.shape == (16, 256, 256, 3)
    assert abs(int(decoded[3, 100, 100, 0]) - 200) < 12


@pytest.mark.parametrize(
    ("frames", "expected"),
    [(1, [0, 0, 0, 0]), (2, [0, 0, 0, 1]), (16, [1, 5, 9, 12]), (300, [37, 112, 187, 261])],
)
def test_frames_are_sampled_as_in_the_paper(frames: int, expected: list[int]) -> None:
    assert uniform_indices(frames) == expected
