"""Questions in unseen wordings about unseen compositions, and the same without the clip.

`--perfect-tokens` gives the language model the true sentence instead of what the eyes see: then
the figures are those of reading alone.
"""

from __future__ import annotations

import argparse
import json
import random
from collections import defaultdict
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from gpt4video_training.data.dialogues import Dialogue
from gpt4video_training.data.pairs import ask_about, ask_pair
from gpt4video_training.data.questions import MAKERS, Question, order, what
from gpt4video_training.data.wordings import UNSEEN, Forms
from gpt4video_training.evaluate.bundle import Ask, Voice
from gpt4video_training.evaluate.match import has_form, is_right
from gpt4video_training.evaluate.sight import Sight, perfect_tokens, through_eyes
from gpt4video_training.world.sampling import sample_scene
from gpt4video_training.world.scene import Scene, reversed_twin


@dataclass(frozen=True)
class Exam:
    """Wordings and the split whose clips are asked about."""

    forms: Forms
    split: str


TEST = Exam(UNSEEN, "test")
SEED = 101
PAIR_GROUPS = ("two: which", "two: yes/no", "two: differ", "two: about one")


@dataclass(frozen=True)
class Item:
    """One question; `group` is the row of the table it counts in."""

    group: str
    question: Question
    ask: Ask


def questions_by_kind(sight: Sight, each: int, seed: int, exam: Exam = TEST) -> list[Item]:
    """`each` questions of every kind, each on a clip of its own."""
    rng = random.Random(seed)
    items: list[Item] = []
    for maker, _ in MAKERS:
        count = 0
        while count < each:
            scene = sample_scene(rng, exam.split)
            told, tokens = sight(scene)
            question = maker(told, rng, exam.forms)
            if question is None:
                continue
            count += 1
            items.append(Item(question.kind, question, Ask(question.text, (tokens,))))
    return items


def questions_on_two(sight: Sight, each: int, seed: int, exam: Exam = TEST) -> list[Item]:
    """`each` questions of every kind that needs two clips: half the time both are shown at once,
    else the second comes after the first was talked about."""
    rng = random.Random(seed)
    counts = dict.fromkeys(PAIR_GROUPS, 0)
    items: list[Item] = []
    while min(counts.values()) < each:
        scenes = (sample_scene(rng, exam.split), sample_scene(rng, exam.split))
        seen = [sight(scene) for scene in scenes]
        one, other = (told for told, _ in seen)
        about = counts["two: about one"] < each and rng.random() < 0.3
        question = (
            ask_about((one, other), rng, exam.forms) if about else ask_pair(one, other, rng, exam.forms)
        )
        group = "two: about one" if about else question.kind
        if counts[group] >= each:
            continue
        counts[group] += 1
        clips = tuple(tokens for _, tokens in seen)
        history = None
        if rng.random() < 0.5:
            first = what(one, rng, exam.forms)
            history = Dialogue(((first.text, first.answer),), ((0, 0),))
        ask = Ask(question.text, clips, history, 1 if history else 0)
        items.append(Item(group, question, ask))
    return items


def twins(sight: Sight, pairs: int, seed: int, exam: Exam = TEST) -> list[Item]:
    """The whole-order question on ordered clips and on the same clips run backwards."""
    rng = random.Random(seed)
    items: list[Item] = []
    while len(items) < 2 * pairs:
        scene = sample_scene(rng, exam.split)
        twin = reversed_twin(scene)
        if twin is None or _order_question(scene, exam) is None:
            continue
        for each, name in ((scene, "ordered"), (twin, "reversed")):
            told, tokens = sight(each)
            question = _order_question(told, exam)
            if question is not None:
                items.append(Item(f"order, {name}", question, Ask(question.text, (tokens,))))
    return items


def _order_question(scene: Scene, exam: Exam) -> Question | None:
    rng = random.Random(0)
    for _ in range(40):
        question = order(scene, rng, exam.forms)
        if question is None:
            return None
        if len(question.keys) == 2:
            return question
    return None


