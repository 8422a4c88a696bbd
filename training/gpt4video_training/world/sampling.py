"""Random scenes, and the split into training and test by composition.

A composition is subject × colour × motion. About a tenth of them, chosen by a
stable hash, never occur in training; a motion and its time reverse fall on the
same side, so that a scene and its reversed twin always share a split.
"""

from __future__ import annotations

import hashlib
import random
from dataclasses import dataclass

from .scene import (
    COLOURS,
    HORIZONTAL,
    IN_PLACE,
    MOTIONS,
    PANS,
    PLACES,
    RELATIONS,
    SIZES,
    STILL,
    SUBJECTS,
    TEXTURES,
    VERTICAL,
    Actor,
    Scene,
    reverse_motion,
)

SPLITS = ("train", "test", "backdrops")
HELD_OUT_PERCENT = 10
BACKDROP_VARIANTS = 10
_TRAINED_BACKDROPS = 8


@dataclass(frozen=True)
class Mix:
    """Shares of the kinds of scenes, each in 0..1.

    `actors` are the shares of scenes with one, two and three actors;
    `sequence` of scenes with two events in order; `relation` of scenes with
    two actors that stand in a relation.
    """

    actors: tuple[float, float, float] = (0.5, 0.35, 0.15)
    sequence: float = 0.3
    relation: float = 0.35
    pan: float = 0.06
    noise: float = 0.2
    textured: float = 0.3
    still: float = 0.1


def is_held_out(subject: str, colour: str, motion: str) -> bool:
    """Whether the composition is kept for the test. Stable across versions."""
    canonical = min(motion, reverse_motion(motion))
    digest = hashlib.sha256(f"{subject}/{colour}/{canonical}".encode()).digest()
    return int.from_bytes(digest[:4], "big") % 100 < HELD_OUT_PERCENT


def split_of(scene: Scene) -> str:
    """The split that the scene belongs to; test when any actor is held out."""
    for actor in scene.actors:
        if any(is_held_out(actor.subject, actor.colour, motion) for motion in actor.motions):
            return "test"
    return "train" if scene.seed % BACKDROP_VARIANTS < _TRAINED_BACKDROPS else "backdrops"


def sample_scene(rng: random.Random, split: str = "train", mix: Mix | None = None) -> Scene:
    """A random scene of the split: `train`, `test` (unseen compositions) or
    `backdrops` (trained compositions before backgrounds never seen)."""
    if split not in SPLITS:
        raise ValueError(f"split {split!r} is unknown; use one of {SPLITS}")
    while True:
        scene = _sample_any(rng, split, mix or Mix())
        if split_of(scene) == split:
            return scene


def _sample_any(rng: random.Random, split: str, mix: Mix) -> Scene:
    count = rng.choices((1, 2, 3), mix.actors)[0]
    relation: tuple[str, int, int] | None = None
    pan = rng.choice(PANS) if rng.random() < mix.pan else None
    if count == 2 and not pan and rng.random() < mix.relation:
        relation, actors = _related(rng, mix)
    elif count == 1:
        actors = (_alone(rng, mix, pan is not None),)
    else:
        actors = _together(rng, mix, count, pan is not None)
    return Scene(
        place=rng.choice(PLACES),
        actors=actors,
        relation=relation,
        pan=pan,
        noise=round(rng.uniform(0.01, 0.05), 3) if rng.random() < mix.noise else 0.0,
        seed=_sample_seed(rng, split),
    )


def _sample_seed(rng: random.Random, split: str) -> int:
    seed = rng.randrange(1 << 27) * BACKDROP_VARIANTS
    if split == "backdrops":
        return seed + rng.randrange(_TRAINED_BACKDROPS, BACKDROP_VARIANTS)
    return seed + rng.randrange(_TRAINED_BACKDROPS)


def _actor(
    rng: random.Random, mix: Mix, motions: tuple[str, ...], sizes: tuple[str, ...] = SIZES
) -> Actor:
    return Actor(
        subject=rng.choice(SUBJECTS),
        colour=rng.choice(COLOURS),
        size=rng.choice(sizes),
        texture=rng.choice(TEXTURES[1:]) if rng.random() < mix.textured else "plain",
        motions=motions,
    )


def _alone(rng: random.Random, mix: Mix, panned: bool) -> Actor:
    if panned:
        return _actor(rng, mix, (rng.choice(("spin", "bounce", STILL)),))
    if rng.random() < mix.sequence:
        return _actor(rng, mix, _two_motions(rng))
    motion = STILL if rng.random() < mix.still else rng.choice(MOTIONS)
    return _actor(rng, mix, (motion,))


def _two_motions(rng: random.Random) -> tuple[str, str]:
    steps = ("left", "right", "up", "down", "spin", "grow", "shrink", "bounce")
    first = rng.choice((*steps, "appear"))
    then = rng.choice((*steps, "vanish"))
    return (first, then) if first != then else _two_motions(rng)


def _together(rng: random.Random, mix: Mix, count: int, panned: bool) -> tuple[Actor, ...]:
    """Actors side by side whose paths cannot cross: all motions share an axis."""
    axis = rng.choice((HORIZONTAL, VERTICAL))
    choices = sorted((axis | IN_PLACE) - {STILL})
    if panned:
        choices = [STILL, "spin"]
    sizes = SIZES if count == 2 else SIZES[:2]
    if count == 2 and not panned and rng.random() < mix.sequence:
        first, then = (_actor(rng, mix, (rng.choice(choices),), sizes) for _ in range(2))
        return _distinct(rng, (_ordered(first, "first"), _ordered(then, "then")))
    shared = rng.random() < 0.25
    motion = rng.choice(choices)
    motions = [
        motion if shared else STILL if rng.random() < mix.still * 2 else rng.choice(choices)
        for _ in range(count)
    ]
    return _distinct(rng, tuple(_actor(rng, mix, (each,), sizes) for each in motions))


def _ordered(actor: Actor, order: str) -> Actor:
    return Actor(actor.subject, actor.colour, actor.size, actor.texture, actor.motions, order)


def _related(rng: random.Random, mix: Mix) -> tuple[tuple[str, int, int], tuple[Actor, ...]]:
    kind = rng.choice(RELATIONS)
    if kind == "meets":
        motions = ("right", "left") if rng.random() < 0.5 else ("left", "right")
    elif kind == "chases":
        way = rng.choice(("left", "right"))
        motions = (way, way)
    elif kind == "above":
        motions = (rng.choice((STILL, "spin", "left", "right")), rng.choice((STILL, "spin", "left", "right")))
    elif kind == "left_of":
        motions = (rng.choice((STILL, "spin", "up", "down")), rng.choice((STILL, "spin", "up", "down")))
    else:
        motions = (STILL, STILL)
    sizes = SIZES[:2] if kind in ("chases", "meets") else SIZES
    actors = _distinct(rng, tuple(_actor(rng, mix, (each,), sizes) for each in motions))
    return (kind, 0, 1), actors


def _distinct(rng: random.Random, actors: tuple[Actor, ...]) -> tuple[Actor, ...]:
    """Recolours until no two actors share subject and colour, so that each can be named."""
    named: set[tuple[str, str]] = set()
    result: list[Actor] = []
    for actor in actors:
        colour = actor.colour
        while (actor.subject, colour) in named:
            colour = rng.choice(COLOURS)
        named.add((actor.subject, colour))
        result.append(
            Actor(actor.subject, colour, actor.size, actor.texture, actor.motions, actor.order)
        )
    return tuple(result)
