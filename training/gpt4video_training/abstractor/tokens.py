"""What the trained abstractor makes of the cached clips: `tokens.npy` for step 2."""

from __future__ import annotations

import argparse
from pathlib import Path

import numpy as np
import numpy.typing as npt
import torch

from gpt4video_training.abstractor.cache import load_clips
from gpt4video_training.abstractor.model import Abstractor
from gpt4video_training.export.abstractor import load_abstractor


def tokens_of(
    model: Abstractor, features: npt.NDArray[np.float16], batch: int = 48
) -> npt.NDArray[np.float16]:
    """features f16 [N,4,65,256] -> tokens f16 [N,65,576]."""
    parts = []
    with torch.inference_mode():
        for at in range(0, len(features), batch):
            part = torch.from_numpy(features[at : at + batch].astype(np.float32))
            parts.append(model(part).numpy().astype(np.float16))
    return np.concatenate(parts)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--clips", type=Path, required=True)
    parser.add_argument("--checkpoint", type=Path, required=True)
    parser.add_argument("--count", type=int, help="only the first so many clips")
    args = parser.parse_args()
    features = load_clips(args.clips).features[: args.count]
    np.save(args.clips / "tokens.npy", tokens_of(load_abstractor(args.checkpoint), features))


if __name__ == "__main__":
    main()
