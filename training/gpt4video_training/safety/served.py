"""What the shipped graph says of texts: what is measured is what is served."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import numpy as np
import numpy.typing as npt
import onnxruntime as ort

from gpt4video_training.safety.examples import Examples
from gpt4video_training.safety.rows import CATEGORIES

Floats = npt.NDArray[np.float32]


def served_scores(graph: Path, examples: Examples, chosen: Sequence[int]) -> Floats:
    """Scores `[len(chosen), 13]` of rows: the worst of their units, each computed alone as when served."""
    options = ort.SessionOptions()
    options.intra_op_num_threads = 1
    session = ort.InferenceSession(str(graph), options)
    worst: Floats = np.zeros((len(chosen), len(CATEGORIES)), dtype=np.float32)
    for at, row in enumerate(chosen):
        for states in examples.units(row):
            feed = {"states": states[None], "mask": np.ones((1, len(states)), dtype=np.float32)}
            worst[at] = np.maximum(worst[at], session.run(["scores"], feed)[0][0])
    return worst
