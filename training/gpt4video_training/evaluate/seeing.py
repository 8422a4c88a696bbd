"""What the eyes alone get right: every slot of the scene sentence, by the number of actors.

Real H.264 clips of unseen compositions pass through `vision.onnx` and `abstractor.onnx`; the
language model is not run, each token counts as the nearest word that its slot allows.
"""

from __future__ import annotations

import argparse
import json
import random
from collections import defaultdict
from pathlib import Path

import numpy as np
import torch

from gpt4video_training.abstractor.losses import WordLoss
from gpt4video_training.data.slots import SLOTS, targets
from gpt4video_training.evaluate.bundle import Eyes
from gpt4video_training.evaluate.clips import clip_of
from gpt4video_training.world.sampling import sample_scene

Table = dict[str, dict[str, float]]


def measure(eyes: Eyes, words: torch.Tensor, split: str, clips: int, seed: int) -> Table:
    """Share right by kind of slot ("subject", "first" …) and number of actors ("1", "2", "3")."""
    rng, loss = random.Random(seed), WordLoss(words)
    cells: dict[str, dict[str, list[bool]]] = defaultdict(lambda: defaultdict(list))
    for _ in range(clips):
        scene = sample_scene(rng, split)
        tokens = torch.from_numpy(eyes.see(clip_of(scene)))[None]
        right = loss(tokens, torch.tensor(targets(scene))[None])[2][0].tolist()
        crowd = str(len(scene.actors))
        for slot, hit in zip(SLOTS, right, strict=True):
            if slot.actor is None or slot.actor < len(scene.actors):
                cells[slot.name.rstrip("ABC")][crowd].append(hit)
        cells["everything"][crowd].append(all(right))
    return {
        kind: {crowd: round(float(np.mean(hits)), 4) for crowd, hits in sorted(row.items())}
        for kind, row in cells.items()
    }


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--bundle", type=Path, required=True)
    parser.add_argument("--words", type=Path, required=True)
    parser.add_argument("--report", type=Path, required=True)
    parser.add_argument("--clips", type=int, default=400)
    args = parser.parse_args()
    eyes, words = Eyes(args.bundle), torch.load(args.words).float()
    tables = {split: measure(eyes, words, split, args.clips, 107) for split in ("test", "backdrops")}
    report = {"command": "make seeing", "clips": args.clips, **tables}
    args.report.mkdir(parents=True, exist_ok=True)
    (args.report / "seeing.json").write_text(json.dumps(report, indent=2) + "\n")
    lines = ["| slot | split | one actor | two | three |", "| --- | --- | ---: | ---: | ---: |"]
    for split, table in tables.items():
        for kind, row in table.items():
            shown = " | ".join(f"{100 * row[c]:.1f} %" if c in row else "" for c in "123")
            lines.append(f"| {kind} | {split} | {shown} |")
    (args.report / "seeing.md").write_text("\n".join(lines) + "\n")
    print("\n".join(lines))


if __name__ == "__main__":
    main()
