"""What happens in a clip: the scene and its parts, independent of pixels.

A scene is plain data. `render.py` draws it, and every field that can be put
into words (subject, colour, motion, order, relation, pan) is true of the pixels.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

SUBJECTS = (
    "ball", "cube", "star", "heart", "car", "boat", "fish", "bird",
    "rocket", "tree", "balloon", "butterfly", "train", "kite", "snail", "robot",
)  # fmt: skip
COLOURS = (
    "red", "orange", "yellow", "green", "blue", "purple", "pink", "brown", "white", "black",
)  # fmt: skip
SIZES = ("small", "medium", "large")
TEXTURES = ("plain", "striped", "spotted")
PLACES = ("day", "night", "sea", "desert", "forest", "snow", "city", "space")
MOTIONS = (
    "left", "right", "up", "down", "diagonal", "bounce",
    "spin", "grow", "shrink", "orbit", "appear", "vanish",
)  # fmt: skip
STILL = "still"
ORDERS = ("whole", "first", "then")
RELATIONS = ("above", "left_of", "in_front_of", "chases", "meets")
PANS = ("left", "right")

HORIZONTAL = frozenset({"left", "right"})
VERTICAL = frozenset({"up", "down", "bounce"})
IN_PLACE = frozenset({"spin", "grow", "shrink", "appear", "vanish", STILL})

_REVERSE = {
    "left": "right", "right": "left", "up": "down", "down": "up",
    "grow": "shrink", "shrink": "grow", "appear": "vanish", "vanish": "appear",
}  # fmt: skip
_REVERSE_ORDER = {"first": "then", "then": "first", "whole": "whole"}


@dataclass(frozen=True)
class Actor:
    """One subject of a scene.

    `motions` holds one motion for the whole clip, or two that follow one
    another ("first moves right, then up"), each taking half of the clip.
    `order` is "whole", or "first"/"then" when two actors act one after the
    other; such an actor has one motion and stands still in the other half.
    `size` is the apparent size, except that an actor that grows or shrinks
    passes through it: do not name the size of such an actor.
    """

    subject: str
    colour: str
    size: str = "medium"
    texture: str = "plain"
    motions: tuple[str, ...] = (STILL,)
    order: str = "whole"

    @property
    def size_is_constant(self) -> bool:
        """True when the size can be named without being wrong in some frame."""
        return not {"grow", "shrink"} & set(self.motions)


@dataclass(frozen=True)
class Scene:
    """One clip of two seconds.

    `relation` is `(kind, i, j)` over actor indices: actor i is above / left of /
    in front of / chasing / meeting actor j. `pan` is where the camera turns
    (the background then moves the other way; actors keep their place in the
    picture). `noise` is the standard deviation of pixel noise in 0..1.
    `seed` drives everything unnamed: positions, facing, background variation.
    `backwards` marks a scene that is drawn as the time reverse of its twin;
    the other fields already say what is then seen.
    """

    place: str
    actors: tuple[Actor, ...]
    relation: tuple[str, int, int] | None = None
    pan: str | None = None
    noise: float = 0.0
    seed: int = 0
    backwards: bool = False

    def to_dict(self) -> dict[str, Any]:
        """JSON-serialisable form; `from_dict` is its inverse."""
        return {
            "place": self.place,
            "actors": [
                {
                    "subject": actor.subject,
                    "colour": actor.colour,
                    "size": actor.size,
                    "texture": actor.texture,
                    "motions": list(actor.motions),
                    "order": actor.order,
                }
                for actor in self.actors
            ],
            "relation": list(self.relation) if self.relation else None,
            "pan": self.pan,
            "noise": self.noise,
            "seed": self.seed,
            "backwards": self.backwards,
        }

    @staticmethod
    def from_dict(data: dict[str, Any]) -> Scene:
        """Inverse of `to_dict`."""
        actors = tuple(
            Actor(**{**entry, "motions": tuple(entry["motions"])}) for entry in data["actors"]
        )
        relation = data["relation"]
        return Scene(
            **{
                **data,
                "actors": actors,
                "relation": (relation[0], int(relation[1]), int(relation[2])) if relation else None,
            }
        )


def reverse_motion(motion: str) -> str:
    """What `motion` looks like when the film runs backwards."""
    return _REVERSE.get(motion, motion)


def reversed_twin(scene: Scene) -> Scene | None:
    """The scene whose clip is `scene`'s clip backwards, frame by frame.

    None when there is no other way to say it (a spinning ball spins either
    way) or the vocabulary has no word for it (parting is no "meets").
    """
    twin = time_reverse(scene)
    if twin is None or replace(twin, backwards=scene.backwards) == scene:
        return None
    return twin


def time_reverse(scene: Scene) -> Scene | None:
    """Like `reversed_twin`, also for clips that read the same both ways."""
    relation = scene.relation
    if relation and relation[0] == "meets":
        return None
    if relation and relation[0] == "chases":
        relation = ("chases", relation[2], relation[1])
    actors = tuple(
        replace(
            actor,
            motions=tuple(reverse_motion(motion) for motion in reversed(actor.motions)),
            order=_REVERSE_ORDER[actor.order],
        )
        for actor in scene.actors
    )
    pan = reverse_motion(scene.pan) if scene.pan else None
    return replace(
        scene, actors=actors, relation=relation, pan=pan, backwards=not scene.backwards
    )
