"""Films of one, two and three actors, judged by the bundle's own eyes.

    python -m gpt4video_training.evaluate.film_crowds --bundle ../models/cartoon --words WORDS --report DIR

The probe of `film_probe` reads one actor; image tower and abstractor tell several apart. They were
trained on rendered clips alone and never saw a film of the film model. Films and rendered clips of
the same captions pass through H.264 and the four frames that the server samples.
Writes `film-crowds.json` and `film-crowds.md`.
"""

from __future__ import annotations

import argparse
import json
import random
from pathlib import Path
from typing import Any

import torch

from gpt4video_training.abstractor.losses import POSITIONS, WordLoss
from gpt4video_training.data.captions import caption
from gpt4video_training.data.slots import SLOTS, VOCABULARY
from gpt4video_training.evaluate.bundle import Eyes
from gpt4video_training.evaluate.clips import Frames, uploaded
from gpt4video_training.evaluate.film_makers import FilmMaker
from gpt4video_training.evaluate.films import KINDS, MIX, facts_table, shares, verdict
from gpt4video_training.world.render import render
from gpt4video_training.world.sampling import Mix, sample_scene
from gpt4video_training.world.scene import Scene

CROWDS = {**KINDS, "three actors": Mix((0.0, 0.0, 1.0), **MIX)}


class Reader:
    """The word that the eyes see in every slot of a clip's sentence."""

    def __init__(self, eyes: Eyes, words: torch.Tensor) -> None:
        self._eyes, self._loss = eyes, WordLoss(words)

    def read(self, clip: Frames) -> dict[str, str]:
        """RGB [F,H,W,3] -> word by the slot's name."""
        tokens = torch.from_numpy(self._eyes.see(uploaded(clip)))[None]
        picks = self._loss.logits(tokens[:, POSITIONS])[0].argmax(-1).tolist()
        return {slot.name: VOCABULARY[pick] for slot, pick in zip(SLOTS, picks, strict=True)}


def measure(maker: FilmMaker, reader: Reader, mix: Mix, count: int) -> dict[str, Any]:
    """Share of right facts in films made and in clips rendered from the same captions."""
    rng = random.Random(81)
    asked: list[tuple[Scene, str]] = []
    for _ in range(count):
        scene = sample_scene(rng, "test", mix)
        asked.append((scene, caption(scene)))
    films = maker.make([words for _, words in asked], seed=3)
    made = [verdict(s, w, reader.read(film)) for (s, w), film in zip(asked, films, strict=True)]
    rendered = [verdict(s, w, reader.read(render(s))) for s, w in asked]
    return {"films": count, "made": shares(made), "rendered": shares(rendered)}


def main() -> None:
    """Command line."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--bundle", type=Path, required=True)
    parser.add_argument("--words", type=Path, required=True)
    parser.add_argument("--report", type=Path, required=True)
    parser.add_argument("--films", type=int, default=150, help="captions of each kind")
    options = parser.parse_args()
    torch.set_num_threads(1)
    maker = FilmMaker(options.bundle)
    reader = Reader(Eyes(options.bundle), torch.load(options.words).float())
    rows = {name: measure(maker, reader, mix, options.films) for name, mix in CROWDS.items()}
    table = "\n".join(facts_table(rows)) + "\n"
    headline = {"command": "make film-crowds"}
    headline |= {name: rows[name]["made"] for name in KINDS}
    full = {"headline": headline, **rows}
    (options.report / "film-crowds.json").write_text(json.dumps(full, indent=2) + "\n")
    (options.report / "film-crowds.md").write_text(table)
    print(table)


if __name__ == "__main__":
    main()
