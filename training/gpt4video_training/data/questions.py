"""Questions about a clip with answers that are true of it, by kind."""

from __future__ import annotations

import random
from collections.abc import Callable
from dataclasses import dataclass

from gpt4video_training.data.captions import caption, noun
from gpt4video_training.data.lexicon import MOTION_PHRASES, NUMBERS, PLACE_ANSWERS, article
from gpt4video_training.data.slots import sorted_indices, visible_relation
from gpt4video_training.world.scene import COLOURS, PLACES, STILL, SUBJECTS, Actor, Scene, reverse_motion


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


def name_in(scene: Scene, actor: Actor) -> str:
    """"the ball" where that is unique, else "the red ball"."""
    same = [other for other in scene.actors if other.subject == actor.subject]
    return f"the {actor.subject}" if len(same) == 1 else f"the {actor.colour} {actor.subject}"


def capital(text: str) -> str:
    return text[0].upper() + text[1:]


def listed(scene: Scene) -> str:
    """"a red ball, a blue fish and a tree", in the sentence's order."""
    names = [article(noun(scene.actors[i])) for i in sorted_indices(scene)]
    return names[0] if len(names) == 1 else ", ".join(names[:-1]) + f" and {names[-1]}"


def _doing(actor: Actor) -> str:
    if len(actor.motions) == 2:
        return f"first {plain(actor.motions[0])}, then {plain(actor.motions[1])}"
    return plain(actor.motions[0])


def what(scene: Scene, rng: random.Random) -> Question:
    text = rng.choice(
        (
            "What is in the video?",
            "What do you see?",
            "What can you see in this video?",
            "What is it?",
            "What does the clip show?",
            "Which things are in the film?",
        )
    )
    keys = tuple(key for actor in scene.actors for key in (actor.colour, actor.subject))
    return Question("what", text, f"I see {listed(scene)}.", keys)


def colour(scene: Scene, rng: random.Random) -> Question:
    actor = rng.choice(_unique(scene) or list(scene.actors))
    name = f"the {actor.subject}"
    if len(scene.actors) == 1 and rng.random() < 0.5:
        text = rng.choice(("What colour is it?", "Which colour does it have?", "What color is it?"))
    else:
        text = rng.choice(
            (
                f"What colour is {name}?",
                f"Which colour is {name}?",
                f"What color is {name}?",
                f"Which colour does {name} have?",
                f"Tell me the colour of {name}.",
            )
        )
    return Question("colour", text, f"{capital(name)} is {actor.colour}.", (actor.colour,))


def motion(scene: Scene, rng: random.Random) -> Question:
    actor = rng.choice(scene.actors)
    name = name_in(scene, actor)
    full = f"the {actor.colour} {actor.subject}"
    alone = len(scene.actors) == 1
    asked = rng.choice((name, full, "it") if alone else (name, full))
    text = rng.choice(
        (
            f"Which way does {asked} move?",
            f"What does {asked} do?",
            f"In which direction does {asked} go?",
            f"How does {asked} move?",
            f"Where does {asked} go?",
            f"Which way is {asked} going?",
        )
    )
    answer = f"{capital(full)} {_doing(actor)}."
    return Question("motion", text, answer, tuple(motion_keys(m) for m in actor.motions))


def order(scene: Scene, rng: random.Random) -> Question | None:
    events = _events(scene)
    if len(events) != 2:
        return None
    (one, first), (other, then) = events
    form = rng.randrange(3)
    if form == 0:
        text = rng.choice(
            ("What happens first?", "What comes first?", "What do you see at the beginning?")
        )
        return Question("order", text, f"First, {one} {plain(first)}.", (motion_keys(first),))
    if form == 1:
        text = rng.choice(
            ("What happens then?", "What happens next?", "What comes after that?",
             "What happens at the end?")
        )  # fmt: skip
        return Question("order", text, f"Then {other} {plain(then)}.", (motion_keys(then),))
    text = rng.choice(
        ("In what order do things happen?", "In which order does it happen?",
         "What happens first and what comes next?")
    )  # fmt: skip
    answer = f"First {one} {plain(first)}, then {other} {plain(then)}."
    return Question("order", text, answer, (motion_keys(first), motion_keys(then)))


