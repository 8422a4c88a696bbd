"""Trains the teacher and writes its answers, to the training rows and to texts that nobody labelled."""

from __future__ import annotations

import argparse
from pathlib import Path

import torch

from gpt4video_training.safety.answers import save_answers
from gpt4video_training.safety.examples import Examples
from gpt4video_training.safety.fit import Rates, fit, logits_of
from gpt4video_training.safety.measure import operating_points
from gpt4video_training.safety.prepare import labelled, unlabelled, with_unlabelled
from gpt4video_training.safety.states import StateCache
from gpt4video_training.safety.teacher import Teacher, TeacherEncoder


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--work", type=Path, required=True)
    parser.add_argument("--teacher", type=Path, required=True, help="the folder of all-mpnet-base-v2")
    parser.add_argument("--epochs", type=int, default=2)
    parser.add_argument("--rate", type=float, default=5e-5)
    parser.add_argument(
        "--start", type=Path, help="go on from this `teacher.pt`; with no epochs, only answer"
    )
    parser.add_argument("--seed", type=int, default=0)
    args = parser.parse_args()
    torch.manual_seed(args.seed)
    rows, parts = labelled(args.data)
    everything, with_more = with_unlabelled(rows, parts, unlabelled(args.data, rows, parts))
    asked = with_more["train"]
    cache = StateCache(TeacherEncoder(args.teacher), args.work / "states")
    examples = Examples(everything, cache)
    teacher = Teacher(args.teacher)
    if args.start:
        teacher.load_state_dict(torch.load(args.start, weights_only=True))

    def report(epoch: int, loss: float) -> None:
        harm = logits_of(teacher, examples, parts["calibrate"])[:, 0]
        found = operating_points([examples.rows[index] for index in parts["calibrate"]], harm)
        print(f"epoch {epoch}: loss {loss:.4f}, recall {found} at these false refusals", flush=True)
        torch.save(teacher.state_dict(), args.work / "teacher.pt")

    rates = Rates(args.rate, 20 * args.rate)
    if args.epochs:
        fit(teacher, examples, [parts["train"]] * args.epochs, rates, args.seed, report)
    texts = [examples.rows[index].text for index in asked]
    save_answers(args.work / "answers.npz", texts, logits_of(teacher, examples, asked))


if __name__ == "__main__":
    main()
