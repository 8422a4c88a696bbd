"""The sixteen subjects as polygons in a square of side two around the origin.

x points right and y down; subjects that have a front look to the right. The
parts of a subject are painted in order. Parts with the role `body` carry the
subject's contour and texture.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Points = NDArray[np.float64]


@dataclass(frozen=True)
class Part:
    """One polygon `points` [n, 2] and the role that chooses its paint."""

    role: str
    points: Points


def subject_parts(subject: str) -> tuple[Part, ...]:
    """The parts of a subject, back to front."""
    return _PARTS[subject]


def texture_marks(texture: str) -> tuple[Points, ...]:
    """Stripes or spots that cover the square; none for `plain`."""
    if texture == "striped":
        return tuple(
            np.array([(x, -1.3), (x + 0.16, -1.3), (x + 0.16, 1.3), (x, 1.3)])
            for x in np.arange(-1.0, 1.0, 0.46)
        )
    if texture == "spotted":
        angle = np.linspace(0, 2 * np.pi, 8, endpoint=False)
        ring = 0.15 * np.stack([np.cos(angle), np.sin(angle)], axis=1)
        return tuple(
            ring + (x + (0.24 if row % 2 else 0.0), y)  # noqa: RUF005 — arrays are added, not joined
            for row, y in enumerate(np.arange(-0.9, 1.0, 0.42))
            for x in np.arange(-0.95, 1.0, 0.5)
        )
    return ()


def _poly(role: str, *xy: tuple[float, float]) -> Part:
    return Part(role, np.array(xy, dtype=np.float64))


def _oval(
    role: str, x: float, y: float, rx: float, ry: float | None = None,
    start: float = 0.0, end: float = 360.0,
) -> Part:  # fmt: skip
    angle = np.radians(np.linspace(start, end, 25 if end - start >= 360 else 9))
    points = np.stack([x + rx * np.cos(angle), y + (ry or rx) * np.sin(angle)], axis=1)
    if end - start < 360:
        points = np.concatenate([points, [[x, y]]])
    return Part(role, points)


def _box(role: str, left: float, top: float, right: float, bottom: float) -> Part:
    return _poly(role, (left, top), (right, top), (right, bottom), (left, bottom))


def _mirrored(role: str, points: Iterable[tuple[float, float]]) -> tuple[Part, Part]:
    pts = list(points)
    return _poly(role, *pts), _poly(role, *((-x, y) for x, y in pts))


def _star() -> Part:
    angle = np.radians(np.arange(10) * 36 - 90)
    radius = np.where(np.arange(10) % 2 == 0, 1.1, 0.52)
    return Part("body", np.stack([radius * np.cos(angle), radius * np.sin(angle)], axis=1))


def _heart() -> Part:
    t = np.linspace(0, 2 * np.pi, 40, endpoint=False)
    x = 16 * np.sin(t) ** 3
    y = -(13 * np.cos(t) - 5 * np.cos(2 * t) - 2 * np.cos(3 * t) - np.cos(4 * t))
    return Part("body", np.stack([x / 15.5, y / 15.5 - 0.12], axis=1))


def _wheel(x: float, y: float, radius: float) -> tuple[Part, Part]:
    return _oval("wheel", x, y, radius), _oval("hub", x, y, radius * 0.45)


def _eye(x: float, y: float, radius: float) -> tuple[Part, Part]:
    return _oval("eye", x, y, radius), _oval("pupil", x + radius * 0.25, y, radius * 0.55)


_PARTS: dict[str, tuple[Part, ...]] = {
    "ball": (
        _oval("body", 0, 0, 1),
        _oval("light", 0, 0, 0.94, start=200, end=260),
        _oval("light", 0, 0, 0.94, start=20, end=80),
        _oval("dark", 0, 0, 0.2),
    ),
    "cube": (
        _poly("body", (-0.95, -0.42), (-0.42, -0.95), (0.95, -0.95), (0.95, 0.42), (0.42, 0.95),
              (-0.95, 0.95)),
        _poly("light", (-0.85, -0.42), (-0.4, -0.87), (0.85, -0.87), (0.42, -0.42)),
        _poly("dark", (0.42, -0.42), (0.9, -0.87), (0.9, 0.4), (0.42, 0.88)),
    ),
    "star": (_star(), *_eye(-0.2, -0.08, 0.15), *_eye(0.2, -0.08, 0.15)),
    "heart": (_heart(), _oval("light", -0.48, -0.48, 0.2, 0.16)),
    "car": (
        _poly("body", (-0.62, -0.12), (-0.42, -0.62), (0.3, -0.62), (0.58, -0.12), (1.05, 0.0),
              (1.1, 0.45), (-1.1, 0.45), (-1.1, -0.05)),
        _poly("glass", (-0.46, -0.1), (-0.32, -0.48), (-0.08, -0.48), (-0.08, -0.1)),
        _poly("glass", (0.04, -0.1), (0.04, -0.48), (0.22, -0.48), (0.42, -0.1)),
        _oval("lamp", 1.0, 0.14, 0.1),
        *_wheel(-0.6, 0.45, 0.28), *_wheel(0.6, 0.45, 0.28),
    ),
    "boat": (
        _box("trunk", -0.06, -1.05, 0.06, 0.3),
        _poly("light", (0.12, -0.98), (0.85, 0.12), (0.12, 0.12)),
        _poly("dark", (-0.12, -0.75), (-0.7, 0.12), (-0.12, 0.12)),
        _poly("body", (-1.1, 0.25), (1.1, 0.25), (0.7, 0.92), (-0.75, 0.92)),
    ),
    "fish": (
        _poly("dark", (-0.45, 0.0), (-1.15, -0.58), (-0.98, 0.0), (-1.15, 0.58)),
        _poly("dark", (-0.25, -0.4), (0.1, -0.92), (0.4, -0.42)),
        _oval("body", 0.15, 0, 0.85, 0.58),
        _poly("light", (-0.05, 0.08), (-0.4, 0.38), (0.05, 0.4)),
        *_eye(0.6, -0.14, 0.16),
    ),
    "bird": (
        _poly("dark", (-0.5, 0.05), (-1.15, -0.2), (-1.1, 0.12), (-0.55, 0.4)),
        _poly("beak", (0.85, -0.5), (1.2, -0.34), (0.85, -0.2)),
        _box("beak", -0.12, 0.7, -0.02, 1.05), _box("beak", 0.14, 0.7, 0.24, 1.05),
        _oval("body", -0.02, 0.22, 0.72, 0.58), _oval("body", 0.55, -0.38, 0.42),
        _poly("dark", (0.2, 0.1), (-0.62, -0.25), (-0.42, 0.42), (0.05, 0.5)),
        *_eye(0.66, -0.46, 0.12),
    ),
    "rocket": (
        _poly("flame", (-0.26, 0.62), (0.0, 1.15), (0.26, 0.62)),
        *_mirrored("dark", [(-0.38, 0.05), (-0.82, 0.72), (-0.36, 0.62)]),
        _poly("body", (0.0, -1.15), (0.24, -0.82), (0.4, -0.35), (0.42, 0.2), (0.34, 0.66),
              (-0.34, 0.66), (-0.42, 0.2), (-0.4, -0.35), (-0.24, -0.82)),
        _oval("glass", 0, -0.28, 0.2),
    ),
    "tree": (
        _box("trunk", -0.17, 0.2, 0.17, 1.08),
        _oval("body", -0.46, 0.08, 0.5), _oval("body", 0.46, 0.08, 0.5),
        _oval("body", 0, -0.46, 0.62), _oval("body", 0, 0.06, 0.5),
        _oval("light", -0.18, -0.58, 0.2, 0.15),
    ),
    "balloon": (
        _poly("hub", (-0.03, 0.6), (0.03, 0.6), (0.1, 0.9), (0.0, 1.2), (-0.06, 1.2), (0.03, 0.9)),
        _poly("dark", (0.0, 0.5), (0.16, 0.76), (-0.16, 0.76)),
        _oval("body", 0, -0.25, 0.72, 0.84),
        _oval("light", -0.28, -0.56, 0.15, 0.22),
    ),
    "butterfly": (
        *_mirrored("body", [(-0.06, -0.1), (-0.5, -0.92), (-1.05, -0.8), (-1.05, -0.25),
                            (-0.5, 0.12)]),
        *_mirrored("body", [(-0.06, 0.0), (-0.72, 0.1), (-0.9, 0.5), (-0.5, 0.9), (-0.16, 0.5)]),
        _oval("light", -0.7, -0.5, 0.17), _oval("light", 0.7, -0.5, 0.17),
        _oval("pupil", 0, 0, 0.11, 0.62),
        *_mirrored("pupil", [(0.0, -0.5), (-0.3, -1.05), (-0.22, -1.08), (0.05, -0.55)]),
    ),
    "train": (
        _box("dark", 0.5, -0.85, 0.8, -0.3),
        _poly("body", (-1.1, -0.95), (-0.28, -0.95), (-0.28, -0.32), (0.95, -0.32), (0.95, 0.42),
              (-1.1, 0.42)),
        _box("dark", -1.18, -1.08, -0.2, -0.9),
        _box("glass", -0.92, -0.72, -0.48, -0.26),
        _poly("hub", (0.95, 0.12), (1.2, 0.5), (0.95, 0.5)),
        *_wheel(-0.72, 0.5, 0.3), *_wheel(0.0, 0.56, 0.24), *_wheel(0.6, 0.56, 0.24),
    ),
    "kite": (
        _poly("hub", (-0.03, 0.5), (0.03, 0.5), (0.24, 0.8), (0.05, 1.0), (0.2, 1.22),
              (0.12, 1.24), (-0.05, 1.0), (0.14, 0.8)),
        _poly("beak", (-0.02, 0.72), (0.34, 0.62), (0.34, 0.9)),
        _poly("body", (0.0, -1.15), (0.78, -0.35), (0.0, 0.62), (-0.78, -0.35)),
        _poly("light", (0.0, -1.0), (0.0, -0.35), (-0.66, -0.35)),
        _poly("dark", (0.0, 0.46), (0.0, -0.35), (0.66, -0.35)),
    ),
    "snail": (
        _poly("tan", (-1.15, 0.78), (-0.6, 0.4), (0.5, 0.45), (0.62, -0.15), (0.95, -0.2),
              (1.08, 0.2), (0.95, 0.78)),
        _poly("tan", (0.68, -0.1), (0.58, -0.62), (0.66, -0.64), (0.78, -0.1)),
        _poly("tan", (0.86, -0.1), (0.98, -0.62), (1.06, -0.58), (0.95, -0.1)),
        _oval("pupil", 0.62, -0.64, 0.09), _oval("pupil", 1.02, -0.62, 0.09),
        _oval("body", -0.18, -0.08, 0.74),
        _oval("dark", -0.14, -0.04, 0.46), _oval("body", -0.1, -0.0, 0.33),
        _oval("dark", -0.06, 0.0, 0.14),
    ),
    "robot": (
        _box("hub", -0.05, -1.15, 0.05, -0.8), _oval("beak", 0, -1.1, 0.12),
        _box("dark", -0.92, -0.08, -0.6, 0.5), _box("dark", 0.6, -0.08, 0.92, 0.5),
        _box("dark", -0.42, 0.6, -0.12, 1.1), _box("dark", 0.12, 0.6, 0.42, 1.1),
        _box("body", -0.56, -0.12, 0.56, 0.66),
        _box("body", -0.5, -0.88, 0.5, -0.2),
        *_eye(-0.22, -0.56, 0.15), *_eye(0.22, -0.56, 0.15),
        _box("light", -0.3, 0.08, 0.3, 0.42),
    ),
}  # fmt: skip
