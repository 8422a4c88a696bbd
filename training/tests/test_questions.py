"""Answers are judged right, contrary ones wrong, and edits change just what was asked."""

import random

from gpt4video_training.data.captions import caption
from gpt4video_training.data.edits import edit, edit_answer
from gpt4video_training.data.questions import Question, ask
from gpt4video_training.evaluate.match import film_caption, is_right, well_formed
from gpt4video_training.world.sampling import sample_scene
from gpt4video_training.world.scene import Actor, Scene


def test_every_reference_answer_is_judged_right() -> None:
    rng = random.Random(1)
    for _ in range(600):
        question = ask(sample_scene(rng), rng)
        assert is_right(question, question.answer), question


def test_an_answer_to_another_scene_is_mostly_judged_wrong() -> None:
    rng = random.Random(2)
    pairs = [(ask(sample_scene(rng), rng), ask(sample_scene(rng), rng)) for _ in range(400)]
    wrong = [(one, other) for one, other in pairs if one.kind == other.kind == "what"]
    assert wrong
    assert not any(is_right(one, other.answer) for one, other in wrong)


def test_yes_and_no_are_balanced() -> None:
    rng = random.Random(3)
    asked = [ask(sample_scene(rng), rng) for _ in range(3000)]
    keys = [question.keys[0] for question in asked if question.kind == "yes/no"]
    assert 0.4 < keys.count("yes") / len(keys) < 0.6


def test_swapped_events_are_wrong() -> None:
    question = Question("order", "?", "", ("left", "up|rise|rising"))
    assert is_right(question, "First the car moves left, then the car moves up.")
    assert not is_right(question, "First the car moves up, then the car moves left.")


def test_an_edit_keeps_the_rest_of_the_scene() -> None:
    scene = Scene("sea", (Actor("star", "red", "large", motions=("left",)),))
    rng = random.Random(4)
    for _ in range(200):
        made = edit(scene, rng)
        wanted = made.wanted
        changed = sum(
            (
                wanted.place != scene.place,
                wanted.actors[0].subject != "star",
                wanted.actors[0].colour != "red",
                wanted.actors[0].motions != ("left",),
            )
        )
        assert changed <= 1
        answer = edit_answer(made, rng)
        assert well_formed(answer)
        assert film_caption(answer) == caption(wanted)


def test_broken_tags_are_not_well_formed() -> None:
    assert not well_formed("Here: <video>a star")
    assert not well_formed("</video>a star<video>")
    assert well_formed("no film here")
