"""The words for everything in the cartoon world; each list starts with the plainest wording."""

from __future__ import annotations

PLACE_PHRASES: dict[str, tuple[str, ...]] = {
    "day": ("on a sunny day", "in a meadow by day", "in daylight", "on a green meadow"),
    "night": ("at night", "under the stars at night", "in the dark of night", "by night"),
    "sea": ("at sea", "over the sea", "on the water", "by the ocean"),
    "desert": ("in the desert", "in a sandy desert", "among the dunes"),
    "forest": ("in the forest", "in the woods", "among the trees of a forest"),
    "snow": ("in the snow", "in a snowy landscape", "on a snowy field", "in winter"),
    "city": ("in the city", "in a city street", "in front of tall buildings in the city", "in town"),
    "space": ("in space", "in outer space", "among the stars in space"),
}

PLACE_ANSWERS: dict[str, str] = {
    "day": "on a meadow on a sunny day",
    "night": "outside at night",
    "sea": "at sea",
    "desert": "in the desert",
    "forest": "in a forest",
    "snow": "in the snow",
    "city": "in a city",
    "space": "in space",
}

SUBJECT_VERBS: dict[str, str] = {
    "ball": "rolls",
    "car": "drives",
    "boat": "sails",
    "fish": "swims",
    "bird": "flies",
    "rocket": "flies",
    "butterfly": "flutters",
    "balloon": "floats",
    "kite": "drifts",
    "train": "rides",
    "snail": "crawls",
    "robot": "walks",
}

MOTION_PHRASES: dict[str, tuple[str, ...]] = {
    "left": ("moves left", "goes left", "moves to the left", "travels left", "slides leftwards"),
    "right": ("moves right", "goes right", "moves to the right", "travels right", "slides rightwards"),
    "up": ("moves up", "goes up", "rises", "moves upwards", "climbs higher"),
    "down": ("moves down", "goes down", "sinks down", "moves downwards", "falls slowly"),
    "diagonal": ("moves diagonally", "goes diagonally", "crosses the picture diagonally"),
    "bounce": ("bounces", "bounces up and down", "hops up and down"),
    "spin": ("spins", "spins around", "rotates", "turns round and round"),
    "grow": ("grows", "gets bigger", "becomes larger", "grows bigger"),
    "shrink": ("shrinks", "gets smaller", "becomes smaller"),
    "orbit": ("moves in a circle", "goes round in a circle", "circles around", "orbits"),
    "appear": ("appears", "fades in", "shows up out of nothing", "comes into view"),
    "vanish": ("vanishes", "disappears", "fades away"),
    "still": ("stands still", "stays still", "does not move", "rests"),
}

RELATION_PHRASES: dict[str, tuple[str, ...]] = {
    "above": ("above", "over", "higher than"),
    "left_of": ("to the left of", "left of"),
    "in_front_of": ("in front of", "partly hiding"),
}

NUMBERS = ("zero", "one", "two", "three", "four")

VIDEO_WORDS = ("video", "film", "clip", "animation", "movie", "short film")


def article(phrase: str) -> str:
    """`phrase` with "a" or "an" before it."""
    return f"{'an' if phrase[0] in 'aeiou' else 'a'} {phrase}"


def verb_phrases(subject: str, motion: str) -> tuple[str, ...]:
    """Ways to say that `subject` does `motion`, third person, the plainest first."""
    phrases = MOTION_PHRASES[motion]
    verb = SUBJECT_VERBS.get(subject)
    if verb and motion in ("left", "right"):
        return (*phrases, f"{verb} {motion}", f"{verb} to the {motion}")
    if verb in ("flies", "floats", "swims", "flutters", "drifts") and motion in ("up", "down"):
        return (*phrases, f"{verb} {motion}")
    return phrases
