"""Everything that a scene says must be true of its pixels."""

from __future__ import annotations

import json
import random
from dataclasses import replace

import numpy as np
import pytest

from gpt4video_training.world.palette import RGB
from gpt4video_training.world.render import render, render_frames, render_labels, render_masks
from gpt4video_training.world.sampling import Mix, is_held_out, sample_scene, split_of
from gpt4video_training.world.scene import (
    COLOURS,
    MOTIONS,
    PLACES,
    SIZES,
    SUBJECTS,
    TEXTURES,
    Actor,
    Scene,
    reversed_twin,
)

ALL = range(16)
SEEDS = range(6)


def alone(motions: tuple[str, ...], seed: int, **changes: str) -> Scene:
    subject = SUBJECTS[seed % len(SUBJECTS)]
    actor = replace(Actor(subject, "red", motions=motions), **changes)
    return Scene(PLACES[seed % len(PLACES)], (actor,), seed=seed)


def centres(scene: Scene, actor: int = 0) -> np.ndarray:
    """Centroid (x, y) of an actor's mask in every frame, NaN where it is not seen: [16, 2]."""
    found = []
    for mask in render_masks(scene, ALL):
        rows, columns = np.nonzero(mask == actor + 1)
        found.append((columns.mean(), rows.mean()) if len(rows) else (np.nan, np.nan))
    return np.array(found)


def areas(scene: Scene, actor: int = 0) -> np.ndarray:
    return (render_masks(scene, ALL) == actor + 1).sum(axis=(1, 2))


@pytest.mark.parametrize("seed", SEEDS)
@pytest.mark.parametrize(
    ("motion", "axis", "sign"), [("left", 0, -1), ("right", 0, 1), ("up", 1, -1), ("down", 1, 1)]
)
def test_travels_a_third_of_the_picture_one_way(
    motion: str, axis: int, sign: int, seed: int
) -> None:
    track = centres(alone((motion,), seed))
    assert (track[-1, axis] - track[0, axis]) * sign > 128 / 3
    assert np.all(np.diff(track[:, axis]) * sign > 0)
    assert np.ptp(track[:, 1 - axis]) < 6


@pytest.mark.parametrize("seed", SEEDS)
def test_diagonal_moves_on_both_axes(seed: int) -> None:
    track = centres(alone(("diagonal",), seed))
    assert np.all(np.abs(track[-1] - track[0]) > 128 / 3)


@pytest.mark.parametrize("seed", SEEDS)
def test_bounce_rises_and_falls_in_place(seed: int) -> None:
    track = centres(alone(("bounce",), seed))
    steps = np.diff(track[:, 1])
    turns = np.sum(np.diff(np.sign(steps[np.abs(steps) > 0.5])) != 0)
    assert turns == 3
    assert np.ptp(track[:, 1]) > 20
    assert np.ptp(track[:, 0]) < 6


@pytest.mark.parametrize("seed", SEEDS)
def test_orbit_returns_after_a_round(seed: int) -> None:
    track = centres(alone(("orbit",), seed))
    assert np.hypot(*(track[0] - track[-1])) < 6
    assert np.hypot(*(track[0] - track[8])) > 128 / 3


@pytest.mark.parametrize("subject", SUBJECTS)
def test_spin_turns_the_picture_of_the_subject(subject: str) -> None:
    scene = Scene("day", (Actor(subject, "red", motions=("spin",)),), seed=3)
    clip = render(scene).astype(int)
    still = render(replace(scene, actors=(Actor(subject, "red"),))).astype(int)
    assert np.abs(clip[4] - clip[0]).max(axis=-1).mean() > 1
    assert np.abs(clip[15] - clip[0]).max(axis=-1).mean() < 0.8
    assert np.array_equal(still[0], still[15])
    assert np.ptp(centres(scene), axis=0).max() < 10


@pytest.mark.parametrize("seed", SEEDS)
@pytest.mark.parametrize(("motion", "sign"), [("grow", 1), ("shrink", -1)])
def test_swelling_triples_the_width(motion: str, sign: int, seed: int) -> None:
    area = areas(alone((motion,), seed)).astype(float)[::sign]
    assert area[-1] > 5 * area[0]
    assert np.all(np.diff(area) >= -4)


@pytest.mark.parametrize("seed", SEEDS)
def test_appear_and_vanish(seed: int) -> None:
    appearing, vanishing = areas(alone(("appear",), seed)), areas(alone(("vanish",), seed))
    assert not appearing[:4].any() and appearing[-4:].all()
    assert not vanishing[-4:].any() and vanishing[:4].all()
    empty = render(alone(("appear",), seed))[0]
    later = render(alone(("appear",), seed))[-1]
    assert np.abs(empty.astype(int) - later).sum(axis=-1).astype(bool).sum() > 200


