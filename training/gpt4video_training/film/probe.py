"""Measures films by their pixels: is the asked colour there, and does it go the asked way?

    python -m gpt4video_training.film.probe --models models/cartoon --text DIR --out probe.json

One actor in plain wording, one of the ten colours, moving left, right, up or
down in one of the eight places. The same measure on rendered clips of the same
scenes says how far the measure itself can be trusted.
"""

from __future__ import annotations

import argparse
import json
import random
from dataclasses import replace
from pathlib import Path

import numpy as np
import torch
from numpy.typing import NDArray

from ..data.captions import caption
from ..world.palette import RGB
from ..world.render import render
from ..world.sampling import Mix, sample_scene
from ..world.scene import COLOURS, Scene
from .conditioning import UNCONDITIONAL, TextConditioning
from .export import GUIDANCE, STEPS, onnx_denoiser, open_session
from .sample import sample_latents

Clip = NDArray[np.uint8]
_WAYS = {"left": (0, -1), "right": (0, 1), "up": (1, -1), "down": (1, 1)}
_NEAR, _CHANGE, _ENOUGH, _TRAVEL = 70.0, 40.0, 40, 12.0


def moving_pixels(clip: Clip) -> NDArray[np.bool_]:
    """Pixels that differ from the clip's median picture: bool [16, H, W]."""
    place = np.median(clip, axis=0)
    return np.abs(clip - place).max(axis=-1) > _CHANGE


def seen_colour(clip: Clip) -> str | None:
    """The palette's colour that most moving pixels come close to, if any do."""
    pixels = clip[moving_pixels(clip)].astype(np.float64)
    if len(pixels) < _ENOUGH:
        return None
    palette = np.array([RGB[name] for name in COLOURS], dtype=np.float64)
    distance = np.linalg.norm(pixels[:, None] - palette, axis=-1)
    votes = np.bincount(distance.argmin(axis=1)[distance.min(axis=1) < _NEAR], minlength=10)
    return COLOURS[int(votes.argmax())] if votes.max() >= _ENOUGH else None


def seen_way(clip: Clip, colour: str) -> str | None:
    """Where the pixels of the colour go between the first and the last quarter."""
    near = np.linalg.norm(clip.astype(np.float64) - RGB[colour], axis=-1) < _NEAR
    near &= moving_pixels(clip)
    centres = []
    for part in (near[:4], near[-4:]):
        _, rows, columns = np.nonzero(part)
        if len(rows) < _ENOUGH:
            return None
        centres.append(np.array([columns.mean(), rows.mean()]))
    travel = centres[1] - centres[0]
    axis = int(np.abs(travel).argmax())
    if abs(travel[axis]) < _TRAVEL:
        return None
    return next(way for way, (a, sign) in _WAYS.items() if a == axis and sign * travel[axis] > 0)


def probe_scenes(count: int, seed: int = 0) -> list[Scene]:
    """Single actors that travel, seen compositions."""
    rng, scenes = random.Random(seed), []
    while len(scenes) < count:
        scene = sample_scene(rng, "train", Mix((1, 0, 0), 0, 0, 0, 0, 0, 0))
        actor = scene.actors[0]
        if actor.motions[0] in _WAYS:
            scenes.append(replace(scene, actors=(replace(actor, size="medium"),)))
    return scenes


def score(scenes: list[Scene], clips: list[Clip]) -> dict[str, float]:
    """Shares of clips with the right colour and with the right way."""
    colours = [seen_colour(c) == s.actors[0].colour for s, c in zip(scenes, clips, strict=True)]
    ways = [
        seen_way(clip, scene.actors[0].colour) == scene.actors[0].motions[0]
        for scene, clip in zip(scenes, clips, strict=True)
    ]
    return {"colour": float(np.mean(colours)), "way": float(np.mean(ways))}


def film(models: Path, text: Path, scenes: list[Scene], guidance: float) -> list[Clip]:
    """Films of the scenes' plain captions, by the exported graphs."""
    conditioning = TextConditioning(text)
    predict = onnx_denoiser(open_session(models / "film-denoiser.onnx", threads=1))
    decoder = open_session(models / "film-decoder.onnx", threads=1)
    empty, clips = conditioning([UNCONDITIONAL]), list[Clip]()
    for seed, scene in enumerate(scenes):
        told = conditioning([caption(scene)])
        latents = sample_latents(predict, told, empty, guidance, STEPS, seed)
        frames = np.asarray(decoder.run(["frames"], {"latents": latents.numpy()})[0])[0]
        clips.append((frames.transpose(0, 2, 3, 1) * 255).round().astype(np.uint8))
    return clips


def main() -> None:
    """Command line."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--models", type=Path, required=True)
    parser.add_argument("--text", type=Path, required=True)
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--films", type=int, default=48)
    parser.add_argument("--guidance", type=float, default=GUIDANCE)
    options = parser.parse_args()
    torch.set_num_threads(1)
    scenes = probe_scenes(options.films)
    result = {
        "films": options.films,
        "guidance": options.guidance,
        "made": score(scenes, film(options.models, options.text, scenes, options.guidance)),
        "rendered": score(scenes, [render(scene) for scene in scenes]),
    }
    options.out.write_text(json.dumps(result, indent=2) + "\n")
    print(json.dumps(result))


if __name__ == "__main__":
    main()
