"""Logits processors of transformers, for language/sampling."""

import numpy as np
import torch
from transformers import RepetitionPenaltyLogitsProcessor, TemperatureLogitsWarper, TopKLogitsWarper, TopPLogitsWarper

from fixture import numbers, write

logits = torch.from_numpy(np.random.default_rng(7).normal(0, 2.5, 40).astype(np.float32))[None]
none = torch.zeros((1, 0), dtype=torch.long)


def kept(scores: torch.Tensor) -> list[int]:
    return torch.nonzero(torch.isfinite(scores[0])).flatten().tolist()


write(
    "sampling",
    __file__,
    {
        "logits": numbers(logits),
        "penalty": [
            {"seen": seen, "penalty": p, "logits": numbers(RepetitionPenaltyLogitsProcessor(p)(torch.tensor([seen]), logits.clone()))}
            for seen, p in (([0, 3, 3, 7], 1.3), ([1, 2, 39], 0.8), ([5], 1.0))
        ],
        "temperature": [{"temperature": t, "logits": numbers(TemperatureLogitsWarper(t)(none, logits.clone()))} for t in (0.25, 0.7, 1.0, 2.0)],
        "topK": [{"k": k, "kept": kept(TopKLogitsWarper(k)(none, logits.clone()))} for k in (1, 3, 10, 40)],
        "topP": [{"p": p, "kept": kept(TopPLogitsWarper(p)(none, logits.clone()))} for p in (0.01, 0.3, 0.5, 0.9, 0.99)],
    },
)
