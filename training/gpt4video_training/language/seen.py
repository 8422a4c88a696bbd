"""Training clips as the shipped graphs see them, for step 2 where the clip cache is not at hand.

Only clips that are read without a mistake are kept: a wrong word beside a true answer would
teach the language model not to look. `--packed` writes a third of the bytes, to be sent elsewhere.
"""

from __future__ import annotations

import argparse
import json
import random
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt
import torch

from gpt4video_training.abstractor.cache import TAUGHT, scene_of
from gpt4video_training.data.slots import SLOTS, VOCABULARY, told_words
from gpt4video_training.evaluate.bundle import Eyes
from gpt4video_training.language.imagine import as_read
from gpt4video_training.vision.frames import SAMPLED, clip_frames
from gpt4video_training.world.scene import Scene

# Of a word's spread: rounding by it adds a tenth of the least doubt that is taught.
FINENESS = 0.12


@dataclass(frozen=True)
class Seen:
    """Training clips as the abstractor sees them: `tokens` f16 [N,65,576] and their scenes."""

    tokens: npt.NDArray[np.float16]
    scenes: list[Scene]


def pack(tokens: npt.NDArray[np.float16], path: Path, spread: float) -> None:
    """tokens [N,65,576] in whole steps of `FINENESS` spreads, int8, compressed."""
    step = np.float32(FINENESS * spread)
    steps = np.clip(np.rint(tokens.astype(np.float32) / step), -127, 127)
    np.savez_compressed(path, steps=steps.astype(np.int8), step=step)


def unpack(path: Path) -> npt.NDArray[np.float16]:
    """Inverse of `pack`, but for the rounding."""
    with np.load(path) as stored:
        return np.asarray(stored["steps"] * stored["step"], dtype=np.float16)


def load_seen(folder: Path) -> Seen:
    """`tokens.npy` or what `pack` made of it, beside the clips' scenes."""
    lines = (folder / "scenes.jsonl").read_text().splitlines()
    scenes = [Scene.from_dict(json.loads(line)) for line in lines]
    if (folder / "tokens.npz").exists():
        return Seen(unpack(folder / "tokens.npz"), scenes)
    return Seen(np.load(folder / "tokens.npy", mmap_mode="r"), scenes)


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
    parser.add_argument("--packed", action="store_true", help="tokens.npz instead of tokens.npy")
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
    if args.packed:
        pack(np.stack(kept), args.out / "tokens.npz", float(words.std()))
    else:
        np.save(args.out / "tokens.npy", np.stack(kept))
    (args.out / "scenes.jsonl").write_text("\n".join(lines) + "\n")
    print(f"{len(lines)} of {args.count} clips are read without a mistake")


if __name__ == "__main__":
    main()
