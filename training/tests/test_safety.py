"""Splits keep twins together, thresholds honour the allowed share, rows map to categories."""

import numpy as np

from gpt4video_training.safety.head import choose_thresholds, flagged
from gpt4video_training.safety.looks import own_rows
from gpt4video_training.safety.rows import CATEGORIES, benign, harmful


def test_a_harmful_row_sets_its_category_and_the_parent() -> None:
    row = harmful("x", "text", "sexual/minors")
    assert row.labels == {"sexual/minors": 1, "sexual": 1}


def test_wordings_of_one_wish_share_a_split() -> None:
    splits: dict[str, set[str]] = {}
    for row in own_rows():
        if row.group:
            splits.setdefault(row.group, set()).add(row.split)
    assert splits
    assert all(len(found) == 1 for found in splits.values())


def test_thresholds_refuse_no_more_harmless_rows_than_allowed() -> None:
    rng = np.random.default_rng(0)
    scores = rng.random((2000, len(CATEGORIES))).astype(np.float32) ** 6 * 0.9
    rows = [benign("x", str(i)) for i in range(2000)]
    thresholds = choose_thresholds(scores, rows, 0.03)
    refused = flagged(scores, thresholds).mean()
    assert 0.0 < refused <= 0.03
