"""Lessons come from workers, each with its own dice, and never the same ones again."""

import random
from pathlib import Path

import numpy as np
import pytest
import torch
from tokenizers import Tokenizer

from gpt4video_training.data.dialogues import Ordinary
from gpt4video_training.data.lessons import Teacher
from gpt4video_training.data.retrieval import shuffled
from gpt4video_training.data.slots import VOCABULARY
from gpt4video_training.language import feed as feeding
from gpt4video_training.language.feed import Feed, Supplies, batches
from gpt4video_training.language.material import Material
from gpt4video_training.language.rows import RowWriter
from gpt4video_training.language.seen import FINENESS, pack, unpack
from gpt4video_training.world.sampling import sample_scene


@pytest.fixture
def supplies(tokenizer: Tokenizer, monkeypatch: pytest.MonkeyPatch) -> Supplies:
    """Without MiniLM: any scenes are related."""
    monkeypatch.setattr(feeding, "weights_of", lambda _: _Even())

    def material(self: Supplies, rng: random.Random) -> Material:
        def related(size: int) -> tuple:
            return tuple(shuffled(sample_scene(rng), rng) for _ in range(size))

        teacher = Teacher(self.ordinary, self.harmful, related, rng)
        return Material(self.words, teacher, RowWriter(self.tokenizer), self.seen, rng)

    monkeypatch.setattr(Supplies, "material", material)
    words = torch.randn(len(VOCABULARY), 4, generator=torch.Generator().manual_seed(0))
    return Supplies(tokenizer, words, [Ordinary("Hi", "Hello!", True)], ["Steal?"], Path(), None)


class _Even:
    def of(self, wanted: np.ndarray) -> np.ndarray:
        return np.ones(wanted.shape, np.float32)


def _first(supplies: Supplies, workers: int, step: int = 0, count: int = 4) -> list[list[int]]:
    drawn = batches(Feed(supplies, 2, 600, 5, step), workers, pinned=False)
    return [next(drawn).ids.flatten().tolist() for _ in range(count)]


def test_no_two_workers_draw_alike_nor_the_same_again_after_a_stop(supplies: Supplies) -> None:
    first, again = _first(supplies, 2), _first(supplies, 2, step=100)
    different = {tuple(ids) for ids in (*first, *again)}
    assert len(different) == len(first) + len(again)
    assert _first(supplies, 2) == first


def test_noise_differs_between_workers_too(supplies: Supplies) -> None:
    drawn = batches(Feed(supplies, 3, 600, 5, 0), 2, pinned=False)
    grains = [next(drawn).visual.float().sum().item() for _ in range(4)]
    assert len(set(grains)) == 4


def test_without_workers_the_seed_alone_decides(supplies: Supplies) -> None:
    assert _first(supplies, 0) == _first(supplies, 0, step=100)


def test_packed_clips_are_as_they_were_but_for_a_little_rounding(tmp_path: Path) -> None:
    tokens = np.random.default_rng(0).normal(0, 0.1, (3, 65, 8)).astype(np.float16)
    pack(tokens, tmp_path / "tokens.npz", 0.1)
    away = np.abs(unpack(tmp_path / "tokens.npz").astype(np.float32) - tokens.astype(np.float32))
    assert away.max() < 0.51 * FINENESS * 0.1
