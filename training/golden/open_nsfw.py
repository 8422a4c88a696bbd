"""open_nsfw's preprocessing (resize, crop, blue first, mean) with PIL and numpy, for safety/open-nsfw.ts."""

import base64

import numpy as np
from PIL import Image

from fixture import numbers, pattern, write

WIDTH, HEIGHT = 48, 27
picture = pattern(WIDTH, HEIGHT)
image = Image.fromarray(picture).resize((256, HEIGHT), Image.Resampling.BILINEAR).resize((256, 256), Image.Resampling.BILINEAR)
cropped = np.asarray(image.crop((16, 16, 240, 240)), dtype=np.float32)
values = (cropped[..., ::-1] - np.array([104, 117, 123], dtype=np.float32)).reshape(-1)
at = np.random.default_rng(3).choice(values.size, 600, replace=False)
write(
    "open-nsfw",
    __file__,
    {"width": WIDTH, "height": HEIGHT, "pixels": base64.b64encode(picture.tobytes()).decode(), "size": 224, "at": at.tolist(), "values": numbers(values[at])},
)
