"""Questions about a clip with answers that are true of it, by kind.

Scenes are those of `slots.as_told`: actors in the order in which the sentence lists them, the
visible relation named. Answers list actors in that order.
"""

from __future__ import annotations

import random
from collections.abc import Callable
from dataclasses import dataclass

from gpt4video_training.data.captions import caption, noun
from gpt4video_training.data.lexicon import MOTION_PHRASES, NUMBERS, PLACE_ANSWERS, article
from gpt4video_training.data.slots import as_told
from gpt4video_training.data.wordings import FORMS, Forms, say
from gpt4video_training.world.scene import (
    COLOURS,
    PLACES,
    SIZES,
    STILL,
    SUBJECTS,
    Actor,
    Scene,
    reverse_motion,
)


@dataclass(frozen=True)
class Question:
    """`keys` are the words an answer must contain to be right; each may list choices by "|"."""

    kind: str
    text: str
    answer: str
    keys: tuple[str, ...]


def motion_keys(motion: str) -> str:
    """Stems of which one must occur in an answer that names the motion."""
    return {
        "left": "left",
        "right": "right",
        "up": "up|rise|rising",
        "down": "down|sink",
        "diagonal": "diagonal",
        "bounce": "bounc|hop",
        "spin": "spin|rotat|turn",
        "grow": "grow|bigger|larger",
        "shrink": "shrink|smaller",
        "orbit": "circle|orbit",
        "appear": "appear",
        "vanish": "vanish|disappear",
        STILL: "still|not move",
    }[motion]


def plain(motion: str) -> str:
    """The plainest verb phrase: "moves left"."""
    return MOTION_PHRASES[motion][0]


def infinitive(verb: str) -> str:
    """ "moves left" -> "move left"."""
    whole = {"bounces": "bounce", "stands still": "stand still", "vanishes": "vanish"}
    head, *rest = verb.split()
    return whole.get(verb, " ".join([head.removesuffix("s"), *rest]))


def name_in(scene: Scene, actor: Actor) -> str:
    """ "the ball" where that is unique, else "the red ball"."""
    same = [other for other in scene.actors if other.subject == actor.subject]
    return f"the {actor.subject}" if len(same) == 1 else full(actor)


def full(actor: Actor) -> str:
    """ "the red ball"."""
    return f"the {actor.colour} {actor.subject}"


def capital(text: str) -> str:
    return text[0].upper() + text[1:]


def listed(scene: Scene) -> str:
    """ "a red ball, a blue fish and a tree", in the sentence's order."""
    names = [article(noun(actor)) for actor in scene.actors]
    return names[0] if len(names) == 1 else ", ".join(names[:-1]) + f" and {names[-1]}"


def doing(actor: Actor) -> str:
    """ "first moves up, then spins"."""
    if len(actor.motions) == 2:
        return f"first {plain(actor.motions[0])}, then {plain(actor.motions[1])}"
    return plain(actor.motions[0])


def fact_keys(scene: Scene) -> tuple[str, ...]:
    """Colours and subjects of all actors."""
    return tuple(key for actor in scene.actors for key in (actor.colour, actor.subject))


def place_key(place: str) -> str:
    """Words of which one must occur in an answer that names the place."""
    return {"day": "day|meadow|sunny"}.get(place, place)



def what(scene: Scene, rng: random.Random, forms: Forms) -> Question:
    return Question("what", say(forms, "what", rng), f"I see {listed(scene)}.", fact_keys(scene))


def colour(scene: Scene, rng: random.Random, forms: Forms) -> Question | None:
    if not (choices := _unique(scene)):
        return None
    actor = rng.choice(choices)
    if len(choices) > 1 and rng.random() < 0.25:
        if sum(other.colour == actor.colour for other in scene.actors) > 1:
            return None
        text = say(forms, "of that colour", rng, c=actor.colour)
        return Question("colour", text, f"{capital(full(actor))} is {actor.colour}.", (actor.subject,))
    name = f"the {actor.subject}"
    if len(scene.actors) == 1 and rng.random() < 0.5:
        text = say(forms, "colour of it", rng)
    else:
        text = say(forms, "colour", rng, n=name, N=capital(name))
    return Question("colour", text, f"{capital(name)} is {actor.colour}.", (actor.colour,))


