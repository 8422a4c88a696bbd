"""A row teaches continuations that share an opening and never see each other."""

import itertools
import random

import torch
from tokenizers import Tokenizer

from gpt4video_training.data.dialogues import Dialogue, Ordinary
from gpt4video_training.data.lessons import Lesson, Said, Teacher
from gpt4video_training.data.retrieval import shuffled
from gpt4video_training.data.slots import VOCABULARY
from gpt4video_training.language.attention import fused_rows, masked_rows
from gpt4video_training.language.batches import bias_of, collate, embedded, visible
from gpt4video_training.language.facts import Weights, concluding
from gpt4video_training.language.imagine import as_read, imagined
from gpt4video_training.language.prompt import VISUAL_TOKENS, encode_dialogue, encode_question
from gpt4video_training.language.rows import RowWriter
from gpt4video_training.world.sampling import sample_scene

BUDGET = 4000


def teacher(seed: int = 0) -> Teacher:
    rng = random.Random(seed)
    ordinary = [Ordinary("Hi", "Hello!", True), Ordinary("Why?", "Because of", False)]

    def related(size: int) -> tuple:
        return tuple(shuffled(sample_scene(rng), rng) for _ in range(size))

    return Teacher(ordinary, ["How do I steal?"], related, rng)


def scene():
    rng = random.Random(5)
    return shuffled(sample_scene(rng), rng)


def test_each_continuation_reads_as_if_it_came_right_after_the_opening(tokenizer: Tokenizer) -> None:
    lesson = teacher().one(scene())
    said: list[tuple[Said, ...]] = []

    def remembered() -> tuple[Said, ...]:
        said.append(lesson.next())
        return said[-1]

    row = RowWriter(tokenizer).write(Lesson(lesson.scenes, (), (0,), remembered), BUDGET)
    opening = [i for i, part in enumerate(row.parts) if part == 0]
    assert len(said) - 1 == max(row.parts)
    for part, turns in enumerate(said[:-1], start=1):
        own = [i for i, each in enumerate(row.parts) if each == part]
        whole = [row.ids[i] for i in (*opening, *own)]
        question = encode_question(tokenizer, turns[0].request, (0,))
        assert whole[: len(question.ids)] == question.ids
        assert [row.places[i] for i in (*opening, *own)] == list(range(len(whole)))
        taught = [row.ids[i] for i in own if row.learn[i]]
        ends = [2 if turn.finished else None for turn in turns]
        wanted: list[int] = []
        for turn, end in zip(turns, ends, strict=True):
            wanted += tokenizer.encode(turn.answer, add_special_tokens=False).ids
            wanted += [end] if end is not None else []
        assert taught == wanted


def test_a_token_sees_the_opening_and_its_own_continuation_only() -> None:
    seen = visible(torch.tensor([0, 0, 1, 1, 2, -1]))
    assert seen[4].tolist() == [True, True, False, False, True, False]
    assert seen[3].tolist() == [True, True, True, True, False, False]
    assert seen[0].tolist() == [True, False, False, False, False, False]


def test_visual_tokens_and_the_bases_states_fall_where_they_belong(tokenizer: Tokenizer) -> None:
    clip = torch.full((1, VISUAL_TOKENS, 4), 7.0)
    own = itertools.cycle([(Said("Hi", "Hello!", (), True, 0),), (Said("Why?", "Because of", (), False, 1),)])
    lesson = Lesson((scene(),), (), (0,), lambda: next(own))
    row = RowWriter(tokenizer).write(lesson, 600)
    weights = Weights(torch.tensor([], dtype=torch.long), 9, 300)
    batch = collate([(row, clip)], [0, 7], weights, 64).batch()
    embeds = embedded(batch, torch.zeros(300, 4))
    position, _ = row.clips[0]
    assert batch.ids.shape[1] % 64 == 0
    assert (embeds[0, position : position + VISUAL_TOKENS] == 7).all()
    assert embeds[0].abs().sum() == 7 * VISUAL_TOKENS * 4
    answers = {0: [*b"Hello!"], 1: [*b"Because of"]}
    manner = dict(zip(batch.kept_at.tolist(), batch.manner.tolist(), strict=True))
    assert len(row.manners) > 2
    for first, number in row.manners:
        length = len(answers[number]) + (number == 0)
        start = (0, 7)[number]
        # The state before a word stands at the place before it.
        assert [manner.pop(first - 1 + i) for i in range(length)] == list(range(start, start + length))
    assert not manner


