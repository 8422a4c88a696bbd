"""The film model's parts: latents, poses, the decoder, schedule, conditioning, checkpoints."""

from __future__ import annotations

import random
from pathlib import Path

import numpy as np
import pytest
import torch
from diffusers import DDPMScheduler
from torch import Tensor, nn

from gpt4video_training.film.clips import film_scene, render_clips
from gpt4video_training.film.coders import make_coder
from gpt4video_training.film.denoiser import Denoiser, DenoiserSize, token_groups
from gpt4video_training.film.layout import LATENT_SHAPE, Codes, pack, unpack
from gpt4video_training.film.muon import build_optimisers
from gpt4video_training.film.presets import CODERS
from gpt4video_training.film.progress import Curve, learning_rate
from gpt4video_training.film.sample import sample_latents
from gpt4video_training.film.schedule import alphas_cumprod, diffuse, spread_timesteps
from gpt4video_training.film.sprites import EMPTY, LOOKS, draw_sprite
from gpt4video_training.film.stage import Stage
from gpt4video_training.film.staging import pose_values, stage_scene, wide_backdrop
from gpt4video_training.film.train_coders import train
from gpt4video_training.world.choreography import choreograph
from gpt4video_training.world.scene import Actor, Scene

SMALL = DenoiserSize(width=32, heads=2, blocks=2, condition=16)


def awake(model: torch.nn.Module) -> torch.nn.Module:
    """Zero-initialised layers hide mistakes; give them something to say."""
    torch.manual_seed(1)
    for param in model.parameters():
        if not param.any():
            torch.nn.init.normal_(param, std=0.05)
    return model.eval()


def denoiser_inputs(count: int = 2) -> list[Tensor]:
    generator = torch.Generator().manual_seed(0)
    latents = torch.randn(count, *LATENT_SHAPE, generator=generator)
    text = torch.randn(count, 32, 256, generator=generator)
    mask = torch.zeros(count, 32)
    mask[:, :5] = 1
    return [latents, torch.full((count,), 500.0), text, mask]


class Known(nn.Module):
    """A decoder that knows the answer, so that a test sees the stage alone."""

    def __init__(self, answer: Tensor) -> None:
        super().__init__()
        self.answer = answer

    def forward(self, codes: Tensor) -> Tensor:
        return self.answer


def staged_frames(scenes: list[Scene]) -> Tensor:
    """The stage's frames from the true backdrop, sprites and poses of each scene."""
    staged = [stage_scene(scene) for scene in scenes]
    wide = np.stack([wide_backdrop(s.place, s.seed, s.pan is not None) for s in scenes])
    sprites = np.stack([draw_sprite(look) for each in staged for look in each.looks])
    paths = np.concatenate([each.paths for each in staged])
    stage = Stage(
        Known(torch.from_numpy(wide).permute(0, 3, 1, 2).float() / 255),
        Known(torch.from_numpy(sprites)),
        Known(torch.from_numpy(paths)),
    )
    count = len(scenes)
    camera = torch.from_numpy(np.stack([each.camera for each in staged]))
    return stage.compose(
        Codes(torch.zeros(count, 8, 8, 12), torch.zeros(count, 3, 32), torch.zeros(count, 3, 64), camera)
    )


def psnr(made: Tensor, truth: Tensor) -> float:
    return float(-10 * (made - truth).square().mean().log10())


def test_the_stage_draws_what_the_renderer_draws() -> None:
    scenes = [film_scene(random.Random(seed)) for seed in range(12)]
    scenes += [
        Scene("sea", (Actor("car", "red", motions=("spin",)),), pan="right", seed=3),
        Scene("sea", (Actor("car", "red", motions=("spin",)),), pan="left", seed=3),
    ]
    made, truth = staged_frames(scenes), render_clips(scenes)
    measured = [psnr(m, t) for m, t in zip(made, truth, strict=True)]
    # What differs are contours: the renderer's are two pixels at every size.
    assert min(measured) > 23
    assert sum(measured) / len(measured) > 27.5


