"""Splits keep twins together, thresholds honour the allowed share, texts are cut as the service cuts them."""

import random
from collections.abc import Iterator, Sequence
from pathlib import Path

import numpy as np
import onnx
import onnxruntime as ort
import pytest
import torch
from tokenizers import Tokenizer
from tokenizers.models import WordLevel
from tokenizers.pre_tokenizers import WhitespaceSplit
from tokenizers.processors import TemplateProcessing

from gpt4video_training.safety.examples import Examples
from gpt4video_training.safety.export import export_tower
from gpt4video_training.safety.expose import exposed
from gpt4video_training.safety.fit import judged
from gpt4video_training.safety.looks import own_rows, phrases, taught_rows
from gpt4video_training.safety.measure import by_category, by_source, operating_points, table_four
from gpt4video_training.safety.restore import restore_tower
from gpt4video_training.safety.rows import CATEGORIES, Row, benign, harmful
from gpt4video_training.safety.served import served_scores
from gpt4video_training.safety.splits import split_rows
from gpt4video_training.safety.states import StateCache
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


def _random_tower() -> Tower:
    torch.manual_seed(0)
    tower = Tower(2).eval()
    for name, values in tower.named_parameters():
        # The exporter keeps equal tensors, such as two fresh norms, once.
        if values.ndim < 2:
            torch.nn.init.normal_(values, mean=float(name.endswith(("out.weight", "mixed.weight"))), std=0.05)
    return tower


def test_the_exported_graph_computes_in_integers_and_gives_its_weights_back(tmp_path: Path) -> None:
    tower, path = _random_tower(), tmp_path / "tower.onnx"
    assert export_tower(tower, path) < 1e-5
    kinds = [node.op_type for node in onnx.load(str(path)).graph.node]
    # Six products of each layer, the gaze, and two of the head; both products of attention stay as they are.
    assert (kinds.count("MatMulInteger"), kinds.count("Gemm")) == (15, 0)
    assert path.stat().st_size < 4.5e6
    restored = restore_tower(path).state_dict()
    for name, values in tower.state_dict().items():
        step = float(values.abs().max()) / 64 if values.ndim == 2 else 0.0
        assert (restored[name] - values).abs().max() <= 0.51 * step, name


class Words:
    """Every word is a token; its state is drawn for it."""

    identity, width = "words", 384

    def __init__(self) -> None:
        self.tokenizer = Tokenizer(WordLevel({"[UNK]": 0, "a.": 1, "b.": 2, "c": 3}, unk_token="[UNK]"))
        self.tokenizer.pre_tokenizer = WhitespaceSplit()
        self.tokenizer.post_processor = TemplateProcessing("[UNK] $A [UNK]", None, [("[UNK]", 0)])

    def states(self, units: Sequence[Sequence[int]]) -> Iterator[np.ndarray]:
        for unit in units:
            drawn = [np.random.default_rng(at).standard_normal(384) for at in unit]
            yield np.array(drawn, dtype=np.float16).astype(np.float32)


def test_batches_hold_every_unit_once_with_little_padding_and_their_worst_is_the_row(tmp_path: Path) -> None:
    tower = _random_tower()
    long, short = " ".join(["c"] * 40), "a. b. c c"
    rows = [benign("x", text) for text in (f"{long} a. {short}", "c", "", short, f"a. {long}")]
    examples = Examples(rows, StateCache(Words(), tmp_path / "states"))
    chosen = [4, 0, 2, 1]
    expected = np.full(len(chosen), -30.0, dtype=np.float32)
    count = 0
    for at, row in enumerate(chosen):
        for states in examples.units(row):
            with torch.no_grad():
                alone = tower.logits(torch.from_numpy(states)[None], torch.ones(1, len(states)))
            expected[at], count = max(expected[at], float(alone[0, 0])), count + 1
    found = judged(tower, examples, chosen)
    assert np.abs(found - expected).max() < 1e-4
    assert len({round(float(value), 3) for value in found}) > 2
    blocks = [mask for batch in examples.batches(chosen, 1000) for _, mask in batch.blocks]
    assert [sum(map(len, blocks)), len(blocks)] == [count, 2]
    assert all(float(mask.mean()) > 0.5 for mask in blocks)


def test_what_is_served_is_the_worst_unit_of_each_row_computed_alone(tmp_path: Path) -> None:
    tower, path = _random_tower(), tmp_path / "tower.onnx"
    export_tower(tower, path)
    rows = [benign("x", "c"), benign("x", "a. b. c c c"), benign("x", "")]
    examples = Examples(rows, StateCache(Words(), tmp_path / "states"))
    found = served_scores(path, examples, [1, 0, 2])
    expected = np.zeros((3, 13), dtype=np.float32)
    units = [[[0, 1, 2, 3, 3, 3, 0], [0, 1, 0], [0, 2, 0], [0, 3, 3, 3, 0]], [[0, 3, 0]], []]
    for at, each in enumerate(units):
        for states in Words().states(each):
            with torch.no_grad():
                scores = tower(torch.from_numpy(states)[None], torch.ones(1, len(states)))[0].numpy()
            expected[at] = np.maximum(expected[at], scores)
    assert np.abs(found - expected).max() < 0.02
    assert np.abs(found[0] - found[1]).max() > 0.03
    assert not found[2].any()


def test_an_inner_tensor_becomes_an_output(tmp_path: Path) -> None:
    make = onnx.helper.make_tensor_value_info
    nodes = [onnx.helper.make_node("Neg", ["x"], ["inner"]), onnx.helper.make_node("Abs", ["inner"], ["y"])]
    graph = onnx.helper.make_graph(nodes, "g", [make("x", 1, [2])], [make("y", 1, [2])])
    model = onnx.helper.make_model(graph, opset_imports=[onnx.helper.make_opsetid("", 18)])
    session = ort.InferenceSession(exposed(model.SerializeToString(), ["inner"]))
    assert session.run(["inner"], {"x": np.array([1, -2], dtype=np.float32)})[0].tolist() == [-1, 2]
