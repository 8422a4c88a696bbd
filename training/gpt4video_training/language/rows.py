"""A lesson as one row of tokens: a shared opening and continuations that do not see each other."""

from __future__ import annotations

from dataclasses import dataclass

from tokenizers import Tokenizer

from gpt4video_training.data.lessons import Lesson, Said
from gpt4video_training.language.prompt import PromptWriter

OPENING = 0


@dataclass
class Row:
    """Parallel lists over tokens.

    `parts` is 0 for the opening and a number of its own for each continuation; `places` are the
    positions the model is told, each continuation's following the opening's. `learn` marks ids
    whose prediction is taught. `clips` are (index, clip) of runs of visual tokens; `manners` are
    (index of the first taught id, number of the base's answer).
    """

    ids: list[int]
    learn: list[bool]
    parts: list[int]
    places: list[int]
    clips: list[tuple[int, int]]
    manners: list[tuple[int, int]]


class RowWriter:
    """Writes lessons with one tokenizer."""

    def __init__(self, tokenizer: Tokenizer) -> None:
        self._tokenizer = tokenizer

    def write(self, lesson: Lesson, budget: int) -> Row:
        """The opening and as many continuations as fit into `budget` tokens, at least one."""
        row = self._opening(lesson)
        start, part = len(row.ids), 0
        while True:
            follow = self._continuation(lesson.next(), bool(lesson.shown))
            if part and len(row.ids) + len(follow.ids) > budget:
                return row
            part += 1
            at = len(row.ids)
            row.ids += follow.ids
            row.learn += follow.learn
            row.parts += [part] * len(follow.ids)
            row.places += range(start, start + len(follow.ids))
            row.manners += [(at + index, number) for index, number in follow.manners]

    def _opening(self, lesson: Lesson) -> Row:
        writer = PromptWriter(self._tokenizer)
        manners = self._turns(writer, lesson.said, opened=False)
        if lesson.shown:
            writer.show(lesson.shown)
        made = writer.done()
        length = len(made.ids)
        return Row(
            made.ids, made.learn, [OPENING] * length, list(range(length)), made.clips, manners
        )

    def _continuation(self, turns: tuple[Said, ...], opened: bool) -> Row:
        writer = PromptWriter(self._tokenizer, system=None)
        manners = self._turns(writer, turns, opened)
        made = writer.done()
        last = max(index for index, learn in enumerate(made.learn) if learn) + 1
        return Row(made.ids[:last], made.learn[:last], [], [], [], manners)

    def _turns(
        self, writer: PromptWriter, turns: tuple[Said, ...], opened: bool
    ) -> list[tuple[int, int]]:
        manners: list[tuple[int, int]] = []
        for index, said in enumerate(turns):
            if index or not opened:
                writer.show(said.clips)
            writer.request(said.request)
            if said.manner is not None:
                manners.append((len(writer.done().ids), said.manner))
            writer.assistant(said.answer, finished=said.finished)
        return manners
