"""Texts that no source labels for this policy: only a teacher's answers to them are taught."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from pathlib import Path

from gpt4video_training.safety.rows import Row, csv_items


def unlabelled_rows(folder: Path, rows: Sequence[Row]) -> list[Row]:
    """Tweets whose readers disagreed and prompts between the limits, but those in `rows`."""
    known = {row.text for row in rows}
    texts = dict.fromkeys(text for text in (*_tweets(folder), *_prompts(folder)) if text.strip())
    return [Row("unlabelled", text, False, certain=False, taught=True) for text in texts if text not in known]


def _tweets(folder: Path) -> Iterator[str]:
    for item in csv_items(folder / "davidson_hate" / "labeled_data.csv"):
        # Where all called a tweet coarse, it only measures.
        if item["offensive_language"] != item["count"]:
            yield item["tweet"]


def _prompts(folder: Path) -> Iterator[str]:
    for name in ("rtp_nontoxic.jsonl", "rtp_toxic.jsonl"):
        for line in (folder / "decodingtrust_toxicity" / name).read_text().splitlines():
            yield json.loads(line)["prompt"]["text"]
