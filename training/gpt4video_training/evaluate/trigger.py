"""Does a film come exactly when one is wanted? Requests by people, near-misses, ordinary talk."""

from __future__ import annotations

import argparse
import gzip
import json
import random
from pathlib import Path
from typing import Any

from gpt4video_training.data.captions import caption
from gpt4video_training.data.edits import edit
from gpt4video_training.evaluate.bundle import Ask, Eyes, Voice
from gpt4video_training.evaluate.clips import clip_of
from gpt4video_training.evaluate.match import film_caption, well_formed
from gpt4video_training.world.sampling import sample_scene

# None of these forms occurs in training.
UNSEEN_FORMS = (
    "I would love to watch {c}",
    "Give me a video where {c}",
    "How about a little movie: {c}?",
    "Could I get a clip showing {c}?",
    "Make me something to watch: {c}.",
    "please animate this for me: {c}",
)
UNSEEN_NEAR_MISSES = """How do I trim a clip on my laptop?
Which video codec compresses best?
Why do films have 24 frames per second?
What should I pay for a wedding video?
Tell me the plot of a famous movie.
How can I stop autoplay on a website?
Who won the first Oscar for best film?
What is the name of the animation studio that made Toy Story?
How do I take better photos of my dog?
Explain what a green screen is.
Is streaming bad for the environment?
Write a review of a boring film.
What does a film editor do all day?
How do I fix a video without sound?
What are the rules of football?
Tell me something interesting about the sea.""".splitlines()


def _wanted(data: Path, count: int, rng: random.Random) -> list[str]:
    with gzip.open(data / "captions" / "captions.jsonl.gz", "rt") as handle:
        captions = [json.loads(line)["caption"] for line in handle]
    with gzip.open(data / "instructions" / "film-requests.jsonl.gz", "rt") as handle:
        captions = rng.sample(captions, count) + [json.loads(line)["caption"] for line in handle]
    chosen = captions[: count // 2] + rng.sample(captions[count:], count - count // 2)
    return [rng.choice(UNSEEN_FORMS).format(c=text.strip().rstrip(".")) for text in chosen]


def _unwanted(data: Path, count: int, rng: random.Random) -> list[str]:
    with gzip.open(data / "instructions" / "ordinary.jsonl.gz", "rt") as handle:
        rows = [json.loads(line) for line in handle]
    return rng.sample([row["text"] for row in rows if row["source"] == "alpaca"], count)


def _edits(eyes: Eyes, count: int, rng: random.Random) -> list[tuple[Ask, str]]:
    items = []
    for _ in range(count):
        scene = sample_scene(rng, "test")
        made = edit(scene, rng)
        items.append((Ask(made.request, (eyes.see(clip_of(scene)),)), caption(made.wanted)))
    return items


def run(bundle: Path, gguf: Path, data: Path, count: int) -> dict[str, Any]:
    rng = random.Random(31)
    voice, eyes = Voice(gguf, bundle / "lora.safetensors"), Eyes(bundle)
    wanted = _wanted(data, count, rng)
    unwanted = {"near-misses": UNSEEN_NEAR_MISSES, "ordinary": _unwanted(data, count, rng)}
    edits = _edits(eyes, count, rng)
    films = voice.answer([Ask(text) for text in wanted])
    edited = voice.answer([ask for ask, _ in edits])
    other = {
        name: voice.answer([Ask(text) for text in texts], limit=24)
        for name, texts in unwanted.items()
    }
    hits = sum(film_caption(answer) is not None for answer in films + edited)
    false = sum("<video>" in answer for answers in other.values() for answer in answers)
    exact = sum(film_caption(a) == truth for a, (_, truth) in zip(edited, edits, strict=True))
    said = films + edited
    return {
        "command": "make evaluate",
        "headline": {
            "command": "make evaluate",
            "precision": round(hits / max(1, hits + false), 4),
            "recall": round(hits / len(said), 4),
            "well_formed": round(sum(map(well_formed, said)) / len(said), 4),
            "edit_caption_exact": round(exact / len(edits), 4),
            "requests": len(said),
            "others": sum(map(len, other.values())),
        },
        "examples": {
            "films": list(zip(wanted, films, strict=True))[:12],
            "edits": [(a.text, said_, t) for (a, t), said_ in zip(edits, edited, strict=True)][:20],
            "others": [
                pair
                for name, answers in other.items()
                for pair in list(zip(unwanted[name], answers, strict=True))[:8]
            ],
        },
    }


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--bundle", type=Path, required=True)
    parser.add_argument("--gguf", type=Path, required=True)
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--report", type=Path, required=True)
    parser.add_argument("--count", type=int, default=32)
    args = parser.parse_args()
    report = run(args.bundle, args.gguf, args.data, args.count)
    (args.report / "trigger.json").write_text(json.dumps(report, indent=2) + "\n")
    lines = ["| measure | value |", "| --- | ---: |"]
    lines += [f"| {k} | {v} |" for k, v in report["headline"].items() if k != "command"]
    (args.report / "trigger.md").write_text("\n".join(lines) + "\n")
    print(json.dumps(report, indent=1))


if __name__ == "__main__":
    main()
