"""The canonical scene sentence: 64 fixed places, each holding one word of the language model.

The abstractor learns to say this sentence; the language model learns to read it.
Actors are listed by subject, then colour, so that the order is a function of the
picture. Each actor has the motion of the clip's first half and of its second.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from gpt4video_training.world.choreography import choreograph
from gpt4video_training.world.scene import (
    COLOURS,
    MOTIONS,
    PLACES,
    SIZES,
    STILL,
    SUBJECTS,
    TEXTURES,
    Actor,
    Scene,
    time_reverse,
)

LETTERS = ("A", "B", "C")
NONE = "none"
FILLER = "."
LENGTH = 64
COUNTS = ("one", "two", "three")
RELATION_WORDS = {
    "above": "above",
    "left_of": "beside",
    "in_front_of": "front",
    "chases": "follows",
    "meets": "meets",
}
_SEPARATE = 0.12


@dataclass(frozen=True)
class Slot:
    """Position in the sentence, what it holds and the words it can take."""

    position: int
    name: str
    words: tuple[str, ...]
    actor: int | None = None


def _layout() -> tuple[list[str], list[Slot]]:
    template: list[str] = []
    slots: list[Slot] = []

    def fixed(*words: str) -> None:
        template.extend(words)

    def slot(name: str, words: tuple[str, ...], actor: int | None = None) -> None:
        slots.append(Slot(len(template), name, words, actor))
        template.append(FILLER)

    fixed("Place", ":")
    slot("place", PLACES)
    fixed(".", "Count", ":")
    slot("count", COUNTS)
    fixed(".")
    for index, letter in enumerate(LETTERS):
        fixed(letter, ":")
        slot(f"size{letter}", (*SIZES, "growing", NONE), index)
        slot(f"texture{letter}", (*TEXTURES, NONE), index)
        slot(f"colour{letter}", (*COLOURS, NONE), index)
        slot(f"subject{letter}", (*SUBJECTS, NONE), index)
        slot(f"first{letter}", (*MOTIONS, STILL, NONE), index)
        fixed("then")
        slot(f"then{letter}", (*MOTIONS, STILL, NONE), index)
        fixed(".")
    fixed("Camera", ":")
    slot("camera", ("left", "right", NONE))
    fixed(".", "Pair", ":")
    slot("relation_from", ("A", "B", NONE))
    slot("relation", (*RELATION_WORDS.values(), NONE))
    slot("relation_to", ("A", "B", NONE))
    fixed(*[FILLER] * (LENGTH - len(template)))
    return template, slots


TEMPLATE, SLOTS = _layout()
assert len(TEMPLATE) == LENGTH
VOCABULARY: tuple[str, ...] = tuple(
    dict.fromkeys([*TEMPLATE, *(word for slot in SLOTS for word in slot.words)])
)


def sorted_indices(scene: Scene) -> list[int]:
    """Actor indices in the order in which the sentence lists them."""
    actors = scene.actors
    return sorted(
        range(len(actors)),
        key=lambda i: (SUBJECTS.index(actors[i].subject), COLOURS.index(actors[i].colour)),
    )


def half_motions(actor: Actor) -> tuple[str, str]:
    """The actor's motion in the first and in the second half of the clip."""
    if actor.order == "first":
        return actor.motions[0], STILL
    if actor.order == "then":
        return STILL, actor.motions[0]
    return actor.motions[0], actor.motions[-1]


def visible_relation(scene: Scene) -> tuple[str, int, int] | None:
    """The relation as the pixels show it, also where the scene does not name one."""
    if scene.relation or len(scene.actors) != 2:
        return scene.relation
    # Paths belong to the forward twin; separation in space does not depend on time's direction.
    forward = time_reverse(scene) if scene.backwards else scene
    one, other = choreograph(forward or scene)
    gaps = {
        ("left_of", 0, 1): float(np.min(other.x - one.x)),
        ("left_of", 1, 0): float(np.min(one.x - other.x)),
        ("above", 0, 1): float(np.min(other.y - one.y)),
        ("above", 1, 0): float(np.min(one.y - other.y)),
    }
    best = max(gaps, key=lambda key: gaps[key])
    return best if gaps[best] > _SEPARATE else None


def as_told(scene: Scene, order: Sequence[int] | None = None) -> Scene:
    """The scene as its sentence tells it: actors in `order`, with the relation that is visible."""
    told = list(sorted_indices(scene) if order is None else order)
    relation = visible_relation(scene)
    if relation:
        kind, i, j = relation
        relation = (kind, told.index(i), told.index(j))
    return replace(scene, actors=tuple(scene.actors[i] for i in told), relation=relation)


def slot_words(scene: Scene) -> dict[str, str]:
    """The word of every slot by its name."""
    return told_words(as_told(scene))


def told_words(told: Scene) -> dict[str, str]:
    """The words of a scene that `as_told` made."""
    words = {slot.name: NONE for slot in SLOTS}
    words["place"] = told.place
    words["count"] = COUNTS[len(told.actors) - 1]
    words["camera"] = told.pan or NONE
    for letter, actor in zip(LETTERS, told.actors, strict=False):
        words[f"size{letter}"] = actor.size if actor.size_is_constant else "growing"
        words[f"texture{letter}"] = actor.texture
        words[f"colour{letter}"] = actor.colour
        words[f"subject{letter}"] = actor.subject
        words[f"first{letter}"], words[f"then{letter}"] = half_motions(actor)
    if told.relation:
        kind, i, j = told.relation
        words["relation"] = RELATION_WORDS[kind]
        words["relation_from"] = LETTERS[i]
        words["relation_to"] = LETTERS[j]
    return words


def sentence(scene: Scene) -> list[str]:
    """The 64 words; a word stands for itself with a leading space, "." and ":" without."""
    return told_sentence(as_told(scene))


def told_sentence(told: Scene) -> list[str]:
    """The 64 words of a scene that `as_told` made."""
    filled = list(TEMPLATE)
    words = told_words(told)
    for slot in SLOTS:
        filled[slot.position] = words[slot.name]
    return filled


def targets(scene: Scene) -> list[int]:
    """The sentence as indices into `VOCABULARY`, length 64."""
    return told_targets(as_told(scene))


def told_targets(told: Scene) -> list[int]:
    """The same of a scene that `as_told` made."""
    return [_INDEX[word] for word in told_sentence(told)]


_INDEX = {word: index for index, word in enumerate(VOCABULARY)}
