"""What both commands of step 4 start from: all rows with their parts, and the states of their units."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from gpt4video_training.safety.examples import Examples
from gpt4video_training.safety.mixed import mixed_rows
from gpt4video_training.safety.outside import outside_rows
from gpt4video_training.safety.product import product_rows
from gpt4video_training.safety.rows import Row, load_rows
from gpt4video_training.safety.splits import split_rows
from gpt4video_training.safety.states import StateCache, StateEncoder, layer_below
from gpt4video_training.safety.unlabelled import unlabelled_rows

MIXED = 12_000


@dataclass(frozen=True)
class Prepared:
    """`parts` names the indices of `examples.rows`: `train`, `calibrate`, `test`, `near`, `outside`."""

    examples: Examples
    parts: dict[str, list[int]]


def labelled(data: Path) -> tuple[list[Row], dict[str, list[int]]]:
    """Every row that a source or this product labels, and the parts of `split_rows`."""
    rows = load_rows(data / "safety") + product_rows(data)
    return rows, split_rows(rows)


def unlabelled(data: Path, rows: list[Row], parts: dict[str, list[int]]) -> list[Row]:
    """What only a teacher answers: texts of the sources that no label fits, and mixed texts."""
    return [*unlabelled_rows(data / "safety", rows), *mixed_rows(rows, parts["train"], MIXED)]


def with_unlabelled(
    rows: list[Row], parts: dict[str, list[int]], more: list[Row]
) -> tuple[list[Row], dict[str, list[int]]]:
    """The rows with `more` to train on; what is held out stays as it is, near to them or not."""
    added = range(len(rows), len(rows) + len(more))
    return rows + more, {**parts, "train": [*parts["train"], *added]}


def prepare(data: Path, work: Path, bundle: Path, layers: int, answers: Path | None = None) -> Prepared:
    """Reads every source; states that `work` already holds are not computed again.

    `layers` are trained above the encoder's; `answers` are a teacher's, to its unlabelled texts as well.
    """
    rows, parts = labelled(data)
    if answers is not None:
        rows, parts = with_unlabelled(rows, parts, unlabelled(data, rows, parts))
    outside = outside_rows(data)
    parts["outside"] = list(range(len(rows), len(rows) + len(outside)))
    cache = StateCache(StateEncoder(bundle, layer_below(layers)), work / "states")
    return Prepared(Examples(rows + outside, cache, answers), parts)
