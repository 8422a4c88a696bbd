"""The base model's own answers to ordinary requests, so that step 2 keeps its way of talking.

Beside each answer stand the base's last hidden states before each of its tokens: through
the shared output head they are the base's whole opinion, from which step 2 distils.
"""

from __future__ import annotations

import argparse
import gzip
import json
import random
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt
import torch
from tokenizers import Tokenizer
from transformers import LlamaForCausalLM

from gpt4video_training.data.dialogues import Ordinary
from gpt4video_training.data.ordinary_requests import ordinary_requests
from gpt4video_training.language.generate import greedy
from gpt4video_training.language.gguf_model import EOS, load_language_model, load_tokenizer
from gpt4video_training.language.prompt import encode_question
from gpt4video_training.safety.looks import HARMLESS_TALK


@dataclass(frozen=True)
class Manner:
    """Ordinary talk with the base's states: `states[i]` f16 [tokens of answer i (+ end),576]."""

    rows: list[Ordinary]
    states: list[npt.NDArray[np.float16]]


def requests(data: Path, count: int, seed: int = 0) -> list[str]:
    """Our own requests, self-instruct's (Apache-2.0) that are short, and talk that sounds harmful."""
    with gzip.open(data / "instructions" / "ordinary.jsonl.gz", "rt") as handle:
        rows = [json.loads(line) for line in handle]
    texts = sorted(
        {r["text"] for r in rows if r["source"].startswith("self-instruct") and len(r["text"]) < 160}
    )
    random.Random(seed).shuffle(texts)
    own = ordinary_requests(count - min(len(texts), count // 3))
    return list(dict.fromkeys((*texts[: count // 3], *own, *HARMLESS_TALK)))


def answer_all(
    model: LlamaForCausalLM, tokenizer: Tokenizer, texts: list[str], limit: int
) -> Manner:
    """Greedy answers of at most `limit` tokens, in batches of like length."""
    prompts = [encode_question(tokenizer, text).ids for text in texts]
    order = sorted(range(len(texts)), key=lambda i: len(prompts[i]))
    rows: list[Ordinary] = []
    states: list[npt.NDArray[np.float16]] = []
    for at in range(0, len(order), 24):
        chosen = order[at : at + 24]
        answers = greedy(model, [prompts[i] for i in chosen], limit)
        for index, ids in zip(chosen, answers, strict=True):
            finished = len(ids) < limit
            # The answer is taught as text: its tokens must be those that the text has.
            text = tokenizer.decode(ids)
            again = tokenizer.encode(text, add_special_tokens=False).ids
            if not text.strip() or again != ids or "<video>" in text:
                continue
            rows.append(Ordinary(texts[index], text, finished))
            states.append(_states(model, prompts[index], [*ids, EOS] if finished else ids))
        print(f"{len(rows)} kept, {at + len(chosen)} of {len(texts)}", flush=True)
    return Manner(rows, states)


def _states(
    model: LlamaForCausalLM, prompt: list[int], answer: list[int]
) -> npt.NDArray[np.float16]:
    with torch.inference_mode():
        ids = torch.tensor([[*prompt, *answer[:-1]]])
        hidden = model.model(input_ids=ids, use_cache=False).last_hidden_state
    kept: npt.NDArray[np.float16] = hidden[0, len(prompt) - 1 :].float().numpy().astype(np.float16)
    return kept


def save_manner(manner: Manner, path: Path) -> None:
    """`path` as JSON lines, the states beside it as `.npz`."""
    path.write_text("".join(json.dumps(vars(row)) + "\n" for row in manner.rows))
    lengths = np.array([len(states) for states in manner.states])
    np.savez(path.with_suffix(".npz"), states=np.concatenate(manner.states), lengths=lengths)


def load_answers(path: Path) -> list[Ordinary]:
    """The answers alone."""
    return [Ordinary(**json.loads(line)) for line in path.read_text().splitlines()]


def lengths_of(tokenizer: Tokenizer, rows: list[Ordinary]) -> list[int]:
    """How many states each answer has: one before each of its tokens, and before its end if it has one."""
    texts = tokenizer.encode_batch([row.answer for row in rows], add_special_tokens=False)
    return [len(text.ids) + row.finished for text, row in zip(texts, rows, strict=True)]


def states_of(model: LlamaForCausalLM, tokenizer: Tokenizer, rows: list[Ordinary]) -> torch.Tensor:
    """The base's states of all answers anew, [total,576], where `model` is, which has no adapter.
    Answers can be sent elsewhere at a hundredth of the size of their states."""
    lengths = lengths_of(tokenizer, rows)
    texts = [
        encode_question(tokenizer, row.request).ids
        + tokenizer.encode(row.answer, add_special_tokens=False).ids
        for row in rows
    ]
    order = sorted(range(len(rows)), key=lambda i: len(texts[i]))
    found: list[torch.Tensor] = [torch.empty(0)] * len(rows)
    with torch.no_grad():
        for at in range(0, len(order), 32):
            chosen = order[at : at + 32]
            longest = max(len(texts[i]) for i in chosen)
            # What follows a text does not change what is thought in it.
            ids = torch.tensor([texts[i] + [EOS] * (longest - len(texts[i])) for i in chosen])
            hidden = model.model(input_ids=ids.to(model.device), use_cache=False).last_hidden_state
            for index, each in zip(chosen, hidden, strict=True):
                end = len(texts[index]) - (not rows[index].finished)
                found[index] = each[end - lengths[index] : end].clone()
    return torch.cat(found)


def load_manner(path: Path) -> Manner:
    """Inverse of `save_manner`."""
    rows = load_answers(path)
    with np.load(path.with_suffix(".npz")) as stored:
        ends = np.cumsum(stored["lengths"])
        states = np.split(stored["states"], ends[:-1])
    if len(states) != len(rows):
        raise ValueError(f"{path} has {len(rows)} answers, its states {len(states)}")
    return Manner(rows, states)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--gguf", type=Path, required=True)
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--count", type=int, default=900)
    parser.add_argument("--tokens", type=int, default=44)
    args = parser.parse_args()
    torch.set_num_threads(1)
    model = load_language_model(args.gguf).bfloat16()
    tokenizer = load_tokenizer(args.gguf)
    texts = requests(args.data, args.count)
    save_manner(answer_all(model, tokenizer, texts, args.tokens), args.out)


if __name__ == "__main__":
    main()