def motion(scene: Scene, rng: random.Random, forms: Forms) -> Question:
    actor = rng.choice(scene.actors)
    names = [name_in(scene, actor), full(actor)]
    if len(scene.actors) == 1:
        names.append("it")
    text = say(forms, "motion", rng, n=rng.choice(names))
    answer = f"{capital(full(actor))} {doing(actor)}."
    return Question("motion", text, answer, tuple(motion_keys(m) for m in actor.motions))


def order(scene: Scene, rng: random.Random, forms: Forms = FORMS) -> Question | None:
    events = _events(scene)
    if len(events) != 2:
        return None
    (one, first), (other, then) = events
    kind = rng.choice(("first", "then", "order"))
    text = say(forms, kind, rng)
    if kind == "first":
        return Question("order", text, f"First, {one} {plain(first)}.", (motion_keys(first),))
    if kind == "then":
        return Question("order", text, f"Then {other} {plain(then)}.", (motion_keys(then),))
    answer = f"First {one} {plain(first)}, then {other} {plain(then)}."
    return Question("order", text, answer, (motion_keys(first), motion_keys(then)))


def _events(scene: Scene) -> list[tuple[str, str]]:
    """The two events of an ordered clip: (who, motion), else nothing."""
    if len(scene.actors) == 1 and len(scene.actors[0].motions) == 2:
        actor = scene.actors[0]
        return [(full(actor), actor.motions[0]), (full(actor), actor.motions[1])]
    ordered = sorted(
        (actor for actor in scene.actors if actor.order != "whole"), key=lambda actor: actor.order
    )
    return [(full(actor), actor.motions[0]) for actor in ordered]


def place(scene: Scene, rng: random.Random, forms: Forms) -> Question:
    answer = f"It takes place {PLACE_ANSWERS[scene.place]}."
    return Question("place", say(forms, "place", rng), answer, (place_key(scene.place),))


def count(scene: Scene, rng: random.Random, forms: Forms) -> Question:
    if rng.random() < 0.2:
        subject = rng.choice(scene.actors).subject if rng.random() < 0.8 else rng.choice(SUBJECTS)
        found = sum(actor.subject == subject for actor in scene.actors)
        plural = {"fish": "fish", "butterfly": "butterflies"}.get(subject, f"{subject}s")
        said = NUMBERS[found] if found else "no"
        verb, shown = ("is", subject) if found == 1 else ("are", plural)
        answer = f"There {verb} {said} {shown}."
        return Question("count", say(forms, "count of", rng, s=plural), answer, (f"{verb} {said}",))
    number = len(scene.actors)
    verb = "is" if number == 1 else "are"
    answer = f"There {verb} {NUMBERS[number]}: {listed(scene)}."
    return Question("count", say(forms, "count", rng), answer, (NUMBERS[number],))


def presence(scene: Scene, rng: random.Random, forms: Forms) -> Question:
    actor = rng.choice(scene.actors)
    if rng.random() < 0.5:
        name = article(f"{actor.colour} {actor.subject}" if rng.random() < 0.6 else actor.subject)
        answer = f"Yes, there is {article(f'{actor.colour} {actor.subject}')}."
        if name == article(actor.subject) and actor not in _unique(scene):
            answer = f"Yes, there is {name}."
        return Question("yes/no", say(forms, "presence", rng, a=name), answer, ("yes",))
    present = {other.subject for other in scene.actors}
    if rng.random() < 0.5:
        other = rng.choice([s for s in SUBJECTS if s not in present])
        answer = f"No, there is no {other}; I see {listed(scene)}."
        return Question("yes/no", say(forms, "presence", rng, a=article(other)), answer, ("no",))
    colours = {other.colour for other in scene.actors if other.subject == actor.subject}
    elsewhere = [other.colour for other in scene.actors if other.colour not in colours]
    wrong = rng.choice([c for c in COLOURS if c not in colours])
    if elsewhere and rng.random() < 0.5:
        wrong = rng.choice(elsewhere)
    asked = article(f"{wrong} {actor.subject}")
    answer = f"No, there is no {wrong} {actor.subject}."
    if actor in _unique(scene):
        answer = f"No, the {actor.subject} is {actor.colour}."
    return Question("yes/no", say(forms, "presence", rng, a=asked), answer, ("no",))


