"""The shipped graphs, taken back to PyTorch, compute what the graphs compute."""

from pathlib import Path

import torch

from gpt4video_training.abstractor.restore import restore_abstractor
from gpt4video_training.export.graphs import parity
from gpt4video_training.film.restore import restore_denoiser, restore_stage

BUNDLE = Path(__file__).parents[2] / "models" / "cartoon"
LATENTS = (2, 32, 1, 1, 34)


def test_the_denoiser_equals_its_graph() -> None:
    torch.manual_seed(0)
    path = BUNDLE / "film-denoiser.onnx"
    inputs = {
        "latents": torch.randn(LATENTS),
        "timestep": torch.tensor([999.0, 3.0]),
        "text": torch.randn(2, 32, 256),
        "text_mask": (torch.arange(32) < torch.tensor([[5], [32]])).float(),
    }
    assert parity(restore_denoiser(path), inputs, ("prediction",), path) < 1e-4


def test_the_decoder_equals_its_graph() -> None:
    torch.manual_seed(0)
    path = BUNDLE / "film-decoder.onnx"
    assert parity(restore_stage(path), {"latents": torch.randn(LATENTS)}, ("frames",), path) < 1e-3


def test_the_abstractor_equals_its_graph() -> None:
    torch.manual_seed(0)
    path = BUNDLE / "abstractor.onnx"
    inputs = {"features": torch.randn(2, 4, 65, 256)}
    assert parity(restore_abstractor(path), inputs, ("tokens",), path) < 1e-3
