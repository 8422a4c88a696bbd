"""The exported bundle in Python: ONNX graphs for seeing, GGUF plus adapter for speaking."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt
import onnxruntime as ort
import torch

from gpt4video_training.data.dialogues import Dialogue
from gpt4video_training.language.generate import greedy_embedded
from gpt4video_training.language.gguf_model import load_language_model, load_tokenizer
from gpt4video_training.language.lora import attach, load_adapter
from gpt4video_training.language.prompt import VISUAL_TOKENS, encode_question
from gpt4video_training.vision.frames import normalise

Floats = npt.NDArray[np.float32]


@dataclass(frozen=True)
class Ask:
    """A question, the visual tokens of all clips [65,576] and what was said before, with which the
    first `earlier` clips were shown."""

    text: str
    clips: tuple[Floats, ...] = ()
    history: Dialogue | None = None
    earlier: int = 0


class Eyes:
    """`vision.onnx` and `abstractor.onnx`."""

    def __init__(self, bundle: Path, threads: int = 1) -> None:
        options = ort.SessionOptions()
        options.intra_op_num_threads = threads
        self._vision = ort.InferenceSession(str(bundle / "vision.onnx"), options)
        self._abstractor = ort.InferenceSession(str(bundle / "abstractor.onnx"), options)

    def features(self, frames: npt.NDArray[np.uint8]) -> Floats:
        """[4,112,112,3] -> [4,65,256]."""
        pixels = normalise(frames).numpy()
        out: Floats = self._vision.run(["features"], {"pixels": pixels})[0]
        return out

    def tokens(self, features: Floats) -> Floats:
        """[4,65,256] -> [65,576]."""
        out: Floats = self._abstractor.run(["tokens"], {"features": features[None]})[0][0]
        return out

    def see(self, frames: npt.NDArray[np.uint8]) -> Floats:
        return self.tokens(self.features(frames))


class Voice:
    """The language model with the bundle's adapter, greedy."""

    def __init__(self, gguf: Path, adapter: Path | None, full: bool = False) -> None:
        self.model = load_language_model(gguf)
        self.tokenizer = load_tokenizer(gguf)
        if adapter is not None:
            attach(self.model)
            load_adapter(self.model, adapter)
        self.model.eval()
        if not full:
            self.model.bfloat16()

    def embeds(self, ask: Ask) -> torch.Tensor:
        """The prompt's input embeddings, [length,576]."""
        encoded = encode_question(
            self.tokenizer, ask.text, tuple(range(ask.earlier, len(ask.clips))), ask.history
        )
        table = self.model.get_input_embeddings()
        rows: torch.Tensor = table(torch.tensor(encoded.ids)).detach().clone()
        for position, clip in encoded.clips:
            visual = torch.from_numpy(np.ascontiguousarray(ask.clips[clip], dtype=np.float32))
            rows[position : position + VISUAL_TOKENS] = visual.to(rows.dtype)
        return rows

    def answer(self, asks: Sequence[Ask], limit: int = 60, batch: int = 16) -> list[str]:
        """One answer each."""
        order = sorted(range(len(asks)), key=lambda i: len(asks[i].clips) * 65 + len(asks[i].text))
        answers = [""] * len(asks)
        for at in range(0, len(order), batch):
            chosen = order[at : at + batch]
            ids = greedy_embedded(self.model, [self.embeds(asks[i]) for i in chosen], limit)
            for index, tokens in zip(chosen, ids, strict=True):
                answers[index] = self.tokenizer.decode(tokens, skip_special_tokens=False)
        return answers
