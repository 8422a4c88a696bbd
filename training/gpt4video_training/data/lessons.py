"""What one training row teaches: clips and an opening shared by many short continuations.

Each continuation sees the opening and nothing of the others, so that an answer can only be
read off the clip, never copied from an earlier answer. Some continuations run over several
turns: there earlier answers are part of the talk.
"""

from __future__ import annotations

import random
from collections.abc import Callable
from dataclasses import dataclass, replace

from gpt4video_training.data.captions import caption
from gpt4video_training.data.dialogues import Ordinary
from gpt4video_training.data.edits import LIKE, LIKE_ONE, Edit, edit, edit_answer
from gpt4video_training.data.pairs import WHICH, about, ask_pair
from gpt4video_training.data.questions import TAUGHT, Question, ask_told, what
from gpt4video_training.data.refusals import refusal_turn
from gpt4video_training.data.requests import IDENTITY, film_request, film_turn
from gpt4video_training.data.wordings import FORMS, carelessly
from gpt4video_training.world.sampling import sample_scene
from gpt4video_training.world.scene import Scene


@dataclass(frozen=True)
class Said:
    """One exchange. `clips` are shown with the request. `manner` is the number of the base's own
    answer; where it is given, the base's opinion is what is taught."""

    request: str
    answer: str
    clips: tuple[int, ...] = ()
    finished: bool = True
    manner: int | None = None


@dataclass(frozen=True)
class Lesson:
    """`said` has been said, `shown` comes with the next request; then come the continuations.
    The answers in `said` are taught too."""

    scenes: tuple[Scene, ...]
    said: tuple[Said, ...]
    shown: tuple[int, ...]
    next: Callable[[], tuple[Said, ...]]


class Teacher:
    """Draws lessons."""

    def __init__(
        self,
        ordinary: list[Ordinary],
        harmful: list[str],
        related: Callable[[int], tuple[Scene, ...]],
        rng: random.Random,
    ) -> None:
        self._ordinary = ordinary
        self._harmful = harmful
        self._related = related
        self._rng = rng

    def one(self, scene: Scene) -> Lesson:
        """One clip."""
        return Lesson((scene,), (), (0,), lambda: self._about(scene))

    def several(self) -> Lesson:
        """Two clips, now and then three; shown together or one after the other."""
        rng = self._rng
        scenes = self._related(3 if rng.random() < 0.15 else 2)
        if rng.random() < 0.2:
            scenes = (scenes[0], *(replace(each, place=scenes[0].place) for each in scenes[1:]))
        clips = tuple(range(len(scenes)))
        if rng.random() < 0.5:
            return Lesson(scenes, (), clips, lambda: self._among(scenes))
        first = self._question(scenes[0])
        opening = [replace(first, clips=(0,))]
        if rng.random() < 0.3:
            opening.append(self._aside())
        return Lesson(scenes, tuple(opening), clips[1:], lambda: self._among(scenes))

    def free(self) -> Lesson:
        """No clip."""
        return Lesson((), (), (), self._talk)

    def film_first(self) -> Lesson:
        """A film was made from words; what follows changes it."""
        rng = self._rng
        scene = replace(sample_scene(rng), pan=None)
        made = film_request(caption(scene), rng)

        def change() -> tuple[Said, ...]:
            if rng.random() < 0.25:
                return self._talk()
            edited = edit(scene, rng)
            return (self._said(edited.request, edit_answer(edited)),)

        return Lesson((), (Said(*made),), (), change)

    def _about(self, scene: Scene) -> tuple[Said, ...]:
        dice = self._rng.random()
        if dice < 0.60:
            return (self._question(scene),)
        if dice < 0.78:
            return (self._edit(scene),)
        if dice < 0.88:
            return (self._both(scene),)
        if dice < 0.94:
            return (self._aside(),)
        return self._talk_on(scene)

    def _among(self, scenes: tuple[Scene, ...]) -> tuple[Said, ...]:
        dice = self._rng.random()
        if dice < 0.82:
            return (self._of_several(scenes),)
        if dice < 0.86:
            return (self._aside(),)
        turns = [self._of_several(scenes)]
        if self._rng.random() < 0.4:
            turns.append(self._aside())
        if turns[-1].finished:
            turns.append(self._of_several(scenes))
        return tuple(turns)

    def _of_several(self, scenes: tuple[Scene, ...]) -> Said:
        rng = self._rng
        dice = rng.random()
        if dice < 0.48 and len(scenes) == 2:
            question = ask_pair(scenes[0], scenes[1], rng)
            return self._said(question.text, question.answer)
        index = rng.randrange(len(scenes))
        question = about(index, ask_told(scenes[index], rng, kinds=TAUGHT), rng)
        if dice < 0.64:
            return self._said(question.text, question.answer)
        which = rng.choice(("{}", "{} one", "{} video")).format(WHICH[index])
        edited = edit(scenes[index], rng, LIKE_ONE, which)
        if dice < 0.80:
            return self._said(edited.request, edit_answer(edited))
        # What is seen and what is wanted are easiest to mix up where a clip is only named.
        if rng.random() < 0.5:
            question = about(index, what(scenes[index], rng, FORMS), rng)
        return self._joined(question, edited)

    def _talk_on(self, scene: Scene) -> tuple[Said, ...]:
        """Several turns about one clip, with other talk between."""
        turns: list[Said] = []
        for _ in range(self._rng.randint(2, 4)):
            dice = self._rng.random()
            if dice < 0.5:
                turns.append(self._question(scene))
            elif dice < 0.75:
                turns.append(self._edit(scene))
            else:
                turns.append(self._aside())
            if not turns[-1].finished:
                break
        return tuple(turns)

    def _question(self, scene: Scene) -> Said:
        question = ask_told(scene, self._rng, kinds=TAUGHT)
        return self._said(question.text, question.answer)

    def _edit(self, scene: Scene) -> Said:
        edited = edit(scene, self._rng, LIKE)
        return self._said(edited.request, edit_answer(edited))

    def _both(self, scene: Scene) -> Said:
        """Words and a film in one answer."""
        edited = edit(scene, self._rng)
        question = self._rng.choice((what(scene, self._rng, FORMS), ask_told(scene, self._rng, kinds=TAUGHT)))
        return self._joined(question, edited)

    def _joined(self, question: Question, edited: Edit) -> Said:
        joined = self._rng.choice((" ", " And ", " Then "))
        request = edited.request
        if joined != " " and not request.startswith(("I ", "I'd")):
            request = request[0].lower() + request[1:]
        return Said(question.text + joined + request, f"{question.answer} {edit_answer(edited)}")

    def _aside(self) -> Said:
        """Something that has nothing to do with the clip."""
        dice = self._rng.random()
        if dice < 0.32:
            return self._said(*film_turn(self._rng))
        if dice < 0.42:
            return self._said(*refusal_turn(self._harmful, self._rng))
        if dice < 0.45:
            return Said(*self._rng.choice(IDENTITY))
        return self._plain()

    def _talk(self) -> tuple[Said, ...]:
        dice = self._rng.random()
        if dice < 0.47:
            return (self._said(*film_turn(self._rng)),)
        if dice < 0.58:
            return (self._said(*refusal_turn(self._harmful, self._rng)),)
        if dice < 0.61:
            return (Said(*self._rng.choice(IDENTITY)),)
        return (self._plain(),)

    def _plain(self) -> Said:
        number = self._rng.randrange(len(self._ordinary))
        row = self._ordinary[number]
        return Said(row.request, row.answer, (), row.finished, number)

    def _said(self, request: str, answer: str) -> Said:
        return Said(carelessly(request, self._rng), answer)
