"""Frames as serving will see them: other sizes, resampling, codec blocks, blur and grain."""

from __future__ import annotations

import random

import cv2
import numpy as np
import numpy.typing as npt
import torch
from PIL import Image

from gpt4video_training.data.slots import sorted_indices
from gpt4video_training.vision.vit import GRID, MEAN, PATCH, SIDE, STD
from gpt4video_training.world.choreography import FRAMES, choreograph
from gpt4video_training.world.render import render_frames, render_masks
from gpt4video_training.world.scene import COLOURS, SIZES, SUBJECTS, TEXTURES, Scene, time_reverse

cv2.setNumThreads(1)
Pixels = npt.NDArray[np.uint8]
SAMPLED = (1, 5, 9, 12)
RENDER_SIZES = (112, 128, 128, 128, 144)


def squash(frame: Pixels, antialias: bool = True) -> Pixels:
    """Bicubic to 112×112 whatever the aspect ratio, [H,W,3] -> [112,112,3]."""
    if frame.shape[:2] == (SIDE, SIDE):
        return frame
    if antialias:
        image = Image.fromarray(frame).resize((SIDE, SIDE), Image.Resampling.BICUBIC)
        return np.asarray(image)
    return np.asarray(
        cv2.resize(frame, (SIDE, SIDE), interpolation=cv2.INTER_CUBIC), dtype=np.uint8
    )


def degrade(frames: Pixels, rng: random.Random) -> Pixels:
    """One clip's damage, the same for all its frames: [F,H,W,3] -> [F,112,112,3]."""
    upscale = rng.random() < 0.25
    quality = rng.choice((0, 0, rng.randrange(35, 95)))
    blur = rng.random() < 0.15
    gain, offset = rng.uniform(0.93, 1.07), rng.uniform(-8, 8)
    out = []
    for frame in frames:
        if upscale:
            frame = np.asarray(cv2.resize(frame, (256, 256), interpolation=cv2.INTER_CUBIC), np.uint8)
        if blur:
            frame = np.asarray(cv2.GaussianBlur(frame, (3, 3), 0.7), np.uint8)
        if quality:
            _, data = cv2.imencode(".jpg", frame[..., ::-1], [cv2.IMWRITE_JPEG_QUALITY, quality])
            decoded = cv2.imdecode(data, cv2.IMREAD_COLOR)
            assert decoded is not None
            frame = np.asarray(decoded[..., ::-1], np.uint8)
        frame = squash(frame, antialias=rng.random() < 0.8)
        out.append(np.clip(frame * gain + offset, 0, 255).astype(np.uint8))
    return np.stack(out)


def clip_frames(scene: Scene, indices: tuple[int, ...], rng: random.Random) -> Pixels:
    """Rendered and degraded frames, uint8 [len(indices),112,112,3]."""
    return degrade(render_frames(scene, indices, rng.choice(RENDER_SIZES)), rng)


def normalise(frames: Pixels) -> torch.Tensor:
    """uint8 [...,112,112,3] -> float32 [...,3,112,112] with CLIP's mean and deviation."""
    return normalised(torch.from_numpy(np.ascontiguousarray(frames)))


def normalised(frames: torch.Tensor) -> torch.Tensor:
    """The same on the device where the frames are."""
    mean, deviation = (torch.tensor(each, device=frames.device) for each in (MEAN, STD))
    return ((frames.float() / 255 - mean) / deviation).movedim(-1, -3)


def patch_owners(scene: Scene, indices: tuple[int, ...]) -> npt.NDArray[np.int64]:
    """Which actor every patch shows: [F,64], 0 for none, else actor index + 1."""
    masks = render_masks(scene, indices, GRID * PATCH)
    count = len(indices)
    cells = masks.reshape(count, GRID, PATCH, GRID, PATCH).transpose(0, 1, 3, 2, 4)
    cells = cells.reshape(count, GRID * GRID, PATCH * PATCH)
    shares = np.stack([(cells == i + 1).mean(-1) for i in range(len(scene.actors))])
    owner = shares.argmax(0) + 1
    owner[shares.max(0) < 0.15] = 0
    return owner.astype(np.int64)


def patch_labels(scene: Scene, owners: npt.NDArray[np.int64]) -> npt.NDArray[np.int64]:
    """Subject, colour, texture, size class and letter of every patch, [5,64]; 0 where no actor is.

    The letter is the actor's place (1 to 3) among those visible in this frame, in the order of the
    canonical sentence. An actor that grows or shrinks has no size class: -100, which the loss ignores.
    """
    labels = np.zeros((5, owners.shape[-1]), dtype=np.int64)
    seen = [index for index in sorted_indices(scene) if (owners == index + 1).any()]
    for letter, index in enumerate(seen):
        actor, where = scene.actors[index], owners == index + 1
        labels[0][where] = 1 + SUBJECTS.index(actor.subject)
        labels[1][where] = 1 + COLOURS.index(actor.colour)
        labels[2][where] = 1 + TEXTURES.index(actor.texture)
        labels[3][where] = 1 + SIZES.index(actor.size) if actor.size_is_constant else -100
        labels[4][where] = 1 + letter
    return labels


def patch_geometry(scene: Scene, owners: npt.NDArray[np.int64], frame: int) -> npt.NDArray[np.float32]:
    """Where the actor of every patch really is, [6,64]: its centre from the patch's own, x and y in
    patches; logarithm of its radius over 0.14 of the side; sine and cosine of its turn, clockwise;
    opacity. Zero where no actor is."""
    forward = time_reverse(scene) if scene.backwards else scene
    assert forward is not None
    index = FRAMES - 1 - frame if scene.backwards else frame
    centre = np.arange(GRID) + 0.5
    patch_x, patch_y = np.tile(centre, GRID), np.repeat(centre, GRID)
    geometry = np.zeros((6, owners.shape[-1]), dtype=np.float32)
    for number, path in enumerate(choreograph(forward)):
        where = owners == number + 1
        geometry[0][where] = (path.x[index] * GRID - patch_x)[where]
        geometry[1][where] = (path.y[index] * GRID - patch_y)[where]
        geometry[2][where] = np.log(path.radius[index] / 0.14)
        geometry[3][where] = np.sin(path.angle[index])
        geometry[4][where] = np.cos(path.angle[index])
        geometry[5][where] = path.opacity[index]
    return geometry
