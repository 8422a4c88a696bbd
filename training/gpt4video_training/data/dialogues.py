"""Conversations as plain data."""

from __future__ import annotations

from dataclasses import dataclass, field

from gpt4video_training.data.requests import Turn


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
