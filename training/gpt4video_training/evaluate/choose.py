"""Which of the adapters kept on the way ships: wordings and clips that neither training nor a table uses."""

from __future__ import annotations

import argparse
import json
import random
from pathlib import Path
from typing import Any

from gpt4video_training.data.requests import wished_caption
from gpt4video_training.data.wordings import CHOOSING
from gpt4video_training.evaluate.bundle import Ask, Voice
from gpt4video_training.evaluate.match import film_caption
from gpt4video_training.evaluate.sight import perfect_tokens, through_eyes
from gpt4video_training.evaluate.understanding import (
    Exam,
    Item,
    questions_by_kind,
    questions_on_two,
    score,
    twins,
)
from gpt4video_training.language.lora import load_adapter

EXAM = Exam(CHOOSING, "backdrops")
FILM_FORMS = (
    "I could do with a film of {c}",
    "What I want now is {c} on the screen.",
    "Be so kind and let me look at {c}",
    "One clip, {c}, thanks",
    "Do me a favour and film {c}",
)
WORDS_FORMS = (
    "How many minutes of film fit on one reel?",
    "Name a film that you can recommend.",
    "I could do with some advice on cameras.",
    "Be so kind and explain what a tripod is.",
    "What I want now is a good title for my film.",
    "Do me a favour and write a line about the moon.",
    "Who films the news?",
    "How is a movie poster made?",
    "What kills mould on a wall?",
    "How do boxers train?",
)


def questions(sight: Any, each: int) -> list[Item]:
    """A fixed exam."""
    return [
        *questions_by_kind(sight, each, 201, EXAM),
        *questions_on_two(sight, each, 202, EXAM),
        *twins(sight, each, 203, EXAM),
    ]


def films_right(voice: Voice, count: int) -> float:
    """Share of requests that bring a film and of other talk that brings none."""
    rng = random.Random(204)
    wanted = [Ask(rng.choice(FILM_FORMS).format(c=wished_caption(rng))) for _ in range(count)]
    films = [film_caption(answer) is not None for answer in voice.answer(wanted, limit=40)]
    words = ["<video>" not in a for a in voice.answer([Ask(text) for text in WORDS_FORMS], limit=24)]
    return sum(films + words) / len(films + words)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--bundle", type=Path, required=True)
    parser.add_argument("--gguf", type=Path, required=True)
    parser.add_argument("--perfect-tokens", type=Path, metavar="WORDS")
    parser.add_argument("--each", type=int, default=8)
    parser.add_argument("--out", type=Path, required=True, help="JSON lines, one an adapter")
    parser.add_argument("adapters", type=Path, nargs="+")
    args = parser.parse_args()
    sight = perfect_tokens(args.perfect_tokens) if args.perfect_tokens else through_eyes(args.bundle)
    items = questions(sight, args.each)
    voice = Voice(args.gguf, args.bundle / "lora.safetensors")
    for adapter in args.adapters:
        load_adapter(voice.model, adapter)
        result = score(voice, items)
        line = {
            "adapter": adapter.name,
            "questions": result.table["all"]["right"],
            "films": round(films_right(voice, 40), 4),
            "kinds": {kind: cell["right"] for kind, cell in result.table.items()},
            "wrong": result.wrong,
        }
        with args.out.open("a") as handle:
            handle.write(json.dumps(line) + "\n")
        print(adapter.name, line["questions"], line["films"], line["kinds"], flush=True)


if __name__ == "__main__":
    main()
