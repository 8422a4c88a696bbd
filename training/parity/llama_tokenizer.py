"""LLaMA's kind of SentencePiece vocabulary by Google's `sentencepiece`, for scripts/parity/llama-tokenizer.mjs.

LLaMA's own file must not be passed on; Mistral-7B's (Apache-2.0) has the same 32,000 places, byte pairs, byte fallback and
dummy prefix. Run with a wheel that carries it:
    pip download --no-deps mistral_common==1.5.4
    python llama_tokenizer.py mistral_common-1.5.4-py3-none-any.whl
The fixture keeps the pieces that the texts can meet, each under its id: a piece that occurs in no text can never arise.
"""

from __future__ import annotations

import sys
import zipfile
from typing import Any

from adversarial_texts import TRICKY, mixtures
from fixture import write
from sentencepiece import SentencePieceProcessor
from sentencepiece import sentencepiece_model_pb2 as proto

CHAT = [
    "USER: What is in the video? ASSISTANT:",
    "  two spaces", "trailing  ", "\n", "\n\n\n", " \n ", "a\n\nb", "▁ is a character too", "▁▁", "<s>", "</s>", "<unk>",
    "<0x0A>", "<0xFF> is text", "\u0000\u0001", "\ufffd\U0010ffff", "ab" * 60, " " * 33, "\u2581\u00a0\u3000", "def f(x):\n\treturn  x",
]  # fmt: skip


def case(model: proto.ModelProto, texts: list[str]) -> dict[str, Any]:
    whole = SentencePieceProcessor(model_proto=model.SerializeToString())
    everything = "\n".join("▁" + text.replace(" ", "▁") for text in texts)
    kept = [
        [index, piece.piece, piece.score, piece.type]
        for index, piece in enumerate(model.pieces)
        if piece.type != piece.NORMAL or piece.piece in everything
    ]
    expected = [whole.encode(text) for text in texts]
    return {
        "geometry": f"{len(texts)} texts, {sum(map(len, expected)):,} tokens, {len(model.pieces):,}-piece vocabulary",
        "size": len(model.pieces),
        "pieces": [piece for piece in kept if piece[3] != proto.ModelProto.SentencePiece.BYTE],
        "firstByte": next(index for index, piece in enumerate(model.pieces) if piece.piece == "<0x00>"),
        "texts": texts,
        "ids": expected,
    }


if __name__ == "__main__":
    with zipfile.ZipFile(sys.argv[1]) as archive:
        model = proto.ModelProto.FromString(archive.read("mistral_common/data/tokenizer.model.v1"))
    assert model.trainer_spec.model_type == model.trainer_spec.BPE and model.normalizer_spec.name == "identity"
    texts = TRICKY + CHAT + mixtures(200, seed=6)
    write(
        "llama-tokenizer",
        __file__,
        {name: case(model, part) for name, part in {"small": TRICKY[:6], "full": texts}.items()},
    )