@pytest.mark.parametrize("seed", SEEDS)
def test_two_motions_follow_one_another(seed: int) -> None:
    track = centres(alone(("right", "up"), seed))
    first, then = track[7] - track[0], track[15] - track[8]
    assert first[0] > 35 and abs(first[1]) < 6
    assert then[1] < -35 and abs(then[0]) < 8


@pytest.mark.parametrize("seed", SEEDS)
def test_first_one_actor_then_the_other(seed: int) -> None:
    actors = (
        Actor("car", "red", motions=("left",), order="first"),
        Actor("fish", "blue", motions=("right",), order="then"),
    )
    scene = Scene("day", actors, seed=seed)
    car, fish = centres(scene, 0), centres(scene, 1)
    assert car[0, 0] - car[7, 0] > 35 and np.ptp(car[8:, 0]) < 1
    assert fish[15, 0] - fish[8, 0] > 35 and np.ptp(fish[:7, 0]) < 1


@pytest.mark.parametrize("colour", COLOURS)
@pytest.mark.parametrize("subject", SUBJECTS)
def test_most_of_a_subject_has_its_colour(subject: str, colour: str) -> None:
    """Shades of a colour count for it; fixed parts like wheels count for none."""
    palette = np.array([RGB[name] for name in COLOURS], dtype=float)
    for place in PLACES:
        scene = Scene(place, (Actor(subject, colour, "large"),), seed=11)
        pixels = render_frames(scene, [0])[0][render_masks(scene, [0])[0] == 1].astype(float)
        near = np.linalg.norm(pixels[:, None] - palette, axis=-1)
        exact = near.min(axis=1) < 6
        votes = np.bincount(near.argmin(axis=1)[exact], minlength=len(COLOURS))
        assert votes.argmax() == COLOURS.index(colour)
        assert votes.max() > 0.24 * len(pixels)


@pytest.mark.parametrize("place", PLACES)
def test_no_place_shows_an_actors_colour(place: str) -> None:
    palette = np.array([RGB[name] for name in COLOURS], dtype=float)
    hidden = Scene(place, (Actor("ball", "red", motions=("appear",)),), seed=0)
    for seed in range(20):
        pixels = render_frames(replace(hidden, seed=seed), [0])[0].reshape(-1, 3).astype(float)
        near = np.linalg.norm(pixels[:, None] - palette, axis=-1).min(axis=1)
        assert (near < 16).mean() < 0.12


def test_places_differ_from_one_another() -> None:
    hidden = Actor("ball", "red", motions=("appear",))
    means = [
        np.mean([render_frames(Scene(place, (hidden,), seed=seed), [0])[0].reshape(16, 8, -1, 3)
                 .mean(axis=(1, 2)) for seed in range(20)], axis=0)
        for place in PLACES
    ]  # fmt: skip
    for index, mean in enumerate(means):
        assert all(np.abs(mean - other).mean() > 4 for other in means[index + 1 :])


def test_sizes_are_far_apart() -> None:
    for subject in SUBJECTS:
        small, medium, large = (
            areas(Scene("day", (Actor(subject, "red", size),), seed=1))[0] for size in SIZES
        )
        assert medium > 1.8 * small and large > 1.6 * medium


def test_textures_differ_within_the_contour() -> None:
    plain, striped, spotted = (
        render(Scene("day", (Actor("heart", "red", "large", texture),), seed=1))[0].astype(int)
        for texture in TEXTURES
    )
    mask = render_masks(Scene("day", (Actor("heart", "red", "large"),), seed=1), [0])[0] > 0
    for textured in (striped, spotted):
        changed = np.abs(textured - plain).sum(axis=-1) > 30
        assert 0.1 < changed[mask].mean() < 0.6 and not changed[~mask].any()


def scenes_with(kind: str, count: int) -> list[Scene]:
    rng, mix, found = random.Random(5), Mix(actors=(0, 1, 0), relation=1, pan=0), []
    while len(found) < count:
        scene = sample_scene(rng, "train", mix)
        if scene.relation and scene.relation[0] == kind:
            found.append(scene)
    return found


