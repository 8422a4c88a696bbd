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

from gpt4video_training.abstractor.cache import load_clips, shards
from gpt4video_training.abstractor.losses import WordLoss
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
    parser.add_argument("--words", type=Path, required=True)
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--parts", type=int, default=3, help="only the first so many parts of the cache")
    args = parser.parse_args()
    model, loss = load_abstractor(args.checkpoint), WordLoss(torch.load(args.words).float())
    kept: list[npt.NDArray[np.float16]] = []
    lines: list[str] = []
    count = 0
    for folder in shards(args.clips)[: args.parts]:
        clips = load_clips(folder)
        tokens = tokens_of(model, clips.features)
        _, _, right = loss(
            torch.from_numpy(tokens.astype(np.float32)),
            torch.from_numpy(clips.sentences.astype(np.int64)),
        )
        good = np.flatnonzero(right.all(1).numpy())
        kept.append(tokens[good])
        lines += [json.dumps(clips.scenes[i].to_dict()) for i in good]
        count += len(clips)
    args.out.mkdir(parents=True, exist_ok=True)
    np.save(args.out / "tokens.npy", np.concatenate(kept))
    (args.out / "scenes.jsonl").write_text("\n".join(lines) + "\n")
    print(f"{len(lines)} of {count} clips are read without a mistake")


if __name__ == "__main__":
    main()
