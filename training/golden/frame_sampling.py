"""mPLUG-Owl's get_index with numpy, for every short video and some long ones."""

import numpy as np

from fixture import write


def get_index(frames: int, segments: int) -> list[int]:
    size = float(frames - 1) / segments
    start = int(size / 2)
    return [start + int(np.round(size * index)) for index in range(segments)]


counts = [*range(1, 70), 100, 101, 240, 241, 299, 300, 1801, 17999, 1_000_000]
write("frame-sampling", __file__, {"cases": [[n, t, get_index(n, t)] for n in counts for t in (4, 10)]})
