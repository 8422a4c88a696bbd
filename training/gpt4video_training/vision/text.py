"""The text tower: captions to hidden states for the film model and to CLIP space."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import torch
from tokenizers import Tokenizer, decoders, models, pre_tokenizers, processors, trainers
from torch import nn

from gpt4video_training.vision.layers import Block

MAX_TOKENS = 32
PAD, BOS, EOS = "<pad>", "<bos>", "<eos>"


def train_tokenizer(captions: Sequence[str], vocabulary: int = 4096) -> Tokenizer:
    """Byte-level BPE with pad id 0, BOS 1 and EOS 2 around every text, fixed to 32 tokens."""
    tokenizer = Tokenizer(models.BPE())
    tokenizer.pre_tokenizer = pre_tokenizers.ByteLevel(add_prefix_space=True)
    tokenizer.decoder = decoders.ByteLevel()
    trainer = trainers.BpeTrainer(
        vocab_size=vocabulary,
        special_tokens=[PAD, BOS, EOS],
        initial_alphabet=pre_tokenizers.ByteLevel.alphabet(),
        min_frequency=2,
        show_progress=False,
    )
    tokenizer.train_from_iterator(captions, trainer)
    tokenizer.post_processor = processors.TemplateProcessing(
        single=f"{BOS} $A {EOS}", special_tokens=[(BOS, 1), (EOS, 2)]
    )
    tokenizer.enable_truncation(MAX_TOKENS)
    tokenizer.enable_padding(pad_id=0, pad_token=PAD, length=MAX_TOKENS)
    return tokenizer


class CaptionTokenizer:
    """Texts to `input_ids` and `attention_mask`, both int64 [N,32]."""

    def __init__(self, path: Path) -> None:
        self._tokenizer = Tokenizer.from_file(str(path))

    @property
    def size(self) -> int:
        return self._tokenizer.get_vocab_size()

    def word(self, token: int) -> str:
        """The text of one token, without the space before it."""
        return str(self._tokenizer.decode([token])).strip()

    def __call__(self, texts: Sequence[str]) -> tuple[torch.Tensor, torch.Tensor]:
        encoded = self._tokenizer.encode_batch([text.lower() for text in texts])
        ids = torch.tensor([item.ids for item in encoded])
        return ids, torch.tensor([item.attention_mask for item in encoded])


class TextEncoder(nn.Module):
    """ids [N,T], mask [N,T], T at most 32 -> hidden [N,T,256], pooled [N,256] (unit length)."""

    def __init__(
        self, vocabulary: int, width: int = 256, layers: int = 3, heads: int = 4, shared: int = 256
    ) -> None:
        super().__init__()
        self.token = nn.Embedding(vocabulary, width)
        self.position = nn.Parameter(torch.empty(1, MAX_TOKENS, width))
        self.blocks = nn.ModuleList(Block(width, heads) for _ in range(layers))
        self.norm = nn.LayerNorm(width)
        self.projection = nn.Linear(width, shared, bias=False)
        nn.init.trunc_normal_(self.position, std=0.02)
        nn.init.normal_(self.token.weight, std=0.02)

    def forward(
        self, input_ids: torch.Tensor, attention_mask: torch.Tensor
    ) -> tuple[torch.Tensor, torch.Tensor]:
        hidden = self.norm(self.layers(input_ids, attention_mask)[-1])
        return hidden, self.pool(hidden)

    def layers(
        self, input_ids: torch.Tensor, attention_mask: torch.Tensor
    ) -> list[torch.Tensor]:
        """What every block leaves, [N,T,256] each, before the last normalisation."""
        length = input_ids.shape[1]
        # A slice of everything would take its name from the table in the exported graph.
        position = self.position if length == MAX_TOKENS else self.position[:, :length]
        x = self.token(input_ids) + position
        mask = (attention_mask > 0)[:, None, None, :]
        left = []
        for block in self.blocks:
            x = block(x, mask)
            left.append(x)
        return left

    def pool(self, hidden: torch.Tensor) -> torch.Tensor:
        """The first token's state in CLIP space, unit length."""
        return nn.functional.normalize(self.projection(hidden[:, 0]), dim=-1)
