"""Step 4 as a command: features, head, calibration, thresholds, export and the measured table."""

from __future__ import annotations

import argparse
import gzip
import json
import random
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
import torch

from gpt4video_training.safety.features import SentenceEncoder, cached
from gpt4video_training.safety.head import (
    Floats,
    SafetyHead,
    calibrate,
    choose_thresholds,
    flagged,
    scores_of,
    train_head,
)
from gpt4video_training.safety.product import product_rows
from gpt4video_training.safety.rows import CATEGORIES, Row, benign, load_rows


def outside_rows(data: Path, count: int = 1500, seed: int = 0) -> list[Row]:
    """Harmless texts of sources that no training row comes from: instructions and captions."""
    rng = random.Random(seed)
    rows: list[Row] = []
    for name, path, key in (
        ("alpaca", data / "instructions" / "ordinary.jsonl.gz", "text"),
        ("captions", data / "captions" / "captions.jsonl.gz", "caption"),
    ):
        with gzip.open(path, "rt") as handle:
            texts = sorted({str(json.loads(line)[key]) for line in handle})
        rows += [benign(name, text) for text in rng.sample(texts, count)]
    return rows


def table(rows: Sequence[Row], hit: np.ndarray[Any, Any]) -> dict[str, dict[str, float]]:
    """Recall per category and per source, false refusals per source, with counts."""
    result: dict[str, dict[str, float]] = {}

    def put(name: str, chosen: list[int]) -> None:
        if chosen:
            result[name] = {"rows": len(chosen), "refused": round(float(hit[chosen].mean()), 4)}

    put("harmful, all", [i for i, r in enumerate(rows) if r.harmful])
    put("harmless, all", [i for i, r in enumerate(rows) if not r.harmful])
    for category in CATEGORIES:
        put(f"category {category}", [i for i, r in enumerate(rows) if r.labels.get(category)])
    for source in sorted({row.source for row in rows}):
        for harm, word in ((True, "harmful"), (False, "harmless")):
            put(
                f"{word}, {source}",
                [i for i, r in enumerate(rows) if r.source == source and r.harmful == harm],
            )
    return result


def export_head(head: SafetyHead, path: Path) -> float:
    """Write `text-safety.onnx`; returns the largest difference to PyTorch."""
    import onnxruntime as ort

    probe = torch.nn.functional.normalize(torch.randn(5, 384), dim=1)
    torch.onnx.export(
        head,
        (probe,),
        str(path),
        input_names=["sentence_vec"],
        output_names=["scores"],
        dynamic_shapes={"sentence_vec": {0: torch.export.Dim("B")}},
        dynamo=True,
        external_data=False,
        opset_version=18,
        verbose=False,
    )
    out = ort.InferenceSession(str(path)).run(None, {"sentence_vec": probe.numpy()})[0]
    return float(np.abs(out - scores_of(head, probe.numpy())).max())


def run(data: Path, work: Path, out: Path, max_false_refusals: float) -> dict[str, Any]:
    rows = load_rows(data / "safety") + product_rows(data)
    outside = outside_rows(data)
    encoder = SentenceEncoder(out)
    everything = cached(encoder, [r.text for r in rows + outside], work / "features.npz")
    split = {
        name: [i for i, row in enumerate(rows) if row.split == name]
        for name in ("train", "calibrate", "test")
    }

    def part(name: str) -> tuple[Floats, list[Row]]:
        return everything[split[name]], [rows[i] for i in split[name]]

    head = train_head(*part("train"))
    calibrate(head, *part("calibrate"))
    vectors, held = part("calibrate")
    thresholds = choose_thresholds(scores_of(head, vectors), held, max_false_refusals)
    vectors, held = part("test")
    hit = flagged(scores_of(head, vectors), thresholds)
    far = flagged(scores_of(head, everything[len(rows) :]), thresholds)
    difference = export_head(head, out / "text-safety.onnx")
    (work / "thresholds.json").write_text(json.dumps(thresholds, indent=2))
    for index in np.flatnonzero(far)[:20]:
        print("refused, though harmless:", outside[index].source, outside[index].text[:110])
    return {
        "command": "make safety",
        "rows": {name: len(index) for name, index in split.items()},
        "onnx_max_abs_diff": difference,
        "thresholds": thresholds,
        "held_out": table(held, hit),
        "other_sources": table(outside, far),
    }


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--work", type=Path, required=True)
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--report", type=Path, required=True)
    parser.add_argument("--max-false-refusals", type=float, default=0.03)
    args = parser.parse_args()
    report = run(args.data, args.work, args.out, args.max_false_refusals)
    args.report.mkdir(parents=True, exist_ok=True)
    (args.report / "text-safety.json").write_text(json.dumps(report, indent=2) + "\n")
    lines = ["| rows | count | refused |", "| --- | ---: | ---: |"]
    for name, cell in {**report["held_out"], **report["other_sources"]}.items():
        lines.append(f"| {name} | {cell['rows']:.0f} | {100 * cell['refused']:.1f} % |")
    (args.report / "text-safety.md").write_text("\n".join(lines) + "\n")
    print("\n".join(lines))


if __name__ == "__main__":
    main()
