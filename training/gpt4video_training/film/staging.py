"""A scene taken apart: its actors' looks, their paths, the backdrop and the camera."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from ..data.slots import sorted_indices
from ..world.backdrops import draw_backdrop
from ..world.choreography import FRAMES, Path, choreograph
from ..world.palette import DARK_PLACES
from ..world.scene import Scene
from .layout import ACTORS
from .sprites import EMPTY, Look

HEIGHT, WIDE, WINDOW = 128, 192, 128
PANNED = 186
POSE = 8
"""Numbers of a pose: x, y, log radius, cosine, sine, opacity, facing, depth."""
CENTRE = np.array([0.5, 0.5, np.log(0.145), 0.5, 0.0, 0.5, 0.0, 0.0], dtype=np.float32)
SPREAD = np.array([0.25, 0.25, 0.4, 0.7, 0.7, 0.5, 1.0, 0.5], dtype=np.float32)
Array = NDArray[np.float32]


@dataclass(frozen=True)
class Staging:
    """One scene in parts: three `looks`, `paths` [3, 16, 8] in the coder's units and
    `camera` [16]; actors that are not there look empty and stay put unseen."""

    looks: tuple[Look, ...]
    paths: Array
    camera: Array


def stage_scene(scene: Scene) -> Staging:
    """Takes a forward scene apart, actors in the order of the scene sentence."""
    paths = choreograph(scene)
    front = scene.relation[1] if scene.relation and scene.relation[0] == "in_front_of" else None
    looks, poses = [], []
    for index in sorted_indices(scene):
        actor = scene.actors[index]
        dark = scene.place in DARK_PLACES
        looks.append(Look(actor.subject, actor.colour, actor.texture, dark))
        poses.append(_poses(paths[index], 1.0 if index == front else 0.0))
    missing = ACTORS - len(looks)
    looks += [EMPTY] * missing
    poses += [absent_path()] * missing
    return Staging(tuple(looks), np.stack(poses), camera_track(scene.pan))


def absent_path() -> Array:
    """The path of nobody: in the middle, unseen."""
    pose = np.array([0.5, 0.5, np.log(0.145), 1.0, 0.0, 0.0, 0.0, 0.0], dtype=np.float32)
    return np.tile(_scaled(pose), (FRAMES, 1))


def pose_values(paths: Array) -> Array:
    """Poses `[..., 8]` in their own units, from the coder's units."""
    return paths * SPREAD + CENTRE


def camera_track(pan: str | None) -> Array:
    """How far right the window stands in each frame, -1 to 1: `[16]`."""
    ramp = np.linspace(-1, 1, FRAMES, dtype=np.float32)
    if pan is None:
        return np.full(FRAMES, -1.0, dtype=np.float32)
    return ramp if pan == "right" else ramp[::-1].copy()


def wide_backdrop(place: str, seed: int, panned: bool) -> NDArray[np.uint8]:
    """The place as uint8 `[128, 192, 3]`. What the renderer draws only as wide as the
    window goes on mirrored, so that both kinds have one size."""
    drawn = draw_backdrop(place, seed, PANNED if panned else WINDOW, HEIGHT)
    border = ((0, 0), (0, WIDE - drawn.shape[1]), (0, 0))
    return np.pad(drawn, border, mode="symmetric")


def _poses(path: Path, depth: float) -> Array:
    still = np.ones(FRAMES)
    columns = (path.x, path.y, np.log(path.radius), np.cos(path.angle), np.sin(path.angle),
               path.opacity, path.facing, depth * still)  # fmt: skip
    return _scaled(np.stack(columns, axis=1).astype(np.float32))


def _scaled(poses: Array) -> Array:
    return (poses - CENTRE) / SPREAD
