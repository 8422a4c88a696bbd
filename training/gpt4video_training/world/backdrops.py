"""The eight places, drawn once for a clip with variation from the scene's seed.

Places are painted in muted tints that none of the ten colours of actors uses.
"""

from __future__ import annotations

from collections.abc import Callable

import cv2
import numpy as np
from numpy.typing import NDArray

from .palette import Rgb
from .sampling import BACKDROP_VARIANTS

Image = NDArray[np.uint8]


def draw_backdrop(place: str, seed: int, width: int, height: int) -> Image:
    """The place as uint8 [height, width, 3]."""
    rng = np.random.default_rng((seed, 7))
    canvas = _Canvas(width, height, rng, seed % BACKDROP_VARIANTS)
    _PLACES[place](canvas)
    return canvas.image


class _Canvas:
    """A picture addressed in fractions of its height, with a tint for its variant."""

    def __init__(self, width: int, height: int, rng: np.random.Generator, variant: int) -> None:
        self.image: Image = np.empty((height, width, 3), dtype=np.uint8)
        self.side = height
        self.width = width / height
        self.rng = rng
        tints = np.random.default_rng(1000 + variant)
        strength = 8 if variant < 8 else 16
        self.tint = tints.uniform(-strength, strength, 3)
        self.horizon = float(rng.uniform(0.52, 0.68))

    def paint(self, colour: Rgb) -> Rgb:
        red, green, blue = (
            int(min(255, max(0, value + tint)))
            for value, tint in zip(colour, self.tint, strict=True)
        )
        return red, green, blue

    def gradient(self, top: Rgb, bottom: Rgb, start: float = 0.0, end: float = 1.0) -> None:
        first, last = int(start * self.side), int(end * self.side)
        ramp = np.linspace(self.paint(top), self.paint(bottom), max(last - first, 1))
        self.image[first:last] = ramp[: last - first, None, :].astype(np.uint8)

    def disc(self, x: float, y: float, radius: float, colour: Rgb) -> None:
        centre = (int(x * self.side * 16), int(y * self.side * 16))
        cv2.circle(self.image, centre, int(radius * self.side * 16), self.paint(colour), -1,
                   cv2.LINE_AA, 4)  # fmt: skip

    def polygon(self, points: list[tuple[float, float]], colour: Rgb) -> None:
        pts = np.round(np.array(points) * self.side * 16).astype(np.int32)
        cv2.fillPoly(self.image, [pts], self.paint(colour), cv2.LINE_AA, 4)

    def specks(self, count: int, bottom: float, colour: Rgb, radius: float) -> None:
        for x, y in self.rng.uniform((0, 0), (self.width, bottom), (count, 2)):
            self.disc(float(x), float(y), radius, colour)

    def hills(self, base: float, height: float, colour: Rgb) -> None:
        xs = np.linspace(0, self.width, 13)
        phase, pace = self.rng.uniform(0, 6.3), self.rng.uniform(4, 8)
        ys = base - height * (0.5 + 0.5 * np.sin(xs * pace + phase))
        self.polygon([(0, 1), *zip(xs.tolist(), ys.tolist(), strict=True), (self.width, 1)], colour)


def _cloud(canvas: _Canvas, colour: Rgb) -> None:
    x, y = canvas.rng.uniform(0.1, canvas.width), canvas.rng.uniform(0.08, 0.26)
    for dx, radius in ((-0.07, 0.035), (0.0, 0.05), (0.07, 0.035)):
        canvas.disc(x + dx, y, radius, colour)


def _day(canvas: _Canvas) -> None:
    canvas.gradient((150, 205, 238), (206, 232, 244), 0, canvas.horizon)
    canvas.gradient((172, 208, 138), (146, 188, 116), canvas.horizon, 1)
    canvas.disc(canvas.rng.uniform(0.1, canvas.width - 0.1), 0.13, 0.075, (255, 240, 170))
    _cloud(canvas, (240, 246, 248))
    _cloud(canvas, (240, 246, 248))


def _night(canvas: _Canvas) -> None:
    canvas.gradient((26, 30, 66), (52, 58, 100), 0, canvas.horizon)
    canvas.gradient((40, 62, 62), (30, 48, 50), canvas.horizon, 1)
    canvas.specks(22, canvas.horizon, (214, 216, 226), 0.008)
    x = canvas.rng.uniform(0.12, canvas.width - 0.12)
    canvas.disc(x, 0.15, 0.085, (236, 232, 200))
    canvas.disc(x + 0.04, 0.125, 0.07, (30, 34, 70))


def _sea(canvas: _Canvas) -> None:
    horizon = canvas.horizon - 0.14
    canvas.gradient((188, 224, 240), (224, 238, 240), 0, horizon)
    canvas.gradient((98, 172, 190), (66, 138, 164), horizon, 1)
    for row in np.arange(horizon + 0.08, 1.0, 0.13):
        offset = canvas.rng.uniform(0, 0.2)
        for x in np.arange(offset, canvas.width, 0.22):
            crest = [(x, row), (x + 0.05, row - 0.022), (x + 0.1, row), (x + 0.05, row - 0.008)]
            canvas.polygon(crest, (158, 208, 216))
    _cloud(canvas, (244, 248, 250))


