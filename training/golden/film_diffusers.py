"""A tiny text-to-video pipeline of diffusers with random weights, saved by `save_pretrained`, and films that it makes: for the import of
diffusers folders and test/contract/film-diffusers.spec.ts. Weights are rounded to float16 and saved so; both sides compute in float32."""

import base64
import json
import shutil
from pathlib import Path

import numpy as np
import torch
from diffusers import AutoencoderKL, DDIMScheduler, DPMSolverMultistepScheduler, TextToVideoSDPipeline, UNet3DConditionModel
from random_numbers import gaussians, take
from transformers import CLIPTextConfig, CLIPTextModel, CLIPTokenizer

FOLDER = Path(__file__).resolve().parents[2] / "test" / "fixtures" / "film-diffusers"
FRAMES, HEIGHT, WIDTH, SCALE = 3, 16, 24, 2
TOKENS = 9
SCHEDULER = {  # scheduler_config.json of ZeroScope's family, which names no timestep_spacing
    "beta_schedule": "scaled_linear", "beta_start": 0.00085, "beta_end": 0.012, "clip_sample": False,
    "num_train_timesteps": 1000, "prediction_type": "epsilon", "set_alpha_to_one": False, "steps_offset": 1, "trained_betas": None,
}
FILMS = [
    {"solver": "ddim", "caption": "a red Car drives", "negative": "", "seed": 7, "steps": 5, "guidanceScale": 9},
    {"solver": "dpmsolver++", "caption": "a red Car drives", "negative": "a car!", "seed": 7, "steps": 6, "guidanceScale": 3},
    {"solver": "dpmsolver++", "caption": "a red car drives over a car and over a car and over", "negative": "", "seed": 8, "steps": 4, "guidanceScale": 1},
]


def tokenizer(folder: Path) -> CLIPTokenizer:
    """Byte-level BPE with a few merges, in the files that older transformers wrote."""
    folder.mkdir(parents=True)
    letters = [chr(code) for code in (*range(33, 127), *range(161, 173), *range(174, 256), *range(256, 324))]
    merges = ["a r</w>", "c ar</w>", "r e", "re d</w>", "o v", "ov e", "ove r</w>", "a n", "an d</w>"]
    words = [*letters, *(letter + "</w>" for letter in letters), *(merge.replace(" ", "") for merge in merges), "<|startoftext|>", "<|endoftext|>"]
    (folder / "vocab.json").write_text(json.dumps({word: index for index, word in enumerate(words)}, ensure_ascii=False))
    (folder / "merges.txt").write_text("#version: 0.2\n" + "\n".join(merges) + "\n")
    special = {"bos_token": "<|startoftext|>", "eos_token": "<|endoftext|>", "unk_token": "<|endoftext|>", "pad_token": "!"}
    (folder / "special_tokens_map.json").write_text(json.dumps(special, indent=2) + "\n")
    (folder / "tokenizer_config.json").write_text(json.dumps({"model_max_length": TOKENS, "tokenizer_class": "CLIPTokenizer"}, indent=2) + "\n")
    return CLIPTokenizer(vocab=str(folder / "vocab.json"), merges=str(folder / "merges.txt"), model_max_length=TOKENS, **special)


def rounded(model: torch.nn.Module, scale: float = 1.0) -> torch.nn.Module:
    """Random weights of float16's precision; what starts as zero would leave parts of the graph untested."""
    for name, parameter in model.named_parameters():
        noise = torch.randn_like(parameter)
        value = 1 + 0.1 * noise if parameter.ndim == 1 and name.endswith("weight") else noise * 0.1 if parameter.ndim == 1 else noise * scale / parameter[0].numel() ** 0.5
        parameter.data = value.half().float()
    return model.eval()


