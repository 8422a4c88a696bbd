"""Texts that tokenizers are apt to disagree about, for the checks of tokenizers."""

from __future__ import annotations

import random

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


def mixtures(count: int, seed: int) -> list[str]:
    """Random strings of letters, spaces, digits, marks and foreign scripts."""
    rng = random.Random(seed)
    return ["".join(rng.choices(PIECES, k=rng.randrange(1, 40))) for _ in range(count)]
