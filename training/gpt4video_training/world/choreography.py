"""Where every actor is in every frame.

Coordinates are fractions of the picture's side: x to the right, y down. A
clip's sixteen frames are sampled at equal steps from progress 0 to progress 1.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from .scene import HORIZONTAL, STILL, VERTICAL, Actor, Scene

FRAMES = 16
RADIUS = {"small": 0.095, "medium": 0.145, "large": 0.205}
_GROWTH = np.log(3.0)
_SWELLING_RADIUS = 0.125

Track = NDArray[np.float64]
Box = tuple[float, float, float, float]


@dataclass(frozen=True)
class Path:
    """One actor through the clip; every track is [16].

    `radius` in picture sides, `angle` in radians clockwise, `opacity` 0..1,
    `facing` +1 (right) or -1 (left).
    """

    x: Track
    y: Track
    radius: Track
    angle: Track
    opacity: Track
    facing: Track


def choreograph(scene: Scene) -> list[Path]:
    """The paths of a scene's actors, in order. `backwards` is not looked at."""
    rng = np.random.default_rng(scene.seed)
    steps = [_relative(actor, rng, len(scene.actors)) for actor in scene.actors]
    radii = [_base_radius(actor, scene) for actor in scene.actors]
    kind = scene.relation[0] if scene.relation else None
    if kind in ("chases", "meets", "in_front_of"):
        places = _related_starts(scene, radii, steps, rng)
    else:
        places = [
            _fit(step, radius, box, rng)
            for step, radius, box in zip(steps, radii, _cells(scene, rng), strict=True)
        ]
    return [
        Path(
            x=x + step.x,
            y=y + step.y,
            radius=radius * np.exp(step.growth),
            angle=step.angle,
            opacity=step.opacity,
            facing=_facing(actor, scene, rng),
        )
        for actor, step, radius, (x, y) in zip(scene.actors, steps, radii, places, strict=True)
    ]


@dataclass
class _Steps:
    x: Track
    y: Track
    growth: Track
    angle: Track
    opacity: Track


def _segments(actor: Actor) -> tuple[str, ...]:
    if actor.order == "first":
        return (actor.motions[0], STILL)
    if actor.order == "then":
        return (STILL, actor.motions[0])
    return actor.motions


def _relative(actor: Actor, rng: np.random.Generator, crowd: int) -> _Steps:
    """The path relative to its start, growth as a logarithm around zero."""
    motions = _segments(actor)
    progress = np.linspace(0.0, 1.0, FRAMES)
    half = len(motions) == 2
    rest = np.zeros(FRAMES)
    steps = _Steps(rest.copy(), rest.copy(), rest.copy(), rest.copy(), np.ones(FRAMES))
    for index, motion in enumerate(motions):
        # A half ends where the next begins, so the second starts from the last pose of the first.
        local = np.clip(progress * 2 - index, 0.0, 1.0) if half else progress
        _apply(steps, motion, local, (half, crowd), rng)
    steps.growth -= (steps.growth.max() + steps.growth.min()) / 2
    return steps


def _apply(
    steps: _Steps, motion: str, u: Track, setting: tuple[bool, int], rng: np.random.Generator
) -> None:
    half, crowd = setting
    travel = 0.44 if half else 0.56
    sign_x, sign_y = rng.choice([-1.0, 1.0], 2)
    if motion in ("left", "right"):
        steps.x += (travel if motion == "right" else -travel) * u
    elif motion in ("up", "down"):
        steps.y += (travel if motion == "down" else -travel) * u
    elif motion == "diagonal":
        steps.x += sign_x * 0.5 * u
        steps.y += sign_y * 0.48 * u
    elif motion == "bounce":
        steps.y -= (0.3 if crowd == 1 else 0.26) * np.abs(np.sin(np.pi * u * (1 if half else 2)))
    elif motion == "spin":
        steps.angle += sign_x * 2 * np.pi * u
    elif motion in ("grow", "shrink"):
        steps.growth += (_GROWTH if motion == "grow" else -_GROWTH) * u
    elif motion == "orbit":
        phase = rng.uniform(0, 2 * np.pi) + sign_x * 2 * np.pi * u
        steps.x += 0.27 * np.cos(phase)
        steps.y += 0.27 * np.sin(phase)
    elif motion == "appear":
        steps.opacity *= np.clip((u - 0.3) / 0.3, 0.0, 1.0)
    elif motion == "vanish":
        steps.opacity *= np.clip((0.7 - u) / 0.3, 0.0, 1.0)


