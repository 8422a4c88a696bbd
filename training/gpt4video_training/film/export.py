"""Writes the film model's graphs and its part of the manifest into the bundle.

    python -m gpt4video_training.film.export --work DIR --text DIR --out models/cartoon

Prints the largest difference to PyTorch of each graph and the seconds that a
film takes in ONNX Runtime on two threads.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import time
from pathlib import Path
from typing import Any

import numpy as np
import onnxruntime
import torch
from torch import Tensor

from ..export.graphs import export_graph
from .conditioning import UNCONDITIONAL, TextConditioning
from .denoiser import TEXT_TOKENS, TEXT_WIDTH
from .layout import FRAMES, LATENT_SHAPE
from .sample import CAPTIONS, Predict, contact_sheet, load_denoiser, sample_latents
from .schedule import BETAS, TRAIN_STEPS
from .stage import load_stage
from .staging import HEIGHT, WINDOW

GUIDANCE, STEPS = 3.5, 25


def open_session(path: Path, threads: int = 2) -> onnxruntime.InferenceSession:
    """The graph on the CPU with a number of threads."""
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = threads
    return onnxruntime.InferenceSession(path, options, providers=["CPUExecutionProvider"])


def onnx_denoiser(session: onnxruntime.InferenceSession) -> Predict:
    """The exported denoiser, callable like the module."""

    def predict(latents: Tensor, timestep: Tensor, text: Tensor, mask: Tensor) -> Tensor:
        feed = {"latents": latents.numpy(), "timestep": timestep.numpy(),
                "text": text.numpy(), "text_mask": mask.numpy()}  # fmt: skip
        return torch.from_numpy(np.asarray(session.run(["prediction"], feed)[0]))

    return predict


def export_graphs(work: Path, out: Path) -> dict[str, float]:
    """Both graphs; the largest absolute difference to PyTorch of each."""
    latents = torch.randn(3, *LATENT_SHAPE)
    mask = (torch.arange(TEXT_TOKENS) < torch.tensor([[2], [9], [32]])).float()
    inputs = {
        "latents": latents,
        "timestep": torch.tensor([999.0, 400.0, 3.0]),
        "text": torch.randn(3, TEXT_TOKENS, TEXT_WIDTH),
        "text_mask": mask,
    }
    out.mkdir(parents=True, exist_ok=True)
    return {
        "film-denoiser.onnx": export_graph(
            load_denoiser(work), inputs, ("prediction",), out / "film-denoiser.onnx"
        ),
        "film-decoder.onnx": export_graph(
            load_stage(work), {"latents": latents}, ("frames",), out / "film-decoder.onnx"
        ),
    }  # fmt: skip


def film_seconds(text: Path, out: Path, sheet: Path | None) -> float:
    """Seconds for one film with guidance, from hidden states to frames, in ONNX
    Runtime on two threads. Writes a contact sheet of ten films where asked to."""
    conditioning = TextConditioning(text)
    predict = onnx_denoiser(open_session(out / "film-denoiser.onnx"))
    decoder = open_session(out / "film-decoder.onnx")
    empty = conditioning([UNCONDITIONAL])
    seconds, films = [], []
    for index, caption in enumerate(CAPTIONS if sheet else CAPTIONS[:2]):
        started = time.perf_counter()
        latents = sample_latents(
            predict, conditioning([caption]), empty, GUIDANCE, STEPS, seed=index
        )
        films.append(decoder.run(["frames"], {"latents": latents.numpy()})[0])
        seconds.append(time.perf_counter() - started)
    if sheet:
        contact_sheet(torch.from_numpy(np.concatenate(films)), sheet)
    return min(seconds)


def manifest_entry(out: Path) -> dict[str, Any]:
    """The manifest's `film` entry for the graphs in `out`."""
    return {
        "denoiser": _file(out / "film-denoiser.onnx"),
        "decoder": _file(out / "film-decoder.onnx"),
        "latents": list(LATENT_SHAPE),
        "frames": FRAMES,
        "width": WINDOW,
        "height": HEIGHT,
        "fps": 8,
        "schedule": {
            "trainSteps": TRAIN_STEPS,
            "betas": BETAS,
            "prediction": "v_prediction",
        },
        "defaults": {"steps": STEPS, "guidanceScale": GUIDANCE, "solver": "dpmsolver++"},
    }


def _file(path: Path) -> dict[str, str | int]:
    data = path.read_bytes()
    return {"path": path.name, "sha256": hashlib.sha256(data).hexdigest(), "bytes": len(data)}


def main() -> None:
    """Command line."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--work", type=Path, required=True)
    parser.add_argument("--text", type=Path, required=True)
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--sheet", type=Path, help="contact sheet to write, .png or .webp")
    options = parser.parse_args()
    torch.set_num_threads(1)
    for name, difference in export_graphs(options.work, options.out).items():
        print(f"{name}: max abs diff to PyTorch {difference:.2e}")
    seconds = film_seconds(options.text, options.out, options.sheet)
    print(f"one film, {STEPS} steps with guidance: {seconds:.2f} s on two threads")
    entry = json.dumps(manifest_entry(options.out), indent=2)
    (options.out / "film.json").write_text(entry + "\n")


if __name__ == "__main__":
    main()
