"""CLIP preprocessing with PIL and numpy, for clip/preprocess.ts: squash (mPLUG-Owl's training) and shortest edge + crop (CLIPImageProcessor)."""

import numpy as np
from PIL import Image

from fixture import numbers, pattern, write

MEAN, STD = [0.48145466, 0.4578275, 0.40821073], [0.26862954, 0.26130258, 0.27577711]
CASES = [("squash", 40, 24, 14), ("shortest-edge", 40, 24, 14), ("shortest-edge", 25, 41, 16), ("squash", 9, 9, 14), ("shortest-edge", 14, 14, 14)]


def resize(image: Image.Image, width: int, height: int) -> Image.Image:
    return image.resize((width, image.height), Image.Resampling.BICUBIC).resize((width, height), Image.Resampling.BICUBIC)


def fit(image: Image.Image, mode: str, size: int) -> Image.Image:
    if mode == "squash":
        return resize(image, size, size)
    width, height = image.size
    short, long = (width, height) if width <= height else (height, width)
    other = int(size * long / short)
    resized = resize(image, size, other) if width <= height else resize(image, other, size)
    left, top = (resized.width - size) // 2, (resized.height - size) // 2
    return resized.crop((left, top, left + size, top + size))


cases = []
for mode, width, height, size in CASES:
    pixels = np.asarray(fit(Image.fromarray(pattern(width, height)), mode, size), dtype=np.float64) / 255
    values = ((pixels - MEAN) / STD).transpose(2, 0, 1)
    cases.append({"resize": mode, "width": width, "height": height, "size": size, "values": numbers(values)})
write("clip-preprocess", __file__, {"mean": MEAN, "std": STD, "cases": cases})
