"""CLIP's tokenizer of transformers with OpenAI's vocabulary, for scripts/parity/clip-tokenizer.mjs.

Run with a wheel that carries bpe_simple_vocab_16e6.txt.gz (MIT licence):
    pip download --no-deps open_clip_torch==3.3.0
    python clip_tokenizer.py open_clip_torch-3.3.0-py3-none-any.whl
Of the 49,408 tokens the fixture keeps those that the texts can meet: a merge whose result occurs in no word
can never apply, so leaving it out changes nothing.
"""

from __future__ import annotations

import gzip
import sys
import zipfile
from typing import Any

from adversarial_texts import TRICKY, mixtures
from fixture import write
from transformers import CLIPTokenizer


def byte_alphabet() -> dict[int, str]:
    """GPT-2's printable stand-ins for bytes, in the order of the vocabulary's first ids."""
    printable = [*range(0x21, 0x7F), *range(0xA1, 0xAD), *range(0xAE, 0x100)]
    rest = [byte for byte in range(256) if byte not in printable]
    return {byte: chr(byte) for byte in printable} | {byte: chr(256 + n) for n, byte in enumerate(rest)}


def published(wheel: str) -> tuple[dict[str, int], list[tuple[str, str]]]:
    with zipfile.ZipFile(wheel) as archive:
        name = next(name for name in archive.namelist() if name.endswith("bpe_simple_vocab_16e6.txt.gz"))
        lines = gzip.decompress(archive.read(name)).decode().split("\n")
    merges = [(left, right) for left, right in (line.split() for line in lines[1 : 49152 - 256 - 2 + 1])]
    letters = list(byte_alphabet().values())
    tokens = [*letters, *(letter + "</w>" for letter in letters), *("".join(merge) for merge in merges)]
    tokens += ["<|startoftext|>", "<|endoftext|>"]
    return {token: index for index, token in enumerate(tokens)}, merges


def case(
    tokenizer: CLIPTokenizer, vocab: dict[str, int], merges: list[tuple[str, str]], texts: list[str]
) -> dict[str, Any]:
    backend = tokenizer.backend_tokenizer
    words = {
        word + "</w>"
        for text in texts
        for word, _ in backend.pre_tokenizer.pre_tokenize_str(backend.normalizer.normalize_str(text))
    }
    everything = "\n".join(words)
    kept = [merge for merge in merges if "".join(merge) in everything]
    tokens = {*"".join(byte_alphabet().values()), "<|startoftext|>", "<|endoftext|>"}
    tokens |= {letter + "</w>" for letter in byte_alphabet().values()} | {"".join(merge) for merge in kept}
    reduced = {token: vocab[token] for token in sorted(tokens, key=lambda token: vocab[token])}
    small = CLIPTokenizer(vocab=reduced, merges=kept)
    expected = [tokenizer(text).input_ids for text in texts]
    assert [small(text).input_ids for text in texts] == expected, (
        "the reduced vocabulary changes a text's ids"
    )
    return {
        "geometry": f"{len(texts)} texts, {sum(map(len, expected)):,} tokens, 49,408-token vocabulary",
        "vocab": reduced,
        "merges": [" ".join(merge) for merge in kept],
        "texts": texts,
        "ids": expected,
    }


if __name__ == "__main__":
    vocab, merges = published(sys.argv[1])
    assert len(vocab) == 49408
    tokenizer = CLIPTokenizer(vocab=vocab, merges=merges)
    full = case(tokenizer, vocab, merges, TRICKY + mixtures(200, seed=4))
    write("clip-tokenizer", __file__, {"small": case(tokenizer, vocab, merges, TRICKY[:6]), "full": full})
