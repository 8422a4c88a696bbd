"""CLIP's tokenizer of transformers with OpenAI's vocabulary, for scripts/parity/clip-tokenizer.mjs.

Run with a wheel that carries bpe_simple_vocab_16e6.txt.gz (MIT licence):
    pip download --no-deps open_clip_torch==3.3.0
    python clip_tokenizer.py open_clip_torch-3.3.0-py3-none-any.whl
Of the 49,408 tokens the fixture keeps those that the texts can meet: a merge whose result occurs in no word
can never apply, so leaving it out changes nothing.
"""

from __future__ import annotations

import gzip
import random
import sys
import zipfile
from typing import Any

from fixture import write
from transformers import CLIPTokenizer

TRICKY = [
    "",
    " ",
    "a",
    "A photo of a cat.",
    "The Quick BROWN fox, jumped!",
    "it's we're they'll I'd you've I'm can't 'S 'LL",
    "don’t “quote” — dash…",
    "1 12 123 1999 3.14 1,000,000",
    "½ ² Ⅷ ٣٤ १२",
    "hello   world\t\ttabs\nnew\r\nlines\u00a0nbsp\u3000wide",
    "naïve café résumé",
    "nai\u0308ve cafe\u0301 (decomposed)",
    "Straße GROẞ İstanbul ΟΔΟΣ όσος ﬁne",
    "日本語のテキスト 中文 한국어 ไทย",
    "привет МИР",
    "שלום مرحبا",
    "🙂👩‍👩‍👧‍👦🏳️‍🌈 emoji👍🏽",
    "a\u0300\u0301\u0302 zalgo",
    "http://example.com/a?b=c&d=%20#e",
    "x_y-z snake_case camelCase",
    "!!! ??? ... ;;; <<<>>> ((())) [[]] {{}}",
    "<video> </video> <|video|> <pad>",
    "end</w>of</w>word",
    "\u200bzero\u200bwidth\ufeffbom",
    "tab\x0bvertical\x0cform\x85next",
    "supercalifragilisticexpialidocious antidisestablishmentarianism",
    "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa",
    "'''s''t",
    "'",
    "astronaut riding a horse, 4k, highly detailed, trending on artstation",
    "€£¥ © ® ™ § ¶ † ‡ • ‰",
    "\U0001d54f\U0001d552 math",
]
PIECES = list("abcdefghijklmnopqrstuvwxyz") * 3 + [*"   AE", "'s", "'re", *"07².,!éüßж中あ🙂\u0301-_<|"]


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
    rng = random.Random(4)
    mixed = ["".join(rng.choices(PIECES, k=rng.randrange(1, 40))) for _ in range(200)]
    full = case(tokenizer, vocab, merges, TRICKY + mixed)
    write("clip-tokenizer", __file__, {"small": case(tokenizer, vocab, merges, TRICKY[:6]), "full": full})
