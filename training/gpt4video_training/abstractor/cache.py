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
from gpt4video_training.world.choreography import FRAMES, choreograph
from gpt4video_training.world.sampling import Mix, sample_scene
from gpt4video_training.world.scene import Scene, time_reverse

BATCH = 16
# More of what is hard: several actors, events in order, a turning camera.
TAUGHT = Mix(actors=(0.3, 0.45, 0.25), sequence=0.4, pan=0.1)
ARRAYS = ("features", "owners", "geometry", "sentences")


@dataclass(frozen=True)
class Clips:
    """`features` f16 [N,4,65,256]; `owners` i8 [N,4,64], sorted actor + 1 per patch or 0; `geometry` f16
    [N,3,4,6], of each sorted actor in each frame: centre from -1 to 1, logarithm of the radius over 0.14,
    sine and cosine of the turn, opacity (0 where there is no actor); `sentences` i16 [N,64]; the scenes."""

    features: npt.NDArray[np.float16]
    owners: npt.NDArray[np.int8]
    geometry: npt.NDArray[np.float16]
    sentences: npt.NDArray[np.int16]
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


def sorted_geometry(scene: Scene) -> npt.NDArray[np.float16]:
    """See `Clips.geometry`."""
    forward = time_reverse(scene) if scene.backwards else scene
    assert forward is not None
    frames = np.array([FRAMES - 1 - f if scene.backwards else f for f in SAMPLED])
    paths = choreograph(forward)
    geometry = np.zeros((3, len(SAMPLED), 6), np.float16)
    for place, index in enumerate(sorted_indices(scene)):
        path = paths[index]
        tracks = (2 * path.x - 1, 2 * path.y - 1, np.log(path.radius / 0.14),
                  np.sin(path.angle), np.cos(path.angle), path.opacity)  # fmt: skip
        geometry[place] = np.stack(tracks, axis=-1)[frames]
    return geometry


def encode(vision: VisionEncoder, frames: npt.NDArray[np.uint8]) -> npt.NDArray[np.float16]:
    """uint8 [B,4,112,112,3] -> features f16 [B,4,65,256]."""
    pixels = normalise(frames).flatten(0, 1)
    with torch.inference_mode(), torch.autocast("cpu", torch.bfloat16):
        features, _ = vision(pixels.contiguous(memory_format=torch.channels_last))
    shaped = features.float().view(frames.shape[0], len(SAMPLED), *features.shape[1:])
    return shaped.numpy().astype(np.float16)


def scene_of(rng: random.Random, split: str, mix: Mix) -> Scene:
    """A scene, half of the time as its own time reverse."""
    scene = sample_scene(rng, split, mix)
    twin = time_reverse(scene) if rng.random() < 0.5 else None
    return twin or scene


def make_clips(vision: VisionEncoder, count: int, split: str, seed: int, mix: Mix = TAUGHT) -> Clips:
    """`count` clips of a split; the same for the same seed and image tower."""
    rng = random.Random(seed)
    scenes = [scene_of(rng, split, mix) for _ in range(count)]
    parts = []
    for at in range(0, count, BATCH):
        frames = [clip_frames(scene, SAMPLED, rng) for scene in scenes[at : at + BATCH]]
        parts.append(encode(vision, np.stack(frames)))
    return Clips(
        np.concatenate(parts),
        np.stack([sorted_owners(scene) for scene in scenes]),
        np.stack([sorted_geometry(scene) for scene in scenes]),
        np.array([targets(scene) for scene in scenes], np.int16),
        scenes,
    )


def save_clips(clips: Clips, folder: Path) -> None:
    """Complete under its name or not there at all: training may be reading along."""
    partial = folder.with_suffix(".partial")
    partial.mkdir(parents=True, exist_ok=True)
    for name in ARRAYS:
        np.save(partial / f"{name}.npy", getattr(clips, name))
    lines = [json.dumps(scene.to_dict()) for scene in clips.scenes]
    (partial / "scenes.jsonl").write_text("\n".join(lines) + "\n")
    partial.rename(folder)


def load_clips(folder: Path) -> Clips:
    """Inverse of `save_clips`; features stay on disk until they are used."""
    arrays = {name: np.load(folder / f"{name}.npy", mmap_mode="r") for name in ARRAYS}
    lines = (folder / "scenes.jsonl").read_text().splitlines()
    scenes = [Scene.from_dict(json.loads(line)) for line in lines]
    return Clips(**arrays, scenes=scenes)


def shards(folder: Path) -> list[Path]:
    """The finished parts of a cache, in order."""
    return sorted(path for path in folder.glob("[0-9]*") if path.suffix == "")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--work", type=Path, required=True, help="folder with clip.pt")
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--count", type=int, default=24_000)
    parser.add_argument("--shard", type=int, default=2000, help="clips in one part")
    parser.add_argument("--split", default="train")
    parser.add_argument("--seed", type=int, default=11)
    args = parser.parse_args()
    args.out.mkdir(parents=True, exist_ok=True)
    vision, start = load_vision(args.work), time.time()
    for part in range(-(-args.count // args.shard)):
        folder = args.out / f"{part:03d}"
        if not folder.exists():
            save_clips(make_clips(vision, args.shard, args.split, args.seed * 1000 + part), folder)
            print(f"part {part} {time.time() - start:.0f} s", flush=True)


if __name__ == "__main__":
    main()
