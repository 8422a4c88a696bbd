"""Films from captions, by DPM-Solver++ with classifier-free guidance.

    python -m gpt4video_training.film.sample --work DIR --text DIR --out films.png
"""

from __future__ import annotations

import argparse
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import cv2
import numpy as np
import torch
from diffusers import DPMSolverMultistepScheduler
from torch import Tensor

from .conditioning import UNCONDITIONAL, TextConditioning
from .denoiser import Denoiser
from .layout import LATENT_SHAPE
from .progress import load_checkpoint
from .schedule import BETAS, TRAIN_STEPS
from .stage import load_stage

CAPTIONS = (
    "a red car moves left through the city",
    "a blue star moves left over the sea at night",
    "a large green ball bounces in the desert",
    "a yellow fish moves right in the sea",
    "a purple butterfly grows in the forest",
    "a white rocket moves up in space",
    "an orange balloon vanishes in the snow",
    "a black train moves right, then up, during the day",
    "a pink heart spins in the city",
    "a brown snail chases a green bird to the right in the forest",
)

Predict = Callable[[Tensor, Tensor, Tensor, Tensor], Tensor]


def load_denoiser(work: Path) -> Denoiser:
    """The moving average of the trained denoiser in `work`."""
    state = load_checkpoint(work / "denoiser.pt")
    if state is None:
        raise FileNotFoundError(f"{work / 'denoiser.pt'} is missing; run train_denoiser")
    model = Denoiser(state["size"])
    model.load_state_dict(state["average"])
    return model.eval()


@torch.no_grad()
def sample_latents(
    predict: Predict, text: tuple[Tensor, Tensor], empty: tuple[Tensor, Tensor],
    guidance: float = 4.0, steps: int = 20, seed: int = 0,
) -> Tensor:  # fmt: skip
    """Latents `[N, 32, 1, 1, 34]` for `text` (hidden [N, 32, 256], mask [N, 32]).
    Guidance 1 samples what was learnt, at half the cost."""
    # The library leaves its schedulers' methods untyped.
    solver: Any = DPMSolverMultistepScheduler(
        num_train_timesteps=TRAIN_STEPS, beta_schedule=BETAS,
        prediction_type="v_prediction", algorithm_type="dpmsolver++",
        timestep_spacing="trailing",
    )  # fmt: skip
    solver.set_timesteps(steps)
    latents = torch.randn(len(text[0]), *LATENT_SHAPE, generator=torch.Generator().manual_seed(seed))
    for timestep in solver.timesteps:
        prediction = _guided(predict, latents, float(timestep), text, empty, guidance)
        latents = solver.step(prediction, timestep, latents).prev_sample
    return latents


def _guided(
    predict: Predict, latents: Tensor, timestep: float, text: tuple[Tensor, Tensor],
    empty: tuple[Tensor, Tensor], guidance: float,
) -> Tensor:  # fmt: skip
    """The prediction for `text`, led away from the one for `empty`."""
    count = len(latents)
    if guidance == 1:
        return predict(latents, torch.full((count,), timestep), *text)
    hidden = torch.cat([empty[0].expand(count, -1, -1), text[0]])
    mask = torch.cat([empty[1].expand(count, -1), text[1]])
    both = torch.cat([latents, latents])
    free, told = predict(both, torch.full((2 * count,), timestep), hidden, mask).chunk(2)
    return free + guidance * (told - free)


def contact_sheet(films: Tensor, path: Path, columns: int = 8) -> None:
    """One row a film `[N, 16, 3, H, W]` in 0..1, some of its frames from left to right."""
    picks = np.round(np.linspace(0, films.shape[1] - 1, columns)).astype(int)
    rows = [torch.cat([film[index] for index in picks], dim=2) for film in films.clamp(0, 1)]
    picture = (torch.cat(rows, dim=1) * 255).byte().permute(1, 2, 0).numpy()
    path.parent.mkdir(parents=True, exist_ok=True)
    cv2.imwrite(str(path), picture[..., ::-1], [cv2.IMWRITE_WEBP_QUALITY, 80])


def make_films(
    work: Path, text: Path, captions: Sequence[str], guidance: float, steps: int, seed: int
) -> Tensor:
    """Films `[N, 16, 3, 128, 128]` of the captions, by the PyTorch models."""
    conditioning, denoiser = TextConditioning(text), load_denoiser(work)
    latents = sample_latents(
        denoiser, conditioning(captions), conditioning([UNCONDITIONAL]), guidance, steps, seed
    )
    with torch.no_grad():
        return load_stage(work)(latents)


def main() -> None:
    """Command line."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--work", type=Path, required=True)
    parser.add_argument("--text", type=Path, required=True)
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--caption", action="append")
    parser.add_argument("--guidance", type=float, default=4.0)
    parser.add_argument("--steps", type=int, default=20)
    parser.add_argument("--seed", type=int, default=0)
    options = parser.parse_args()
    torch.set_num_threads(1)
    captions = options.caption or CAPTIONS
    films = make_films(
        options.work, options.text, captions, options.guidance, options.steps, options.seed
    )
    contact_sheet(films, options.out)


if __name__ == "__main__":
    main()
