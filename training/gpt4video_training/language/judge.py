"""What a batch costs: likelihood of what is taught, and nearness to the base on ordinary talk."""

from __future__ import annotations

from dataclasses import dataclass

import torch
from torch import nn
from transformers import LlamaForCausalLM

from gpt4video_training.language.batches import Batch, bias_of, embedded


@dataclass(frozen=True)
class Loss:
    """The mean over taught tokens, the share of tokens predicted right, the distance from the
    base on ordinary talk (KL, nats a token; 0 where there is none). Numbers stay on the device."""

    value: torch.Tensor
    right: torch.Tensor
    drift: torch.Tensor

    def figures(self) -> torch.Tensor:
        """All three, [3]."""
        return torch.stack([self.value.detach(), self.right, self.drift.detach()])


class Judge:
    """Loss of a batch: likelihood of taught words by their weights, and on ordinary talk the
    divergence from the base's opinion, given by its `states` [N,576]. Nothing waits for the device."""

    def __init__(self, model: LlamaForCausalLM, states: torch.Tensor) -> None:
        self._model, self._states = model, states.to(model.device, model.dtype)

    def __call__(self, sent: Batch) -> Loss:
        batch = sent.to(self._model.device)
        table = self._model.lm_head.weight.detach()  # tied to the input embeddings
        hidden = self._model.model(
            inputs_embeds=embedded(batch, table),
            attention_mask=bias_of(batch.parts, table.dtype),
            position_ids=batch.places,
            use_cache=False,
        ).last_hidden_state.flatten(0, 1)
        logits = self._model.lm_head(hidden.index_select(0, batch.said_at)).float()
        each = nn.functional.cross_entropy(logits, batch.wanted, reduction="none")
        total, kept = (each * batch.weight).sum(), len(batch.kept_at)
        drift = torch.zeros((), device=total.device)
        if kept:
            drift = self._drift(hidden.index_select(0, batch.kept_at), batch.manner)
            total = total + 2 * drift
        right = (logits.detach().argmax(-1) == batch.wanted).float().mean()
        return Loss(total / (batch.weight.sum() + 2 * kept), right, drift / max(1, kept))

    def _drift(self, hidden: torch.Tensor, manner: torch.Tensor) -> torch.Tensor:
        with torch.no_grad():
            base = self._model.lm_head(self._states[manner]).float()
        ours = self._model.lm_head(hidden).float()
        return nn.functional.kl_div(
            ours.log_softmax(-1), base.log_softmax(-1), reduction="sum", log_target=True
        )
