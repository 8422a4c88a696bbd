"""Answers are judged right, contrary ones wrong, and edits change just what was asked."""

import random
import re

from gpt4video_training.data.captions import caption
from gpt4video_training.data.edits import AGAIN, edit, edit_answer
from gpt4video_training.data.pairs import ask_about, ask_pair
from gpt4video_training.data.questions import MAKERS, Question, ask
from gpt4video_training.data.retrieval import shuffled
from gpt4video_training.data.wordings import CHOOSING, FORMS, UNSEEN
from gpt4video_training.evaluate.match import (
    film_caption,
    has_form,
    is_right,
    says_all,
    well_formed,
)
from gpt4video_training.world.sampling import sample_scene
from gpt4video_training.world.scene import Actor, Scene


def test_every_reference_answer_is_judged_right_in_both_sets_of_wordings() -> None:
    rng = random.Random(1)
    for _ in range(600):
        told = shuffled(sample_scene(rng), rng)
        for forms in (FORMS, UNSEEN, CHOOSING):
            question = ask(told, rng, forms)
            assert is_right(question, question.answer), question
            assert has_form(question, question.answer), question


def test_every_kind_can_be_asked_and_reads_as_a_sentence() -> None:
    rng = random.Random(9)
    for maker, _ in MAKERS:
        for forms in (FORMS, UNSEEN, CHOOSING):
            made = None
            while made is None:
                made = maker(shuffled(sample_scene(rng), rng), rng, forms)
            assert "{" not in made.text and "{" not in made.answer


def test_questions_about_two_clips_are_judged_right_and_against_the_other_clip_wrong() -> None:
    rng = random.Random(6)
    for _ in range(500):
        one, other = (shuffled(sample_scene(rng), rng) for _ in range(2))
        for forms in (FORMS, UNSEEN, CHOOSING):
            question = ask_pair(one, other, rng, forms)
            assert is_right(question, question.answer), question
            if question.kind == "two: which":
                swapped = "second" if "first" in question.keys else "first"
                assert not is_right(question, question.answer.replace(question.keys[0], swapped))
            about = ask_about((one, other), rng, forms)
            assert is_right(about, about.answer), about
            assert re.search(r"first|second|(video|clip) [12]", about.text.lower())


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


def test_no_unseen_wording_is_a_trained_one() -> None:
    assert FORMS.keys() == UNSEEN.keys() == CHOOSING.keys()
    for kind, forms in FORMS.items():
        sets = (forms, UNSEEN[kind], CHOOSING[kind])
        trained, tested, chosen = ({plainly(form) for form in each} for each in sets)
        assert not trained & tested and not trained & chosen and not tested & chosen


def plainly(form: str) -> str:
    """Without case and marks: a wording that differs in nothing else is the same."""
    return re.sub(r"[^a-z{} ]", "", form.lower()).strip()


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
        assert changed <= 2
        answer = edit_answer(made)
        assert well_formed(answer)
        assert film_caption(answer) == caption(wanted)


def test_a_caption_is_faithful_in_any_order_of_actors_and_not_with_another_fact() -> None:
    rng = random.Random(8)
    for _ in range(200):
        told = shuffled(sample_scene(rng), rng)
        assert says_all(told, caption(shuffled(told, rng)))
        made = edit(told, rng)
        if made.request not in AGAIN:
            assert not says_all(made.wanted, caption(told))


def test_broken_tags_are_not_well_formed() -> None:
    assert not well_formed("Here: <video>a star")
    assert not well_formed("</video>a star<video>")
    assert well_formed("no film here")
