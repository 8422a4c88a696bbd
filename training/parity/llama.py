"""LlamaForCausalLM of transformers in float32, for scripts/parity/llama.mjs.

Generated weights at LLaMA-7B's geometry and at a grouped-query one with Llama 3.1's rotary scaling, both at full width and two layers;
and SmolLM2's own weights. Each reads a prompt with vectors in its middle, then 256 tokens greedily through its cache.
Run: python training/parity/llama.py SmolLM2-135M-Instruct.Q4_1.gguf
"""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

import torch
from fixture import digest, tensor_list, write
from transformers import LlamaConfig, LlamaForCausalLM
from weights import Spread, fill, ids, values

from gpt4video_training.language.gguf_model import load_language_model

BEFORE, VECTORS, AFTER, NEW = 40, 65, 70, 256
LLAMA3 = {
    "rope_type": "llama3",
    "factor": 8.0,
    "low_freq_factor": 1.0,
    "high_freq_factor": 4.0,
    "original_max_position_embeddings": 128,
}


@torch.inference_mode()
def read(model: LlamaForCausalLM, count: int) -> dict[str, Any]:
    """Logits after the prompt and after the last of `count` greedy tokens, these, and the smallest lead of a choice."""
    vocabulary, width = model.config.vocab_size, model.config.hidden_size
    table = model.get_input_embeddings()
    before, after = ids("before", (BEFORE,), vocabulary), ids("after", (AFTER,), vocabulary)
    vectors = values("vectors", (VECTORS, width), Spread(0.05))
    out = model(
        inputs_embeds=torch.cat([table(before), vectors, table(after)])[None],
        use_cache=True,
        logits_to_keep=1,
    )
    first, tokens, lead = out.logits[0, -1].clone(), [], float("inf")
    for _ in range(count):
        top = out.logits[0, -1].topk(2)
        tokens.append(int(top.indices[0]))
        lead = min(lead, float(top.values[0] - top.values[1]))
        out = model(
            inputs_embeds=table(top.indices[:1])[None], past_key_values=out.past_key_values, use_cache=True
        )
    print(f"  smallest lead of a choice {lead:.2g}, {len(set(tokens))} different tokens")
    return {
        "inputs": {"before": BEFORE, "vectors": VECTORS, "after": AFTER, "tokens": tokens},
        "outputs": {"first": digest(first, 2000), "last": digest(out.logits[0, -1], 2000)},
    }


def spread(name: str, shape: tuple[int, ...]) -> Spread | None:
    """A head that makes sure choices, so that rounding does not decide; embeddings as in a trained model."""
    if "lm_head" in name:
        return Spread(0.2)
    return Spread(0.05) if "embed_tokens" in name else None


def generated(words: str, count: int, **sizes: Any) -> dict[str, Any]:
    print(words)
    config = LlamaConfig(rms_norm_eps=1e-5, tie_word_embeddings=False, **sizes)
    with torch.device("meta"):
        model = LlamaForCausalLM(config)
    rotary = type(model.model.rotary_emb)(config)
    model = model.to_empty(device="cpu").eval()
    model.model.rotary_emb = rotary
    tensors = [spec for spec in fill(model, spread) if "rotary" not in spec.name]
    return {"geometry": words, "config": config.to_dict(), "tensors": tensor_list(tensors), **read(model, count)}


def smollm2(path: Path) -> dict[str, Any]:
    print("SmolLM2")
    model = load_language_model(path).float().eval()
    return {"geometry": "SmolLM2-135M: 30 layers, width 576, 9 heads, 3 for keys", **read(model, NEW)}


if __name__ == "__main__":
    torch.set_num_threads(2)
    seven = generated(
        "LLaMA-7B at 2 of 32 layers: width 4096, 32 heads, 11008, vocabulary 32,000",
        NEW,
        vocab_size=32000,
        hidden_size=4096,
        num_hidden_layers=2,
        num_attention_heads=32,
        intermediate_size=11008,
        max_position_embeddings=2048,
    )
    grouped = generated(
        "2 layers, width 2048, 32 heads, 4 for keys, 5632, Llama 3.1's rotary scaling",
        NEW,
        vocab_size=32000,
        hidden_size=2048,
        num_hidden_layers=2,
        num_attention_heads=32,
        num_key_value_heads=4,
        intermediate_size=5632,
        max_position_embeddings=2048,
        rope_parameters={"rope_theta": 500000.0, **LLAMA3},
    )
    tiny = {"vocab_size": 300, "hidden_size": 64, "intermediate_size": 96, "max_position_embeddings": 1024}
    small = [
        generated("2 layers, width 64, 4 heads", 40, num_hidden_layers=2, num_attention_heads=4, **tiny),
        generated(
            "3 layers, width 64, 4 heads of width 32, 2 for keys, linear scaling",
            40,
            num_hidden_layers=3,
            num_attention_heads=4,
            num_key_value_heads=2,
            head_dim=32,
            rope_parameters={"rope_theta": 10000.0, "rope_type": "linear", "factor": 4.0},
            **tiny,
        ),
    ]
    write(
        "llama",
        __file__,
        {"small": {"models": small}, "full": {"models": [seven, grouped, smollm2(Path(sys.argv[1]))]}},
    )