def _events(scene: Scene) -> list[tuple[str, str]]:
    """The two events of an ordered clip: (who, motion), else nothing."""
    if len(scene.actors) == 1 and len(scene.actors[0].motions) == 2:
        actor = scene.actors[0]
        full = f"the {actor.colour} {actor.subject}"
        return [(full, actor.motions[0]), (full, actor.motions[1])]
    ordered = sorted(
        (actor for actor in scene.actors if actor.order != "whole"), key=lambda actor: actor.order
    )
    return [(f"the {a.colour} {a.subject}", a.motions[0]) for a in ordered]


def place(scene: Scene, rng: random.Random) -> Question:
    text = rng.choice(
        ("Where does it take place?", "Where is this?", "Where does this happen?",
         "What is the place?", "What is in the background?", "Where was this filmed?")
    )  # fmt: skip
    keys = {"day": "day|meadow|sunny", "night": "night", "snow": "snow"}
    answer = f"It takes place {PLACE_ANSWERS[scene.place]}."
    return Question("place", text, answer, (keys.get(scene.place, scene.place),))


def count(scene: Scene, rng: random.Random) -> Question:
    text = rng.choice(
        ("How many things are there?", "How many objects do you see?",
         "How many things are in the video?", "How many are there?")
    )  # fmt: skip
    number = len(scene.actors)
    verb = "is" if number == 1 else "are"
    answer = f"There {verb} {NUMBERS[number]}: {listed(scene)}."
    return Question("count", text, answer, (NUMBERS[number],))


def presence(scene: Scene, rng: random.Random) -> Question:
    actor = rng.choice(scene.actors)
    forms = ("Is there {} in the video?", "Do you see {}?", "Can you see {}?", "Is there {}?")
    form = rng.choice(forms)
    if rng.random() < 0.5:
        name = article(f"{actor.colour} {actor.subject}" if rng.random() < 0.6 else actor.subject)
        answer = f"Yes, there is {article(f'{actor.colour} {actor.subject}')}."
        return Question("yes/no", form.format(name), answer, ("yes",))
    present = {other.subject for other in scene.actors}
    if rng.random() < 0.5:
        other = rng.choice([s for s in SUBJECTS if s not in present])
        answer = f"No, there is no {other}; I see {listed(scene)}."
        return Question("yes/no", form.format(article(other)), answer, ("no",))
    colours = {other.colour for other in scene.actors if other.subject == actor.subject}
    wrong = rng.choice([c for c in COLOURS if c not in colours])
    answer = f"No, the {actor.subject} is {actor.colour}."
    return Question("yes/no", form.format(article(f"{wrong} {actor.subject}")), answer, ("no",))


def check(scene: Scene, rng: random.Random) -> Question:
    """Yes or no about a motion or the place."""
    if rng.random() < 0.35:
        right = rng.random() < 0.5
        shown = scene.place if right else rng.choice([p for p in PLACES if p != scene.place])
        where = PLACE_ANSWERS[shown]
        answer = f"{'Yes' if right else 'No'}, it takes place {PLACE_ANSWERS[scene.place]}."
        key = "yes" if right else "no"
        return Question("yes/no", f"Does it take place {where}?", answer, (key,))
    actor = rng.choice(scene.actors)
    name = f"the {actor.colour} {actor.subject}"
    right = rng.random() < 0.5
    asked = rng.choice(actor.motions)
    if not right:
        opposite = reverse_motion(asked)
        options = [m for m in ("left", "right", "up", "down", "spin", "grow", "shrink", "bounce")
                   if m not in actor.motions]  # fmt: skip
        use_opposite = opposite not in actor.motions and rng.random() < 0.6
        asked = opposite if use_opposite else rng.choice(options)
    verb = plain(asked)
    infinitive = {"bounces": "bounce", "stands still": "stand still", "vanishes": "vanish"}.get(
        verb, " ".join([verb.split()[0].removesuffix("s"), *verb.split()[1:]])
    )
    answer = f"{'Yes' if right else 'No'}, {name} {_doing(actor)}."
    return Question("yes/no", f"Does {name} {infinitive}?", answer, ("yes" if right else "no",))


