"""Step 2: LoRA on q and v learns to read the scene sentence, to ask for films and to decline.

Text only in the paper's sense: no video is decoded. The visual places are
filled with the embeddings of the scene sentence's words, blurred, or, where given,
with tokens that the abstractor made of training clips. Ordinary talk is distilled from
the base model, so that it stays what it was.
"""

from __future__ import annotations

import argparse
import json
import random
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt
import torch
from tokenizers import Tokenizer
from torch import nn
from transformers import LlamaForCausalLM

from gpt4video_training.abstractor.cache import TAUGHT
from gpt4video_training.curves import Curve
from gpt4video_training.data.lessons import Lesson, Teacher
from gpt4video_training.data.refusals import harmful_requests
from gpt4video_training.data.retrieval import Related, shuffled
from gpt4video_training.language.attention import use_masked_rows
from gpt4video_training.language.facts import concluding, fact_ids, so_id
from gpt4video_training.language.gguf_model import load_language_model, load_tokenizer
from gpt4video_training.language.imagine import as_read, imagined
from gpt4video_training.language.lora import attach, load_adapter, save_adapter
from gpt4video_training.language.ordinary import Manner, load_manner
from gpt4video_training.language.prompt import VISUAL_TOKENS
from gpt4video_training.language.rows import Batch, Row, RowWriter, collate
from gpt4video_training.safety.features import SentenceEncoder
from gpt4video_training.world.sampling import sample_scene
from gpt4video_training.world.scene import Scene


@dataclass(frozen=True)
class Seen:
    """Training clips as the abstractor sees them: `tokens` f16 [N,65,576] and their scenes."""

    tokens: npt.NDArray[np.float16]
    scenes: list[Scene]


class Material:
    """Draws rows with the visual tokens that belong to them."""

    def __init__(
        self,
        words: torch.Tensor,
        teacher: Teacher,
        writer: RowWriter,
        seen: Seen | None,
        rng: random.Random,
    ) -> None:
        self._words, self._teacher, self._writer = words, teacher, writer
        self._seen = seen
        self._rng = rng

    def draw(self, budget: int) -> tuple[Row, torch.Tensor]:
        """A row of at most about `budget` tokens and its visual tokens [clips,65,576]."""
        dice = self._rng.random()
        if dice < 0.17:
            return self._imagine(self._teacher.free(), budget)
        if dice < 0.20:
            return self._imagine(self._teacher.film_first(), budget)
        if dice < 0.56:
            return self._imagine(self._teacher.several(), budget)
        if self._seen is not None and self._rng.random() < 0.5:
            index = self._rng.randrange(len(self._seen.tokens))
            tokens = torch.from_numpy(self._seen.tokens[index].astype(np.float32))
            lesson = self._teacher.one(as_read(self._seen.scenes[index], tokens, self._words))
            return self._writer.write(lesson, budget), tokens[None]
        scene = shuffled(sample_scene(self._rng, mix=TAUGHT), self._rng)
        return self._imagine(self._teacher.one(scene), budget)

    def _imagine(self, lesson: Lesson, budget: int) -> tuple[Row, torch.Tensor]:
        width = self._words.shape[1]
        tokens = [imagined(scene, self._words, self._rng) for scene in lesson.scenes]
        visual = torch.stack(tokens) if tokens else torch.empty(0, VISUAL_TOKENS, width)
        return self._writer.write(lesson, budget), visual


@dataclass(frozen=True)
class Loss:
    """The mean over taught tokens, the share of tokens predicted right, the distance from the
    base on ordinary talk (KL, nats a token; 0 where there is none)."""

    value: torch.Tensor
    right: float
    drift: float


class Judge:
    """Loss of a batch: likelihood of taught words, words of fact counting double and those of a
    conclusion five times, and on ordinary talk the divergence from the base's opinion."""

    def __init__(self, model: LlamaForCausalLM, tokenizer: Tokenizer, states: torch.Tensor) -> None:
        self._model, self._states, self._so = model, states, so_id(tokenizer)
        self._weight = torch.ones(model.config.vocab_size)
        self._weight[fact_ids(tokenizer)] = 2.0

    def __call__(self, batch: Batch) -> Loss:
        hidden = self._model.model(
            inputs_embeds=batch.embeds,
            attention_mask=batch.bias,
            position_ids=batch.places,
            use_cache=False,
        ).last_hidden_state[:, :-1]
        wanted, manner = batch.labels[:, 1:], batch.manner[:, 1:]
        said = (wanted >= 0) & (manner < 0)
        kept = manner >= 0
        logits = self._model.lm_head(hidden[said]).float()
        weight = self._weight[wanted[said]]
        weight = weight.masked_fill(concluding(wanted, self._so)[said], 5.0)
        each = nn.functional.cross_entropy(logits, wanted[said], reduction="none")
        total = (each * weight).sum()
        drift = torch.zeros(())
        if bool(kept.any()):
            drift = self._drift(hidden[kept], manner[kept])
            total = total + 2 * drift
        right = float((logits.argmax(-1) == wanted[said]).float().mean())
        count = max(1, int(kept.sum()))
        return Loss(total / (weight.sum() + 2 * kept.sum()), right, float(drift) / count)

    def _drift(self, hidden: torch.Tensor, manner: torch.Tensor) -> torch.Tensor:
        with torch.no_grad():
            base = self._model.lm_head(self._states[manner].to(hidden.dtype)).float()
        ours = self._model.lm_head(hidden).float()
        return nn.functional.kl_div(
            ours.log_softmax(-1), base.log_softmax(-1), reduction="sum", log_target=True
        )


