"""Rows with their visual tokens: the scene sentence's words, blurred, or a clip as it was seen."""

from __future__ import annotations

import random

import numpy as np
import torch

from gpt4video_training.abstractor.cache import TAUGHT
from gpt4video_training.data.lessons import Lesson, Teacher
from gpt4video_training.data.retrieval import shuffled
from gpt4video_training.language.imagine import as_read, imagined
from gpt4video_training.language.prompt import VISUAL_TOKENS
from gpt4video_training.language.rows import Row, RowWriter
from gpt4video_training.language.seen import Seen
from gpt4video_training.world.sampling import sample_scene


class Material:
    """Draws rows with the visual tokens that belong to them."""

    def __init__(
        self,
        words: torch.Tensor,
        teacher: Teacher,
        writer: RowWriter,
        seen: Seen | None,
        rng: random.Random,
    ) -> None:
        self._words, self._teacher, self._writer = words, teacher, writer
        self._seen = seen
        self._rng = rng

    def draw(self, budget: int) -> tuple[Row, torch.Tensor]:
        """A row of at most about `budget` tokens and its visual tokens [clips,65,576]."""
        dice = self._rng.random()
        if dice < 0.17:
            return self._imagine(self._teacher.free(), budget)
        if dice < 0.20:
            return self._imagine(self._teacher.film_first(), budget)
        if dice < 0.56:
            return self._imagine(self._teacher.several(), budget)
        if self._seen is not None and self._rng.random() < 0.5:
            index = self._rng.randrange(len(self._seen.tokens))
            tokens = torch.from_numpy(self._seen.tokens[index].astype(np.float32))
            lesson = self._teacher.one(as_read(self._seen.scenes[index], tokens, self._words))
            # A clip comes again with other questions: blurred, so that it is not known by its grain.
            blur = torch.randn_like(tokens) * self._rng.uniform(0.0, 0.15) * float(self._words.std())
            return self._writer.write(lesson, budget), (tokens + blur)[None]
        scene = shuffled(sample_scene(self._rng, mix=TAUGHT), self._rng)
        return self._imagine(self._teacher.one(scene), budget)

    def _imagine(self, lesson: Lesson, budget: int) -> tuple[Row, torch.Tensor]:
        width = self._words.shape[1]
        tokens = [imagined(scene, self._words, self._rng) for scene in lesson.scenes]
        visual = torch.stack(tokens) if tokens else torch.empty(0, VISUAL_TOKENS, width)
        return self._writer.write(lesson, budget), visual
