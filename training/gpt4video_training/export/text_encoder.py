"""Text tower -> `text-encoder.onnx` and its tokenizer."""

from __future__ import annotations

import argparse
import shutil
from pathlib import Path

import torch

from gpt4video_training.export.graphs import export_graph
from gpt4video_training.vision.text import CaptionTokenizer, TextEncoder


def load_text_encoder(work: Path) -> tuple[TextEncoder, CaptionTokenizer]:
    """The text tower with the projection that the image tower was trained against, if any yet."""
    tokenizer = CaptionTokenizer(work / "text-encoder.tokenizer.json")
    model = TextEncoder(tokenizer.size)
    model.load_state_dict(torch.load(work / "text-encoder.pt")["model"])
    clip = work / "clip.pt"
    if clip.exists():
        model.projection.load_state_dict(torch.load(clip)["projection"])
    return model.eval(), tokenizer


def export_text_encoder(work: Path, out: Path) -> float:
    """Write both files to `out`; returns the largest difference to PyTorch."""
    model, tokenizer = load_text_encoder(work)
    ids, mask = tokenizer(["a red ball moves left at night", "a snail", "two blue cars"])
    shutil.copyfile(work / "text-encoder.tokenizer.json", out / "text-encoder.tokenizer.json")
    return export_graph(
        model,
        {"input_ids": ids, "attention_mask": mask},
        ("hidden", "pooled"),
        out / "text-encoder.onnx",
        batch="N",
    )


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--work", type=Path, required=True)
    parser.add_argument("--out", type=Path, required=True)
    args = parser.parse_args()
    print("text-encoder max abs diff", export_text_encoder(args.work, args.out))


if __name__ == "__main__":
    main()
