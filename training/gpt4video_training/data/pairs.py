"""Questions that need two clips: which of the two, what differs, what is in the second."""

from __future__ import annotations

import random
from collections.abc import Callable

from gpt4video_training.data.captions import caption
from gpt4video_training.data.lexicon import NUMBERS, PLACE_ANSWERS, article
from gpt4video_training.data.questions import (
    Question,
    ask_told,
    capital,
    full,
    infinitive,
    listed,
    plain,
    so,
    so_alike,
)
from gpt4video_training.data.wordings import FORMS, Forms, say
from gpt4video_training.world.scene import PLACES, STILL, Actor, Scene

WHICH = ("first", "second", "third")


def ask_pair(one: Scene, other: Scene, rng: random.Random, forms: Forms = FORMS) -> Question:
    """One question about two clips, both scenes as their sentences tell them."""
    makers, weights = zip(*_MAKERS, strict=True)
    while True:
        question: Question | None = rng.choices(makers, weights)[0]((one, other), rng, forms)
        if question is not None:
            return question


def ask_about(
    scenes: tuple[Scene, ...], rng: random.Random, forms: Forms = FORMS, index: int | None = None
) -> Question:
    """A question about one of several clips, which it names; answered as if it were alone."""
    index = rng.randrange(len(scenes)) if index is None else index
    return about(index, ask_told(scenes[index], rng, forms), rng, forms)


def about(index: int, question: Question, rng: random.Random, forms: Forms = FORMS) -> Question:
    """The same question with the clip that it means."""
    text, name = question.text, WHICH[index]
    asked = text[0].lower() + text[1:] if text.split()[0] not in ("I", "Describe") else text
    # "What is it in the second video?" is no English; such questions stand whole behind a comma.
    whole = not text.endswith("?") or "video" in text or "clip" in text or " it" in text
    options = tuple(form for form in forms["about"] if not whole or "{b}" not in form)
    said = rng.choice(options).format(
        q=text, r=asked, b=text.rstrip("?."), k=name, d=str(index + 1)
    )
    return Question(question.kind, said, question.answer, question.keys)


def _which(index: int, rest: str, keys: tuple[str, ...] = ()) -> tuple[str, tuple[str, ...]]:
    return f"The {WHICH[index]} video {rest}.", (WHICH[index], *keys)


Pair = tuple[Scene, Scene]


def _which_has(pair: Pair, rng: random.Random, forms: Forms) -> Question | None:
    index = rng.randrange(2)
    actor = rng.choice(pair[index].actors)
    rivals = pair[1 - index].actors
    by_colour = rng.random() < 0.5
    if any(_alike(actor, rival, by_colour) for rival in rivals):
        return None
    name = article(full(actor)[4:] if by_colour else actor.subject)
    answer, keys = _which(index, f"shows {article(full(actor)[4:])}")
    return Question("two: which", say(forms, "which has", rng, a=name), answer, keys)


def _alike(one: Actor, other: Actor, by_colour: bool) -> bool:
    return one.subject == other.subject and (not by_colour or one.colour == other.colour)


def _which_place(pair: Pair, rng: random.Random, forms: Forms) -> Question | None:
    index = rng.randrange(2)
    if pair[0].place == pair[1].place:
        return None
    where = PLACE_ANSWERS[pair[index].place]
    answer, keys = _which(index, f"takes place {where}")
    return Question("two: which", say(forms, "which place", rng, p=where), answer, keys)


def _which_does(pair: Pair, rng: random.Random, forms: Forms) -> Question | None:
    index = rng.randrange(2)
    actor = rng.choice(pair[index].actors)
    motion = rng.choice(actor.motions)
    if motion == STILL or any(motion in rival.motions for rival in pair[1 - index].actors):
        return None
    verb = plain(motion)
    text = say(forms, "which does", rng, v=infinitive(verb), w=verb)
    answer = f"In the {WHICH[index]} video, {full(actor)} {verb}."
    return Question("two: which", text, answer, (WHICH[index],))


def _which_more(pair: Pair, rng: random.Random, forms: Forms) -> Question | None:
    counts = [len(scene.actors) for scene in pair]
    if counts[0] == counts[1]:
        return None
    index = 0 if counts[0] > counts[1] else 1
    more, fewer = NUMBERS[max(counts)], NUMBERS[min(counts)]
    answer, keys = _which(index, f"shows more: {more} against {fewer}")
    return Question("two: which", say(forms, "which more", rng), answer, keys)


def _both_have(pair: Pair, rng: random.Random, forms: Forms) -> Question | None:
    one, other = pair
    shown = [{actor.subject for actor in scene.actors} for scene in pair]
    shared = rng.random() < 0.5
    choices = shown[0] & shown[1] if shared else shown[0] ^ shown[1]
    # Clips without a common subject would make "no" the usual answer.
    if not choices or (not shown[0] & shown[1] and rng.random() < 0.5):
        return None
    name = article(rng.choice(sorted(choices)))
    text = say(forms, "both have", rng, a=name, A=capital(name))
    answer = f"The first shows {listed(one)}; the second shows {listed(other)}{so(shared)}"
    return Question("two: yes/no", text, answer, ("yes" if shared else "no",))


def _both_place(pair: Pair, rng: random.Random, forms: Forms) -> Question | None:
    places = [scene.place for scene in pair]
    same = places[0] == places[1]
    # Unlike places are what is usual.
    if not same and rng.random() < 0.7:
        return None
    where = [PLACE_ANSWERS[place] for place in places]
    right = same
    if rng.random() < 0.5:
        text = say(forms, "same place", rng)
    else:
        asked = rng.choice(places)
        if same and rng.random() < 0.5:
            asked, right = rng.choice([place for place in PLACES if place not in places]), False
        text = say(forms, "both place", rng, p=PLACE_ANSWERS[asked])
    answer = f"The first takes place {where[0]}, the second {where[1]}{so_alike(right)}"
    return Question("two: yes/no", text, answer, ("yes" if right else "no",))


def _differ(pair: Pair, rng: random.Random, forms: Forms) -> Question:
    one, other = (caption(scene) for scene in pair)
    keys = tuple(a.subject for scene in pair for a in scene.actors)
    answer = f"The first video shows {one}; the second shows {other}."
    return Question("two: differ", say(forms, "differ", rng), answer, keys)


Maker = Callable[[Pair, random.Random, Forms], Question | None]
_MAKERS: tuple[tuple[Maker, float], ...] = (
    (_which_has, 3.0), (_which_place, 1.8), (_which_does, 2.0), (_which_more, 0.9),
    (_both_have, 3.0), (_both_place, 3.2), (_differ, 0.6),
)  # fmt: skip
