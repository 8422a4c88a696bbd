"""Step 2: LoRA on q and v learns to read the scene sentence, to ask for films and to decline.

Text only in the paper's sense: no video is decoded. The visual places are
filled with the embeddings of the scene sentence's words or, where given, with
tokens that the abstractor made of training clips, mistakes included.
"""

from __future__ import annotations

import argparse
import random
import time
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt
import torch
from tokenizers import Tokenizer
from torch import nn
from transformers import LlamaForCausalLM

from gpt4video_training.curves import Curve
from gpt4video_training.data.dialogues import (
    Dialogue,
    Ordinary,
    clip_dialogue,
    free_dialogue,
)
from gpt4video_training.data.slots import FILLER, SLOTS, VOCABULARY, targets
from gpt4video_training.language.gguf_model import load_language_model, load_tokenizer
from gpt4video_training.language.lora import attach, load_adapter, save_adapter
from gpt4video_training.language.ordinary import load_ordinary
from gpt4video_training.language.prompt import VISUAL_TOKENS, Encoded, encode_dialogue
from gpt4video_training.world.sampling import sample_scene
from gpt4video_training.world.scene import Scene


@dataclass(frozen=True)
class Seen:
    """Training clips as the abstractor sees them: `tokens` f16 [N,65,576] and their scenes."""

    tokens: npt.NDArray[np.float16]
    scenes: list[Scene]


class Material:
    """Draws dialogues with the visual tokens that belong to them."""

    def __init__(
        self, words: torch.Tensor, ordinary: list[Ordinary], seen: Seen | None, seed: int
    ) -> None:
        self._words = words
        self._ordinary = ordinary
        self._seen = seen
        self._rng = random.Random(seed)

    def draw(self, turns: int) -> tuple[Dialogue, torch.Tensor]:
        """A dialogue and its visual tokens [clips,65,576]."""
        if self._rng.random() < 0.2:
            dialogue = free_dialogue(self._ordinary, self._rng)
            return dialogue, torch.empty(0, VISUAL_TOKENS, self._words.shape[1])
        if self._seen is not None and self._rng.random() < 0.6:
            index = self._rng.randrange(len(self._seen.tokens))
            scene = self._seen.scenes[index]
            tokens = torch.from_numpy(self._seen.tokens[index].astype(np.float32))
        else:
            scene = sample_scene(self._rng)
            tokens = self._imagined(scene)
        return clip_dialogue(scene, 0, self._rng, turns), tokens[None]

    def _imagined(self, scene: Scene) -> torch.Tensor:
        """The sentence's embeddings with doubt: some words lean towards another of their slot."""
        tokens = self._words[[*targets(scene), VOCABULARY.index(FILLER)]].clone()
        for slot in SLOTS:
            if self._rng.random() < 0.2:
                other = self._words[VOCABULARY.index(self._rng.choice(slot.words))]
                share = self._rng.uniform(0.05, 0.4)
                tokens[slot.position] = (1 - share) * tokens[slot.position] + share * other
        return tokens + torch.randn_like(tokens) * self._rng.uniform(0.0, 0.04)


@dataclass(frozen=True)
class Batch:
    """`embeds` [B,S,576], `mask` [B,S], `labels` [B,S] with -100 where nothing is taught."""

    embeds: torch.Tensor
    mask: torch.Tensor
    labels: torch.Tensor


def collate(
    items: list[tuple[Encoded, torch.Tensor]], table: nn.Module
) -> Batch:
    """Pads right; visual runs take the place of their gaps."""
    longest = max(len(encoded.ids) for encoded, _ in items)
    ids = torch.full((len(items), longest), 2)
    mask = torch.zeros(len(items), longest, dtype=torch.long)
    labels = torch.full((len(items), longest), -100)
    for row, (encoded, _) in enumerate(items):
        length = len(encoded.ids)
        ids[row, :length] = torch.tensor(encoded.ids)
        mask[row, :length] = 1
        learn = torch.tensor(encoded.learn)
        labels[row, :length][learn] = ids[row, :length][learn]
    embeds: torch.Tensor = table(ids).detach().clone()
    for row, (encoded, visual) in enumerate(items):
        for position, clip in encoded.clips:
            embeds[row, position : position + VISUAL_TOKENS] = visual[clip].to(embeds.dtype)
    return Batch(embeds, mask, labels)