def test_relations_hold_in_every_frame() -> None:
    for scene in scenes_with("above", 20):
        assert np.all(centres(scene, 0)[:, 1] < centres(scene, 1)[:, 1] - 10)
    for scene in scenes_with("left_of", 20):
        assert np.all(centres(scene, 0)[:, 0] < centres(scene, 1)[:, 0] - 10)
    for scene in scenes_with("meets", 20):
        gap = np.abs(centres(scene, 0)[:, 0] - centres(scene, 1)[:, 0])
        assert gap[-1] < 0.5 * gap[0] and np.all(np.diff(gap) < 0)


def test_the_chaser_is_behind_and_goes_the_same_way() -> None:
    for scene in scenes_with("chases", 20):
        chaser, leader = centres(scene, 0)[:, 0], centres(scene, 1)[:, 0]
        way = np.sign(chaser[-1] - chaser[0])
        assert np.sign(leader[-1] - leader[0]) == way
        assert np.all((leader - chaser) * way > 10)


def test_what_is_in_front_covers_the_other_in_part() -> None:
    for scene in scenes_with("in_front_of", 20):
        both = render_masks(scene, [0])[0]
        behind = replace(scene, relation=("in_front_of", 1, 0))
        uncovered = (render_masks(replace(behind, seed=scene.seed), [0])[0] == 2).sum()
        assert (both == 1).any() and (both == 2).sum() > 60
        assert uncovered > 0


def test_actors_side_by_side_are_all_seen() -> None:
    rng, mix = random.Random(9), Mix(actors=(0, 0.5, 0.5), relation=0, noise=0)
    for _ in range(150):
        scene = sample_scene(rng, "train", mix)
        seen = render_masks(scene, ALL)
        for index in range(len(scene.actors)):
            assert (seen == index + 1).sum(axis=(1, 2)).max() > 60, scene


def test_pan_moves_the_place_and_not_the_actor() -> None:
    scene = Scene("city", (Actor("ball", "red"),), pan="right", seed=2)
    clip = render(scene).astype(int)
    assert np.ptp(centres(scene), axis=0).max() < 1
    shift = 20
    follows = np.abs(clip[0][:, shift:] - clip[5][:, :-shift]).mean()
    assert follows < np.abs(clip[0][:, :-shift] - clip[5][:, shift:]).mean()


def test_the_twin_is_the_clip_backwards() -> None:
    rng, twins = random.Random(1), 0
    for _ in range(60):
        scene = sample_scene(rng)
        twin = reversed_twin(scene)
        if twin is None:
            continue
        twins += 1
        assert np.array_equal(render(twin), render(scene)[::-1])
        assert reversed_twin(twin) == scene
        assert split_of(twin) == split_of(scene)
    assert twins > 20


def test_the_twin_of_a_move_says_the_other_way() -> None:
    twin = reversed_twin(alone(("left",), 0))
    assert twin and twin.actors[0].motions == ("right",)
    track = centres(twin)
    assert track[-1, 0] - track[0, 0] > 128 / 3
    assert reversed_twin(alone(("spin",), 0)) is None


def test_the_same_scene_gives_the_same_pixels() -> None:
    scene = sample_scene(random.Random(3), mix=Mix(noise=1))
    again = Scene.from_dict(json.loads(json.dumps(scene.to_dict())))
    assert again == scene
    assert np.array_equal(render(again), render(scene))
    assert np.array_equal(render_frames(scene, [9])[0], render(scene)[9])
    assert not np.array_equal(render(replace(scene, seed=scene.seed + 10)), render(scene))


def test_splits_keep_compositions_apart() -> None:
    rng = random.Random(4)
    trained = {
        (actor.subject, actor.colour, motion)
        for _ in range(2000)
        for actor in sample_scene(rng).actors
        for motion in actor.motions
    }
    assert not any(is_held_out(*composition) for composition in trained)
    for _ in range(100):
        scene = sample_scene(rng, "test")
        assert any(
            is_held_out(actor.subject, actor.colour, motion)
            for actor in scene.actors
            for motion in actor.motions
        )
        assert sample_scene(rng, "backdrops").seed % 10 >= 8
    every = [(s, c, m) for s in SUBJECTS for c in COLOURS for m in MOTIONS]
    assert 0.05 < np.mean([is_held_out(*each) for each in every]) < 0.15


def test_labels_say_what_covers_a_patch() -> None:
    scene = Scene("day", (Actor("robot", "purple", "large"),), seed=5)
    subjects, colours = render_labels(scene, 0)
    assert set(np.unique(subjects)) == {0, 1 + SUBJECTS.index("robot")}
    assert np.array_equal(subjects > 0, colours == 1 + COLOURS.index("purple"))
    x, y = centres(scene)[0] / 16
    assert subjects[int(y), int(x)] > 0
