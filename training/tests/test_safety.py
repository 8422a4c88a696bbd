"""Splits keep twins together, thresholds honour the allowed share, texts are cut as the service cuts them."""

import random
from pathlib import Path

import numpy as np
import onnx
import onnxruntime as ort
import pytest
import torch

from gpt4video_training.safety.export import export_tower, round_weights
from gpt4video_training.safety.expose import exposed
from gpt4video_training.safety.looks import own_rows, phrases, taught_rows
from gpt4video_training.safety.measure import by_category, by_source, operating_points, table_four
from gpt4video_training.safety.restore import restore_tower
from gpt4video_training.safety.rows import CATEGORIES, Row, benign, harmful
from gpt4video_training.safety.splits import split_rows
from gpt4video_training.safety.thresholds import calibrate, choose_thresholds, flagged
from gpt4video_training.safety.tower import Tower
from gpt4video_training.safety.units import sentences, windows


def test_a_harmful_row_sets_its_category_and_the_parent() -> None:
    row = harmful("x", "text", "sexual/minors")
    assert row.labels == {"sexual/minors": 1, "sexual": 1}


def test_wordings_of_one_wish_share_a_split() -> None:
    splits: dict[str, set[str]] = {}
    for row in own_rows(random.Random(0)):
        if row.group:
            splits.setdefault(row.group, set()).add(row.split)
    assert splits
    assert all(len(found) == 1 for found in splits.values())


def test_phrases_written_to_teach_are_never_held_out() -> None:
    found = taught_rows(random.Random(0))
    assert {row.harmful for row in found} == {True, False}
    assert {row.split for row in found} == {"train"}


def test_every_category_has_phrases_and_look_alikes() -> None:
    found = {(phrase.category, phrase.harmful) for phrase in phrases()}
    assert {(category, harm) for category in CATEGORIES for harm in (True, False)} <= found
    texts = [phrase.text for phrase in phrases()]
    assert len(set(texts)) == len(texts)


def test_held_out_rows_that_repeat_a_training_row_are_left_out() -> None:
    # Groups are chosen for the part that their hash falls into.
    parts = {Row("x", "", False, group=str(at)).split: str(at) for at in range(60)}
    same = "a long walk through the green hills of the north"
    rows = [
        Row("x", same, True, group=parts["train"]),
        Row("x", f"{same} today", True, group=parts["test"]),
        Row("x", f"{same} today", False, group=parts["test"]),
        Row("x", "something else altogether", True, group=parts["test"]),
    ]
    found = split_rows(rows)
    assert found["near"] == [1]
    assert found["test"] == [2, 3]


@pytest.mark.parametrize(
    ("text", "parts"),
    [
        ("", []),
        (" \n ", []),
        ("One sentence", ["One sentence"]),
        ("Stop. Go! Why? (Yes.) End", ["Stop. ", "Go! ", "Why? ", "(Yes.) ", "End"]),
        ("version 1.5 of a.b", ["version 1.5 of a.b"]),
        ("first line\nsecond", ["first line\n", "second"]),
        ("它很红。它在动", ["它很红。", "它在动"]),
    ],
)
def test_texts_are_cut_at_the_ends_of_sentences_as_the_service_does(text: str, parts: list[str]) -> None:
    assert sentences(text) == parts


def test_windows_cover_all_ids() -> None:
    assert windows(list(range(7)), 4, 1) == [[0, 1, 2, 3], [3, 4, 5, 6]]
    assert windows([], 4, 1) == []


def _scored(count: int, seed: int = 0) -> tuple[np.ndarray, list[Row]]:
    rng = np.random.default_rng(seed)
    scores = rng.random((count, len(CATEGORIES))).astype(np.float32) ** 6 * 0.9
    rows = [
        harmful("x", str(at), CATEGORIES[at % 13]) if at % 3 == 0 else benign("x", str(at))
        for at in range(count)
    ]
    for at, row in enumerate(rows):
        if row.harmful:
            scores[at, at % 13] += 0.1
    return scores, rows


def test_thresholds_refuse_no_more_harmless_rows_than_allowed() -> None:
    scores, rows = _scored(3000)
    hit = flagged(scores, choose_thresholds(scores, rows, 0.03))
    harm = np.array([row.harmful for row in rows])
    assert 0.0 < hit[~harm].mean() <= 0.03
    common = operating_points(rows, scores.max(axis=1))["2 %"]
    assert hit[harm].mean() >= common


