"""What the trained abstractor makes of the cached clips, for step 2.

Only clips that it reads without a mistake are kept: a wrong word beside a true
answer would teach the language model not to look.
"""

from __future__ import annotations

import argparse
import json
from pathlib import Path

import numpy as np
import numpy.typing as npt
import torch

from gpt4video_training.abstractor.cache import load_clips
from gpt4video_training.abstractor.model import Abstractor
from gpt4video_training.abstractor.train import POSITIONS, WordLoss
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
    parser.add_argument("--words", type=Path, required=True)
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--count", type=int, help="only the first so many clips")
    args = parser.parse_args()
    clips = load_clips(args.clips)
    count = args.count or len(clips)
    tokens = tokens_of(load_abstractor(args.checkpoint), clips.features[:count])
    right = WordLoss(torch.load(args.words)).slots(
        torch.from_numpy(tokens[:, POSITIONS.numpy()].astype(np.float32)),
        torch.from_numpy(clips.forward[:count].astype(np.int64)),
    )[2].all(1)
    kept = np.flatnonzero(right.numpy())
    args.out.mkdir(parents=True, exist_ok=True)
    np.save(args.out / "tokens.npy", tokens[kept])
    lines = [json.dumps(clips.scenes[i].to_dict()) for i in kept]
    (args.out / "scenes.jsonl").write_text("\n".join(lines) + "\n")
    print(f"{len(kept)} of {count} clips are read without a mistake")


if __name__ == "__main__":
    main()