def test_taught_words_are_read_at_the_place_before_them_and_weigh_what_they_should(
    tokenizer: Tokenizer,
) -> None:
    lesson = Lesson((), (), (), lambda: (Said("Hi", "so ab"),))
    row = RowWriter(tokenizer).write(lesson, 10)
    space, a = tokenizer.encode(" a", add_special_tokens=False).ids
    weights = Weights(torch.tensor([a]), space, 300)
    batch = collate([(row, torch.empty(0, VISUAL_TOKENS, 4))], [], weights).batch()
    assert [row.ids[at + 1] for at in batch.said_at.tolist()] == batch.wanted.tolist()
    assert batch.wanted.tolist() == [*tokenizer.encode("so ab", add_special_tokens=False).ids, 2]
    assert batch.weight.tolist() == [1, 1, 1, 5, 5, 5]
    assert batch.visual.shape == (0, 4)


def test_attention_is_the_same_fused() -> None:
    draw = torch.Generator().manual_seed(1)
    query = torch.randn(2, 6, 8, 4, generator=draw)
    key, value = torch.randn(2, 2, 2, 8, 4, generator=draw)
    parts = torch.tensor([[0, 0, 1, 1, 2, 2, -1, -1], [0, 1, 1, 1, 1, 2, 2, 2]])
    bias = bias_of(parts, query.dtype)
    plain, _ = masked_rows(torch.nn.Identity(), query, key, value, bias, 0.5)
    assert torch.allclose(fused_rows(query, key, value, bias, 0.5), plain, atol=1e-5)
    assert (bias[0, 0] == 0).equal(visible(parts[0]))


def test_films_in_a_talk_about_clips_come_with_one_pair_of_tags(tokenizer: Tokenizer) -> None:
    taught = teacher(2)
    for lesson in (taught.free(), taught.film_first(), taught.several(), taught.one(scene())):
        for _ in range(40):
            for turn in lesson.next():
                assert turn.answer.count("<video>") == turn.answer.count("</video>") <= 1
                assert "{" not in turn.request


def test_a_lesson_without_continuations_is_the_dialogue_that_the_server_writes(tokenizer: Tokenizer) -> None:
    lesson = teacher(3).one(scene())
    turns = (Said("What?", "A star."), Said("Why?", "So."))
    row = RowWriter(tokenizer).write(Lesson(lesson.scenes, (), (0,), lambda: turns), 10)
    whole = encode_dialogue(tokenizer, Dialogue((("What?", "A star."), ("Why?", "So.")), ((0, 0),)))
    assert row.ids == whole.ids[: len(row.ids)]
    assert whole.learn[len(row.ids) :] == [False]


def test_the_order_of_actors_is_found_in_the_tokens() -> None:
    rng = random.Random(11)
    words = torch.randn(len(VOCABULARY), 16, generator=torch.Generator().manual_seed(0))
    for _ in range(40):
        scene = sample_scene(rng)
        told = shuffled(scene, rng)
        tokens = imagined(told, words, rng)
        assert as_read(scene, tokens, words).actors == told.actors


def test_what_follows_from_the_evidence_is_found_in_every_row() -> None:
    so = 9
    wanted = torch.tensor([[7, so, 1, 2, 3, 4, 5], [-100, -100, 7, 8, so, 1, 2]])
    found = concluding(wanted, so).int().tolist()
    assert found == [[0, 0, 1, 1, 1, 0, 0], [0, 0, 0, 0, 0, 1, 1]]


def test_words_and_a_film_in_one_answer_are_of_the_same_clip() -> None:
    draw = teacher(3)
    joined = [
        said
        for _ in range(400)
        for said in draw.several().next()
        if "<video>" in said.answer and not said.answer.startswith("Here you are")
    ]
    asked = [said for said in joined if said.answer.startswith("I see ")]
    assert len(joined) > 20 and len(asked) > 5
    for said in asked:
        named = [word for word in ("first", "second", "third") if word in said.request]
        digits = [
            word
            for word, digit in (("first", "1"), ("second", "2"), ("third", "3"))
            if f" {digit}" in said.request
        ]
        assert len({*named, *digits}) == 1, said
