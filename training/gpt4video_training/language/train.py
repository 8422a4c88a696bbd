"""Step 2: LoRA on q and v learns to read the scene sentence, to ask for films and to decline.

Text only in the paper's sense: no video is decoded. The visual places are
filled with the embeddings of the scene sentence's words, blurred, or, where given,
with tokens that the abstractor made of training clips. Ordinary talk is distilled from
the base model, so that it stays what it was.
"""

from __future__ import annotations

import argparse
import math
import os
import time
from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
import torch
from torch import nn
from transformers import LlamaForCausalLM

from gpt4video_training.curves import Curve
from gpt4video_training.data.refusals import harmful_requests
from gpt4video_training.devices import add_device
from gpt4video_training.language.attention import use_masked_rows
from gpt4video_training.language.feed import Feed, Supplies, batches
from gpt4video_training.language.gguf_model import load_language_model, load_tokenizer
from gpt4video_training.language.judge import Judge, Loss
from gpt4video_training.language.lora import attach, load_adapter, save_adapter
from gpt4video_training.language.ordinary import load_answers, load_manner, states_of
from gpt4video_training.language.seen import load_seen


@dataclass(frozen=True)
class Plan:
    """How long, how large, how fast; `budget` are tokens a row, `warm` the steps to the full rate."""

    minutes: float = 90
    batch: int = 3
    budget: int = 448
    rate: float = 1e-3
    warm: int = 20
    save_every: int = 10
    keep_every: int = 100


# The second goes on from a trained adapter, in many more and larger steps.
PLANS = {
    "cpu": Plan(),
    "gpu": Plan(minutes=8, batch=32, rate=6e-4, warm=100, save_every=250, keep_every=1000),
}


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
        stored = torch.load(state, map_location=model.device)
        optimiser.load_state_dict(stored["optimiser"])
        step, before = stored["step"], stored["seconds"]
    curve, start, fresh = Curve(out / "lora"), time.time(), []
    model.train()
    while (seconds := before + time.time() - start) < 60 * plan.minutes:
        shape = 0.5 * (1 + np.cos(np.pi * seconds / (60 * plan.minutes)))
        for group in optimiser.param_groups:
            group["lr"] = plan.rate * min(1.0, (step + 1) / plan.warm) * max(0.02, float(shape))
        loss = step_loss()
        optimiser.zero_grad()
        loss.value.backward()
        nn.utils.clip_grad_norm_(learned, 1.0)
        optimiser.step()
        fresh.append(loss.figures())
        step += 1
        if step % 10 == 0:
            _note(curve, step, fresh)
            print(f"step {step} {curve.recent(10)} {seconds:.0f} s", flush=True)
        if step % plan.save_every == 0:
            save_adapter(model, adapter)
            torch.save(
                {"optimiser": optimiser.state_dict(), "step": step, "seconds": seconds}, state
            )
        if step % plan.keep_every == 0:
            save_adapter(model, out / f"lora-{step:05d}.safetensors")
    _note(curve, step, fresh)
    save_adapter(model, adapter)
    curve.plot()


def _note(curve: Curve, step: int, fresh: list[torch.Tensor]) -> None:
    """Reads the last steps' figures at once, as each reading waits for the device; empties `fresh`."""
    if not fresh:
        return
    for at, (value, right, drift) in enumerate(torch.stack(fresh).tolist(), start=step - len(fresh)):
        if not math.isfinite(value):
            raise FloatingPointError(f"the loss of step {at} is {value}")
        curve.add(at, loss=value, right=right, drift=drift)
    fresh.clear()


def steps_done(out: Path) -> int:
    """What an earlier sitting left."""
    state = out / "state.pt"
    return int(torch.load(state, map_location="cpu")["step"]) if state.exists() else 0


def arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--gguf", type=Path, required=True)
    parser.add_argument("--words", type=Path, required=True)
    parser.add_argument("--ordinary", type=Path, required=True, help="its states are made if not beside it")
    parser.add_argument("--data", type=Path, required=True, help="holds safety/")
    parser.add_argument("--bundle", type=Path, required=True, help="holds MiniLM for retrieval")
    parser.add_argument("--seen", type=Path, help="clip cache with tokens.npy, or language.seen's folder")
    parser.add_argument("--start", type=Path, help="an adapter to begin from")
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--preset", choices=PLANS, default="cpu")
    parser.add_argument("--minutes", type=float)
    parser.add_argument("--rate", type=float)
    parser.add_argument("--batch", type=int)
    add_device(parser)
    parser.add_argument("--pool", type=int, help="scenes of each drawer that go together")
    parser.add_argument("--threads", type=int, default=1)
    parser.add_argument("--seed", type=int, default=5)
    return parser.parse_args()


def main() -> None:
    args = arguments()
    given = {name: getattr(args, name) for name in ("minutes", "rate", "batch")}
    plan = replace(PLANS[args.preset], **{name: value for name, value in given.items() if value is not None})
    os.environ["TOKENIZERS_PARALLELISM"] = "false"
    torch.manual_seed(args.seed)
    torch.set_num_threads(args.threads)
    args.out.mkdir(parents=True, exist_ok=True)
    tokenizer, answers = load_tokenizer(args.gguf), load_answers(args.ordinary)
    supplies = Supplies(
        tokenizer,
        torch.load(args.words).float(),
        answers,
        harmful_requests(args.data / "safety"),
        args.bundle,
        load_seen(args.seen) if args.seen else None,
        # Many drawers have many scenes between them.
        args.pool or (1000 if args.workers else 3000),
    )
    feed = Feed(supplies, plan.batch, plan.budget, args.seed, steps_done(args.out))
    # Workers are forked here, before the device is touched.
    drawn = batches(feed, args.workers, pinned=args.device.type == "cuda")
    model = load_language_model(args.gguf).bfloat16().to(args.device)
    if args.ordinary.with_suffix(".npz").exists():
        states = torch.from_numpy(np.concatenate(load_manner(args.ordinary).states))
    else:
        states = states_of(model, tokenizer, answers)
    use_masked_rows(model)
    learned = attach(model)
    if args.start:
        load_adapter(model, args.start)
    judge = Judge(model, states)
    train(model, learned, lambda: judge(next(drawn)), args.out, plan)


if __name__ == "__main__":
    main()
