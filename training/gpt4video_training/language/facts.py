"""The words that carry facts, as token ids: what an answer is judged by."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
import torch
from tokenizers import Tokenizer

from gpt4video_training.data.lexicon import MOTION_PHRASES
from gpt4video_training.data.slots import VOCABULARY

_MORE = ("Yes", "No", "yes", "above", "below", "front", "no", "second", "third", "first", "pans", "chases")


CONCLUSION = 3


def so_id(tokenizer: Tokenizer) -> int:
    """The token that opens a conclusion."""
    return tokenizer.encode(" so", add_special_tokens=False).ids[0]


def concluding(wanted: torch.Tensor, so: int) -> torch.Tensor:
    """wanted [B,S] -> bool [B,S]: the words that say what follows, as in "..., so the red ball"."""
    found = torch.zeros_like(wanted, dtype=torch.bool)
    for back in range(1, CONCLUSION + 1):
        found[:, back:] |= wanted[:, :-back] == so
    return found


def fact_ids(tokenizer: Tokenizer) -> torch.Tensor:
    """First tokens of the scene's words and of the plainest verbs, inside a sentence and at its start."""
    verbs = {word for phrases in MOTION_PHRASES.values() for word in phrases[0].split()}
    words = {word for word in (*VOCABULARY, *_MORE, *verbs) if word.isalpha() and len(word) > 1}
    texts = [*words, *(f" {word}" for word in words)]
    ids = {tokenizer.encode(text, add_special_tokens=False).ids[0] for text in texts}
    return torch.tensor(sorted(ids))


class Weights:
    """What each taught word counts: words of fact double, those of a conclusion five times."""

    def __init__(self, facts: torch.Tensor, so: int, vocabulary: int) -> None:
        self._so = so
        self._weight = np.ones(vocabulary, np.float32)
        self._weight[facts.numpy()] = 2.0

    def of(self, wanted: npt.NDArray[np.int64]) -> npt.NDArray[np.float32]:
        """wanted [B,S] (-100 where nothing is taught) -> [B,S]."""
        weight = self._weight[np.maximum(wanted, 0)]
        weight[concluding(torch.from_numpy(wanted), self._so).numpy()] = 5.0
        return weight


def weights_of(tokenizer: Tokenizer) -> Weights:
    return Weights(fact_ids(tokenizer), so_id(tokenizer), tokenizer.get_vocab_size())