@dataclass(frozen=True)
class Plan:
    """How long, how large, how fast; `budget` are tokens a row."""

    minutes: float
    batch: int = 3
    budget: int = 448
    rate: float = 1e-3
    save_every: int = 10
    keep_every: int = 100


def train(
    model: LlamaForCausalLM,
    learned: list[nn.Parameter],
    step_loss: Callable[[], Loss],
    out: Path,
    plan: Plan,
) -> None:
    """Writes `lora.safetensors` and the optimiser's state as it goes, and goes on from them; the
    rate falls to zero as a cosine over all sittings together. Some adapters on the way are kept, to
    choose from by `evaluate.choose`."""
    adapter, state = out / "lora.safetensors", out / "state.pt"
    optimiser = torch.optim.AdamW(learned, lr=plan.rate, weight_decay=0.0, betas=(0.9, 0.98))
    step, before = 0, 0.0
    if state.exists():
        load_adapter(model, adapter)
        stored = torch.load(state)
        optimiser.load_state_dict(stored["optimiser"])
        step, before = stored["step"], stored["seconds"]
    curve, start = Curve(out / "lora"), time.time()
    model.train()
    while (seconds := before + time.time() - start) < 60 * plan.minutes:
        shape = 0.5 * (1 + np.cos(np.pi * seconds / (60 * plan.minutes)))
        for group in optimiser.param_groups:
            group["lr"] = plan.rate * min(1.0, (step + 1) / 20) * max(0.02, float(shape))
        loss = step_loss()
        optimiser.zero_grad()
        loss.value.backward()
        nn.utils.clip_grad_norm_(learned, 1.0)
        optimiser.step()
        curve.add(step, loss=loss.value.item(), right=loss.right, drift=loss.drift)
        step += 1
        if step % 10 == 0:
            print(f"step {step} {curve.recent(10)} {seconds:.0f} s", flush=True)
        if step % plan.save_every == 0:
            save_adapter(model, adapter)
            torch.save(
                {"optimiser": optimiser.state_dict(), "step": step, "seconds": seconds}, state
            )
        if step % plan.keep_every == 0:
            save_adapter(model, out / f"lora-{step:05d}.safetensors")
    save_adapter(model, adapter)
    curve.plot()


def load_seen(folder: Path) -> Seen:
    """`tokens.npy` beside the clip cache's scenes."""
    lines = (folder / "scenes.jsonl").read_text().splitlines()
    scenes = [Scene.from_dict(json.loads(line)) for line in lines]
    return Seen(np.load(folder / "tokens.npy", mmap_mode="r"), scenes)


def step_of(
    model: LlamaForCausalLM, tokenizer: Tokenizer, material: Material, manner: Manner, plan: Plan
) -> Callable[[], Loss]:
    """One step's loss on freshly drawn rows."""
    table = model.lm_head.weight.detach()  # tied to the input embeddings
    states = torch.from_numpy(np.concatenate(manner.states).astype(np.float32))
    starts = np.cumsum([0, *(len(each) for each in manner.states)]).tolist()
    judge = Judge(model, tokenizer, states)

    def step() -> Loss:
        rows = [material.draw(plan.budget) for _ in range(plan.batch)]
        return judge(collate(rows, table, starts))

    return step


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--gguf", type=Path, required=True)
    parser.add_argument("--words", type=Path, required=True)
    parser.add_argument("--ordinary", type=Path, required=True)
    parser.add_argument("--data", type=Path, required=True, help="holds safety/")
    parser.add_argument("--bundle", type=Path, required=True, help="holds MiniLM for retrieval")
    parser.add_argument("--seen", type=Path, help="clip cache with tokens.npy")
    parser.add_argument("--start", type=Path, help="an adapter to begin from")
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--minutes", type=float, default=90)
    parser.add_argument("--rate", type=float, default=1e-3)
    parser.add_argument("--batch", type=int, default=3)
    parser.add_argument("--threads", type=int, default=1)
    parser.add_argument("--seed", type=int, default=5)
    args = parser.parse_args()
    torch.manual_seed(args.seed)
    torch.set_num_threads(args.threads)
    args.out.mkdir(parents=True, exist_ok=True)
    rng = random.Random(args.seed)
    model = load_language_model(args.gguf).bfloat16()
    use_masked_rows(model)
    learned = attach(model)
    if args.start:
        load_adapter(model, args.start)
    tokenizer = load_tokenizer(args.gguf)
    manner = load_manner(args.ordinary)
    related = Related(SentenceEncoder(args.bundle), rng)
    teacher = Teacher(manner.rows, harmful_requests(args.data / "safety"), related.group, rng)
    seen = load_seen(args.seen) if args.seen else None
    words = torch.load(args.words).float()
    material = Material(words, teacher, RowWriter(tokenizer), seen, rng)
    plan = Plan(minutes=args.minutes, batch=args.batch, rate=args.rate)
    train(model, learned, step_of(model, tokenizer, material, manner, plan), args.out, plan)


if __name__ == "__main__":
    main()
