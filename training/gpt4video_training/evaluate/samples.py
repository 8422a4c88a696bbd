"""Sample clips of unseen compositions, as MP4 files with their truth beside them."""

from __future__ import annotations

import argparse
import json
from pathlib import Path
from typing import Any

from gpt4video_training.data.captions import caption
from gpt4video_training.data.slots import sentence
from gpt4video_training.evaluate.clips import encode_mp4
from gpt4video_training.world.render import render
from gpt4video_training.world.sampling import split_of
from gpt4video_training.world.scene import Actor, Scene

SAMPLES: dict[str, Scene] = {
    "red-star": Scene(
        "night", (Actor("star", "red", "large", motions=("left",)),), seed=40
    ),
    "orange-car": Scene(
        "city", (Actor("car", "orange", "medium", motions=("right", "up")),), seed=51
    ),
    "blue-bird-and-tree": Scene(
        "forest",
        (
            Actor("bird", "blue", "medium", motions=("right",)),
            Actor("tree", "pink", "medium", motions=("still",)),
        ),
        seed=62,
    ),
}
QUESTIONS: dict[str, list[dict[str, Any]]] = {
    "red-star": [
        {"question": "What is in the video?", "expect": ["red", "star"]},
        {"question": "Which colour is it?", "expect": ["red"]},
        {"question": "Which way does it move?", "expect": ["left"]},
        {"question": "Where does it take place?", "expect": ["night"]},
        {"question": "Make one like this, but blue.", "expect": ["<video>", "blue star", "left"]},
    ],
    "orange-car": [
        {"question": "What is in the video?", "expect": ["orange", "car"]},
        {"question": "What colour is the car?", "expect": ["orange"]},
        {"question": "What happens first and what comes next?", "expect": ["right", "up"]},
        {"question": "Make one like this, but at night.", "expect": ["<video>", "car", "night"]},
    ],
    "blue-bird-and-tree": [
        {"question": "What do you see?", "expect": ["blue bird", "pink tree"]},
        {"question": "How many things are there?", "expect": ["two"]},
        {"question": "Which way does the bird move?", "expect": ["right"]},
        {"question": "Is there a red fish in the video?", "expect": ["No"]},
    ],
}


def write_samples(folder: Path) -> None:
    """`<name>.mp4` (H.264, 256×256, 8 frames a second, 2 s) and `<name>.json` each."""
    folder.mkdir(parents=True, exist_ok=True)
    for name, scene in SAMPLES.items():
        if split_of(scene) != "test":
            raise ValueError(f"sample {name} is a composition that training has seen")
        (folder / f"{name}.mp4").write_bytes(encode_mp4(render(scene)))
        truth = {
            "caption": caption(scene),
            "sentence": " ".join(sentence(scene)),
            "scene": scene.to_dict(),
            "questions": QUESTIONS[name],
        }
        (folder / f"{name}.json").write_text(json.dumps(truth, indent=2) + "\n")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--out", type=Path, required=True)
    write_samples(parser.parse_args().out)


if __name__ == "__main__":
    main()
