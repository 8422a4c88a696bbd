"""Films as the product makes them, from the bundle's graphs under ONNX Runtime."""

from __future__ import annotations

import json
import time
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import onnxruntime
import torch
from numpy.typing import NDArray
from torch import Tensor

from ..film.conditioning import UNCONDITIONAL
from ..film.export import onnx_denoiser, open_session
from ..film.sample import sample_latents
from ..vision.frames import squash
from ..vision.text import CaptionTokenizer
from ..vision.vit import MEAN, STD

Clip = NDArray[np.uint8]
_BATCH = 10


class FilmMaker:
    """Text encoder, denoiser and decoder of a bundle, with its own settings."""

    def __init__(self, bundle: Path, guidance: float | None = None, threads: int = 1) -> None:
        settings = json.loads((bundle / "film.json").read_text())
        self.steps: int = settings["defaults"]["steps"]
        self.guidance: float = guidance or settings["defaults"]["guidanceScale"]
        self._tokenizer = CaptionTokenizer(bundle / "text-encoder.tokenizer.json")
        self._text = open_session(bundle / "text-encoder.onnx", threads)
        self._predict = onnx_denoiser(open_session(bundle / "film-denoiser.onnx", threads))
        self._decoder = open_session(bundle / "film-decoder.onnx", threads)

    def make(self, captions: Sequence[str], seed: int = 0) -> list[Clip]:
        """One film `[16, 128, 128, 3]` for each caption; the seed and the caption's
        place in the list decide its noise."""
        films: list[Clip] = []
        for start in range(0, len(captions), _BATCH):
            told = self._read(captions[start : start + _BATCH])
            latents = sample_latents(
                self._predict, told, self._read([UNCONDITIONAL]), self.guidance, self.steps,
                seed * 100_003 + start,
            )  # fmt: skip
            frames = np.asarray(self._decoder.run(["frames"], {"latents": latents.numpy()})[0])
            films += list((frames.transpose(0, 1, 3, 4, 2) * 255).round().astype(np.uint8))
        return films

    def seconds(self, caption: str, repeats: int = 5) -> float:
        """The median time of one film by itself, from words to frames."""
        taken = []
        for seed in range(repeats):
            started = time.perf_counter()
            self.make([caption], seed)
            taken.append(time.perf_counter() - started)
        return float(np.median(taken))

    def _read(self, captions: Sequence[str]) -> tuple[Tensor, Tensor]:
        ids, mask = self._tokenizer(captions)
        feed = {"input_ids": ids.numpy(), "attention_mask": mask.numpy()}
        hidden = np.asarray(self._text.run(["hidden"], feed)[0])
        return torch.from_numpy(hidden), mask.float()


class ClipSimilarity:
    """Our own CLIP as a judge: the cosine between a caption and a film's frames."""

    def __init__(self, bundle: Path) -> None:
        self._tokenizer = CaptionTokenizer(bundle / "text-encoder.tokenizer.json")
        self._text: onnxruntime.InferenceSession = open_session(bundle / "text-encoder.onnx", 1)
        self._vision: onnxruntime.InferenceSession = open_session(bundle / "vision.onnx", 1)

    def matrix(self, clips: Sequence[Clip], captions: Sequence[str]) -> NDArray[np.float32]:
        """Mean cosine over four frames of every clip with every caption: `[N, N]`."""
        ids, mask = self._tokenizer(captions)
        feed = {"input_ids": ids.numpy(), "attention_mask": mask.numpy()}
        words = np.asarray(self._text.run(["pooled"], feed)[0])
        seen = np.stack([self._see(clip) for clip in clips])
        similarity: NDArray[np.float32] = np.einsum("nfd,md->nm", seen, words) / seen.shape[1]
        return similarity

    def _see(self, clip: Clip) -> NDArray[np.float32]:
        frames = np.stack([squash(clip[index]) for index in (1, 5, 9, 13)])
        pixels = (frames / 255 - np.array(MEAN)) / np.array(STD)
        feed = {"pixels": pixels.transpose(0, 3, 1, 2).astype(np.float32)}
        pooled = np.asarray(self._vision.run(["pooled"], feed)[0])
        return pooled / np.linalg.norm(pooled, axis=1, keepdims=True)
