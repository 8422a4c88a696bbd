"""How often the ten-frame rule with open_nsfw refuses harmless videos: sample files and the cartoon world."""

from __future__ import annotations

import argparse
import json
import random
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import av
import av.error
import numpy as np
import numpy.typing as npt
import onnxruntime as ort
from PIL import Image

from gpt4video_training.world.render import render_frames
from gpt4video_training.world.sampling import sample_scene

FRAMES, MAX_FLAGGED, THRESHOLD = 10, 4, 0.5
MEAN_BGR = np.array([104, 117, 123], dtype=np.float32)
Picture = npt.NDArray[np.uint8]


class Detector:
    """open_nsfw as the service runs it: squashed to 256, middle 224, blue first, mean subtracted."""

    def __init__(self, path: Path) -> None:
        options = ort.SessionOptions()
        options.intra_op_num_threads = 1
        self._session = ort.InferenceSession(str(path), options)
        self._input = self._session.get_inputs()[0].name

    def score(self, frame: Picture) -> float:
        """Probability, 0 to 1, that an RGB picture `[H,W,3]` is not acceptable."""
        squashed = Image.fromarray(frame).resize((256, 256), Image.Resampling.BILINEAR)
        pixels = np.asarray(squashed.crop((16, 16, 240, 240)), dtype=np.float32)[None, ..., ::-1] - MEAN_BGR
        return float(self._session.run(None, {self._input: np.ascontiguousarray(pixels)})[0][0, 1])


def spread_frames(path: Path, count: int = FRAMES) -> Iterator[Picture]:
    """Up to `count` frames of a file, sought at even steps through its length."""
    with av.open(str(path)) as container:
        stream = container.streams.video[0]
        length = container.duration or 0
        for at in range(count):
            if length:
                container.seek(int(length * (at + 0.5) / count) + (container.start_time or 0))
            for frame in container.decode(stream):
                yield frame.to_ndarray(format="rgb24").astype(np.uint8, copy=False)
                break


def verdict(scores: Sequence[float]) -> dict[str, Any]:
    """The rule of libs/model/src/safety/ten-frame-rule.ts."""
    flagged = sum(score >= THRESHOLD for score in scores)
    refused = flagged * FRAMES > MAX_FLAGGED * len(scores)
    highest = round(max(scores), 4)
    return {"frames": len(scores), "flagged": flagged, "highest": highest, "refused": refused}


def judge_files(detector: Detector, folder: Path) -> dict[str, dict[str, Any]]:
    """By file name; files without a frame that decodes are named with no verdict."""
    found: dict[str, dict[str, Any]] = {}
    for path in sorted(p for p in folder.iterdir() if p.suffix != ".md"):
        scores: list[float] = []
        try:
            for frame in spread_frames(path):
                scores.append(detector.score(frame))
        except (av.error.FFmpegError, IndexError) as fault:
            if not scores:
                found[path.name] = {"frames": 0, "fault": str(fault).split(":")[0]}
        if scores:
            found[path.name] = verdict(scores)
        else:
            found.setdefault(path.name, {"frames": 0, "fault": "no frame decodes"})
    return found


def judge_cartoons(detector: Detector, count: int, seed: int = 0) -> list[dict[str, Any]]:
    """Clips of the cartoon world, ten of their sixteen frames each."""
    rng = random.Random(seed)
    indices = [round(at * 15 / (FRAMES - 1)) for at in range(FRAMES)]
    clips = (render_frames(sample_scene(rng), indices) for _ in range(count))
    return [verdict([detector.score(frame) for frame in clip]) for clip in clips]


_WORDS = """# The ten-frame rule on harmless videos

`make -C training pictures` runs open_nsfw, as fetched, on up to ten frames of each video, spread evenly, and
refuses a video when more than four in ten reach a score of 0.5. No unsafe picture is at hand, so recall was
not measured.
"""


def _named(files: dict[str, dict[str, Any]]) -> list[str]:
    """Sample files with a flagged frame, and those from which nothing could be judged."""
    flagged = [f"{name} ({c['flagged']} of {c['frames']})" for name, c in files.items() if c.get("flagged")]
    silent = [name for name, cell in files.items() if not cell["frames"]]
    return [
        f"Files with flagged frames: {', '.join(flagged) or 'none'}.",
        "",
        f"Files without a frame that decodes here (sound only, encrypted, broken or of an unknown codec): "
        f"{', '.join(silent) or 'none'}.",
    ]


def _row(name: str, found: Sequence[dict[str, Any]]) -> str:
    judged = [cell for cell in found if cell["frames"]]
    frames, flagged = sum(c["frames"] for c in judged), sum(c["flagged"] for c in judged)
    refused, highest = sum(c["refused"] for c in judged), max(c["highest"] for c in judged)
    return f"| {name} | {len(judged)} | {frames} | {flagged} | {refused} | {highest:.3f} |"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--detector", type=Path, required=True, help="image-safety.onnx of the model cache")
    parser.add_argument("--videos", type=Path, required=True)
    parser.add_argument("--clips", type=int, default=60)
    parser.add_argument("--report", type=Path, required=True)
    args = parser.parse_args()
    detector = Detector(args.detector)
    files = judge_files(detector, args.videos)
    clips = judge_cartoons(detector, args.clips)
    lines = ["| harmless videos | judged | frames | flagged frames | refused | highest score |"]
    lines += ["| --- | ---: | ---: | ---: | ---: | ---: |", _row("sample files", list(files.values()))]
    lines += [_row("clips of the cartoon world", clips)]
    report = {"command": "make -C training pictures", "files": files, "cartoon": clips}
    (args.report / "image-safety.json").write_text(json.dumps(report, indent=1) + "\n")
    (args.report / "image-safety.md").write_text("\n".join([_WORDS, *lines, "", *_named(files)]) + "\n")
    print("\n".join(lines))


if __name__ == "__main__":
    main()
