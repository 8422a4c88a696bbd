"""Films of captions never trained on, judged by the probe and measured.

    python -m gpt4video_training.evaluate.films --bundle ../models/cartoon --probe DIR --report DIR

Writes `film.json`, `film-table.md` and the contact sheet `films.webp`.
"""

from __future__ import annotations

import argparse
import json
import random
from dataclasses import replace
from pathlib import Path
from typing import Any

import cv2
import numpy as np
import torch
from numpy.typing import NDArray

from ..data.captions import caption
from ..data.lexicon import PLACE_PHRASES
from ..data.slots import LETTERS, slot_words
from ..world.render import render
from ..world.sampling import Mix, sample_scene
from ..world.scene import Scene
from .film_distance import Frechet, probe_features, spread
from .film_makers import ClipSimilarity, FilmMaker
from .film_probe import JUDGED, Probe, eight_frames, load_probe

Clip = NDArray[np.uint8]
MIX = {"sequence": 0.2, "relation": 0.45, "pan": 0.0, "noise": 0.0, "textured": 0.1, "still": 0.0}
KINDS = {
    "one actor": Mix((1.0, 0.0, 0.0), **MIX),
    "two actors": Mix((0.0, 1.0, 0.0), **MIX),
}
_PARTS = {"subject": ("subject",), "colour": ("colour",), "motion": ("first", "then")}


def unseen(kind: str, count: int, seed: int) -> list[tuple[Scene, str]]:
    """Scenes with a composition kept from training, every second one in varied words."""
    rng = random.Random(seed)
    scenes = [sample_scene(rng, "test", KINDS[kind]) for _ in range(count)]
    return [(s, caption(s) if i % 2 else caption(s, rng)) for i, s in enumerate(scenes)]


@torch.no_grad()
def seen_by(probe: Probe, clips: list[Clip]) -> list[dict[str, str]]:
    """The probe's word for every judged slot of every clip."""
    logits = [probe(torch.stack([eight_frames(clip)])) for clip in clips]
    return [
        {slot.name: slot.words[int(x[0].argmax())] for slot, x in zip(JUDGED, each, strict=True)}
        for each in logits
    ]


def verdict(scene: Scene, words: str, seen: dict[str, str]) -> dict[str, bool]:
    """Which of the facts that the caption states the probe finds, all actors together."""
    truth = slot_words(scene)
    letters = LETTERS[: len(scene.actors)]
    result = {
        part: all(seen[f"{n}{a}"] == truth[f"{n}{a}"] for n in names for a in letters)
        for part, names in _PARTS.items()
    }
    if any(phrase in words for phrase in PLACE_PHRASES[scene.place]):
        result["place"] = seen["place"] == scene.place
    return {**result, "everything": all(result.values())}


def shares(verdicts: list[dict[str, bool]]) -> dict[str, float]:
    """The share of right verdicts by part."""
    names = ("subject", "colour", "motion", "place", "everything")
    return {name: round(float(np.mean([v[name] for v in verdicts if name in v])), 4) for name in names}


def sheet(rows: list[tuple[str, Clip]], path: Path) -> None:
    """Eight frames of each film under its caption."""
    pictures = []
    for words, clip in rows:
        picks = np.round(np.linspace(0, 15, 8)).astype(int)
        bar = np.full((18, 1024, 3), 255, dtype=np.uint8)
        cv2.putText(bar, words, (4, 13), cv2.FONT_HERSHEY_SIMPLEX, 0.42, (0, 0, 0), 1, cv2.LINE_AA)
        pictures += [bar, np.concatenate(list(clip[picks]), axis=1)]
    cv2.imwrite(str(path), np.concatenate(pictures)[..., ::-1], [cv2.IMWRITE_WEBP_QUALITY, 75])


def measure(
    maker: FilmMaker, probe: Probe, bundle: Path, count: int
) -> tuple[dict[str, Any], list[tuple[str, Clip]]]:
    """All figures, and rows for the contact sheet: films that succeeded, then failures."""
    report: dict[str, Any] = {}
    good: list[tuple[str, Clip]] = []
    bad: list[tuple[str, Clip]] = []
    everything: list[tuple[Scene, str, Clip]] = []
    for number, kind in enumerate(KINDS):
        asked = unseen(kind, count, seed=71 + number)
        films = maker.make([words for _, words in asked], seed=number)
        real = [render(scene) for scene, _ in asked]
        verdicts = [verdict(s, w, x) for (s, w), x in zip(asked, seen_by(probe, films), strict=True)]
        on_real = [verdict(s, w, x) for (s, w), x in zip(asked, seen_by(probe, real), strict=True)]
        report[kind] = {"films": count, "made": shares(verdicts), "rendered": shares(on_real)}
        everything += [(s, w, film) for (s, w), film in zip(asked, films, strict=True)]
        for (_, words), film, said, sure in zip(asked, films, verdicts, on_real, strict=True):
            if said["everything"]:
                good.append((words, film))
            elif sure["everything"]:
                missing = ", ".join(part for part, right in list(said.items())[:-1] if not right)
                bad.append((f"{words}  [judged wrong: {missing}]", film))
    scenes, captions, films = (list(x) for x in zip(*everything, strict=True))
    report["frechet"] = frechet(probe, scenes, films)
    report["clipsim"] = clipsim(ClipSimilarity(bundle), scenes, captions, films)
    report["seeds"] = seeds(maker, probe)
    report["seconds_per_film"] = round(FilmMaker(bundle, threads=2).seconds(captions[0]), 2)
    half = len(good) // 2
    return report, good[:4] + good[half : half + 4] + bad[:3] + bad[-3:]


