"""Ordinary talk before and after step 2: how surprised each model is, and what each gets right."""

from __future__ import annotations

import argparse
import gzip
import json
import math
import random
from pathlib import Path
from typing import Any

import torch

from gpt4video_training.evaluate.bundle import Ask, Voice
from gpt4video_training.language.prompt import encode_question

# Asked nowhere in training; any of the words will do.
CHECKABLE: tuple[tuple[str, str], ...] = (
    ("What is the capital of Germany?", "berlin"),
    ("What is the capital of England?", "london"),
    ("What is the capital of Russia?", "moscow"),
    ("What is the capital of China?", "beijing"),
    ("What is the capital of Egypt?", "cairo"),
    ("What is the capital of Canada?", "ottawa"),
    ("What is the capital of Greece?", "athens"),
    ("Which planet is known as the red planet?", "mars"),
    ("Which planet is closest to the sun?", "mercury"),
    ("What is the chemical symbol for gold?", "au"),
    ("What is the chemical symbol for oxygen?", "o"),
    ("Which gas do plants take in?", "carbon dioxide|co2"),
    ("Which ocean is the largest?", "pacific"),
    ("On which continent is Kenya?", "africa"),
    ("On which continent is Brazil?", "south america"),
    ("Which country is famous for the Eiffel Tower?", "france"),
    ("In which country is the Great Wall?", "china"),
    ("In which city is the Statue of Liberty?", "new york"),
    ("Who wrote Hamlet?", "shakespeare"),
    ("Who developed the theory of relativity?", "einstein"),
    ("Who discovered penicillin?", "fleming"),
    ("Who was the first president of the United States?", "washington"),
    ("Who painted The Starry Night?", "gogh"),
    ("Which animal is the largest on earth?", "whale"),
    ("Which animal says meow?", "cat"),
    ("What do bees make?", "honey"),
    ("What do we call a baby dog?", "puppy|pup"),
    ("How many hours are in a day?", "24|twenty-four"),
    ("How many minutes are in an hour?", "60|sixty"),
    ("How many sides does a triangle have?", "three|3"),
    ("How many wheels does a car have?", "four|4"),
    ("How many letters are in the English alphabet?", "26"),
    ("What is the opposite of cold?", "hot|warm"),
    ("What is the opposite of up?", "down"),
    ("What is the past tense of go?", "went"),
    ("What is the plural of child?", "children"),
    ("What is frozen water called?", "ice"),
    ("What is 3 plus 4?", "7|seven"),
    ("Which season comes after winter?", "spring"),
    ("Which day comes after Monday?", "tuesday"),
    ("Which language is spoken in Spain?", "spanish"),
    ("What is the currency of Japan?", "yen"),
    ("What is the hardest natural substance?", "diamond"),
    ("Which organ pumps blood?", "heart"),
    ("At what temperature does water freeze, in Celsius?", "0|zero"),
    ("What instrument has 88 keys?", "piano"),
    ("What colour is a ripe banana?", "yellow"),
    ("What is the main ingredient of bread?", "flour"),
)  # fmt: skip


def answered(data: Path, trained: Path, count: int) -> list[tuple[str, str]]:
    """Self-instruct's requests with the answers of people, without those that step 2 was shown."""
    shown = {json.loads(line)["request"] for line in trained.read_text().splitlines()}
    with gzip.open(data / "instructions" / "ordinary.jsonl.gz", "rt") as handle:
        rows = [json.loads(line) for line in handle]
    pairs = [
        (row["text"], row["answer"])
        for row in rows
        if row["text"] not in shown and 20 < len(row.get("answer") or "") < 300
    ]
    return random.Random(71).sample(pairs, min(count, len(pairs)))


@torch.inference_mode()
def surprise(voice: Voice, pairs: list[tuple[str, str]]) -> tuple[float, list[torch.Tensor]]:
    """Perplexity of the answers, and the log-probabilities of every next token, [tokens,V] each."""
    total, tokens = 0.0, 0
    opinions = []
    for request, answer in pairs:
        prompt = encode_question(voice.tokenizer, request).ids
        ids = voice.tokenizer.encode(answer, add_special_tokens=False).ids
        hidden = voice.model.model(
            input_ids=torch.tensor([[*prompt, *ids]]), use_cache=False
        ).last_hidden_state[0, len(prompt) - 1 : -1]
        opinion = voice.model.lm_head(hidden).float().log_softmax(-1)
        total -= float(opinion[range(len(ids)), ids].sum())
        tokens += len(ids)
        opinions.append(opinion[:24].clone())
    return math.exp(total / tokens), opinions


def knows(voice: Voice) -> tuple[float, list[str]]:
    """Share of the checkable questions answered right, and the answers."""
    answers = voice.answer([Ask(question) for question, _ in CHECKABLE], limit=32)
    right = [
        any(f" {word} " in f" {_words(answer)} " for word in words.split("|"))
        for (_, words), answer in zip(CHECKABLE, answers, strict=True)
    ]
    return sum(right) / len(right), answers


def _words(text: str) -> str:
    return " ".join("".join(c if c.isalnum() or c == "-" else " " for c in text.lower()).split())


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--bundle", type=Path, required=True)
    parser.add_argument("--gguf", type=Path, required=True)
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--ordinary", type=Path, required=True, help="what step 2 was shown")
    parser.add_argument("--report", type=Path, required=True)
    parser.add_argument("--adapter", type=Path, help="instead of the bundle's")
    parser.add_argument("--count", type=int, default=80)
    args = parser.parse_args()
    pairs = answered(args.data, args.ordinary, args.count)
    table: dict[str, dict[str, float]] = {}
    opinions: dict[str, list[torch.Tensor]] = {}
    said: dict[str, list[str]] = {}
    adapter = args.adapter or args.bundle / "lora.safetensors"
    for name, path in (("before", None), ("after", adapter)):
        voice = Voice(args.gguf, path)
        perplexity, opinions[name] = surprise(voice, pairs)
        right, said[name] = knows(voice)
        table[name] = {"perplexity": round(perplexity, 3), "questions_right": round(right, 4)}
    drift = [
        float((b.exp() * (b - a)).sum(-1).mean())
        for b, a in zip(opinions["before"], opinions["after"], strict=True)
    ]
    report: dict[str, Any] = {
        "command": "make chat",
        "headline": {
            "command": "make chat",
            **{f"{k}_{name}": v for name, cell in table.items() for k, v in cell.items()},
            "divergence_nats_a_token": round(sum(drift) / len(drift), 4),
            "answers": len(pairs),
            "questions": len(CHECKABLE),
        },
        "examples": [
            {"asked": question, "before": before, "after": after}
            for (question, _), before, after in zip(CHECKABLE, said["before"], said["after"], strict=True)
        ],
    }
    (args.report / "chat.json").write_text(json.dumps(report, indent=2) + "\n")
    lines = ["| measure | value |", "| --- | ---: |"]
    lines += [f"| {k.replace('_', ' ')} | {v} |" for k, v in report["headline"].items() if k != "command"]
    (args.report / "chat.md").write_text("\n".join(lines) + "\n")
    print(json.dumps(report, indent=1))


if __name__ == "__main__":
    main()