def _base_radius(actor: Actor, scene: Scene) -> float:
    crowd = len(scene.actors)
    if not actor.size_is_constant:
        return min(_SWELLING_RADIUS, 0.27 / crowd) if crowd > 1 else _SWELLING_RADIUS
    radius = RADIUS[actor.size]
    if scene.relation and scene.relation[0] in ("chases", "meets"):
        return min(radius, 0.12)
    return radius * (1.0 if crowd < 3 else 0.92)


def _cells(scene: Scene, rng: np.random.Generator) -> list[Box]:
    """One part of the picture (left, top, right, bottom) for each actor, so that
    actors side by side never cross."""
    crowd = len(scene.actors)
    moved = {motion for actor in scene.actors for motion in actor.motions}
    kind = scene.relation[0] if scene.relation else None
    if kind in ("above", "left_of"):
        rows = kind == "above"
    elif moved & HORIZONTAL:
        rows = True
    else:
        rows = not (moved & VERTICAL) and bool(rng.integers(2))
    order = list(range(crowd)) if kind else rng.permutation(crowd).tolist()
    if kind and scene.relation and scene.relation[1] > scene.relation[2]:
        order.reverse()
    cuts = np.linspace(0.0, 1.0, crowd + 1)
    cells: list[Box] = [(0.0, 0.0, 1.0, 1.0)] * crowd
    for slot, actor in enumerate(order):
        low, high = float(cuts[slot]), float(cuts[slot + 1])
        cells[actor] = (0.0, low, 1.0, high) if rows else (low, 0.0, high, 1.0)
    return cells


def _fit(step: _Steps, radius: float, box: Box, rng: np.random.Generator) -> tuple[float, float]:
    """A start for the path that keeps the actor inside the box, as far as it can."""
    reach = radius * float(np.exp(step.growth.max())) * 1.05
    return (
        _fit_axis(step.x, reach, (box[0], box[2]), rng),
        _fit_axis(step.y, reach, (box[1], box[3]), rng),
    )


def _fit_axis(
    track: Track, reach: float, span: tuple[float, float], rng: np.random.Generator
) -> float:
    low = span[0] + reach - float(track.min())
    high = span[1] - reach - float(track.max())
    draw = float(rng.uniform())
    return low + draw * (high - low) if high > low else (low + high) / 2


def _related_starts(
    scene: Scene, radii: list[float], steps: list[_Steps], rng: np.random.Generator
) -> list[tuple[float, float]]:
    assert scene.relation
    kind, first, second = scene.relation
    places = [(0.5, 0.5)] * len(scene.actors)
    y = float(rng.uniform(0.3, 0.75))
    if kind == "in_front_of":
        gap = max(0.6 * (radii[first] + radii[second]), radii[first] + 0.15 * radii[second])
        angle = rng.uniform(-0.5, 0.5) + (np.pi if rng.integers(2) else 0.0)
        x = float(rng.uniform(0.4, 0.6))
        dx, dy = gap * np.cos(angle) / 2, abs(gap * np.sin(angle)) / 2
        places[first], places[second] = (x + dx, y * 0.6 + 0.2 + dy), (x - dx, y * 0.6 + 0.2 - dy)
    elif kind == "meets":
        for index in (first, second):
            rightward = scene.actors[index].motions[0] == "right"
            start, stop = radii[index], 0.5 - radii[index]
            steps[index].x = (stop - start) * np.linspace(0, 1, FRAMES) * (1 if rightward else -1)
            places[index] = (start if rightward else 1 - start, y)
    else:
        travel = 0.42
        sign = 1.0 if scene.actors[first].motions[0] == "right" else -1.0
        gap = radii[first] + radii[second] + 0.04
        for index in (first, second):
            steps[index].x = sign * travel * np.linspace(0, 1, FRAMES)
        slack = 1.0 - (radii[first] + gap + radii[second] + travel)
        start = radii[first] + max(slack, 0.0) * float(rng.uniform())
        for index, x in ((first, start), (second, start + gap)):
            places[index] = (x if sign > 0 else 1 - x, y)
    return places


def _facing(actor: Actor, scene: Scene, rng: np.random.Generator) -> Track:
    """Subjects look where they go; those that go nowhere look either way."""
    idle = float(rng.choice([-1.0, 1.0]))
    facing = np.full(FRAMES, idle)
    motions = _segments(actor)
    for index, motion in enumerate(motions):
        if motion in HORIZONTAL:
            start = index * FRAMES // len(motions)
            facing[start if index else 0 :] = 1.0 if motion == "right" else -1.0
            if index == 1 and motions[0] not in HORIZONTAL:
                facing[:] = facing[-1]
    return facing
