"""The teacher of the text classifier: its network, its answers on disk, and what they change in training."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
import torch
from tokenizers import Tokenizer
from tokenizers.models import WordLevel
from transformers import MPNetConfig, MPNetModel

from gpt4video_training.safety import teacher
from gpt4video_training.safety.answers import read_answers, save_answers
from gpt4video_training.safety.examples import targets_of
from gpt4video_training.safety.fit import loss_of, taught_loss
from gpt4video_training.safety.mixed import mixed_rows
from gpt4video_training.safety.prepare import with_unlabelled
from gpt4video_training.safety.rows import CATEGORIES, Row, benign, harmful
from gpt4video_training.safety.splits import split_rows
from gpt4video_training.safety.states import layer_below
from gpt4video_training.safety.unlabelled import unlabelled_rows


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A small MPNet of random weights."""
    config = MPNetConfig(
        vocab_size=40,
        hidden_size=24,
        num_hidden_layers=3,
        num_attention_heads=2,
        intermediate_size=32,
        hidden_dropout_prob=0.0,
        attention_probs_dropout_prob=0.0,
        initializer_range=0.3,
    )
    torch.manual_seed(3)
    MPNetModel(config, add_pooling_layer=False).save_pretrained(tmp_path)
    Tokenizer(WordLevel({"[UNK]": 0}, unk_token="[UNK]")).save(str(tmp_path / "tokenizer.json"))
    return tmp_path


def test_lower_and_upper_layers_together_are_the_whole_model(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(teacher, "FIRST", 1)
    units = [[0, 5, 6, 7, 2], [0, 9, 2]]
    states = list(teacher.TeacherEncoder(folder).states(units))
    assert [state.shape for state in states] == [(5, 24), (3, 24)]
    whole = MPNetModel.from_pretrained(folder, add_pooling_layer=False).eval()
    with torch.no_grad():
        for ids, below in zip(units, states, strict=True):
            expected = whole(torch.tensor([ids])).last_hidden_state
            upper = teacher.Teacher(folder).eval()
            found = upper.raised(torch.from_numpy(below)[None], torch.zeros(1, 1, 1, 1))
            # The encoder computes in half precision.
            assert (found - expected).abs().max() < 0.1
            assert (torch.from_numpy(below) - expected[0]).abs().max() > 1


def test_only_the_upper_layers_and_the_head_are_trained(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(teacher, "FIRST", 1)
    names = {name.split(".")[0] for name, _ in teacher.Teacher(folder).named_parameters()}
    assert names == {"layers", "gaze", "net"}
    assert len(teacher.Teacher(folder).layers) == 2


def test_answers_come_back_by_the_text(tmp_path: Path) -> None:
    logits = np.array([[0.0] * 14, [2.0] * 14], dtype=np.float32)
    save_answers(tmp_path / "answers.npz", ["one", "two"], logits)
    found, asked = read_answers(tmp_path / "answers.npz", ["two", "three", "one"])
    assert asked.tolist() == [1.0, 0.0, 1.0]
    assert found[:, 0].tolist() == pytest.approx([0.8808, 0.0, 0.5], abs=1e-4)


def test_a_teacher_is_followed_where_it_was_asked(tmp_path: Path) -> None:
    rows = [harmful("a", "asked", "hate"), benign("a", "not asked"), Row("b", "open", False, certain=False)]
    path = tmp_path / "answers.npz"
    save_answers(path, ["asked", "open"], np.full((2, 14), 3.0, dtype=np.float32))
    targets = targets_of(rows, path)
    agreeing, opposed = torch.full((1, 14), 3.0), torch.full((1, 14), -3.0)
    for row in (0, 2):
        at = torch.tensor([row])
        assert taught_loss(agreeing, targets, at) < taught_loss(opposed, targets, at)
        assert loss_of(agreeing, targets, at) < loss_of(opposed, targets, at)
    assert taught_loss(opposed, targets, torch.tensor([1])) == 0
    # Without a teacher an open row teaches nothing.
    assert loss_of(opposed, targets_of(rows), torch.tensor([2])) == 0


def test_states_end_below_the_trained_layers() -> None:
    assert [layer_below(count) for count in (1, 2, 4, 6)] == [
        "layer_norm_8",
        "layer_norm_8",
        "layer_norm_4",
        "layer_norm",
    ]


def test_unlabelled_texts_are_no_rows_and_never_held_out(tmp_path: Path) -> None:
    base = tmp_path / "decodingtrust_toxicity"
    for name in ("davidson_hate", "decodingtrust_toxicity"):
        (tmp_path / name).mkdir()
    (tmp_path / "davidson_hate" / "labeled_data.csv").write_text(
        "count,hate_speech,offensive_language,neither,class,tweet\n"
        "3,3,0,0,0,known\n3,0,3,0,1,coarse\n3,1,2,0,1,disputed\n3,0,0,3,2,plain\n"
    )
    for name in ("rtp_nontoxic", "rtp_toxic"):
        base.joinpath(f"{name}.jsonl").write_text("")
    found = unlabelled_rows(tmp_path, [harmful("tweets", "known", "hate"), benign("tweets", "plain")])
    assert [row.text for row in found] == ["disputed"]
    assert (found[0].split, found[0].certain, found[0].labels) == ("train", False, {})
    assert len(CATEGORIES) == 13


def test_an_unlabelled_text_drops_no_row_that_is_held_out() -> None:
    text = next(
        t for t in map("a tweet of some words, number {}".format, range(99)) if benign("a", t).split == "test"
    )
    rows = [benign("tweets", text)]
    twin = Row("unlabelled", f"{text}!", False, certain=False, taught=True)
    everything, parts = with_unlabelled(rows, split_rows(rows), [twin])
    assert (parts["test"], parts["train"], len(everything)) == ([0], [1], 2)
    # Split together, the twin would drop it.
    assert split_rows(everything)["test"] == []


def test_mixed_texts_hold_words_of_texts_to_train_on_and_of_no_other() -> None:
    rows = [benign("a", "one two three four five six"), harmful("b", "uno dos tres", "hate")]
    rows += [benign("a", "seven eight nine ten eleven twelve"), benign("a", "kept out of all training")]
    found = mixed_rows(rows, [0, 1, 2], 200)
    assert found == mixed_rows(rows, [0, 1, 2], 200)
    assert {word for row in found for word in row.text.split()} == {
        word for row in rows[:3] for word in row.text.split()
    }
    assert all((row.split, row.certain, row.labels) == ("train", False, {}) for row in found)
    assert not {row.text for row in found} & {row.text for row in rows}
    assert len({row.text for row in found}) == len(found)
    assert "one two three ten eleven twelve" in {row.text for row in found}


def test_a_small_source_is_mixed_as_often_as_a_large_one() -> None:
    many = [benign("many", f"a{i} b{i} c{i} d{i} e{i} f{i} g{i} h{i}") for i in range(300)]
    few = [benign("few", " ".join(f"word{i}x{at}" for at in range(40))) for i in range(3)]
    found = mixed_rows(many + few, range(303), 400)
    # Of one drawn row in a hundred it would be four; some joined ones fall together.
    assert sum("word" in row.text for row in found) > 100
    assert max(len(row.text.split()) for row in found) <= 60
