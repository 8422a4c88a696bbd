"""Training clips as the shipped graphs see them, for step 2 where the clip cache is not at hand.

Only clips that are read without a mistake are kept: a wrong word beside a true answer would
teach the language model not to look.
"""

from __future__ import annotations

import argparse
import json
import random
from pathlib import Path

import numpy as np
import torch

from gpt4video_training.abstractor.cache import TAUGHT, scene_of
from gpt4video_training.data.slots import SLOTS, VOCABULARY, told_words
from gpt4video_training.evaluate.bundle import Eyes
from gpt4video_training.language.imagine import as_read
from gpt4video_training.vision.frames import SAMPLED, clip_frames
from gpt4video_training.world.scene import Scene


def read_rightly(told: Scene, tokens: torch.Tensor, words: torch.Tensor) -> bool:
    """Whether each slot's token [65,576] lies nearest to the true one of the slot's `words`."""
    wanted = told_words(told)
    for slot in SLOTS:
        choices = words[[VOCABULARY.index(word) for word in slot.words]]
        nearest = int((choices @ tokens[slot.position] / choices.norm(dim=1)).argmax())
        if slot.words[nearest] != wanted[slot.name]:
            return False
    return True


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--bundle", type=Path, required=True)
    parser.add_argument("--words", type=Path, required=True)
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--count", type=int, default=4000)
    parser.add_argument("--seed", type=int, default=21)
    args = parser.parse_args()
    rng, eyes = random.Random(args.seed), Eyes(args.bundle)
    words = torch.load(args.words).float()
    kept, lines = [], []
    for _ in range(args.count):
        scene = scene_of(rng, "train", TAUGHT)
        tokens = eyes.see(clip_frames(scene, SAMPLED, rng))
        seen = torch.from_numpy(tokens)
        if read_rightly(as_read(scene, seen, words), seen, words):
            kept.append(tokens.astype(np.float16))
            lines.append(json.dumps(scene.to_dict()))
    args.out.mkdir(parents=True, exist_ok=True)
    np.save(args.out / "tokens.npy", np.stack(kept))
    (args.out / "scenes.jsonl").write_text("\n".join(lines) + "\n")
    print(f"{len(lines)} of {args.count} clips are read without a mistake")


if __name__ == "__main__":
    main()
