"""What time embeddings are for: order read off by our abstractor and by the paper's, trained alike.

Clips of two events and the same clips run backwards, compositions unseen, through H.264. Of each
clip it is asked whether its tokens lie nearer to its own sentence or to its twin's (a coin gets
50 %), whether every motion is the right one, and what the language model answers to the question
in which order things happen.
"""

from __future__ import annotations

import argparse
import json
import random
from dataclasses import asdict, dataclass
from pathlib import Path

import numpy as np
import torch

from gpt4video_training.abstractor.cache import encode, load_vision
from gpt4video_training.abstractor.losses import MOVES, POSITIONS, WordLoss
from gpt4video_training.abstractor.model import Abstractor
from gpt4video_training.data.questions import order
from gpt4video_training.data.slots import as_told, targets
from gpt4video_training.evaluate.bundle import Voice
from gpt4video_training.evaluate.clips import clip_of
from gpt4video_training.evaluate.sight import Sight
from gpt4video_training.evaluate.understanding import score, twins
from gpt4video_training.world.sampling import sample_scene
from gpt4video_training.world.scene import Scene, reversed_twin


@dataclass(frozen=True)
class Row:
    """Shares right of clips, as in the module's text."""

    own_sentence: float
    every_motion: float
    answers: float


def load(folder: Path, timed: bool) -> Abstractor:
    model = Abstractor(time_embeddings=timed)
    model.load_state_dict(torch.load(folder / "abstractor.pt"))
    return model.eval().requires_grad_(False)


def ordered_pairs(count: int, seed: int) -> list[tuple[Scene, Scene]]:
    """Clips of two events in an order, each with its reversed twin."""
    rng, pairs = random.Random(seed), list[tuple[Scene, Scene]]()
    while len(pairs) < count:
        scene = sample_scene(rng, "test")
        twin = reversed_twin(scene)
        if twin is not None and order(as_told(scene), rng) is not None:
            pairs.append((scene, twin))
    return pairs


def read(see: Sight, words: WordLoss, pairs: list[tuple[Scene, Scene]]) -> tuple[float, float]:
    """Shares of clips whose own sentence is nearer than the twin's, and whose motions are all right."""
    nearer, moves = [], []
    for pair in pairs:
        for scene, twin in (pair, pair[::-1]):
            logits = words.logits(torch.from_numpy(see(scene)[1][POSITIONS])[None])[0].log_softmax(-1)
            own, other = (torch.tensor(targets(s))[POSITIONS] for s in (scene, twin))
            gap = logits.gather(1, own[:, None]) - logits.gather(1, other[:, None])
            nearer.append(float(gap.sum()) > 0)
            moves.append(bool((logits.argmax(-1) == own)[MOVES].all()))
    return float(np.mean(nearer)), float(np.mean(moves))


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--work", type=Path, required=True, help="folder with clip.pt")
    parser.add_argument("--ours", type=Path, required=True, help="folder with abstractor.pt")
    parser.add_argument("--papers", type=Path, required=True, help="the same of --blind")
    parser.add_argument("--words", type=Path, required=True)
    parser.add_argument("--bundle", type=Path, required=True, help="its adapter answers")
    parser.add_argument("--gguf", type=Path, required=True)
    parser.add_argument("--report", type=Path, required=True)
    parser.add_argument("--pairs", type=int, default=100)
    parser.add_argument("--asked", type=int, default=30, help="pairs about which questions are asked")
    parser.add_argument("--steps", type=int, required=True, help="how long both were trained")
    args = parser.parse_args()
    vision, words = load_vision(args.work), WordLoss(torch.load(args.words).float())
    voice = Voice(args.gguf, args.bundle / "lora.safetensors")
    rows: dict[str, Row] = {}
    for name, timed, folder in (("ours", True, args.ours), ("the paper's", False, args.papers)):
        model = load(folder, timed)

        def see(scene: Scene, model: Abstractor = model) -> tuple[Scene, np.ndarray]:
            features = torch.from_numpy(encode(vision, clip_of(scene)[None]).astype(np.float32))
            return as_told(scene), model(features)[0].numpy()

        own, moves = read(see, words, ordered_pairs(args.pairs, 109))
        asked = score(voice, twins(see, args.asked, seed=110)).table["all"]["right"]
        rows[name] = Row(round(own, 4), round(moves, 4), asked)
        print(name, rows[name], flush=True)
    report = {"command": f"make order STEPS={args.steps}", "clips": 2 * args.pairs, "asked": 2 * args.asked,
              "rows": {name: asdict(row) for name, row in rows.items()}}  # fmt: skip
    (args.report / "order.json").write_text(json.dumps(report, indent=2) + "\n")
    (args.report / "order.md").write_text(table(rows, args.steps))


def table(rows: dict[str, Row], steps: int) -> str:
    """Markdown."""
    lines = [
        f"| abstractor, {steps} steps on the same clips | own sentence nearer than the twin's (a coin: 50 %)"
        " | every motion right | order questions answered |",
        "| --- | ---: | ---: | ---: |",
    ]
    for name, row in rows.items():
        shares = " | ".join(f"{100 * share:.1f} %" for share in asdict(row).values())
        lines.append(f"| {name} | {shares} |")
    return "\n".join(lines) + "\n"


if __name__ == "__main__":
    main()
