"""SmolLM2 in float32 with `transformers`, for the assembled language model: token ids of its tokenizer, greedy answers of the base
model, with spliced vectors, and with a synthetic LoRA; and the NLL of a text. Run: PYTHONPATH=training python training/golden/language.py model.gguf"""

import hashlib
import sys
from pathlib import Path

import torch

from fixture import write
from gpt4video_training.language.gguf_model import load_language_model, load_tokenizer

SYSTEM = "<|im_start|>system\nYou are GPT4Video, a helpful assistant that watches videos and makes videos.<|im_end|>\n"
QUESTIONS = ["What is the capital of France?", "Write one sentence about a cat.", "Name three colours of the rainbow.", "How many days does a week have?"]
TEXTS = ["What is 1234 + 5678?", "Grüße, 世界! 🚀🎬", "def f(x):\n    return x*2", "  two  spaces\tand a tab\n\n", "I'll don't we've", "x²+½≠∞", "<video>a blue star</video>", "2026-11-24T15:45:22Z"]
LENGTH = 40


def wave(rows: int, columns: int, start: int, size: float) -> torch.Tensor:
    """size · sin(start + 0.7 k), which TypeScript computes too."""
    return (size * torch.sin(start + 0.7 * torch.arange(rows * columns, dtype=torch.float64))).float().reshape(rows, columns)


def add_lora(model: torch.nn.Module) -> None:
    """Merges layers.{i}.{q,v}_proj.lora_{A,B} made of waves: A starts at 4i + 1 (q) or 4i + 3 (v), B one later."""
    for index, layer in enumerate(model.model.layers):
        for projection, start in ((layer.self_attn.q_proj, 4 * index + 1), (layer.self_attn.v_proj, 4 * index + 3)):
            rows, width = projection.weight.shape
            projection.weight.data += wave(rows, 16, start + 1, 0.2) @ wave(16, width, start, 0.2)


@torch.inference_mode()
def greedy(model: torch.nn.Module, embeds: torch.Tensor) -> dict:
    """Greedy ids, and the lead of each choice over the second: a small lead may fall either way in 8-bit arithmetic."""
    past, ids, leads = None, [], []
    for _ in range(LENGTH):
        out = model(inputs_embeds=embeds, past_key_values=past, use_cache=True)
        past = out.past_key_values
        top = out.logits[0, -1].topk(2)
        ids.append(int(top.indices[0]))
        leads.append(round(float(top.values[0] - top.values[1]), 3))
        if ids[-1] == 2:
            break
        embeds = model.get_input_embeddings()(top.indices[:1])[None]
    return {"answer": ids, "leads": leads}


gguf = Path(sys.argv[1])
model, tokenizer = load_language_model(gguf), load_tokenizer(gguf)


def encode(text: str) -> list[int]:
    return tokenizer.encode(text, add_special_tokens=False).ids


def turn(question: str) -> str:
    return f"{SYSTEM}<|im_start|>user\n{question}<|im_end|>\n<|im_start|>assistant\n"


def embed(ids: list[int]) -> torch.Tensor:
    return model.get_input_embeddings()(torch.tensor(ids))


answers = []
for question in QUESTIONS:
    ids = encode(turn(question))
    answers.append({"question": question, "prompt": ids, **greedy(model, embed(ids)[None])})

before, after = encode(f"{SYSTEM}<|im_start|>user\n<video>"), encode("</video>\nWhat is in this video?<|im_end|>\n<|im_start|>assistant\n")
spliced = torch.cat([embed(before), wave(65, 576, 0, 0.1), embed(after)])[None]
vectors = {"before": before, "after": after, "count": 65, **greedy(model, spliced)}

add_lora(model)
lora = [{"prompt": answer["prompt"], **greedy(model, embed(answer["prompt"])[None])} for answer in answers]

write("language", __file__, {
    "base": hashlib.sha256(gguf.read_bytes()).hexdigest(),
    "texts": [{"text": text, "ids": encode(text)} for text in TEXTS],
    "answers": answers,
    "vectors": vectors,
    "lora": lora,
})
