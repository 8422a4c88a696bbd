"""PIL's resize of a computed picture, for tensor/resample.ts.

Rows are resized before columns by hand: Pillow did so up to version 12, and 13 swaps the passes for some sizes,
which rounds (and, for kernels that overshoot, clips) the picture in between differently.
"""

import base64

from PIL import Image

from fixture import pattern, write

SIZES = [((37, 23), (12, 12)), ((20, 31), (41, 17)), ((64, 36), (64, 20)), ((9, 50), (30, 50)), ((3, 2), (7, 9))]
FILTERS = {"bilinear": Image.Resampling.BILINEAR, "bicubic": Image.Resampling.BICUBIC, "lanczos": Image.Resampling.LANCZOS}

cases = []
for (width, height), target in SIZES:
    for name, resampling in FILTERS.items():
        resized = Image.fromarray(pattern(width, height)).resize((target[0], height), resampling).resize(target, resampling)
        cases.append({"from": [width, height], "to": list(target), "filter": name, "pixels": base64.b64encode(resized.tobytes()).decode()})
write("resample", __file__, {"cases": cases})
