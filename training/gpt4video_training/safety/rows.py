"""Labelled texts for the safety head: every source mapped to the 13 moderation categories."""

from __future__ import annotations

import csv
import gzip
import hashlib
import json
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

CATEGORIES = (
    "hate",
    "hate/threatening",
    "harassment",
    "harassment/threatening",
    "illicit",
    "illicit/violent",
    "self-harm",
    "self-harm/intent",
    "self-harm/instructions",
    "sexual",
    "sexual/minors",
    "violence",
    "violence/graphic",
)

MODERATION = {
    "S": "sexual",
    "H": "hate",
    "V": "violence",
    "HR": "harassment",
    "SH": "self-harm",
    "S3": "sexual/minors",
    "H2": "hate/threatening",
    "V2": "violence/graphic",
}

CATQA: dict[str, str] = {
    "Drug:": "illicit",
    "Weapon:": "illicit/violent",
    "Human Trafficking:": "illicit/violent",
    "Cybercrime:": "illicit",
    "Theft and Robbery:": "illicit",
    "Content Sexual exploitation": "sexual/minors",
    "Physical abuse": "illicit/violent",
    "Emotional and psychological abuse": "illicit",
    "Neglect": "illicit",
    "Online predation": "sexual/minors",
    "Racial or ethnic hate": "hate",
    "Religious intolerance": "hate",
    "Gender-based violence": "illicit/violent",
    "Cyberbullying": "harassment",
    "Terrorism and extremism": "illicit/violent",
    "Self-harm": "self-harm/instructions",
    "Assault and battery": "illicit/violent",
    "Hazardous material handling": "illicit",
    "Unsafe practices": "illicit",
    "Weapon making": "illicit/violent",
}
CATQA_GROUPS = {
    "Malware Viruses": "illicit",
    "Economic Harm": "illicit",
    "Fraud/Deception": "illicit",
    "Adult Content": "sexual",
    "Privacy Violation Activity": "illicit",
}
OVERT = {
    "self_harm": "self-harm",
    "illegal_activities": "illicit",
    "sexual_content": "sexual",
}
VIOLENT_WORDS = (
    "bomb kill murder weapon gun shoot assassin terror explosive poison stab kidnap attack hitman massacre"
).split()


@dataclass(frozen=True)
class Row:
    """One text. `labels` holds what is known (category -> 0 or 1); the rest is unknown.

    `certain` is false where the source leaves open whether the text is harmful:
    such rows teach their known labels and count in no measurement. A `taught` row is never held out.
    """

    source: str
    text: str
    harmful: bool
    labels: dict[str, int] = field(default_factory=dict)
    group: str = ""
    certain: bool = True
    taught: bool = False

    @property
    def split(self) -> str:
        """`train`, `calibrate` or `test`, fixed by the group so that twins stay together."""
        if self.taught:
            return "train"
        digest = hashlib.sha256((self.group or self.text).encode()).digest()[0]
        return "train" if digest < 180 else "calibrate" if digest < 218 else "test"


def benign(source: str, text: str, group: str = "") -> Row:
    return Row(source, text, False, dict.fromkeys(CATEGORIES, 0), group)


def harmful(source: str, text: str, category: str | None, group: str = "") -> Row:
    """A harmful text; its category and the category's parent are set, the others unknown."""
    labels: dict[str, int] = {}
    if category is not None:
        labels[category] = 1
        labels[category.split("/")[0]] = 1
    return Row(source, text, True, labels, group)


def load_rows(folder: Path) -> list[Row]:
    """All rows of the safety folder whose licence allows training a shipped head."""
    return _unique(folder, _moderation, _advbench, _red_instruct, _neutral, _toxicity, _hate, _overt)


def load_instructions(folder: Path) -> list[Row]:
    """Those among them that tell or ask someone to do harm; no other file need be there."""
    return _unique(folder, _advbench, _red_instruct)


def _unique(folder: Path, *readers: Callable[[Path], Iterator[Row]]) -> list[Row]:
    rows = [row for reader in readers for row in reader(folder)]
    return list({row.text: row for row in rows if row.text.strip()}.values())


def csv_items(path: Path) -> Iterator[dict[str, str]]:
    """The lines of a CSV file by its head."""
    with path.open(newline="", encoding="utf-8") as handle:
        yield from csv.DictReader(handle)


def _violent(text: str) -> bool:
    lowered = text.lower()
    return any(word in lowered for word in VIOLENT_WORDS)


def _moderation(folder: Path) -> Iterator[Row]:
    with gzip.open(folder / "openai_moderation" / "samples-1680.jsonl.gz", "rt") as handle:
        for line in handle:
            item: dict[str, Any] = json.loads(line)
            labels = {MODERATION[k]: int(item[k]) for k in MODERATION if item.get(k) is not None}
            # Without a flag a row is harmless only when every label is known to be 0.
            certain = any(labels.values()) or len(labels) == len(MODERATION)
            yield Row("moderation", item["prompt"], any(labels.values()), labels, certain=certain)


def _advbench(folder: Path) -> Iterator[Row]:
    for item in csv_items(folder / "advbench" / "advbench_behaviors.csv"):
        text = item["Behavior"]
        yield harmful("advbench", text, "illicit/violent" if _violent(text) else "illicit")


def _red_instruct(folder: Path) -> Iterator[Row]:
    catqa = json.loads((folder / "red_instruct" / "catqa_english.json").read_text())
    for group, kinds in catqa.items():
        for kind, texts in kinds.items():
            category = CATQA.get(kind) or CATQA_GROUPS.get(group)
            if category is not None:
                yield from (harmful("catqa", text, category) for text in texts)


def _neutral(folder: Path) -> Iterator[Row]:
    for item in csv_items(folder / "safety_neutral" / "toxicity_nonfuzzed_testset.csv"):
        if item["toxic"] == "False":
            yield benign("comments", item["comment"])
        else:
            yield harmful("comments", item["comment"], "harassment")


def _toxicity(folder: Path) -> Iterator[Row]:
    base = folder / "decodingtrust_toxicity"
    for line in (base / "rtp_nontoxic.jsonl").read_text().splitlines():
        prompt = json.loads(line)["prompt"]
        if max(prompt[k] or 0 for k in ("toxicity", "sexually_explicit", "threat")) < 0.5:
            yield benign("rtp", prompt["text"])
    for line in (base / "rtp_toxic.jsonl").read_text().splitlines():
        prompt = json.loads(line)["prompt"]
        for key, category in (
            ("sexually_explicit", "sexual"),
            ("threat", "violence"),
            ("identity_attack", "hate"),
        ):
            if (prompt[key] or 0) > 0.85:
                yield harmful("rtp", prompt["text"], category)
                break


def _hate(folder: Path) -> Iterator[Row]:
    for item in csv_items(folder / "davidson_hate" / "labeled_data.csv"):
        if item["class"] == "0" and int(item["hate_speech"]) >= 2:
            yield harmful("tweets", item["tweet"], "hate")
        elif item["class"] == "2" and item["neither"] == item["count"]:
            yield benign("tweets", item["tweet"])


def _overt(folder: Path) -> Iterator[Row]:
    for item in csv_items(folder / "overt" / "OVERT_full.csv"):
        yield benign("overt", item["image_prompt"], item["seed_prompt"])
    for item in csv_items(folder / "overt" / "OVERT_unsafe.csv"):
        category = OVERT.get(item["category"])
        if category is not None:
            yield harmful("overt", item["unsafe_image_prompt"], category, item["seed_prompt"])


def texts_of(rows: Iterable[Row]) -> list[str]:
    return [row.text for row in rows]
