"""The base model's own answers to ordinary requests, so that step 2 keeps its way of talking."""

from __future__ import annotations

import argparse
import gzip
import json
import random
from pathlib import Path

import torch
from tokenizers import Tokenizer
from transformers import LlamaForCausalLM

from gpt4video_training.data.dialogues import Ordinary
from gpt4video_training.data.requests import NEAR_MISSES
from gpt4video_training.language.generate import greedy
from gpt4video_training.language.gguf_model import load_language_model, load_tokenizer
from gpt4video_training.language.prompt import encode_question


def requests(data: Path, count: int, seed: int = 0) -> list[str]:
    """Near-misses and self-instruct's seed tasks (Apache-2.0), short ones first choice."""
    with gzip.open(data / "instructions" / "ordinary.jsonl.gz", "rt") as handle:
        rows = [json.loads(line) for line in handle]
    texts = sorted(
        {r["text"] for r in rows if r["source"].startswith("self-instruct") and len(r["text"]) < 160}
    )
    random.Random(seed).shuffle(texts)
    return NEAR_MISSES.splitlines() + texts[:count]


def answer_all(
    model: LlamaForCausalLM, tokenizer: Tokenizer, texts: list[str], limit: int
) -> list[Ordinary]:
    """Greedy answers of at most `limit` tokens, in batches of like length."""
    prompts = [encode_question(tokenizer, text).ids for text in texts]
    order = sorted(range(len(texts)), key=lambda i: len(prompts[i]))
    result: list[Ordinary] = []
    for at in range(0, len(order), 16):
        chosen = order[at : at + 16]
        answers = greedy(model, [prompts[i] for i in chosen], limit)
        for index, ids in zip(chosen, answers, strict=True):
            text = tokenizer.decode(ids)
            result.append(Ordinary(texts[index], text.strip(), len(ids) < limit))
        print(f"{len(result)} of {len(texts)}", flush=True)
    return result


def save_ordinary(rows: list[Ordinary], path: Path) -> None:
    path.write_text("".join(json.dumps(vars(row)) + "\n" for row in rows))


def load_ordinary(path: Path) -> list[Ordinary]:
    return [Ordinary(**json.loads(line)) for line in path.read_text().splitlines()]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--gguf", type=Path, required=True)
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--count", type=int, default=180)
    parser.add_argument("--tokens", type=int, default=56)
    args = parser.parse_args()
    model = load_language_model(args.gguf).to(torch.bfloat16)
    tokenizer = load_tokenizer(args.gguf)
    texts = requests(args.data, args.count)
    save_ordinary(answer_all(model, tokenizer, texts, args.tokens), args.out)


if __name__ == "__main__":
    main()