def build() -> TextToVideoSDPipeline:
    torch.manual_seed(20261125)
    unet = UNet3DConditionModel(
        block_out_channels=(8, 16), down_block_types=("CrossAttnDownBlock3D", "DownBlock3D"), up_block_types=("UpBlock3D", "CrossAttnUpBlock3D"),
        layers_per_block=1, norm_num_groups=4, cross_attention_dim=16, attention_head_dim=4,
    )
    vae = AutoencoderKL(
        block_out_channels=(8, 16), down_block_types=("DownEncoderBlock2D",) * 2, up_block_types=("UpDecoderBlock2D",) * 2, layers_per_block=1, norm_num_groups=4
    )
    words = tokenizer(FOLDER / "tokenizer")
    text = CLIPTextModel(CLIPTextConfig(
        vocab_size=len(words), hidden_size=16, num_hidden_layers=2, num_attention_heads=2, intermediate_size=32, hidden_act="gelu",
        max_position_embeddings=TOKENS, projection_dim=16, bos_token_id=words.bos_token_id, eos_token_id=words.eos_token_id, pad_token_id=words.pad_token_id,
    ))
    return TextToVideoSDPipeline(vae=rounded(vae), text_encoder=rounded(text), tokenizer=words, unet=rounded(unet), scheduler=DDIMScheduler.from_config(SCHEDULER))


def film(pipe: TextToVideoSDPipeline, wanted: dict) -> dict:
    ddim = DDIMScheduler.from_config(SCHEDULER)
    pipe.scheduler = ddim if wanted["solver"] == "ddim" else DPMSolverMultistepScheduler.from_config(ddim.config)
    shape = (1, 4, FRAMES, HEIGHT // SCALE, WIDTH // SCALE)
    noise = torch.tensor(take(gaussians(wanted["seed"]), int(np.prod(shape))), dtype=torch.float32).reshape(shape)
    made = pipe(
        wanted["caption"].lower(), negative_prompt=wanted["negative"].lower(), height=HEIGHT, width=WIDTH, num_frames=FRAMES, latents=noise,
        num_inference_steps=wanted["steps"], guidance_scale=wanted["guidanceScale"], output_type="np",
    ).frames[0]
    planes = np.ascontiguousarray(made.transpose(0, 3, 1, 2).astype("<f4"))
    print(wanted["solver"], f"mean {planes.mean():.3f} std {planes.std():.3f}, {((planes > 0) & (planes < 1)).mean():.0%} between black and white")
    return {**wanted, "frames": base64.b64encode(planes.tobytes()).decode()}


def main() -> None:
    torch.set_num_threads(1)
    shutil.rmtree(FOLDER, ignore_errors=True)
    pipe = build()
    pipe.set_progress_bar_config(disable=True)
    films = [film(pipe, wanted) for wanted in FILMS]
    for name in ("unet", "vae", "text_encoder"):
        getattr(pipe, name).half().save_pretrained(FOLDER / name)
    (FOLDER / "scheduler").mkdir()
    (FOLDER / "scheduler" / "scheduler_config.json").write_text(json.dumps({"_class_name": "DDIMScheduler", **SCHEDULER}, indent=2) + "\n")
    index = {"_class_name": "TextToVideoSDPipeline", "scheduler": ["diffusers", "DDIMScheduler"], "text_encoder": ["transformers", "CLIPTextModel"],
             "tokenizer": ["transformers", "CLIPTokenizer"], "unet": ["diffusers", "UNet3DConditionModel"], "vae": ["diffusers", "AutoencoderKL"]}
    (FOLDER / "model_index.json").write_text(json.dumps(index, indent=2) + "\n")
    size = {"frames": FRAMES, "height": HEIGHT, "width": WIDTH}
    (FOLDER / "films.json").write_text(json.dumps({"generatedBy": "training/golden/film_diffusers.py", **size, "films": films}) + "\n")
    for path in sorted(FOLDER.rglob("*")):
        if path.is_file():
            print(f"{path.relative_to(FOLDER)}: {path.stat().st_size} bytes")


if __name__ == "__main__":
    main()
