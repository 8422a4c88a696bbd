"""Clips as frozen image features, made once: what step 1 and step 2 learn from."""

from __future__ import annotations

import argparse
import json
import random
import time
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt
import torch

from gpt4video_training.data.slots import sorted_indices, targets
from gpt4video_training.vision.frames import SAMPLED, clip_frames, normalise, patch_owners
from gpt4video_training.vision.vit import VisionEncoder
from gpt4video_training.world.sampling import sample_scene
from gpt4video_training.world.scene import Scene, time_reverse

BATCH = 16


@dataclass(frozen=True)
class Clips:
    """`features` f16 [N,4,65,256]; `owners` i8 [N,4,64], sorted actor + 1 per patch or 0;
    `forward` and `backward` i16 [N,64], the sentence of the clip and of its time reverse
    (-1 where that has no words); the scenes themselves."""

    features: npt.NDArray[np.float16]
    owners: npt.NDArray[np.int8]
    forward: npt.NDArray[np.int16]
    backward: npt.NDArray[np.int16]
    scenes: list[Scene]

    def __len__(self) -> int:
        return len(self.scenes)


def load_vision(work: Path) -> VisionEncoder:
    """The image tower of `train_clip`, frozen."""
    vision = VisionEncoder()
    vision.load_state_dict(torch.load(work / "clip.pt")["vision"])
    return vision.eval().requires_grad_(False)


def sorted_owners(scene: Scene) -> npt.NDArray[np.int8]:
    """Patch owners numbered in the sentence's order of actors, [4,64]."""
    owners = patch_owners(scene, SAMPLED)
    renumber = np.zeros(4, dtype=np.int8)
    for place, index in enumerate(sorted_indices(scene)):
        renumber[index + 1] = place + 1
    return np.asarray(renumber[owners], dtype=np.int8)


def encode(vision: VisionEncoder, frames: npt.NDArray[np.uint8]) -> npt.NDArray[np.float16]:
    """uint8 [B,4,112,112,3] -> features f16 [B,4,65,256]."""
    pixels = normalise(frames).flatten(0, 1)
    with torch.inference_mode(), torch.autocast("cpu", torch.bfloat16):
        features, _ = vision(pixels)
    shaped = features.float().view(frames.shape[0], len(SAMPLED), *features.shape[1:])
    return shaped.numpy().astype(np.float16)


def make_clips(vision: VisionEncoder, count: int, split: str, seed: int) -> Clips:
    """`count` clips of a split; the same for the same seed and image tower."""
    rng = random.Random(seed)
    scenes = [sample_scene(rng, split) for _ in range(count)]
    features = np.empty((count, len(SAMPLED), 65, 256), np.float16)
    start = time.time()
    for at in range(0, count, BATCH):
        part = scenes[at : at + BATCH]
        features[at : at + BATCH] = encode(
            vision, np.stack([clip_frames(scene, SAMPLED, rng) for scene in part])
        )
        if at % 1600 == 0:
            print(f"{at + len(part)} clips {time.time() - start:.0f} s", flush=True)
    return Clips(
        features,
        np.stack([sorted_owners(scene) for scene in scenes]),
        np.array([targets(scene) for scene in scenes], np.int16),
        np.array([_reverse_targets(scene) for scene in scenes], np.int16),
        scenes,
    )


def _reverse_targets(scene: Scene) -> list[int]:
    twin = time_reverse(scene)
    return targets(twin) if twin else [-1] * 64


def save_clips(clips: Clips, folder: Path) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    for name in ("features", "owners", "forward", "backward"):
        np.save(folder / f"{name}.npy", getattr(clips, name))
    lines = [json.dumps(scene.to_dict()) for scene in clips.scenes]
    (folder / "scenes.jsonl").write_text("\n".join(lines) + "\n")


def load_clips(folder: Path) -> Clips:
    """Inverse of `save_clips`."""
    arrays = {
        name: np.load(folder / f"{name}.npy")
        for name in ("features", "owners", "forward", "backward")
    }
    lines = (folder / "scenes.jsonl").read_text().splitlines()
    scenes = [Scene.from_dict(json.loads(line)) for line in lines]
    return Clips(**arrays, scenes=scenes)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--work", type=Path, required=True, help="folder with clip.pt")
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--count", type=int, default=12_000)
    parser.add_argument("--split", default="train")
    parser.add_argument("--seed", type=int, default=11)
    args = parser.parse_args()
    save_clips(make_clips(load_vision(args.work), args.count, args.split, args.seed), args.out)


if __name__ == "__main__":
    main()
