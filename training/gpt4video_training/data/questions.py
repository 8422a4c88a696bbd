"""Questions about a clip with answers that are true of it, by kind.

Scenes are those of `slots.as_told`: actors in the order in which the sentence lists them, the
visible relation named. Answers list actors in that order. Where something is to be compared, the
answer says first what is seen and then what follows ("..., so no."): a small model reads well and
reckons badly, and what it has just said is easy to read.
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


def so(right: bool) -> str:
    """The verdict after the evidence."""
    return f", so {'yes' if right else 'no'}."


def so_alike(same: bool) -> str:
    """The verdict on two things. Likeness is named at the word that repeats, where it is easiest to
    notice: "The ball is red and the tree is red too, so yes."."""
    return f"{' too' if same else ''}{so(same)}"


def count(scene: Scene, rng: random.Random, forms: Forms) -> Question:
    if rng.random() < 0.2:
        subject = rng.choice(scene.actors).subject if rng.random() < 0.8 else rng.choice(SUBJECTS)
        found = sum(actor.subject == subject for actor in scene.actors)
        plural = {"fish": "fish", "butterfly": "butterflies"}.get(subject, f"{subject}s")
        said = NUMBERS[found] if found else "no"
        verb, shown = ("is", subject) if found == 1 else ("are", plural)
        answer = f"I see {listed(scene)}; there {verb} {said} {shown}."
        return Question("count", say(forms, "count of", rng, s=plural), answer, (f"{verb} {said}",))
    number = len(scene.actors)
    verb = "is" if number == 1 else "are"
    answer = f"There {verb} {NUMBERS[number]}: {listed(scene)}."
    return Question("count", say(forms, "count", rng), answer, (NUMBERS[number],))


def presence(scene: Scene, rng: random.Random, forms: Forms) -> Question:
    """Half the time there is such a thing; half of what is not there is there in another colour."""
    actor = rng.choice(scene.actors)
    subject, colour, there = actor.subject, actor.colour, rng.random() < 0.5
    name = article(f"{colour} {subject}" if rng.random() < 0.6 else subject)
    if not there and rng.random() < 0.5:
        present = {other.subject for other in scene.actors}
        name = article(rng.choice([s for s in SUBJECTS if s not in present]))
    elif not there:
        colours = {other.colour for other in scene.actors if other.subject == subject}
        elsewhere = [other.colour for other in scene.actors if other.colour not in colours]
        wrong = rng.choice([c for c in COLOURS if c not in colours])
        if elsewhere and rng.random() < 0.5:
            wrong = rng.choice(elsewhere)
        name = article(f"{wrong} {subject}")
    text = say(forms, "presence", rng, a=name)
    answer = f"I see {listed(scene)}{so(there)}"
    return Question("yes/no", text, answer, ("yes" if there else "no",))


def check(scene: Scene, rng: random.Random, forms: Forms) -> Question:
    """Yes or no about a motion, a colour or the place."""
    right = rng.random() < 0.5
    key = ("yes" if right else "no",)
    dice = rng.random()
    if dice < 0.25:
        shown = scene.place if right else rng.choice([p for p in PLACES if p != scene.place])
        answer = f"It takes place {PLACE_ANSWERS[scene.place]}{so(right)}"
        text = say(forms, "is place", rng, p=PLACE_ANSWERS[shown])
        return Question("yes/no", text, answer, key)
    actor = rng.choice(scene.actors)
    if dice < 0.5 and actor in _unique(scene):
        shown = actor.colour if right else rng.choice([c for c in COLOURS if c != actor.colour])
        name = f"the {actor.subject}"
        text = say(forms, "is colour", rng, n=name, N=capital(name), c=shown)
        return Question("yes/no", text, f"{capital(name)} is {actor.colour}{so(right)}", key)
    asked = rng.choice(actor.motions)
    if not right:
        opposite = reverse_motion(asked)
        options = [m for m in ("left", "right", "up", "down", "spin", "grow", "shrink", "bounce")
                   if m not in actor.motions]  # fmt: skip
        use_opposite = opposite not in actor.motions and rng.random() < 0.6
        asked = opposite if use_opposite else rng.choice(options)
    verb = plain(asked)
    name = full(actor)
    text = say(forms, "does", rng, n=name, N=capital(name), v=infinitive(verb), w=verb)
    return Question("yes/no", text, f"{capital(full(actor))} {doing(actor)}{so(right)}", key)


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
    key = "plain|no pattern" if actor.texture == "plain" else actor.texture
    return Question("texture", text, f"{capital(name)} is {actor.texture}.", (key,))


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
    """The keys name who is where: "red star is above"."""
    if scene.relation is None:
        return None
    kind, i, j = scene.relation
    one, other = (full(scene.actors[k]) for k in (i, j))
    bare = (one.removeprefix("the "), other.removeprefix("the "))
    if kind == "chases":
        answer = f"{capital(one)} chases {other}."
        return Question("relation", say(forms, "chases", rng), answer, (f"{bare[0]} chases",))
    if kind == "meets":
        answer = f"{capital(one)} meets {other}."
        return Question("relation", say(forms, "meets", rng), answer, ("meet",))
    words = {"above": "above", "left_of": "to the left of", "in_front_of": "in front of"}[kind]
    back = {"above": "below", "left_of": "to the right of", "in_front_of": "behind"}[kind]
    answer = f"{capital(one)} is {words} {other}"
    keys = (f"{bare[0]} is {words}",)
    dice = rng.random()
    if dice < 0.3:
        either = f"{keys[0]}|{bare[1]} is {back}"
        return Question("relation", say(forms, "relation", rng), f"{answer}.", (either,))
    if dice < 0.6 and kind != "in_front_of":
        text = say(forms, "where is", rng, n=other, o=one)
        return Question("relation", text, f"{answer}, so {other} is {back} it.", (f"{bare[1]} is {back}",))
    return Question("relation", say(forms, "where is", rng, n=one, o=other), f"{answer}.", keys)


def compare(scene: Scene, rng: random.Random, forms: Forms) -> Question | None:
    """Two actors of one clip beside each other."""
    if len(scene.actors) < 2:
        return None
    one, other = rng.sample(scene.actors, 2)
    names = {"n": full(one), "o": full(other)}
    kind = rng.choice(("bigger", "same way", "same colour"))
    if kind == "bigger":
        return _bigger(one, other, say(forms, "bigger", rng, **names))
    if kind == "same way":
        if one.order != "whole" or other.order != "whole":
            return None
        same = one.motions == other.motions
        text = say(forms, "same way", rng, **names)
        answer = f"{capital(full(one))} {doing(one)} and {full(other)} {doing(other)}{so_alike(same)}"
        return Question("compare", text, answer, ("yes" if same else "no",))
    if one.subject == other.subject:
        return None
    same = one.colour == other.colour
    if not same and rng.random() < 0.6:
        return None
    name = f"the {one.subject}"
    text = say(forms, "same colour", rng, n=name, N=capital(name), o=f"the {other.subject}")
    answer = f"The {one.subject} is {one.colour} and the {other.subject} is {other.colour}{so_alike(same)}"
    return Question("compare", text, answer, ("yes" if same else "no",))


def _bigger(one: Actor, other: Actor, text: str) -> Question | None:
    ranks = [SIZES.index(actor.size) for actor in (one, other)]
    if ranks[0] == ranks[1] or not (one.size_is_constant and other.size_is_constant):
        return None
    names, bigger = (full(one), full(other)), full(one if ranks[0] > ranks[1] else other)
    answer = f"{capital(names[0])} is {one.size} and {names[1]} is {other.size}, so {bigger} is bigger."
    return Question("compare", text, answer, (f"{bigger} is bigger|{bigger} is larger",))


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
    (what, 1.0), (colour, 1.2), (motion, 1.3), (order, 4.5), (place, 0.5), (count, 1.7),
    (presence, 2.4), (check, 2.6), (size, 0.5), (texture, 1.0), (who, 2.4), (relation, 4.5),
    (compare, 6.0), (camera, 1.0), (describe, 1.4),
)  # fmt: skip
# Lessons draw more of what the exam finds weak; the exam's own draws stay as they are.
_MORE: dict[Maker, float] = {count: 1.6, presence: 1.4, check: 1.4, compare: 1.3}
TAUGHT: tuple[tuple[Maker, float], ...] = tuple(
    (maker, weight * _MORE.get(maker, 1.0)) for maker, weight in MAKERS
)


def ask(scene: Scene, rng: random.Random, forms: Forms = FORMS) -> Question:
    """One random question that the scene, put as its sentence tells it, can answer."""
    told = scene if scene.relation or len(scene.actors) != 2 else as_told(scene)
    return ask_told(told, rng, forms)


def ask_told(
    told: Scene,
    rng: random.Random,
    forms: Forms = FORMS,
    kinds: tuple[tuple[Maker, float], ...] = MAKERS,
) -> Question:
    """One random question about a scene of `as_told`, the `kinds` by their weights."""
    makers, weights = zip(*kinds, strict=True)
    while True:
        question: Question | None = rng.choices(makers, weights)[0](told, rng, forms)
        if question is not None:
            return question


def _unique(scene: Scene) -> list[Actor]:
    subjects = [actor.subject for actor in scene.actors]
    return [actor for actor in scene.actors if subjects.count(actor.subject) == 1]
