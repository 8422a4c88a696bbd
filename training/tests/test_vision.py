"""Labels of patches are true of the pixels; a tower restored from its graph is the same tower."""

import random
from pathlib import Path

import numpy as np
import torch

from gpt4video_training.data.slots import sorted_indices
from gpt4video_training.export.graphs import export_graph
from gpt4video_training.export.restore import restore
from gpt4video_training.vision.frames import patch_geometry, patch_labels, patch_owners
from gpt4video_training.vision.text import TextEncoder
from gpt4video_training.world.render import render_masks
from gpt4video_training.world.sampling import sample_scene
from gpt4video_training.world.scene import Actor, Scene, time_reverse


def test_the_geometry_of_a_patch_points_at_the_actor_in_both_directions_of_time() -> None:
    ball = Scene("day", (Actor("ball", "red", motions=("left", "up")),), seed=40)
    twin = time_reverse(ball)
    assert twin is not None
    for scene in (ball, twin):
        for frame in (1, 12):
            owners = patch_owners(scene, (frame,))[0]
            geometry = patch_geometry(scene, owners, frame)
            rows, columns = np.nonzero(render_masks(scene, [frame], 112)[0])
            patch = int(np.flatnonzero(owners)[0])
            assert abs(patch % 8 + 0.5 + geometry[0, patch] - columns.mean() / 14) < 0.15
            assert abs(patch // 8 + 0.5 + geometry[1, patch] - rows.mean() / 14) < 0.15


def test_letters_count_the_visible_actors_in_the_order_of_the_sentence() -> None:
    rng = random.Random(4)
    for _ in range(20):
        scene = sample_scene(rng)
        owners = patch_owners(scene, (7,))[0]
        letters = patch_labels(scene, owners)[4]
        visible = [index for index in sorted_indices(scene) if (owners == index + 1).any()]
        assert [int(letters[owners == index + 1][0]) for index in visible] == list(range(1, len(visible) + 1))


def test_weights_come_back_from_the_graph_that_ships(tmp_path: Path) -> None:
    torch.manual_seed(1)
    tower, other = TextEncoder(50).eval(), TextEncoder(50).eval()
    # Equal tensors of an untrained tower would be stored once, under one of their names.
    for parameter in tower.parameters():
        parameter.data.add_(0.02 * torch.randn_like(parameter))
    ids = torch.randint(0, 50, (2, 32))
    inputs = {"input_ids": ids, "attention_mask": torch.ones_like(ids)}
    export_graph(tower, inputs, ("hidden", "pooled"), tmp_path / "text.onnx", "N")
    restore(other, tmp_path / "text.onnx")
    assert torch.allclose(other(**inputs)[0], tower(**inputs)[0], atol=5e-3)


def test_a_shipped_graph_tells_no_paths(tmp_path: Path) -> None:
    tower = TextEncoder(50).eval()
    ids = torch.zeros(1, 32, dtype=torch.int64)
    inputs = {"input_ids": ids, "attention_mask": torch.ones_like(ids)}
    export_graph(tower, inputs, ("hidden", "pooled"), tmp_path / "text.onnx", "N")
    assert b"site-packages" not in (tmp_path / "text.onnx").read_bytes()
    for shipped in (Path(__file__).parents[2] / "models" / "cartoon").glob("*.onnx"):
        assert b"site-packages" not in shipped.read_bytes(), shipped