@pytest.mark.parametrize("first", ["snail", "ball"])
def test_the_actor_in_front_hides_the_other_whatever_their_order(first: str) -> None:
    other = "ball" if first == "snail" else "snail"
    actors = (Actor(first, "red", "large"), Actor(other, "blue", "large"))
    scene = Scene("day", actors, relation=("in_front_of", 0, 1), seed=4)
    wrong = Scene("day", actors[::-1], relation=("in_front_of", 0, 1), seed=4)
    assert psnr(staged_frames([scene])[0], render_clips([scene])[0]) > 25
    assert psnr(staged_frames([wrong])[0], render_clips([scene])[0]) < 25


def test_poses_come_back() -> None:
    scene = Scene("day", (Actor("fish", "blue", motions=("right", "spin")),), seed=8)
    path = choreograph(scene)[0]
    poses = pose_values(stage_scene(scene).paths)[0]
    assert np.allclose(poses[:, 0], path.x, atol=1e-5)
    assert np.allclose(poses[:, 1], path.y, atol=1e-5)
    assert np.allclose(np.exp(poses[:, 2]), path.radius, atol=1e-5)
    assert np.allclose(poses[:, 3], np.cos(path.angle), atol=1e-5)
    assert np.allclose(poses[:, 4], np.sin(path.angle), atol=1e-5)
    assert np.allclose(poses[:, 6], path.facing)


def test_nobody_is_seen_where_nobody_is() -> None:
    scene = Scene("day", (Actor("fish", "blue"),), seed=8)
    staged = stage_scene(scene)
    assert staged.looks[1:] == (EMPTY, EMPTY)
    assert np.allclose(pose_values(staged.paths)[1:, :, 5], 0)
    assert draw_sprite(EMPTY).max() == 0 and draw_sprite(LOOKS[1])[3].max() == 1


def test_packing_loses_nothing() -> None:
    torch.manual_seed(0)
    codes = Codes(torch.randn(2, 8, 8, 12), torch.randn(2, 3, 32), torch.randn(2, 3, 64), torch.randn(2, 16))
    latents = pack(codes)
    assert latents.shape == (2, *LATENT_SHAPE)
    back = unpack(latents)
    assert torch.equal(back.backdrop, codes.backdrop)
    assert torch.equal(back.looks, codes.looks) and torch.equal(back.paths, codes.paths)
    assert torch.allclose(back.camera, codes.camera)
    # An actor's three tokens carry that actor alone, in the groups that the denoiser names.
    codes.looks[:, 1] += 1
    changed = (pack(codes) - latents)[0, :, 0, 0].abs().sum(dim=0).nonzero()[:, 0]
    assert token_groups()[changed].tolist() == [4]


@pytest.mark.parametrize("part", ["backdrops", "sprites", "paths"])
def test_codes_have_unit_variance(part: str) -> None:
    shape = {"backdrops": (6, 3, 128, 192), "sprites": (32, 4, 64, 64), "paths": (32, 16, 8)}[part]
    coder, x = make_coder(part), torch.rand(*shape)
    codes = coder.encoder(x).detach()
    dims = (0, 2, 3) if part == "backdrops" else (0,)
    assert codes.std(dim=dims, correction=0).mean() == pytest.approx(1.0, abs=0.1)
    assert coder(x).shape == x.shape


def test_schedule_equals_diffusers() -> None:
    reference = DDPMScheduler(1000, beta_schedule="squaredcos_cap_v2")
    assert torch.allclose(alphas_cumprod().float(), reference.alphas_cumprod, atol=1e-6)


def test_noise_and_target_equal_diffusers() -> None:
    reference = DDPMScheduler(
        1000, beta_schedule="squaredcos_cap_v2", prediction_type="v_prediction"
    )
    clean, noise = torch.randn(4, 8, 2, 2), torch.randn(4, 8, 2, 2)
    timesteps = torch.tensor([0, 10, 500, 999])
    noisy, target = diffuse(clean, noise, timesteps, alphas_cumprod())
    assert torch.allclose(noisy, reference.add_noise(clean, noise, timesteps), atol=1e-5)
    assert torch.allclose(target, reference.get_velocity(clean, noise, timesteps), atol=1e-5)


