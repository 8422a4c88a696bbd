"""Golden values for the runtime: one sample clip through every stage, in Python."""

from __future__ import annotations

import argparse
import json
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from gpt4video_training.evaluate.bundle import Ask, Eyes, Voice
from gpt4video_training.evaluate.clips import clip_of_file, decode_mp4, uniform_indices
from gpt4video_training.language.prompt import encode_question

QUESTIONS = (
    "What is in the video?",
    "Which colour is it?",
    "Which way does it move?",
    "Make one like this, but blue.",
)


def digest(values: npt.NDArray[Any]) -> dict[str, Any]:
    """Shape, mean magnitude and the first eight values of a tensor."""
    flat = np.asarray(values, dtype=np.float64).reshape(-1)
    return {
        "shape": list(values.shape),
        "meanAbs": float(f"{np.abs(flat).mean():.6g}"),
        "first": [float(f"{value:.6g}") for value in flat[:8]],
    }


def golden(bundle: Path, gguf: Path, sample: str) -> dict[str, Any]:
    """Everything that a runtime has to reproduce about `samples/<sample>.mp4`."""
    path = bundle / "samples" / f"{sample}.mp4"
    eyes, voice = Eyes(bundle), Voice(gguf, bundle / "lora.safetensors", full=True)
    frames = clip_of_file(path)
    features = eyes.features(frames)
    tokens = eyes.tokens(features)
    turns = []
    for question in QUESTIONS:
        encoded = encode_question(voice.tokenizer, question, (0,))
        position = encoded.clips[0][0]
        turns.append(
            {
                "question": question,
                "promptIds": [*encoded.ids[:position], *encoded.ids[position + 65 :]],
                "visualAt": position,
                "answer": voice.answer([Ask(question, (tokens,))])[0],
            }
        )
    return {
        "generatedBy": "training/gpt4video_training/evaluate/golden.py",
        "file": f"models/cartoon/samples/{sample}.mp4",
        "frameIndices": uniform_indices(len(decode_mp4(path.read_bytes()))),
        "pixels": digest(frames),
        "features": digest(features),
        "tokens": digest(tokens),
        "turns": turns,
    }


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--bundle", type=Path, required=True)
    parser.add_argument("--gguf", type=Path, required=True)
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--sample", default="red-star")
    args = parser.parse_args()
    made = golden(args.bundle, args.gguf, args.sample)
    args.out.parent.mkdir(parents=True, exist_ok=True)
    args.out.write_text(json.dumps(made, indent=1) + "\n")
    for turn in made["turns"]:
        print(turn["question"], "->", turn["answer"])


if __name__ == "__main__":
    main()
