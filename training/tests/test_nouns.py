import random
from pathlib import Path

import torch

from gpt4video_training.data.captions import caption
from gpt4video_training.data.slots import sorted_indices
from gpt4video_training.film.clips import film_scene
from gpt4video_training.vision.nouns import NounHead, Nouns
from gpt4video_training.vision.text import CaptionTokenizer
from gpt4video_training.world.scene import COLOURS, MOTIONS, STILL, SUBJECTS

BUNDLE = Path(__file__).parents[2] / "models" / "cartoon"


def test_a_noun_is_found_where_the_caption_names_it_with_its_own_colour() -> None:
    tokenizer = CaptionTokenizer(BUNDLE / "text-encoder.tokenizer.json")
    rng = random.Random(5)
    scenes = [film_scene(rng) for _ in range(40)]
    captions = [caption(scene) for scene in scenes]
    ids, _ = tokenizer(captions)
    places, truths = Nouns(tokenizer).find(scenes, ids)
    assert len(places) > 40
    motions = (*MOTIONS, STILL)
    for (row, at, slot), truth in zip(places.tolist(), truths.tolist(), strict=True):
        colour, first, last, subject, place = truth
        # In plain wording the colour stands right before its noun.
        noun, before = tokenizer.word(int(ids[row, at])), tokenizer.word(int(ids[row, at - 1]))
        actor = scenes[row].actors[sorted_indices(scenes[row])[slot]]
        assert (actor.subject, SUBJECTS[subject], place) == (noun, noun, slot)
        assert (before, COLOURS[colour]) == (actor.colour, actor.colour)
        assert (motions[first], motions[last]) == (actor.motions[0], actor.motions[-1])


def test_two_of_a_kind_are_left_out() -> None:
    tokenizer = CaptionTokenizer(BUNDLE / "text-encoder.tokenizer.json")
    rng = random.Random(6)
    while True:
        scene = film_scene(rng)
        if len(scene.actors) == 2 and scene.actors[0].subject == scene.actors[1].subject:
            break
    ids, _ = tokenizer([caption(scene)])
    places, _ = Nouns(tokenizer).find([scene], ids)
    assert len(places) == 0


def test_a_head_reads_the_state_of_its_noun_alone() -> None:
    torch.manual_seed(0)
    head, states = NounHead(8), torch.randn(2, 5, 8)
    places, truths = torch.tensor([[1, 3, 0]]), torch.tensor([[2, 0, 0, 0, 0]])
    before, _ = head.loss(states, places, truths)
    elsewhere = states.clone()
    elsewhere[0], elsewhere[1, :3] = 0, 0
    assert head.loss(elsewhere, places, truths)[0].item() == before.item()
    elsewhere[1, 3] = 0
    assert head.loss(elsewhere, places, truths)[0].item() != before.item()