def test_timesteps_cover_the_schedule() -> None:
    timesteps = spread_timesteps(10, torch.Generator().manual_seed(0))
    assert sorted((timesteps // 100).tolist()) == list(range(10))


def test_denoiser_reads_only_real_tokens() -> None:
    model, (latents, timestep, text, mask) = awake(Denoiser(SMALL)), denoiser_inputs()
    padded = text.clone()
    padded[:, 5:] = 100.0
    changed = text.clone()
    changed[:, 3, :128] += 1.0
    with torch.no_grad():
        made = model(latents, timestep, text, mask)
        assert made.shape == latents.shape
        assert torch.allclose(made, model(latents, timestep, padded, mask), atol=1e-5)
        assert not torch.allclose(made, model(latents, timestep, changed, mask), atol=1e-4)
        assert not torch.allclose(made, model(latents, timestep - 300, text, mask), atol=1e-4)


def test_every_token_sees_every_other() -> None:
    model, (latents, timestep, text, mask) = awake(Denoiser(SMALL)), denoiser_inputs(1)
    moved = latents.clone()
    moved[:, 0, 0, 0, 0] += 5.0
    with torch.no_grad():
        change = (model(moved, timestep, text, mask) - model(latents, timestep, text, mask)).abs()
    assert change[0, :, 0, 0].amax(dim=0).min() > 1e-6


def test_sampling_with_a_perfect_denoiser_finds_the_film() -> None:
    """For a data set of one film the exact v is known; the sampler must end there."""
    target, alphas = torch.randn(1, *LATENT_SHAPE), alphas_cumprod()

    def predict(latents: Tensor, timestep: Tensor, text: Tensor, mask: Tensor) -> Tensor:
        product = alphas[timestep.long()].float().reshape(-1, 1, 1, 1, 1)
        noise = (latents - product.sqrt() * target) / (1 - product).sqrt()
        return product.sqrt() * noise - (1 - product).sqrt() * target

    text = (torch.zeros(1, 32, 256), torch.ones(1, 32))
    assert torch.allclose(sample_latents(predict, text, text), target, atol=0.02)


def test_training_continues_where_it_stopped(tmp_path: Path) -> None:
    preset = CODERS["smoke"]["sprites"]
    train("sprites", preset, tmp_path, minutes=0)
    first = torch.load(tmp_path / "sprites.pt", weights_only=False)
    assert first["step"] == preset.steps
    train("sprites", preset, tmp_path, minutes=0)
    again = torch.load(tmp_path / "sprites.pt", weights_only=False)
    assert all(torch.equal(first["model"][name], again["model"][name]) for name in first["model"])
    assert (tmp_path / "sprites.png").exists()


def test_muon_learns_what_it_should() -> None:
    torch.manual_seed(0)
    model = torch.nn.Sequential(torch.nn.Linear(8, 32), torch.nn.Tanh(), torch.nn.Linear(32, 8))
    inputs = torch.randn(64, 8)
    optimisers = build_optimisers(model, 0.02, decay=0.0, edges=("2.",))
    losses = []
    for _ in range(60):
        loss = (model(inputs) - inputs.flip(1)).square().mean()
        loss.backward()
        for optimiser in optimisers:
            optimiser.step()
            optimiser.zero_grad()
        losses.append(loss.item())
    assert losses[-1] < 0.2 * losses[0]


def test_learning_rate_and_divergence(tmp_path: Path) -> None:
    rates = [learning_rate(1.0, step, 1000) for step in (0, 99, 400, 750, 1000)]
    assert rates == pytest.approx([0.01, 1.0, 1.0, 0.5, 0.0])
    assert learning_rate(1.0, 400, 1000, time_left=0.1) == pytest.approx(0.2)
    curve = Curve(tmp_path / "curve.jsonl")
    curve.collect(loss=float("nan"))
    with pytest.raises(ValueError, match="diverged at step 3"):
        curve.write(3, 1.0)
