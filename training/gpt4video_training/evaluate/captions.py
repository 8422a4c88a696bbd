"""Descriptions and films asked for after a clip: BLEU-4, METEOR, CIDEr, and whether every fact is there.

BLEU, METEOR (the original Java program) and CIDEr are those of the COCO caption evaluation
(PyPI `pycocoevalcap`); without Java, METEOR is left out and the table says so.
"""

from __future__ import annotations

import argparse
import json
import random
import shutil
from pathlib import Path
from typing import Any

from gpt4video_training.data.captions import caption
from gpt4video_training.data.dialogues import Dialogue
from gpt4video_training.data.edits import UNSEEN_LIKE, UNSEEN_LIKE_ONE, edit
from gpt4video_training.data.pairs import WHICH
from gpt4video_training.data.questions import what
from gpt4video_training.data.wordings import UNSEEN, say
from gpt4video_training.evaluate.bundle import Ask, Voice
from gpt4video_training.evaluate.match import film_caption, says_all, well_formed
from gpt4video_training.evaluate.sight import Sight, perfect_tokens, through_eyes
from gpt4video_training.world.sampling import sample_scene
from gpt4video_training.world.scene import Scene

REFERENCES = 5


def described(voice: Voice, sight: Sight, count: int) -> dict[str, Any]:
    """Descriptions of unseen compositions against five captions each in varied words."""
    rng = random.Random(41)
    seen = [sight(sample_scene(rng, "test")) for _ in range(count)]
    asks = [Ask(say(UNSEEN, "describe", rng), (tokens,)) for _, tokens in seen]
    answers = [answer.strip() for answer in voice.answer(asks)]
    references = [[caption(told, rng) for _ in range(REFERENCES)] for told, _ in seen]
    exact = [
        says_all(told, answer[:1].lower() + answer[1:].rstrip("."))
        for (told, _), answer in zip(seen, answers, strict=True)
    ]
    return {
        "clips": count,
        **coco_scores(answers, references),
        "every_fact": round(sum(exact) / count, 4),
        "examples": [
            {"said": answer, "plainest": caption(told)}
            for (told, _), answer in list(zip(seen, answers, strict=True))[:12]
        ],
    }


def coco_scores(answers: list[str], references: list[list[str]]) -> dict[str, float | None]:
    """BLEU-4, METEOR, CIDEr of plain lower-case text without a full stop."""
    from pycocoevalcap.bleu.bleu import Bleu
    from pycocoevalcap.cider.cider import Cider
    from pycocoevalcap.meteor.meteor import Meteor

    said = {i: [_plain(text)] for i, text in enumerate(answers)}
    true = {i: [_plain(text) for text in texts] for i, texts in enumerate(references)}
    bleu, _ = Bleu(4).compute_score(true, said, verbose=0)
    meteor = float(Meteor().compute_score(true, said)[0]) if shutil.which("java") else None
    cider, _ = Cider().compute_score(true, said)
    return {
        "bleu4": round(float(bleu[3]), 4),
        "meteor": None if meteor is None else round(meteor, 4),
        "cider": round(float(cider), 4),
    }


def _plain(text: str) -> str:
    return " ".join(text.lower().replace(",", " ").replace(";", " ").rstrip(".").split())


def edited(voice: Voice, sight: Sight, count: int, of_two: bool) -> dict[str, Any]:
    """ "One like this, but at night" in unseen forms: is the caption that of the scene wanted?"""
    rng = random.Random(43)
    asks: list[Ask] = []
    wanted: list[Scene] = []
    for number in range(count):
        seen = [sight(sample_scene(rng, "test")) for _ in range(2 if of_two else 1)]
        index = rng.randrange(len(seen))
        forms = UNSEEN_LIKE_ONE if of_two else UNSEEN_LIKE
        made = edit(seen[index][0], rng, forms, f"{WHICH[index]} one" if of_two else None)
        history = None
        if of_two and number % 2:
            first = what(seen[0][0], rng, UNSEEN)
            history = Dialogue(((first.text, first.answer),), ((0, 0),))
        clips = tuple(tokens for _, tokens in seen)
        asks.append(Ask(made.request, clips, history, 1 if history else 0))
        wanted.append(made.wanted)
    answers = voice.answer(asks)
    told = [film_caption(answer) for answer in answers]
    return {
        "requests": count,
        "film": round(sum(text is not None for text in told) / count, 4),
        "well_formed": round(sum(map(well_formed, answers)) / count, 4),
        "every_fact": round(sum(map(says_all, wanted, told)) / count, 4),
        "examples": [
            {"asked": ask.text, "said": answer, "wanted": caption(scene), "right": says_all(scene, text)}
            for ask, answer, scene, text in list(zip(asks, answers, wanted, told, strict=True))[:20]
        ],
    }


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--bundle", type=Path, required=True)
    parser.add_argument("--gguf", type=Path, required=True)
    parser.add_argument("--report", type=Path, required=True)
    parser.add_argument("--adapter", type=Path, help="instead of the bundle's")
    parser.add_argument("--perfect-tokens", type=Path, metavar="WORDS", help="words.pt")
    parser.add_argument("--count", type=int, default=80)
    args = parser.parse_args()
    perfect = args.perfect_tokens
    sight = perfect_tokens(perfect) if perfect else through_eyes(args.bundle)
    voice = Voice(args.gguf, args.adapter or args.bundle / "lora.safetensors")
    report = {
        "command": "make evaluate" + (" PERFECT=1" if perfect else ""),
        "descriptions": described(voice, sight, args.count),
        "edits": edited(voice, sight, args.count, of_two=False),
        "edits_of_one_of_two": edited(voice, sight, args.count // 2, of_two=True),
    }
    file = "captions-perfect-tokens" if perfect else "captions"
    (args.report / f"{file}.json").write_text(json.dumps(report, indent=2) + "\n")
    lines = ["| task | measure | value |", "| --- | --- | ---: |"]
    for task, cell in report.items():
        if isinstance(cell, dict):
            shown = {k: v for k, v in cell.items() if k != "examples"}
            name = task.replace("_", " ")
            lines += [f"| {name} | {k} | {'no Java' if v is None else v} |" for k, v in shown.items()]
    (args.report / f"{file}.md").write_text("\n".join(lines) + "\n")
    print("\n".join(lines), json.dumps(report, indent=1))


if __name__ == "__main__":
    main()