def loss_of(model: LlamaForCausalLM, batch: Batch) -> tuple[torch.Tensor, float]:
    """Mean negative log-likelihood of the taught tokens, and the share predicted right."""
    hidden = model.model(
        inputs_embeds=batch.embeds, attention_mask=batch.mask, use_cache=False
    ).last_hidden_state
    wanted = batch.labels[:, 1:]
    taught = wanted >= 0
    logits = model.lm_head(hidden[:, :-1][taught]).float()
    loss = nn.functional.cross_entropy(logits, wanted[taught])
    return loss, float((logits.argmax(-1) == wanted[taught]).float().mean())


@dataclass(frozen=True)
class Plan:
    """How long, how large, how fast."""

    minutes: float
    batch: int = 6
    turns: int = 9
    rate: float = 1e-3
    save_every: int = 10


def train(
    model: LlamaForCausalLM, tokenizer: Tokenizer, material: Material, out: Path, plan: Plan
) -> None:
    """Writes `lora.safetensors` as it goes and picks up an earlier one; lr falls to zero."""
    learned = attach(model)
    adapter = out / "lora.safetensors"
    if adapter.exists():
        load_adapter(model, adapter)
    model.train()
    optimiser = torch.optim.AdamW(learned, lr=plan.rate, weight_decay=0.0, betas=(0.9, 0.98))
    curve, start, step = Curve(out / "lora"), time.time(), 0
    while (progress := (time.time() - start) / (60 * plan.minutes)) < 1:
        rate = plan.rate * min(1.0, (step + 1) / 15) * min(1.0, 1.6 * (1 - progress))
        for group in optimiser.param_groups:
            group["lr"] = rate
        drawn = [material.draw(plan.turns) for _ in range(plan.batch)]
        items = [(encode_dialogue(tokenizer, dialogue), visual) for dialogue, visual in drawn]
        loss, right = loss_of(model, collate(items, model.get_input_embeddings()))
        optimiser.zero_grad()
        loss.backward()
        nn.utils.clip_grad_norm_(learned, 1.0)
        optimiser.step()
        curve.add(step, loss=loss.item(), right=right)
        step += 1
        if step % 10 == 0:
            print(f"step {step} {curve.recent(10)} {time.time() - start:.0f} s", flush=True)
        if step % plan.save_every == 0:
            save_adapter(model, adapter)
    save_adapter(model, adapter)
    curve.plot()


def load_seen(folder: Path) -> Seen:
    """`tokens.npy` beside the clip cache's scenes."""
    import json

    lines = (folder / "scenes.jsonl").read_text().splitlines()
    scenes = [Scene.from_dict(json.loads(line)) for line in lines]
    return Seen(np.load(folder / "tokens.npy", mmap_mode="r"), scenes)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--gguf", type=Path, required=True)
    parser.add_argument("--words", type=Path, required=True)
    parser.add_argument("--ordinary", type=Path, required=True)
    parser.add_argument("--seen", type=Path, help="clip cache with tokens.npy")
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--minutes", type=float, default=35)
    parser.add_argument("--rate", type=float, default=1e-3)
    parser.add_argument("--batch", type=int, default=6)
    parser.add_argument("--seed", type=int, default=5)
    args = parser.parse_args()
    torch.manual_seed(args.seed)
    args.out.mkdir(parents=True, exist_ok=True)
    model = load_language_model(args.gguf).to(torch.bfloat16)
    material = Material(
        torch.load(args.words).float(),
        load_ordinary(args.ordinary),
        load_seen(args.seen) if args.seen else None,
        args.seed,
    )
    plan = Plan(minutes=args.minutes, batch=args.batch, rate=args.rate)
    train(model, load_tokenizer(args.gguf), material, args.out, plan)


if __name__ == "__main__":
    main()
