"""What people say to this product and what they wish to see: harmless and harmful alike."""

from __future__ import annotations

import gzip
import json
import random
from pathlib import Path

from gpt4video_training.data.captions import caption
from gpt4video_training.data.edits import edit
from gpt4video_training.data.lexicon import VIDEO_WORDS
from gpt4video_training.data.questions import ask
from gpt4video_training.data.requests import (
    FILM_ASKS,
    IDENTITY,
    NEAR_MISSES,
    film_turn,
    free_caption,
)
from gpt4video_training.safety.looks import ASKS, own_rows, taught_rows
from gpt4video_training.safety.rows import Row, benign
from gpt4video_training.world.sampling import sample_scene

_VERBS = """Explain|Describe|Give me three tips for|Write a short text about|What is the history of
Make a list of facts about|Summarise what is known about|How can I learn more about|Propose ideas for
Calculate the cost of|Compare two kinds of|Write a poem about|Suggest a plan for|What are the benefits of
How do I start with|Create a quiz about|Write an email about|What is the best way to practise"""
_TOPICS = """gardening|saving money|recycling|photosynthesis|air pollution|healthy food|project management
the hypothalamus|blockchain technology|machine learning|data analysis|the French Revolution|public speaking
job interviews|time management|online shopping|strong passwords|solar energy|electric cars|exercise
the stock market|a balanced diet|climate change|web design|customer service|parenting|meditation
the human heart|volcanoes|travel in Japan|search engines|fake news detection|social media marketing
algebra|geometry|poetry|the solar system|teamwork|a marathon|a birthday party|sleep|programming in Python
databases|chemistry experiments at school|first aid|tax forms|renting a flat|learning English|writing a CV
music theory|football|chess|cooking rice|dogs|wild animals|the moon landing|renewable energy|banking"""


def _listed(text: str) -> list[str]:
    return [item for line in text.splitlines() for item in line.split("|")]


def product_rows(data: Path, seed: int = 7) -> list[Row]:
    """About five thousand rows; a wish and all its wordings share a group."""
    rng = random.Random(seed)
    asks = tuple(form.replace("{v}", word).replace("{c}", "{}") for form in FILM_ASKS for word in VIDEO_WORDS)
    rows = own_rows(rng, ASKS + asks)
    rows += [benign("chat", text) for text in NEAR_MISSES.splitlines()]
    rows += [benign("chat", text) for text, _ in IDENTITY]
    topics = _listed(_TOPICS)
    for verb in _listed(_VERBS):
        rows += [benign("chat", f"{verb} {topic}.", topic) for topic in rng.sample(topics, 14)]
    for _ in range(500):
        wished = free_caption(rng)
        rows.append(benign("films", wished, wished))
        form = rng.choice(FILM_ASKS).format(v=rng.choice(VIDEO_WORDS), c=wished)
        rows.append(benign("films", form, wished))
    for _ in range(300):
        scene = sample_scene(rng)
        group = f"{scene.place}{scene.actors[0].subject}{scene.actors[0].colour}"
        texts = (ask(scene, rng).text, ask(scene, rng).answer, edit(scene, rng).request,
                 caption(scene, rng), film_turn(rng)[0])  # fmt: skip
        rows += [benign("cartoon", text, group) for text in texts]
    return rows + _self_instruct(data) + taught_rows(random.Random(11), asks)


def _self_instruct(data: Path) -> list[Row]:
    with gzip.open(data / "instructions" / "ordinary.jsonl.gz", "rt") as handle:
        items = [json.loads(line) for line in handle]
    return [benign("chat", i["text"]) for i in items if i["source"].startswith("self-instruct")]
