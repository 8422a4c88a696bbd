"""Test clips as real files: rendered, encoded as H.264, decoded and sampled as the server does."""

from __future__ import annotations

import io
import tempfile
from pathlib import Path

import av
import cv2
import numpy as np
import numpy.typing as npt

from gpt4video_training.vision.frames import squash
from gpt4video_training.world.render import render
from gpt4video_training.world.scene import Scene

Frames = npt.NDArray[np.uint8]
FPS = 8


def encode_mp4(frames: Frames, side: int = 256, crf: int = 20) -> bytes:
    """RGB [F,H,W,3] -> an H.264 MP4 with faststart, scaled to side × side."""
    # Moving the index to the front needs a file that can be read again.
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "clip.mp4"
        with av.open(str(path), "w", options={"movflags": "+faststart"}) as container:
            stream = container.add_stream("libx264", rate=FPS, options={"crf": str(crf)})
            stream.width = stream.height = side
            stream.pix_fmt = "yuv420p"
            for frame in frames:
                scaled = cv2.resize(frame, (side, side), interpolation=cv2.INTER_CUBIC)
                image = av.VideoFrame.from_ndarray(np.ascontiguousarray(scaled), format="rgb24")
                container.mux(stream.encode(image))
            container.mux(stream.encode())
        return path.read_bytes()


def decode_mp4(data: bytes) -> Frames:
    """All frames as RGB [F,H,W,3]."""
    with av.open(io.BytesIO(data), "r") as container:
        frames = [np.asarray(f.to_ndarray(format="rgb24")) for f in container.decode(video=0)]
    return np.stack(frames).astype(np.uint8)


def uniform_indices(frames: int, segments: int = 4) -> list[int]:
    """The paper's uniform rule: start = int(s/2), then steps of s = (N-1)/T, halves to even."""
    step = (frames - 1) / segments
    return [int(step / 2) + int(np.round(step * k)) for k in range(segments)]


def sampled(frames: Frames) -> Frames:
    """Four frames, squashed to [4,112,112,3]."""
    return np.stack([squash(frames[i]) for i in uniform_indices(len(frames))])


def uploaded(frames: Frames) -> Frames:
    """RGB [F,H,W,3] as the server would see them after upload, [4,112,112,3]."""
    return sampled(decode_mp4(encode_mp4(frames)))


def clip_of(scene: Scene) -> Frames:
    """The scene as the server would see it after upload, [4,112,112,3]."""
    return uploaded(render(scene))


def clip_of_file(path: Path) -> Frames:
    return sampled(decode_mp4(path.read_bytes()))
