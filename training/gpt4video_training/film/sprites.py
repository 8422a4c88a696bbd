"""What an actor looks like, cut out: unit radius, upright, facing right."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache

import cv2
import numpy as np
from numpy.typing import NDArray

from ..world.palette import Rgb, outline, shade
from ..world.render import BORDERED, geometry
from ..world.scene import COLOURS, SUBJECTS, TEXTURES

SIDE = 64
REACH = 1.3
"""Half the sprite's side in radii of the actor."""
_FINE = 4
# The renderer's contour is two pixels at every size; the sprite has that of a medium actor.
_CONTOUR = 2 / (0.145 * 128)
_SHIFT = 4


@dataclass(frozen=True)
class Look:
    """Everything that decides an actor's pixels except its pose. `dark` places give
    actors a light contour. The empty look has no subject."""

    subject: str
    colour: str
    texture: str
    dark: bool


EMPTY = Look("", "", "", False)
LOOKS: tuple[Look, ...] = (
    EMPTY,
    *(
        Look(subject, colour, texture, dark)
        for subject in SUBJECTS
        for colour in COLOURS
        for texture in TEXTURES
        for dark in (False, True)
    ),
)
LOOK_INDEX = {look: index for index, look in enumerate(LOOKS)}


@cache
def draw_sprite(look: Look) -> NDArray[np.float32]:
    """Red, green, blue (multiplied by alpha) and alpha: `[4, 64, 64]` in 0..1."""
    if look == EMPTY:
        return np.zeros((4, SIDE, SIDE), dtype=np.float32)
    side = SIDE * _FINE
    scale = side / (2 * REACH)
    colour = np.zeros((side, side, 3), dtype=np.uint8)
    alpha = np.zeros((side, side), dtype=np.uint8)
    points, spans = geometry(look.subject, look.texture)
    placed = ((points * scale + side / 2 - 0.5) * (1 << _SHIFT)).astype(np.int32)
    parts = [(role, placed[start:end]) for role, start, end in spans if role != "mark"]
    marks = [placed[start:end] for role, start, end in spans if role == "mark"]
    bordered = [polygon for role, polygon in parts if role in BORDERED]
    paint, thickness = outline(look.colour, "night" if look.dark else "day"), round(_CONTOUR * scale)
    cv2.polylines(colour, bordered, True, paint, thickness, cv2.LINE_8, _SHIFT)
    cv2.polylines(alpha, bordered, True, 255, thickness, cv2.LINE_8, _SHIFT)
    for role, polygon in parts:
        cv2.fillPoly(colour, [polygon], shade(look.colour, role), cv2.LINE_8, _SHIFT)
        cv2.fillPoly(alpha, [polygon], 255, cv2.LINE_8, _SHIFT)
        if role == "body" and marks:
            _mark(colour, shade(look.colour, "light"), polygon, marks)
    layers = np.concatenate([colour, alpha[..., None]], axis=2).astype(np.float32) / 255
    small = cv2.resize(layers, (SIDE, SIDE), interpolation=cv2.INTER_AREA)
    return np.ascontiguousarray(small.transpose(2, 0, 1), dtype=np.float32)


def _mark(
    colour: NDArray[np.uint8], paint: Rgb, body: NDArray[np.int32], marks: list[NDArray[np.int32]]
) -> None:
    inside = np.zeros(colour.shape[:2], dtype=np.uint8)
    cv2.fillPoly(inside, [body], 1, cv2.LINE_8, _SHIFT)
    marked = np.zeros_like(inside)
    cv2.fillPoly(marked, marks, 1, cv2.LINE_8, _SHIFT)
    colour[(inside & marked) > 0] = paint
