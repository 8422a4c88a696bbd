"""The canonical sentence says what the scene holds, and its time reverse says the reverse."""

import random

from gpt4video_training.data.slots import (
    LENGTH,
    SLOTS,
    VOCABULARY,
    half_motions,
    sentence,
    slot_words,
    targets,
)
from gpt4video_training.world.sampling import sample_scene
from gpt4video_training.world.scene import Actor, Scene, reversed_twin

TWO = Scene(
    "sea",
    (
        Actor("fish", "blue", motions=("left",), order="then"),
        Actor("ball", "red", "large", "striped", ("up",), "first"),
    ),
)


def test_every_word_of_a_random_sentence_is_in_the_vocabulary() -> None:
    rng = random.Random(0)
    for _ in range(300):
        scene = sample_scene(rng)
        words = sentence(scene)
        assert len(words) == LENGTH
        assert [VOCABULARY[index] for index in targets(scene)] == words


def test_actors_are_listed_by_subject_not_by_scene_order() -> None:
    words = slot_words(TWO)
    assert (words["subjectA"], words["colourA"], words["sizeA"]) == ("ball", "red", "large")
    assert (words["subjectB"], words["colourB"], words["subjectC"]) == ("fish", "blue", "none")


def test_the_order_of_two_actors_is_told_by_halves() -> None:
    words = slot_words(TWO)
    assert (words["firstA"], words["thenA"]) == ("up", "still")
    assert (words["firstB"], words["thenB"]) == ("still", "left")


def test_a_reversed_twin_has_another_sentence_with_the_halves_swapped() -> None:
    scene = Scene("day", (Actor("car", "pink", motions=("left", "up")),))
    twin = reversed_twin(scene)
    assert twin is not None
    assert half_motions(twin.actors[0]) == ("down", "right")
    assert sentence(twin) != sentence(scene)


def test_slots_do_not_overlap() -> None:
    positions = [slot.position for slot in SLOTS]
    assert len(set(positions)) == len(positions)