def check(scene: Scene, rng: random.Random, forms: Forms) -> Question:
    """Yes or no about a motion, a colour or the place."""
    right = rng.random() < 0.5
    key = ("yes" if right else "no",)
    said = "Yes" if right else "No"
    dice = rng.random()
    if dice < 0.3:
        shown = scene.place if right else rng.choice([p for p in PLACES if p != scene.place])
        answer = f"{said}, it takes place {PLACE_ANSWERS[scene.place]}."
        text = say(forms, "is place", rng, p=PLACE_ANSWERS[shown])
        return Question("yes/no", text, answer, key)
    actor = rng.choice(scene.actors)
    if dice < 0.5 and actor in _unique(scene):
        shown = actor.colour if right else rng.choice([c for c in COLOURS if c != actor.colour])
        text = say(forms, "is colour", rng, n=f"the {actor.subject}", c=shown)
        return Question("yes/no", text, f"{said}, the {actor.subject} is {actor.colour}.", key)
    asked = rng.choice(actor.motions)
    if not right:
        opposite = reverse_motion(asked)
        options = [m for m in ("left", "right", "up", "down", "spin", "grow", "shrink", "bounce")
                   if m not in actor.motions]  # fmt: skip
        use_opposite = opposite not in actor.motions and rng.random() < 0.6
        asked = opposite if use_opposite else rng.choice(options)
    verb = plain(asked)
    text = say(forms, "does", rng, n=full(actor), v=infinitive(verb), w=verb)
    return Question("yes/no", text, f"{said}, {full(actor)} {doing(actor)}.", key)


def size(scene: Scene, rng: random.Random, forms: Forms) -> Question | None:
    actor = rng.choice(scene.actors)
    if not actor.size_is_constant:
        return None
    name = name_in(scene, actor)
    words = {"medium": "medium-sized"}
    answer = f"{capital(name)} is {words.get(actor.size, actor.size)}."
    return Question("size", say(forms, "size", rng, n=name), answer, (actor.size,))


def texture(scene: Scene, rng: random.Random, forms: Forms) -> Question | None:
    actor = rng.choice(scene.actors)
    if len(scene.actors) > 1 and actor.texture != "plain" and rng.random() < 0.3:
        if sum(other.texture == actor.texture for other in scene.actors) > 1:
            return None
        text = say(forms, "which pattern", rng, t=actor.texture)
        answer = f"{capital(full(actor))} is {actor.texture}."
        return Question("texture", text, answer, (actor.subject,))
    name = name_in(scene, actor)
    text = say(forms, "texture", rng, n=name)
    return Question("texture", text, f"{capital(name)} is {actor.texture}.", (actor.texture,))


def who(scene: Scene, rng: random.Random, forms: Forms) -> Question | None:
    """Which one does something that only it does."""
    actor = rng.choice(scene.actors)
    action = actor.motions[0]
    if len(scene.actors) < 2 or sum(action in a.motions for a in scene.actors) > 1:
        return None
    # An actor that acts in one half stands still in the other.
    if action == STILL and any(a.order != "whole" for a in scene.actors):
        return None
    text = say(forms, "who", rng, w=plain(action))
    return Question("who", text, f"{capital(full(actor))} {plain(action)}.", (actor.subject,))


def relation(scene: Scene, rng: random.Random, forms: Forms) -> Question | None:
    if scene.relation is None:
        return None
    kind, i, j = scene.relation
    one, other = (full(scene.actors[k]) for k in (i, j))
    keys = (scene.actors[i].subject, scene.actors[j].subject)
    if kind == "chases":
        answer = f"{capital(one)} chases {other}."
        return Question("relation", say(forms, "chases", rng), answer, keys)
    if kind == "meets":
        answer = f"{capital(one)} meets {other}."
        return Question("relation", say(forms, "meets", rng), answer, ("meet",))
    words = {"above": "above", "left_of": "to the left of", "in_front_of": "in front of"}[kind]
    answer = f"{capital(one)} is {words} {other}."
    if rng.random() < 0.3:
        return Question("relation", say(forms, "relation", rng), answer, (words, *keys))
    if kind != "in_front_of" and rng.random() < 0.3:
        back = {"above": "below", "left_of": "to the right of"}[kind]
        text = say(forms, "where is", rng, n=other, o=one)
        return Question("relation", text, f"{capital(other)} is {back} {one}.", (back,))
    text = say(forms, "where is", rng, n=one, o=other)
    return Question("relation", text, answer, (words,))