@dataclass(frozen=True)
class Score:
    """`table`: by group, questions, share right, share of answers in a wrong form. `wrong` to read."""

    table: dict[str, Any]
    wrong: list[str]


def score(voice: Voice, items: list[Item], blind: bool = False) -> Score:
    """Accuracy by group; `blind` asks without any clip."""
    answers = voice.answer([Ask(item.ask.text) if blind else item.ask for item in items])
    cells: dict[str, list[tuple[bool, bool]]] = defaultdict(list)
    wrong: list[str] = []
    for item, answer in zip(items, answers, strict=True):
        right = is_right(item.question, answer)
        for group in (item.group, "all"):
            cells[group].append((right, has_form(item.question, answer)))
        if not right:
            wrong.append(f"{item.question.text} -> {answer} (true: {item.question.answer})")
    table = {
        group: {
            "questions": len(cell),
            "right": round(sum(right for right, _ in cell) / len(cell), 4),
            "wrong_form": round(sum(not form for _, form in cell) / len(cell), 4),
        }
        for group, cell in sorted(cells.items())
    }
    return Score(table, wrong)


def report_of(voice: Voice, sight: Sight, args: argparse.Namespace) -> dict[str, Any]:
    seed = args.seed
    items = questions_by_kind(sight, args.each, seed) + questions_on_two(sight, args.each, seed + 2)
    seen, guessed = score(voice, items), score(voice, items, blind=True)
    ordered = score(voice, twins(sight, args.pairs, seed + 1))
    command = "make evaluate" if seed == SEED else "make questions-again"
    command += " PERFECT=1" if args.perfect_tokens else ""
    return {
        "command": command,
        "protocol": "wordings and compositions unseen; H.264 at 256x256, four frames, greedy; facts"
        " must be named and none contradicted"
        + ("; perfect visual tokens instead of the eyes" if args.perfect_tokens else ""),
        "headline": {
            "command": command,
            "videoqa_unseen_compositions": seen.table["all"],
            "videoqa_without_the_clip": guessed.table["all"],
            "order_twins": ordered.table["all"],
        },
        "videoqa": seen.table,
        "without_the_clip": guessed.table,
        "order": ordered.table,
        "wrong": seen.wrong[:60] + ordered.wrong[:10],
    }


def markdown(report: dict[str, Any]) -> str:
    lines = [
        "| question kind | questions | right | wrong form | without the clip |",
        "| --- | ---: | ---: | ---: | ---: |",
    ]
    rows = [*report["videoqa"].items(), *((n, c) for n, c in report["order"].items() if n != "all")]
    for name, cell in rows:
        blind = report["without_the_clip"].get(name)
        shown = f"{100 * blind['right']:.0f} %" if blind else ""
        right, form = 100 * cell["right"], 100 * cell["wrong_form"]
        lines.append(f"| {name} | {cell['questions']} | {right:.1f} % | {form:.1f} % | {shown} |")
    return "\n".join(lines) + "\n"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--bundle", type=Path, required=True)
    parser.add_argument("--gguf", type=Path, required=True)
    parser.add_argument("--report", type=Path, required=True)
    parser.add_argument("--adapter", type=Path, help="instead of the bundle's")
    parser.add_argument("--perfect-tokens", type=Path, metavar="WORDS", help="words.pt")
    parser.add_argument("--each", type=int, default=20, help="questions of each kind")
    parser.add_argument("--pairs", type=int, default=24)
    parser.add_argument("--seed", type=int, default=SEED, help="of another exam, which is written aside")
    args = parser.parse_args()
    perfect = args.perfect_tokens
    sight = perfect_tokens(perfect) if perfect else through_eyes(args.bundle)
    voice = Voice(args.gguf, args.adapter or args.bundle / "lora.safetensors")
    report = report_of(voice, sight, args)
    name = ("reading" if perfect else "understanding") + ("" if args.seed == SEED else "-again")
    (args.report / f"{name}.json").write_text(json.dumps(report, indent=2) + "\n")
    (args.report / f"{name}.md").write_text(markdown(report))
    print("\n".join([markdown(report), *report["wrong"]]))


if __name__ == "__main__":
    main()
