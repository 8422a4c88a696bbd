"""Draws scenes. The same scene gives the same pixels, every time."""

from __future__ import annotations

from collections.abc import Sequence

import cv2
import numpy as np
from numpy.typing import NDArray

from .backdrops import draw_backdrop
from .choreography import FRAMES, Path, choreograph
from .palette import outline, shade
from .scene import COLOURS, SUBJECTS, Actor, Scene, time_reverse
from .shapes import Points, subject_parts

Image = NDArray[np.uint8]
_SHIFT = 4
_PAN = 0.45


def render(scene: Scene, frames: int = FRAMES, size: int = 128) -> Image:
    """The clip as RGB uint8 [frames, size, size, 3]; fewer frames than 16 are
    taken at equal steps from the first to the last."""
    indices = np.round(np.linspace(0, FRAMES - 1, frames)).astype(int).tolist()
    return render_frames(scene, indices, size)


def render_frames(scene: Scene, indices: Sequence[int], size: int = 128) -> Image:
    """Chosen frames (0..15) as RGB uint8 [len(indices), size, size, 3]."""
    forward, played = _unwind(scene, indices)
    paths = choreograph(forward)
    extent = round(size * (1 + _PAN)) if forward.pan else size
    backdrop = draw_backdrop(forward.place, forward.seed, extent, size)
    clip = np.empty((len(played), size, size, 3), dtype=np.uint8)
    for position, index in enumerate(played):
        frame = _window(backdrop, forward, index, size)
        for actor_index in _back_to_front(forward):
            _draw(frame, forward.actors[actor_index], paths[actor_index], index, forward.place)
        clip[position] = _with_noise(frame, forward, index)
    return clip


def render_masks(scene: Scene, indices: Sequence[int], size: int = 128) -> Image:
    """Which actor is seen where: uint8 [len(indices), size, size], 0 for the
    place and i + 1 for actor i; an actor that is less than half opaque is not there."""
    forward, played = _unwind(scene, indices)
    paths = choreograph(forward)
    masks = np.zeros((len(played), size, size), dtype=np.uint8)
    for position, index in enumerate(played):
        for actor_index in _back_to_front(forward):
            path = paths[actor_index]
            if path.opacity[index] < 0.5:
                continue
            for part in subject_parts(forward.actors[actor_index].subject):
                points = _placed(part.points, path, index, size)
                cv2.fillPoly(masks[position], [points], actor_index + 1, cv2.LINE_8, _SHIFT)
    return masks


def render_labels(scene: Scene, frame_index: int, grid: int = 8) -> NDArray[np.int64]:
    """Subject and colour of every patch: int64 [2, grid, grid], 0 where no actor
    covers a fifth of the patch, else 1 + the index in SUBJECTS and COLOURS."""
    cell = 14
    mask = render_masks(scene, [frame_index], grid * cell)[0]
    patches = mask.reshape(grid, cell, grid, cell).transpose(0, 2, 1, 3).reshape(grid, grid, -1)
    labels = np.zeros((2, grid, grid), dtype=np.int64)
    best = np.full((grid, grid), 0.2)
    for index, actor in enumerate(scene.actors):
        share = (patches == index + 1).mean(axis=-1)
        wins = share >= best
        labels[0][wins] = 1 + SUBJECTS.index(actor.subject)
        labels[1][wins] = 1 + COLOURS.index(actor.colour)
        best = np.maximum(best, share)
    return labels


def _unwind(scene: Scene, indices: Sequence[int]) -> tuple[Scene, list[int]]:
    """A backwards scene is drawn from its forward twin, last frame first."""
    if not scene.backwards:
        return scene, list(indices)
    forward = time_reverse(scene)
    if forward is None:
        raise ValueError(f"a scene with the relation {scene.relation} cannot run backwards")
    return forward, [FRAMES - 1 - index for index in indices]


def _back_to_front(scene: Scene) -> list[int]:
    order = list(range(len(scene.actors)))
    if scene.relation and scene.relation[0] == "in_front_of":
        order.remove(scene.relation[1])
        order.append(scene.relation[1])
    return order


