"""Draws scenes. The same scene gives the same pixels, every time."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache

import cv2
import numpy as np
from numpy.typing import NDArray

from .backdrops import draw_backdrop
from .choreography import FRAMES, Path, choreograph
from .palette import Rgb, outline, shade
from .scene import COLOURS, SUBJECTS, Actor, Scene, time_reverse
from .shapes import Points, subject_parts, texture_marks

Image = NDArray[np.uint8]
_SHIFT = 4
_PAN = 0.45
BORDERED = frozenset({"body", "dark", "light", "tan"})
"""Roles of the parts that a contour is drawn around."""


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
            points, spans = geometry(forward.actors[actor_index].subject, "plain")
            placed = _placed(points, path, index, size)
            for _, start, end in spans:
                cv2.fillPoly(masks[position], [placed[start:end]], actor_index + 1,
                             cv2.LINE_8, _SHIFT)  # fmt: skip
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
    """Points [n, 2] in fixed-point pixels: turned, mirrored to the facing, then moved."""
    angle, radius = float(path.angle[index]), float(path.radius[index]) * size
    cosine, sine = np.cos(angle) * radius, np.sin(angle) * radius
    facing = float(path.facing[index])
    turn = np.array([[cosine * facing, sine * facing], [-sine, cosine]])
    # Fixed point counts from pixel centres, half a pixel in.
    origin = np.array([path.x[index] * size - 0.5, path.y[index] * size - 0.5])
    return ((points @ turn + origin) * (1 << _SHIFT)).astype(np.int32)


@cache
def geometry(subject: str, texture: str) -> tuple[Points, tuple[tuple[str, int, int], ...]]:
    """All points of a subject and its texture in one array, and (role, start, end) of
    each polygon; the polygons of the texture have the role `mark`."""
    polygons = [(part.role, part.points) for part in subject_parts(subject)]
    polygons += [("mark", points) for points in texture_marks(texture)]
    ends = np.cumsum([len(points) for _, points in polygons]).tolist()
    spans = tuple(
        (role, end - len(points), end)
        for (role, points), end in zip(polygons, ends, strict=True)
    )
    return np.concatenate([points for _, points in polygons]), spans


def _draw(frame: Image, actor: Actor, path: Path, index: int, place: str) -> None:
    opacity = float(path.opacity[index])
    if opacity <= 0.0:
        return
    target = frame if opacity >= 1.0 else frame.copy()
    size = frame.shape[0]
    points, spans = geometry(actor.subject, actor.texture)
    placed = _placed(points, path, index, size)
    parts = [(role, placed[start:end]) for role, start, end in spans if role != "mark"]
    marks = [placed[start:end] for role, start, end in spans if role == "mark"]
    bordered = [polygon for role, polygon in parts if role in BORDERED]
    cv2.polylines(target, bordered, True, outline(actor.colour, place), 2 if size >= 96 else 1,
                  cv2.LINE_AA, _SHIFT)  # fmt: skip
    for role, polygon in parts:
        cv2.fillPoly(target, [polygon], shade(actor.colour, role), cv2.LINE_AA, _SHIFT)
        if role == "body" and marks:
            _texture(target, shade(actor.colour, "light"), polygon, marks)
    if target is not frame:
        cv2.addWeighted(target, opacity, frame, 1 - opacity, 0, dst=frame)


def _texture(
    frame: Image, paint: Rgb, body: NDArray[np.int32], marks: list[NDArray[np.int32]]
) -> None:
    """Marks in a lighter shade, kept inside the body."""
    inside = np.zeros(frame.shape[:2], dtype=np.uint8)
    cv2.fillPoly(inside, [body], 1, cv2.LINE_8, _SHIFT)
    marked = np.zeros_like(inside)
    cv2.fillPoly(marked, marks, 1, cv2.LINE_8, _SHIFT)
    frame[(inside & marked) > 0] = paint


def _with_noise(frame: Image, scene: Scene, index: int) -> Image:
    if scene.noise <= 0:
        return frame
    rng = np.random.default_rng((scene.seed, 11, index))
    grain = rng.standard_normal(frame.shape, dtype=np.float32) * (scene.noise * 255)
    return np.clip(frame + grain, 0, 255).astype(np.uint8)
