"""What the service judges of a text: overlapping windows of the whole, and each sentence by itself."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise
from pathlib import Path

from tokenizers import Tokenizer

# Size and overlap in tokens without the two marks; as in apps/safety/src/core/safety-settings.ts.
WIDE = (126, 32)
NARROW = (32, 16)
# What ECMAScript's \s and trim() take for white space.
_SPACE = frozenset("\t\n\v\f\r \u00a0\u1680\u2028\u2029\u202f\u205f\u3000\ufeff") | {
    chr(code) for code in range(0x2000, 0x200B)
}
_ENDS = frozenset(".!?…")
_CLOSERS = _SPACE | frozenset("\"')]")
_HARD_ENDS = frozenset("。！？\n")


def plain_tokenizer(path: Path) -> Tokenizer:
    """The tokenizer of a `tokenizer.json` that neither truncates nor pads."""
    tokenizer = Tokenizer.from_file(str(path))
    tokenizer.no_truncation()
    tokenizer.no_padding()
    return tokenizer


def units_of(text: str, tokenizer: Tokenizer) -> list[list[int]]:
    """Ids of every unit with the opening and closing marks; an empty text has none.

    The tokenizer must neither truncate nor pad.
    """
    whole = bare(text, tokenizer)
    parts = sentences(text)
    cut = windows(whole, *WIDE)
    if len(parts) > 1 or len(whole) > NARROW[0]:
        cut += [window for part in parts for window in windows(bare(part, tokenizer), *NARROW)]
    start, *_, end = tokenizer.encode("", add_special_tokens=True).ids
    unique = dict.fromkeys(tuple(window) for window in cut)
    return [[start, *window, end] for window in unique]


def bare(text: str, tokenizer: Tokenizer) -> list[int]:
    """Ids of a text without marks."""
    ids: list[int] = tokenizer.encode(text, add_special_tokens=False).ids
    return ids


def windows(ids: Sequence[int], size: int, overlap: int) -> list[Sequence[int]]:
    """Overlapping windows that cover all ids; a short text is one window, an empty one has none."""
    cut: list[Sequence[int]] = []
    for start in range(0, len(ids), size - overlap):
        cut.append(ids[start : start + size])
        if start + size >= len(ids):
            break
    return cut


def sentences(text: str) -> list[str]:
    """The text cut after the white space that ends a sentence, and after full-width ends and line breaks."""
    cuts = [0, *(at for at in range(1, len(text)) if _ends_before(text, at)), len(text)]
    parts = [text[start:end] for start, end in pairwise(cuts)]
    return [part for part in parts if any(letter not in _SPACE for letter in part)]


def _ends_before(text: str, at: int) -> bool:
    if text[at - 1] in _HARD_ENDS:
        return True
    if text[at - 1] not in _SPACE:
        return False
    back = at - 1
    while back >= 0 and text[back] in _CLOSERS:
        back -= 1
    return back >= 0 and text[back] in _ENDS
