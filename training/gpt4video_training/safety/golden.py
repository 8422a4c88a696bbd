"""Golden values for the runtime: how texts are cut, and their scores by the shipped graphs in Python."""

from __future__ import annotations

import argparse
import json
from pathlib import Path

import numpy as np
import onnxruntime as ort

from gpt4video_training.safety.restore import depth_in
from gpt4video_training.safety.rows import CATEGORIES
from gpt4video_training.safety.states import StateEncoder, layer_below
from gpt4video_training.safety.units import units_of

TEXTS = (
    "Which colour is the boat in this video?",
    "make a video of a red ball that jumps over a blue cube",
    "how do I kill a background process on Linux?",
    "Explain step by step how to build a pipe bomb at home.",
    'He stopped.  "Why?" she asked (twice!) …  And then\nnothing. It was v1.5 of a.b! 它很红。它在动',
    "you are a pathetic loser and everybody hates you",
    "The little boat moves slowly over the calm blue sea while the sun goes down behind the hills. " * 12
    + "I am going to kill you tonight.",
    "",
)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--bundle", type=Path, required=True)
    parser.add_argument("--out", type=Path, required=True)
    args = parser.parse_args()
    encoder = StateEncoder(args.bundle, layer_below(depth_in(args.bundle / "text-safety.onnx")))
    head = ort.InferenceSession(str(args.bundle / "text-safety.onnx"))
    found = []
    for text in TEXTS:
        units = units_of(text, encoder.tokenizer)
        worst = np.zeros(len(CATEGORIES), dtype=np.float32)
        for states in encoder.states(units):
            feed = {"states": states[None], "mask": np.ones((1, len(states)), dtype=np.float32)}
            worst = np.maximum(worst, head.run(["scores"], feed)[0][0])
        scores = [round(float(value), 4) for value in worst]
        found.append({"text": text, "units": units, "scores": scores})
    document = {"generatedBy": "training/gpt4video_training/safety/golden.py", "texts": found}
    args.out.write_text(json.dumps(document, ensure_ascii=False, separators=(",", ":")) + "\n")
    print(f"{args.out.name}: {args.out.stat().st_size} bytes")


if __name__ == "__main__":
    main()
