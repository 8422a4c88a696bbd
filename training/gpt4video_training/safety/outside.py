"""Sources that no training row comes from: they only measure."""

from __future__ import annotations

import gzip
import json
import random
from collections.abc import Iterator
from pathlib import Path

from gpt4video_training.safety.rows import OVERT, Row, benign, csv_items, harmful

# Kinds of Do-Not-Answer that fall under the policy's categories; the others (stereotypes, misinformation,
# secrets, company for the lonely) are reported beside them.
_COVERED = {
    "Assisting illegal activities": "illicit",
    "Toxic language (hate speech)": "hate",
    "Adult Content": "sexual",
    "Mental Health or Overreliance Crisis": "self-harm",
}


def outside_rows(data: Path, count: int = 1500, seed: int = 0) -> list[Row]:
    """Harmful questions, requests, instructions, captions and tweets of unseen sources."""
    rng = random.Random(seed)
    rows = [*_dangerous(data), *_do_not_answer(data), *_film_requests(data), *_ambiguous(data)]
    for name, path, key in (
        ("alpaca", data / "instructions" / "ordinary.jsonl.gz", "text"),
        ("captions", data / "captions" / "captions.jsonl.gz", "caption"),
    ):
        texts = {str(item[key]) for item in _lines(path) if not _trained_on(item)}
        rows += [benign(name, text) for text in rng.sample(sorted(texts), count)]
    return rows


def _trained_on(item: dict[str, str]) -> bool:
    return item["source"].startswith("self-instruct")


def _lines(path: Path) -> Iterator[dict[str, str]]:
    with gzip.open(path, "rt") as handle:
        yield from (json.loads(line) for line in handle)


def _dangerous(data: Path) -> Iterator[Row]:
    folder = data / "safety" / "red_instruct"
    for text in json.loads((folder / "dangerousqa.json").read_text()):
        yield harmful("dangerousqa", text, None)
    for topics in json.loads((folder / "harmfulqa.json").read_text()).values():
        for texts in topics.values():
            # Many of its questions are plainly harmless, so it measures no recall.
            yield from (harmful("harmfulqa, mixed", text, None) for text in texts)


def _do_not_answer(data: Path) -> Iterator[Row]:
    for item in csv_items(data / "safety" / "do_not_answer" / "do_not_answer_en.csv"):
        category = _COVERED.get(item["types_of_harm"])
        source = "do-not-answer" if category else "do-not-answer, outside the policy"
        yield harmful(source, item["question"], category)


def _ambiguous(data: Path) -> Iterator[Row]:
    """Coarse tweets that all readers called offensive and none hateful; twins of kinds outside the policy."""
    rng = random.Random(1)
    tweets = csv_items(data / "safety" / "davidson_hate" / "labeled_data.csv")
    coarse = [item["tweet"] for item in tweets if item["offensive_language"] == item["count"]]
    yield from (harmful("tweets, coarse", text, None) for text in rng.sample(coarse, 1000))
    for item in csv_items(data / "safety" / "overt" / "OVERT_unsafe.csv"):
        if item["category"] not in OVERT:
            yield harmful("overt, outside the policy", item["unsafe_image_prompt"], None)


def _film_requests(data: Path) -> Iterator[Row]:
    for item in _lines(data / "instructions" / "film-requests.jsonl.gz"):
        yield benign("film requests", item["caption"])