def size(scene: Scene, rng: random.Random) -> Question | None:
    actor = rng.choice(scene.actors)
    if not actor.size_is_constant:
        return None
    name = name_in(scene, actor)
    words = {"medium": "medium-sized"}
    text = rng.choice((f"How big is {name}?", f"What size is {name}?"))
    answer = f"{capital(name)} is {words.get(actor.size, actor.size)}."
    return Question("size", text, answer, (actor.size,))


def texture(scene: Scene, rng: random.Random) -> Question:
    actor = rng.choice(scene.actors)
    name = name_in(scene, actor)
    text = rng.choice((f"What pattern does {name} have?", f"Is {name} plain, striped or spotted?"))
    return Question("texture", text, f"{capital(name)} is {actor.texture}.", (actor.texture,))


def who(scene: Scene, rng: random.Random) -> Question | None:
    """Which one does something that only it does."""
    actor = rng.choice(scene.actors)
    doing = actor.motions[0]
    if len(scene.actors) < 2 or sum(doing in a.motions for a in scene.actors) > 1:
        return None
    text = rng.choice(("Which one {}?", "What {}?", "Which thing {}?")).format(plain(doing))
    answer = f"The {actor.colour} {actor.subject} {plain(doing)}."
    return Question("who", text, answer, (actor.subject,))


def relation(scene: Scene, rng: random.Random) -> Question | None:
    shown = visible_relation(scene)
    if shown is None:
        return None
    kind, i, j = shown
    one, other = (f"the {scene.actors[k].colour} {scene.actors[k].subject}" for k in (i, j))
    keys = (scene.actors[i].subject, scene.actors[j].subject)
    if kind == "chases":
        text = rng.choice(("Who chases whom?", "Which one is chasing the other?"))
        return Question("relation", text, f"{capital(one)} chases {other}.", keys)
    if kind == "meets":
        text = rng.choice(("What do the two do?", "How do the two move towards each other?"))
        return Question("relation", text, f"{capital(one)} meets {other}.", ("meet",))
    words = {"above": "above", "left_of": "to the left of", "in_front_of": "in front of"}
    text = rng.choice(
        (f"Where is {one} compared with {other}?", f"Where is {one}, seen from {other}?")
    )
    answer = f"{capital(one)} is {words[kind]} {other}."
    return Question("relation", text, answer, (words[kind],))


def camera(scene: Scene, rng: random.Random) -> Question:
    text = rng.choice(("Does the camera move?", "What does the camera do?"))
    if scene.pan:
        return Question("camera", text, f"The camera pans {scene.pan}.", (scene.pan,))
    return Question("camera", text, "The camera stands still.", ("still|no",))


def describe(scene: Scene, rng: random.Random) -> Question:
    text = rng.choice(
        ("Describe the video.", "Describe the video in detail.", "What happens in the video?",
         "Tell me what happens.", "What is going on here?", "Summarise the clip.")
    )  # fmt: skip
    keys = tuple(key for actor in scene.actors for key in (actor.colour, actor.subject))
    return Question("describe", text, f"{capital(caption(scene))}.", keys)


Maker = Callable[[Scene, random.Random], Question | None]
MAKERS: tuple[tuple[Maker, float], ...] = (
    (what, 1.2), (colour, 1.2), (motion, 2.0), (order, 2.0), (place, 1.0), (count, 1.0),
    (presence, 1.3), (check, 1.3), (size, 0.6), (texture, 0.5), (who, 0.8), (relation, 1.0),
    (camera, 0.4), (describe, 1.2),
)  # fmt: skip


def ask(scene: Scene, rng: random.Random) -> Question:
    """One random question that the scene can answer."""
    while True:
        maker = rng.choices([m for m, _ in MAKERS], [w for _, w in MAKERS])[0]
        question = maker(scene, rng)
        if question is not None:
            return question


def _unique(scene: Scene) -> list[Actor]:
    subjects = [actor.subject for actor in scene.actors]
    return [actor for actor in scene.actors if subjects.count(actor.subject) == 1]