def frechet(probe: Probe, scenes: list[Scene], films: list[Clip]) -> dict[str, dict[str, float]]:
    """Distances of films and of rendered clips to other rendered clips of such scenes."""
    rng = random.Random(5)
    others = [render(sample_scene(rng, "test", KINDS[k])) for k in KINDS for _ in range(500)]
    reference, frames = probe_features(probe, others)
    clip_distance, frame_distance = Frechet(reference), Frechet(frames)
    result = {}
    for name, clips in (("made", films), ("rendered", [render(scene) for scene in scenes])):
        whole, single = probe_features(probe, clips)
        result[name] = {
            "clips": round(clip_distance(whole), 2),
            "frames": round(frame_distance(single), 2),
        }
    return result


def clipsim(
    clip: ClipSimilarity, scenes: list[Scene], captions: list[str], films: list[Clip]
) -> dict[str, dict[str, float]]:
    """Mean cosine with the own caption and with the others' captions."""
    result = {}
    for name, clips in (("made", films), ("rendered", [render(scene) for scene in scenes])):
        matrix = clip.matrix(clips, captions)
        off = (matrix.sum() - np.trace(matrix)) / (matrix.size - len(matrix))
        result[name] = {
            "own": round(float(np.diag(matrix).mean()), 4),
            "shuffled": round(float(off), 4),
        }
    return result


def seeds(maker: FilmMaker, probe: Probe) -> dict[str, dict[str, float]]:
    """How films of one caption differ with the seed, beside rendered clips that do."""
    asked = unseen("one actor", 16, seed=99)
    films = [maker.make([words] * 4, seed=500 + i) for i, (_, words) in enumerate(asked)]
    real = [[render(replace(s, seed=s.seed + 10 * (k + 1))) for k in range(4)] for s, _ in asked]
    return {"made": spread(films, probe), "rendered": spread(real, probe)}


def facts_table(rows: dict[str, dict[str, Any]]) -> list[str]:
    """Lines of a table of `films`, and of `shares` in films `made` and in clips `rendered`, by kind."""
    lines = ["| captions of unseen compositions | films | subject | colour | motion | place | all |",
             "| --- | ---: | ---: | ---: | ---: | ---: | ---: |"]  # fmt: skip
    for kind, row in rows.items():
        for name in ("made", "rendered"):
            cells = " | ".join(f"{100 * share:.1f} %" for share in row[name].values())
            lines.append(f"| {kind}, {name} | {row['films']} | {cells} |")
    return lines


def table(report: dict[str, Any]) -> str:
    """The figures as Markdown."""
    lines = [
        *facts_table({kind: report[kind] for kind in KINDS}),
        "",
        "| measure | films made | clips rendered |",
        "| --- | ---: | ---: |",
    ]
    rows = [("Fréchet distance, clips (like FVD)", "frechet", "clips"),
            ("Fréchet distance, frames (like FID)", "frechet", "frames"),
            ("CLIPSIM, own caption", "clipsim", "own"), ("CLIPSIM, shuffled captions", "clipsim", "shuffled"),
            ("difference over seeds, pixels", "seeds", "pixels"),
            ("least difference over seeds, pixels", "seeds", "least_pixels"),
            ("difference over seeds, features", "seeds", "features")]  # fmt: skip
    for title, group, key in rows:
        lines.append(f"| {title} | {report[group]['made'][key]} | {report[group]['rendered'][key]} |")
    lines.append(f"| seconds a film, two threads | {report['seconds_per_film']} | |")
    return "\n".join(lines) + "\n"


def main() -> None:
    """Command line."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--bundle", type=Path, required=True)
    parser.add_argument("--probe", type=Path, required=True)
    parser.add_argument("--report", type=Path, required=True)
    parser.add_argument("--films", type=int, default=200, help="captions of each kind")
    parser.add_argument("--guidance", type=float, help="instead of the bundle's own")
    options = parser.parse_args()
    torch.set_num_threads(1)
    maker = FilmMaker(options.bundle, options.guidance)
    report, rows = measure(maker, load_probe(options.probe), options.bundle, options.films)
    headline = {"command": "make film-report", **report["one actor"]["made"],
                "seconds_per_film": report["seconds_per_film"]}  # fmt: skip
    options.report.mkdir(parents=True, exist_ok=True)
    full = {"headline": headline, "steps": maker.steps, "guidance": maker.guidance, **report}
    (options.report / "film.json").write_text(json.dumps(full, indent=2) + "\n")
    (options.report / "film-table.md").write_text(table(report))
    sheet(rows, options.report / "films.webp")
    print(table(report))


if __name__ == "__main__":
    main()