def test_counts_add_up_and_rows_of_uncertain_harm_do_not_count() -> None:
    rows = [
        harmful("a", "1", "hate"),
        harmful("a", "2", "hate"),
        benign("b", "3"),
        Row("b", "4", False, certain=False),
    ]
    hit = np.array([True, False, True, True])
    found = by_source(rows, hit)
    assert [found["all"][key] for key in ("TP", "FP", "FN", "TN")] == [1, 1, 1, 0]
    assert (found["all"]["precision"], found["all"]["recall"], found["b"]["recall"]) == (0.5, 0.5, None)


def test_a_refusal_under_a_relatives_name_counts_for_the_family_only() -> None:
    rows = [harmful("a", "1", "hate/threatening"), harmful("a", "2", "sexual")]
    scores = np.zeros((2, 13), dtype=np.float32)
    scores[0, CATEGORIES.index("violence")] = scores[1, CATEGORIES.index("sexual/minors")] = 0.9
    cell = by_category(rows, scores, np.array([True, True]))
    assert (cell["hate/threatening"]["named"], cell["hate/threatening"]["family_named"]) == (0, 0)
    assert (cell["sexual"]["named"], cell["sexual"]["family_named"]) == (0, 1)


def test_table_four_takes_as_many_harmful_as_safe_rows() -> None:
    rows = [benign("films", str(at)) for at in range(5)] + [harmful("overt", "x", "sexual")] * 3
    rows += [benign("chat", "1"), harmful("chat", "2", None)]
    found = table_four(rows, np.array([False] * 5 + [True] * 3 + [False, True]))
    assert found["generation"] | {"TP": 3, "TN": 3, "FP": 0, "FN": 0, "accuracy": 1.0} == found["generation"]


def test_calibration_turns_the_logit_of_harm_into_its_probability() -> None:
    rng = np.random.default_rng(1)
    harm = (rng.standard_normal(4000) * 3).astype(np.float32)
    rows = [
        harmful("x", "1", None) if rng.random() < 1 / (1 + np.exp(1 - 0.5 * value)) else benign("x", "2")
        for value in harm
    ]
    tower = Tower(0)
    calibrate(tower, harm, rows)
    assert (float(tower.scale), float(tower.shift)) == pytest.approx((0.5, -1.0), abs=0.15)


def test_padding_changes_no_score_and_the_worst_category_carries_the_harm() -> None:
    torch.manual_seed(0)
    tower = Tower(1).eval()
    states = torch.randn(1, 5, 384)
    alone = tower(states, torch.ones(1, 5))
    padded = tower(torch.cat([states, torch.randn(1, 3, 384)], dim=1), torch.tensor([[1.0] * 5 + [0.0] * 3]))
    assert torch.allclose(alone, padded, atol=1e-5)
    assert float(alone.max()) == pytest.approx(
        float(torch.sigmoid(tower.logits(states, torch.ones(1, 5))[0, 0]))
    )


def test_the_exported_graph_holds_8_bit_weights_and_scores_as_the_tower_does(tmp_path: Path) -> None:
    torch.manual_seed(0)
    tower = Tower(1).eval()
    for values in tower.parameters():
        # The exporter keeps equal tensors, such as two fresh norms, once.
        torch.nn.init.normal_(values, std=0.05)
    with pytest.raises(ValueError, match="round_weights"):
        export_tower(tower, tmp_path / "raw.onnx")
    round_weights(tower)
    path = tmp_path / "tower.onnx"
    assert export_tower(tower, path) < 1e-5
    restored = restore_tower(path).state_dict()
    for name, values in tower.state_dict().items():
        assert torch.allclose(restored[name], values, atol=1e-6), name
    assert path.stat().st_size < 2.5e6


def test_an_inner_tensor_becomes_an_output(tmp_path: Path) -> None:
    make = onnx.helper.make_tensor_value_info
    nodes = [onnx.helper.make_node("Neg", ["x"], ["inner"]), onnx.helper.make_node("Abs", ["inner"], ["y"])]
    graph = onnx.helper.make_graph(nodes, "g", [make("x", 1, [2])], [make("y", 1, [2])])
    model = onnx.helper.make_model(graph, opset_imports=[onnx.helper.make_opsetid("", 18)])
    session = ort.InferenceSession(exposed(model.SerializeToString(), ["inner"]))
    assert session.run(["inner"], {"x": np.array([1, -2], dtype=np.float32)})[0].tolist() == [-1, 2]