def _desert(canvas: _Canvas) -> None:
    canvas.gradient((196, 216, 224), (238, 224, 196), 0, 1)
    canvas.hills(canvas.horizon, 0.1, (226, 200, 152))
    canvas.hills(canvas.horizon + 0.16, 0.1, (214, 184, 136))
    x, y = canvas.rng.uniform(0.08, canvas.width - 0.08), canvas.horizon + 0.1
    for left, top, right, bottom in ((-0.02, -0.2, 0.02, 0.02), (-0.075, -0.14, -0.045, -0.06),
                                     (-0.06, -0.09, 0, -0.06), (0.045, -0.17, 0.075, -0.08),
                                     (0, -0.11, 0.06, -0.08)):  # fmt: skip
        canvas.polygon([(x + left, y + top), (x + right, y + top), (x + right, y + bottom),
                        (x + left, y + bottom)], (120, 148, 110))  # fmt: skip


def _pine(canvas: _Canvas, x: float, base: float, height: float, colour: Rgb) -> None:
    for level in range(3):
        top = base - height * (0.45 + level * 0.2) - height * 0.12
        wide = height * (0.3 - level * 0.07)
        bottom = base - height * level * 0.22
        canvas.polygon([(x, top), (x - wide, bottom), (x + wide, bottom)], colour)


def _forest(canvas: _Canvas) -> None:
    canvas.gradient((196, 216, 204), (178, 204, 184), 0, 1)
    for x in np.arange(canvas.rng.uniform(-0.1, 0.02), canvas.width + 0.1, 0.17):
        _pine(canvas, float(x), canvas.horizon, canvas.rng.uniform(0.42, 0.6), (128, 160, 138))
    canvas.gradient((138, 158, 116), (116, 136, 98), canvas.horizon - 0.01, 1)
    for x in np.arange(canvas.rng.uniform(-0.1, 0.1), canvas.width + 0.1, 0.4):
        height = canvas.rng.uniform(0.5, 0.62)
        _pine(canvas, float(x), canvas.horizon + 0.06, height, (96, 128, 108))


def _snow(canvas: _Canvas) -> None:
    canvas.gradient((176, 190, 206), (204, 214, 224), 0, 1)
    canvas.hills(canvas.horizon, 0.12, (220, 226, 232))
    for x in canvas.rng.uniform(0, canvas.width, 2):
        _pine(canvas, float(x), canvas.horizon + 0.03, 0.28, (136, 158, 160))
    canvas.hills(canvas.horizon + 0.12, 0.06, (232, 236, 240))
    canvas.specks(26, 1.0, (246, 248, 250), 0.011)


def _city(canvas: _Canvas) -> None:
    canvas.gradient((204, 204, 214), (228, 220, 212), 0, 1)
    x = canvas.rng.uniform(-0.1, 0.0)
    ground = canvas.horizon + 0.1
    while x < canvas.width:
        wide, top = canvas.rng.uniform(0.14, 0.22), ground - canvas.rng.uniform(0.28, 0.58)
        grey = int(canvas.rng.uniform(142, 172))
        canvas.polygon([(x, top), (x + wide, top), (x + wide, ground), (x, ground)],
                       (grey, grey, grey + 8))  # fmt: skip
        for wy in np.arange(top + 0.05, ground - 0.05, 0.1):
            for wx in (x + wide * 0.28, x + wide * 0.7):
                canvas.polygon([(wx - 0.02, wy), (wx + 0.02, wy), (wx + 0.02, wy + 0.04),
                                (wx - 0.02, wy + 0.04)], (206, 204, 178))  # fmt: skip
        x += wide + 0.015
    canvas.gradient((134, 134, 140), (116, 116, 122), ground, 1)
    for left in np.arange(0.05, canvas.width, 0.25):
        dash = [(left, ground + 0.13), (left + 0.12, ground + 0.13),
                (left + 0.12, ground + 0.15), (left, ground + 0.15)]  # fmt: skip
        canvas.polygon(dash, (206, 204, 190))


def _space(canvas: _Canvas) -> None:
    canvas.gradient((44, 30, 72), (62, 44, 90), 0, 1)
    canvas.specks(34, 1.0, (204, 204, 220), 0.008)
    x = canvas.rng.uniform(0.1, canvas.width - 0.1)
    y = canvas.rng.choice([0.16, 0.84])
    canvas.disc(x, y, 0.11, (136, 116, 150))
    canvas.polygon([(x - 0.19, y + 0.05), (x + 0.19, y - 0.07), (x + 0.19, y - 0.045),
                    (x - 0.19, y + 0.075)], (168, 150, 160))  # fmt: skip


_PLACES: dict[str, Callable[[_Canvas], None]] = {
    "day": _day,
    "night": _night,
    "sea": _sea,
    "desert": _desert,
    "forest": _forest,
    "snow": _snow,
    "city": _city,
    "space": _space,
}
