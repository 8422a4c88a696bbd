"""Whole conversations for step 2: several turns about a clip, films in between, ordinary talk."""

from __future__ import annotations

import random
from dataclasses import dataclass, field

from gpt4video_training.data.edits import edit, edit_answer
from gpt4video_training.data.questions import ask
from gpt4video_training.data.requests import IDENTITY, Turn, film_turn, refusal_turn
from gpt4video_training.world.scene import Scene


@dataclass(frozen=True)
class Dialogue:
    """`turns` are (user, assistant) pairs. `clips` are what the user shows: (turn, clip number).
    Turns in `open_ended` were cut short: their end is not taught."""

    turns: tuple[Turn, ...]
    clips: tuple[tuple[int, int], ...] = ()
    open_ended: frozenset[int] = field(default_factory=frozenset)


@dataclass(frozen=True)
class Ordinary:
    """A request that wants words, the base model's own answer, and whether it was finished."""

    request: str
    answer: str
    finished: bool


def clip_dialogue(scene: Scene, number: int, rng: random.Random, turns: int = 9) -> Dialogue:
    """Questions about one clip, with film requests like it, free films and refusals between."""
    said: list[Turn] = []
    while len(said) < turns:
        dice = rng.random()
        if dice < 0.6:
            question = ask(scene, rng)
            if question.text in {user for user, _ in said}:
                continue
            said.append((question.text, question.answer))
        elif dice < 0.94:
            made = edit(scene, rng)
            said.append((made.request, edit_answer(made, rng)))
        elif dice < 0.97:
            said.append(film_turn(rng))
        else:
            said.append(refusal_turn(rng))
    return Dialogue(tuple(said), ((0, number),))


def free_dialogue(ordinary: list[Ordinary], rng: random.Random, turns: int = 5) -> Dialogue:
    """No clip: ordinary talk, films and refusals in random order."""
    said: list[Turn] = []
    cut: set[int] = set()
    for turn in range(turns):
        dice = rng.random()
        if dice < 0.4:
            said.append(film_turn(rng))
        elif dice < 0.52:
            said.append(refusal_turn(rng))
        elif dice < 0.58 or not ordinary:
            said.append(rng.choice(IDENTITY))
        else:
            chosen = rng.choice(ordinary)
            said.append((chosen.request, chosen.answer))
            if not chosen.finished:
                cut.add(turn)
                break
    return Dialogue(tuple(said), (), frozenset(cut))
