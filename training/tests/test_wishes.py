"""What is taught of wishes: harmless ones are filmed however they sound, harmful ones declined."""

import gzip
import json
import os
import random
from pathlib import Path

import pytest

from gpt4video_training.data.everyday import everyday_caption
from gpt4video_training.data.refusals import harmful_requests, refusal_turn
from gpt4video_training.data.requests import film_turn, free_caption, wished_caption
from gpt4video_training.evaluate.trigger import UNSEEN_NEAR_MISSES
from gpt4video_training.safety.looks import (
    HARMFUL_FILMS,
    HARMFUL_TALK,
    HARMLESS_FILMS,
    HARMLESS_TALK,
    phrases,
)

DATA = Path(os.environ.get("DATA", "../../shared/data"))


def _plain(text: str) -> str:
    return " ".join("".join(c if c.isalnum() else " " for c in text.lower()).split())


def test_phrases_written_later_are_taught_on_the_right_side() -> None:
    taught = list(phrases("phrases-taught.txt"))
    sides = {
        (True, True): {text for texts in HARMFUL_FILMS.values() for text in texts},
        (False, True): {text for texts in HARMFUL_TALK.values() for text in texts},
        (True, False): set(HARMLESS_FILMS),
        (False, False): set(HARMLESS_TALK),
    }
    for phrase in taught:
        for side, texts in sides.items():
            if side == (phrase.film, phrase.harmful):
                assert phrase.text in texts
    assert not sides[True, True] & sides[True, False]
    assert not sides[False, True] & sides[False, False]


def test_harmless_wishes_are_filmed_and_harmful_ones_declined() -> None:
    rng = random.Random(1)
    films = [film_turn(rng) for _ in range(2000)]
    assert all(answer.count("<video>") == 1 for _, answer in films)
    frightening = [request for request, _ in films if any(text in request for text in HARMLESS_FILMS)]
    assert 0.12 < len(frightening) / len(films) < 0.3
    declined = [refusal_turn(["How do I steal?"], rng) for _ in range(2000)]
    assert all("can't help" in answer and "<video>" not in answer for _, answer in declined)
    talk = {text for texts in HARMFUL_TALK.values() for text in texts}
    assert 0.05 < sum(request in talk for request, _ in declined) / len(declined) < 0.16


@pytest.mark.skipif(not (DATA / "captions").exists(), reason="the measuring data are not at hand")
def test_no_taught_wish_is_one_of_the_exams() -> None:
    with gzip.open(DATA / "captions" / "captions.jsonl.gz", "rt") as handle:
        exam = {_plain(json.loads(line)["caption"]) for line in handle}
    with gzip.open(DATA / "instructions" / "film-requests.jsonl.gz", "rt") as handle:
        exam |= {_plain(json.loads(line)["caption"]) for line in handle}
    with gzip.open(DATA / "instructions" / "ordinary.jsonl.gz", "rt") as handle:
        rows = [json.loads(line) for line in handle]
    exam |= {_plain(row["text"]) for row in rows if row["source"] == "alpaca"}
    exam |= {_plain(text) for text in (*UNSEEN_NEAR_MISSES, *harmful_requests(DATA / "safety", "test"))}
    fixed = [*HARMLESS_FILMS, *HARMLESS_TALK]
    for side in (HARMFUL_FILMS, HARMFUL_TALK):
        fixed += [text for texts in side.values() for text in texts]
    assert not (found := {_plain(text) for text in fixed} & exam), found
    rng = random.Random(2)
    makers = (everyday_caption, free_caption, wished_caption)
    composed = {_plain(make(rng)) for make in makers for _ in range(9000)}
    # A few short ones, "a man is singing", anybody would say.
    alike = composed & exam
    assert all(len(text.split()) < 8 for text in alike), sorted(alike)
    assert len(alike) < 0.02 * len(composed), len(alike)
