"""The film model's parts: shapes, schedule, conditioning, checkpoints."""

from __future__ import annotations

import random
from pathlib import Path

import pytest
import torch
from diffusers import DDPMScheduler
from gpt4video_training.film.autoencoder import Autoencoder, AutoencoderSize
from gpt4video_training.film.clips import actor_shares, film_scene, render_clips, render_stills
from gpt4video_training.film.denoiser import LATENT_SHAPE, Denoiser, DenoiserSize
from gpt4video_training.film.encode_latents import load_parts
from gpt4video_training.film.muon import build_optimisers
from gpt4video_training.film.presets import AUTOENCODER
from gpt4video_training.film.progress import Curve, learning_rate
from gpt4video_training.film.sample import sample_latents
from gpt4video_training.film.schedule import alphas_cumprod, diffuse, spread_timesteps
from gpt4video_training.film.train_autoencoder import reconstruction_loss, train
from torch import Tensor

SMALL = DenoiserSize(outer=16, width=32, heads=2, blocks=2, condition=16)


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


def test_schedule_equals_diffusers() -> None:
    reference = DDPMScheduler(1000, beta_schedule="linear")
    assert torch.allclose(alphas_cumprod().float(), reference.alphas_cumprod, atol=1e-6)


def test_noise_and_target_equal_diffusers() -> None:
    reference = DDPMScheduler(
        1000, beta_schedule="linear", prediction_type="v_prediction"
    )
    clean, noise = torch.randn(4, 8, 2, 2), torch.randn(4, 8, 2, 2)
    timesteps = torch.tensor([0, 10, 500, 999])
    noisy, target = diffuse(clean, noise, timesteps, alphas_cumprod())
    assert torch.allclose(noisy, reference.add_noise(clean, noise, timesteps), atol=1e-5)
    assert torch.allclose(target, reference.get_velocity(clean, noise, timesteps), atol=1e-5)


def test_timesteps_cover_the_schedule() -> None:
    timesteps = spread_timesteps(10, torch.Generator().manual_seed(0))
    assert sorted((timesteps // 100).tolist()) == list(range(10))


def test_stacking_frames_loses_nothing() -> None:
    latents = torch.randn(2, *LATENT_SHAPE)
    stacked = Denoiser._stack(latents)
    assert torch.equal(stacked[1, 8:16], latents[0, :, 5])
    assert torch.equal(Denoiser._unstack(stacked), latents)


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


def test_denoiser_sees_across_time_and_space() -> None:
    model, (latents, timestep, text, mask) = awake(Denoiser(SMALL)), denoiser_inputs(1)
    moved = latents.clone()
    moved[:, :, 0, 0, 0] += 5.0
    with torch.no_grad():
        change = (model(moved, timestep, text, mask) - model(latents, timestep, text, mask)).abs()
    assert change[0, :, 15, 7, 7].max() > 1e-6


def test_sampling_with_a_perfect_denoiser_finds_the_film() -> None:
    """For a data set of one film the exact v is known; the sampler must end there."""
    target, alphas = torch.randn(1, *LATENT_SHAPE), alphas_cumprod()

    def predict(latents: Tensor, timestep: Tensor, text: Tensor, mask: Tensor) -> Tensor:
        product = alphas[timestep.long()].float().reshape(-1, 1, 1, 1, 1)
        noise = (latents - product.sqrt() * target) / (1 - product).sqrt()
        return product.sqrt() * noise - (1 - product).sqrt() * target

    text = (torch.zeros(1, 32, 256), torch.ones(1, 32))
    assert torch.allclose(sample_latents(predict, text, text), target, atol=0.02)


def test_autoencoder_shapes_and_unit_latents() -> None:
    model = Autoencoder(AutoencoderSize(16, 32, 64))
    pictures = torch.rand(6, 3, 128, 128)
    latents = model.encoder(pictures)
    assert latents.shape == (6, 8, 8, 8)
    assert torch.allclose(latents.std(dim=(0, 2, 3), correction=0), torch.ones(8), atol=0.01)
    model.eval()
    with torch.no_grad():
        clips = model.decode_clips(torch.randn(2, *LATENT_SHAPE))
        assert clips.shape == (2, 16, 3, 128, 128)
        assert clips.min() >= 0 and clips.max() <= 1
        encoded = model.encode_clips(clips)
        assert torch.allclose(encoded[1, :, 7], model.encoder(clips[1, 7:8])[0], atol=1e-5)


def test_errors_on_actors_cost_more() -> None:
    truth, actors = torch.zeros(1, 3, 8, 8), torch.zeros(1, 1, 8, 8)
    actors[..., :2, :2] = 1
    on_actor, elsewhere = truth.clone(), truth.clone()
    on_actor[..., :2, :2], elsewhere[..., 6:, 6:] = 0.5, 0.5
    costly, measured = reconstruction_loss(on_actor, truth, actors)
    assert costly > 3 * reconstruction_loss(elsewhere, truth, actors)[0]
    assert measured == pytest.approx(0.5)


def test_clips_and_actor_shares_agree() -> None:
    scenes = [film_scene(random.Random(seed)) for seed in range(3)]
    clips, shares = render_clips(scenes), actor_shares(scenes)
    stills, actors = render_stills(scenes, [4, 9, 15])
    assert clips.shape == (3, 16, 3, 128, 128) and shares.shape == (3, 16, 8, 8)
    assert torch.equal(stills[1], clips[1, 9])
    cells = actors[1, 0].reshape(8, 16, 8, 16).mean(dim=(1, 3))
    assert torch.allclose(cells, shares[1, 9])


def test_training_continues_where_it_stopped(tmp_path: Path) -> None:
    train(AUTOENCODER["smoke"], tmp_path, minutes=0)
    first = torch.load(tmp_path / "autoencoder.pt", weights_only=False)
    assert first["step"] == AUTOENCODER["smoke"].steps
    train(AUTOENCODER["smoke"], tmp_path, minutes=0)
    again = torch.load(tmp_path / "autoencoder.pt", weights_only=False)
    assert all(torch.equal(first["model"][name], again["model"][name]) for name in first["model"])
    assert (tmp_path / "autoencoder.png").exists()


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


def test_unfinished_parts_are_not_read(tmp_path: Path) -> None:
    (tmp_path / "part-0000.tmp.npz").write_bytes(b"half")
    assert load_parts(tmp_path, set()) == []