def compare(scene: Scene, rng: random.Random, forms: Forms) -> Question | None:
    """Two actors of one clip beside each other."""
    if len(scene.actors) < 2:
        return None
    one, other = rng.sample(scene.actors, 2)
    names = {"n": full(one), "o": full(other)}
    kind = rng.choice(("bigger", "same way", "same colour"))
    if kind == "bigger":
        ranks = [SIZES.index(actor.size) for actor in (one, other)]
        if ranks[0] == ranks[1] or not (one.size_is_constant and other.size_is_constant):
            return None
        bigger = one if ranks[0] > ranks[1] else other
        text = say(forms, "bigger", rng, **names)
        return Question("compare", text, f"{capital(full(bigger))} is bigger.", (full(bigger),))
    if kind == "same way":
        if one.order != "whole" or other.order != "whole":
            return None
        same = one.motions == other.motions
        text = say(forms, "same way", rng, **names)
        answer = f"No, {full(one)} {doing(one)} and {full(other)} {doing(other)}."
        if same:
            answer = f"Yes, both {infinitive(doing(one))}."
        return Question("compare", text, answer, ("yes" if same else "no",))
    if one.subject == other.subject:
        return None
    same = one.colour == other.colour
    if not same and rng.random() < 0.6:
        return None
    text = say(forms, "same colour", rng, n=f"the {one.subject}", o=f"the {other.subject}")
    answer = f"No, the {one.subject} is {one.colour} and the {other.subject} is {other.colour}."
    if same:
        answer = f"Yes, both are {one.colour}."
    return Question("compare", text, answer, ("yes" if same else "no",))


def camera(scene: Scene, rng: random.Random, forms: Forms) -> Question:
    text = say(forms, "camera", rng)
    if scene.pan:
        return Question("camera", text, f"The camera pans {scene.pan}.", (scene.pan,))
    return Question("camera", text, "The camera stands still.", ("still|no",))


def describe(scene: Scene, rng: random.Random, forms: Forms) -> Question:
    answer = f"{capital(caption(scene))}."
    keys = (*fact_keys(scene), place_key(scene.place))
    # A caption says "chases" and "meets" instead of how each one moves, and may leave rest unsaid.
    if not scene.relation or scene.relation[0] not in ("chases", "meets"):
        motions = (m for actor in scene.actors for m in actor.motions if m != STILL)
        keys += tuple(motion_keys(motion) for motion in motions)
    return Question("describe", say(forms, "describe", rng), answer, keys)


Maker = Callable[[Scene, random.Random, Forms], Question | None]
MAKERS: tuple[tuple[Maker, float], ...] = (
    (what, 0.9), (colour, 1.0), (motion, 1.5), (order, 2.2), (place, 0.7), (count, 1.1),
    (presence, 1.8), (check, 2.4), (size, 0.5), (texture, 0.9), (who, 1.2), (relation, 1.6),
    (compare, 2.0), (camera, 0.3), (describe, 1.6),
)  # fmt: skip


def ask(scene: Scene, rng: random.Random, forms: Forms = FORMS) -> Question:
    """One random question that the scene, put as its sentence tells it, can answer."""
    told = scene if scene.relation or len(scene.actors) != 2 else as_told(scene)
    return ask_told(told, rng, forms)


def ask_told(told: Scene, rng: random.Random, forms: Forms = FORMS) -> Question:
    """One random question about a scene of `as_told`."""
    makers, weights = zip(*MAKERS, strict=True)
    while True:
        question: Question | None = rng.choices(makers, weights)[0](told, rng, forms)
        if question is not None:
            return question


def _unique(scene: Scene) -> list[Actor]:
    subjects = [actor.subject for actor in scene.actors]
    return [actor for actor in scene.actors if subjects.count(actor.subject) == 1]
