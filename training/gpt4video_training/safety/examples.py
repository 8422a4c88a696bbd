"""Rows as tensors: the token states of their units, and what is known of them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt
import torch

from gpt4video_training.safety.answers import read_answers
from gpt4video_training.safety.rows import CATEGORIES, Row
from gpt4video_training.safety.states import StateCache
from gpt4video_training.safety.units import units_of

# Requests written for this product count more than tweets and forum comments do.
WEIGHTS = {
    "own wishes": 1.0,
    "own talk": 2.0,
    "cartoon": 0.7,
    "overt": 1.5,
    "tweets": 0.5,
    "comments": 0.7,
}

# Rows with the first state and the number of states of each of their units.
Group = list[tuple[int, list[tuple[int, int]]]]


@dataclass(frozen=True)
class Batch:
    """Blocks of units of like length, `states` [u,S,width] and `mask` [u,S]; `rows` [B].

    `owner` [U] tells the row of each unit within the batch, over all blocks in order.
    """

    blocks: list[tuple[torch.Tensor, torch.Tensor]]
    owner: torch.Tensor
    rows: torch.Tensor


@dataclass(frozen=True)
class Targets:
    """`labels`, `known` [N,13] in {0,1}; `harm` [N]; `certain` [N]; `weight` [N].

    `answers` [N,14] are a teacher's probabilities where `asked` [N] is 1.
    """

    labels: torch.Tensor
    known: torch.Tensor
    harm: torch.Tensor
    certain: torch.Tensor
    weight: torch.Tensor
    answers: torch.Tensor
    asked: torch.Tensor


def targets_of(rows: Sequence[Row], answers: Path | None = None) -> Targets:
    labels = torch.zeros(len(rows), len(CATEGORIES))
    known = torch.zeros(len(rows), len(CATEGORIES))
    for index, row in enumerate(rows):
        for category, value in row.labels.items():
            labels[index, CATEGORIES.index(category)] = value
            known[index, CATEGORIES.index(category)] = 1
    if answers is None:
        taught = torch.zeros(len(rows), 1 + len(CATEGORIES)), torch.zeros(len(rows))
    else:
        taught = read_answers(answers, [row.text for row in rows])
    return Targets(
        labels,
        known,
        torch.tensor([float(row.harmful) for row in rows]),
        torch.tensor([float(row.certain) for row in rows]),
        torch.tensor([WEIGHTS.get(row.source, 1.0) for row in rows]),
        *taught,
    )


class Examples:
    """Rows whose units' states lie in a cache."""

    def __init__(self, rows: Sequence[Row], cache: StateCache, answers: Path | None = None) -> None:
        units = [units_of(row.text, cache.tokenizer) for row in rows]
        cache.add([unit for each in units for unit in each])
        self.rows = list(rows)
        self.targets = targets_of(rows, answers)
        self._spans = [[cache.span(unit) for unit in each] for each in units]
        self._states = cache.rows()

    def units(self, row: int) -> Iterator[npt.NDArray[np.float32]]:
        """States `[tokens, width]` of every unit of a row."""
        for start, count in self._spans[row]:
            yield self._states[start : start + count].astype(np.float32)

    def batches(
        self, chosen: Sequence[int], tokens: int = 1500, generator: torch.Generator | None = None
    ) -> Iterator[Batch]:
        """Batches of about so many tokens; with a generator, in random order and few units of each row."""
        groups = self.groups(chosen, tokens, generator)
        order = range(len(groups)) if generator is None else torch.randperm(len(groups), generator=generator)
        for at in order:
            yield self._gather(groups[int(at)])

    def groups(
        self, chosen: Sequence[int], tokens: int = 1500, generator: torch.Generator | None = None
    ) -> list[Group]:
        """What each batch holds: rows of like length with the spans of their units."""
        taken = [(row, self._units(row, generator)) for row in chosen]
        taken = [(row, spans) for row, spans in taken if spans]
        jitter = torch.rand(len(taken), generator=generator) if generator else torch.zeros(len(taken))
        longest = np.array([max(count for _, count in spans) for _, spans in taken])
        groups: list[Group] = [[]]
        size = 0
        for at in np.argsort(longest * (1 + 0.2 * jitter.numpy()), kind="stable"):
            groups[-1].append(taken[at])
            size += sum(count for _, count in taken[at][1])
            if size >= tokens:
                groups.append([])
                size = 0
        return [group for group in groups if group]

    def _units(self, row: int, generator: torch.Generator | None, most: int = 3) -> list[tuple[int, int]]:
        spans = self._spans[row]
        if generator is None or len(spans) <= most:
            return spans
        # The first window is the whole text or the most of it.
        others = torch.randperm(len(spans) - 1, generator=generator)[: most - 1] + 1
        return [spans[0], *(spans[at] for at in others.tolist())]

    def _gather(self, group: Group) -> Batch:
        spans = [(owner, span) for owner, (_, each) in enumerate(group) for span in each]
        longest = max(count for _, (_, count) in spans)
        # A long row's sentences are short: beside its windows they would be mostly padding.
        parts = ([x for x in spans if 2 * x[1][1] > longest], [x for x in spans if 2 * x[1][1] <= longest])
        return Batch(
            [self._block([span for _, span in part]) for part in parts if part],
            torch.tensor([owner for part in parts for owner, _ in part]),
            torch.tensor([row for row, _ in group]),
        )

    def _block(self, spans: Sequence[tuple[int, int]]) -> tuple[torch.Tensor, torch.Tensor]:
        longest = max(count for _, count in spans)
        states = np.zeros((len(spans), longest, self._states.shape[1]), dtype=np.float32)
        mask = np.zeros((len(spans), longest), dtype=np.float32)
        for at, (start, count) in enumerate(spans):
            states[at, :count] = self._states[start : start + count]
            mask[at, :count] = 1
        return torch.from_numpy(states), torch.from_numpy(mask)
