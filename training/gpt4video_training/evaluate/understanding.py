"""VideoQA on unseen compositions, order against reversed twins, and the same without the clip."""

from __future__ import annotations

import argparse
import json
import random
from collections import defaultdict
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from gpt4video_training.data.questions import Question, ask, order
from gpt4video_training.evaluate.bundle import Ask, Eyes, Floats, Voice
from gpt4video_training.evaluate.clips import clip_of
from gpt4video_training.evaluate.match import is_right
from gpt4video_training.world.sampling import sample_scene
from gpt4video_training.world.scene import Scene, reversed_twin


@dataclass(frozen=True)
class Item:
    """One question on one clip; `group` is the row of the table it counts in."""

    group: str
    question: Question
    tokens: Floats


def questions_on(eyes: Eyes, split: str, clips: int, per_clip: int, seed: int) -> list[Item]:
    """Random questions of the natural mix on fresh clips of a split."""
    rng = random.Random(seed)
    items: list[Item] = []
    for _ in range(clips):
        scene = sample_scene(rng, split)
        tokens = eyes.see(clip_of(scene))
        for _ in range(per_clip):
            question = ask(scene, rng)
            items.append(Item(question.kind, question, tokens))
    return items


def twins(eyes: Eyes, pairs: int, seed: int) -> list[Item]:
    """The whole-order question on ordered clips and on the same clips run backwards."""
    rng = random.Random(seed)
    items: list[Item] = []
    while len(items) < 2 * pairs:
        scene = sample_scene(rng, "test")
        twin = reversed_twin(scene)
        if twin is None:
            continue
        asked = [_order_question(each) for each in (scene, twin)]
        for each, question, name in zip((scene, twin), asked, ("ordered", "reversed"), strict=True):
            if question is not None:
                items.append(Item(f"order, {name}", question, eyes.see(clip_of(each))))
    return items


def _order_question(scene: Scene) -> Question | None:
    rng = random.Random(0)
    for _ in range(40):
        question = order(scene, rng)
        if question is None:
            return None
        if len(question.keys) == 2:
            return question
    return None


def score(voice: Voice, items: list[Item], blind: bool = False) -> tuple[dict[str, Any], list[str]]:
    """Accuracy by group; `blind` asks without the clip. Also the wrong answers, for reading."""
    asks = [Ask(item.question.text, () if blind else (item.tokens,)) for item in items]
    answers = voice.answer(asks)
    cells: dict[str, list[bool]] = defaultdict(list)
    wrong: list[str] = []
    for item, answer in zip(items, answers, strict=True):
        right = is_right(item.question, answer)
        cells[item.group].append(right)
        if not right:
            wrong.append(f"{item.question.text} -> {answer} (true: {item.question.answer})")
    table = {g: {"questions": len(c), "right": round(sum(c) / len(c), 4)} for g, c in cells.items()}
    every = [right for cell in cells.values() for right in cell]
    table["all"] = {"questions": len(every), "right": round(sum(every) / len(every), 4)}
    return dict(sorted(table.items())), wrong


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--bundle", type=Path, required=True)
    parser.add_argument("--gguf", type=Path, required=True)
    parser.add_argument("--report", type=Path, required=True)
    parser.add_argument("--clips", type=int, default=60)
    parser.add_argument("--per-clip", type=int, default=4)
    parser.add_argument("--pairs", type=int, default=16)
    args = parser.parse_args()
    eyes = Eyes(args.bundle)
    voice = Voice(args.gguf, args.bundle / "lora.safetensors")
    unseen = questions_on(eyes, "test", args.clips, args.per_clip, seed=101)
    table, wrong = score(voice, unseen)
    guess, _ = score(voice, unseen[: len(unseen) // 2], blind=True)
    order_table, order_wrong = score(voice, twins(eyes, args.pairs, seed=102))
    report = {
        "command": "make evaluate",
        "protocol": "H.264 at 256x256, four frames, greedy; facts must be named and none contradicted",
        "headline": {
            "command": "make evaluate",
            "videoqa_unseen_compositions": table["all"],
            "videoqa_without_the_clip": guess["all"],
            "order_twins": order_table["all"],
        },
        "videoqa": table,
        "without_the_clip": guess,
        "order": order_table,
        "wrong": wrong[:40] + order_wrong[:10],
    }
    (args.report / "understanding.json").write_text(json.dumps(report, indent=2) + "\n")
    lines = ["| question kind | questions | right | without the clip |", "| --- | ---: | ---: | ---: |"]
    rows = [*table.items(), *((n, c) for n, c in order_table.items() if n != "all")]
    for name, cell in rows:
        blind = guess.get(name) if name in table else None
        shown = f"{100 * blind['right']:.0f} %" if blind else ""
        lines.append(f"| {name} | {cell['questions']} | {100 * cell['right']:.1f} % | {shown} |")
    (args.report / "understanding.md").write_text("\n".join(lines) + "\n")
    print("\n".join([*lines, *report["wrong"]]))


if __name__ == "__main__":
    main()