def _window(backdrop: Image, scene: Scene, index: int, size: int) -> Image:
    if not scene.pan:
        return backdrop.copy()
    progress = index / (FRAMES - 1)
    share = progress if scene.pan == "right" else 1 - progress
    left = round(share * (backdrop.shape[1] - size))
    return backdrop[:, left : left + size].copy()


def _placed(points: Points, path: Path, index: int, size: int) -> NDArray[np.int32]:
    """Polygon in fixed-point pixels: turned, then mirrored to the facing, then moved."""
    angle, radius = float(path.angle[index]), float(path.radius[index])
    cosine, sine = np.cos(angle) * radius, np.sin(angle) * radius
    x = points[:, 0] * path.facing[index]
    y = points[:, 1]
    placed = np.stack(
        [path.x[index] + x * cosine - y * sine, path.y[index] + x * sine + y * cosine], axis=1
    )
    # Fixed point counts from pixel centres, half a pixel in.
    return np.round((placed * size - 0.5) * (1 << _SHIFT)).astype(np.int32)


def _draw(frame: Image, actor: Actor, path: Path, index: int, place: str) -> None:
    opacity = float(path.opacity[index])
    if opacity <= 0.0:
        return
    target = frame if opacity >= 1.0 else frame.copy()
    size = frame.shape[0]
    contour = outline(actor.colour, place)
    thickness = 2 if size >= 96 else 1
    parts = [
        (part.role, _placed(part.points, path, index, size))
        for part in subject_parts(actor.subject)
    ]
    for role, points in parts:
        if role in ("body", "dark", "light", "tan"):
            cv2.polylines(target, [points], True, contour, thickness, cv2.LINE_AA, _SHIFT)
    for role, points in parts:
        cv2.fillPoly(target, [points], shade(actor.colour, role), cv2.LINE_AA, _SHIFT)
        if role == "body" and actor.texture != "plain":
            _texture(target, actor, path, index, points)
    if target is not frame:
        cv2.addWeighted(target, opacity, frame, 1 - opacity, 0, dst=frame)


def _texture(
    frame: Image, actor: Actor, path: Path, index: int, body: NDArray[np.int32]
) -> None:
    """Stripes or spots in a lighter shade, kept inside the body."""
    size = frame.shape[0]
    inside = np.zeros((size, size), dtype=np.uint8)
    cv2.fillPoly(inside, [body], 1, cv2.LINE_8, _SHIFT)
    marks = np.zeros((size, size), dtype=np.uint8)
    for points in _MARKS[actor.texture]:
        cv2.fillPoly(marks, [_placed(points, path, index, size)], 1, cv2.LINE_8, _SHIFT)
    frame[(inside & marks) > 0] = shade(actor.colour, "light")


def _stripes() -> list[Points]:
    return [
        np.array([(x, -1.3), (x + 0.16, -1.3), (x + 0.16, 1.3), (x, 1.3)])
        for x in np.arange(-1.0, 1.0, 0.46)
    ]


def _spots() -> list[Points]:
    angle = np.linspace(0, 2 * np.pi, 10, endpoint=False)
    ring = 0.15 * np.stack([np.cos(angle), np.sin(angle)], axis=1)
    return [
        ring + (x + (0.24 if row % 2 else 0.0), y)
        for row, y in enumerate(np.arange(-0.9, 1.0, 0.42))
        for x in np.arange(-0.95, 1.0, 0.5)
    ]


_MARKS: dict[str, list[Points]] = {"striped": _stripes(), "spotted": _spots()}


def _with_noise(frame: Image, scene: Scene, index: int) -> Image:
    if scene.noise <= 0:
        return frame
    rng = np.random.default_rng((scene.seed, 11, index))
    grain = rng.standard_normal(frame.shape, dtype=np.float32) * (scene.noise * 255)
    return np.clip(frame + grain, 0, 255).astype(np.uint8)
