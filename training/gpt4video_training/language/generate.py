"""Greedy answers from token ids or from input embeddings, in batches."""

from __future__ import annotations

from collections.abc import Sequence

import torch
from transformers import DynamicCache, LlamaForCausalLM

EOS = 2


def greedy(model: LlamaForCausalLM, prompts: Sequence[list[int]], limit: int) -> list[list[int]]:
    """Answers as token ids without the end token, one per prompt."""
    table = model.get_input_embeddings()
    return greedy_embedded(model, [table(torch.tensor(ids)) for ids in prompts], limit)


@torch.inference_mode()
def greedy_embedded(
    model: LlamaForCausalLM, prompts: Sequence[torch.Tensor], limit: int
) -> list[list[int]]:
    """The same from input embeddings, each [length,576]; shorter prompts are padded left."""
    longest = max(len(prompt) for prompt in prompts)
    dtype = model.dtype
    embeds = torch.zeros(len(prompts), longest, prompts[0].shape[1], dtype=dtype)
    mask = torch.zeros(len(prompts), longest, dtype=torch.long)
    for row, prompt in enumerate(prompts):
        embeds[row, longest - len(prompt) :] = prompt.to(dtype)
        mask[row, longest - len(prompt) :] = 1
    cache = DynamicCache()
    position = (mask.cumsum(1) - 1).clamp(min=0)
    done = torch.zeros(len(prompts), dtype=torch.bool)
    answers: list[list[int]] = [[] for _ in prompts]
    for _ in range(limit):
        hidden = model.model(
            inputs_embeds=embeds, attention_mask=mask, position_ids=position, past_key_values=cache
        ).last_hidden_state
        chosen = model.lm_head(hidden[:, -1]).float().argmax(-1)
        done |= chosen == EOS
        if bool(done.all()):
            break
        for row in torch.nonzero(~done).flatten().tolist():
            answers[row].append(int(chosen[row]))
        embeds = model.get_input_embeddings()(chosen)[:, None]
        mask = torch.cat([mask, torch.ones(len(prompts), 1, dtype=torch.long)], dim=1)
        position = position[:, -1:] + 1
    return answers
