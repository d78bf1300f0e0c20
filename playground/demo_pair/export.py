"""Writes a trained model as a Hugging Face folder: weights, tokenizer, template, defaults, card.

Each file is replaced whole, so that whoever loads the folder meanwhile never sees half a file.
"""

from __future__ import annotations

import json
import os
import tempfile
from pathlib import Path
from typing import Any

import torch
from tokenizers import Tokenizer
from transformers import GenerationConfig, Qwen3ForCausalLM

from playground.demo_pair.conversations import Mode
from playground.demo_pair.network import CONTEXT, build
from playground.demo_pair.tokenizer import END_OF_TEXT, NOT_SPECIAL, SPECIAL, TURN_END, token_id

_TEMPLATES = Path(__file__).parent / "templates"

_SAMPLING: dict[Mode, dict[str, Any]] = {
    "instruct": {"temperature": 0.7, "top_p": 0.8, "top_k": 20, "max_new_tokens": 512},
    "thinking": {"temperature": 0.6, "top_p": 0.95, "top_k": 20, "max_new_tokens": 1024},
}


def load_trained(checkpoint: Path, tokenizer: Tokenizer) -> Qwen3ForCausalLM:
    """The averaged network of a checkpoint, in bf16."""
    pad, end = token_id(tokenizer, END_OF_TEXT), token_id(tokenizer, TURN_END)
    model = build(tokenizer.get_vocab_size(), pad, end)
    model.load_state_dict(torch.load(checkpoint, weights_only=True)["average"])
    return model.to(torch.bfloat16)


def export(mode: Mode, checkpoint: Path, tokenizer: Tokenizer, folder: Path) -> None:
    """Write the whole folder but its card."""
    pad, end = token_id(tokenizer, END_OF_TEXT), token_id(tokenizer, TURN_END)
    model = load_trained(checkpoint, tokenizer)
    model.generation_config = GenerationConfig(
        do_sample=True, pad_token_id=pad, eos_token_id=[end, pad], **_SAMPLING[mode]
    )
    folder.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=folder.parent) as scratch:
        written = Path(scratch)
        model.save_pretrained(written)
        tokenizer.save(str(written / "tokenizer.json"))
        template = (_TEMPLATES / f"{mode}.jinja").read_text(encoding="utf-8")
        (written / "chat_template.jinja").write_text(template, encoding="utf-8")
        (written / "tokenizer_config.json").write_text(
            json.dumps(_tokenizer_config(tokenizer), indent=2) + "\n", encoding="utf-8"
        )
        folder.mkdir(exist_ok=True)
        for path in sorted(written.iterdir()):
            os.chmod(path, 0o644)
            os.replace(path, folder / path.name)


def _tokenizer_config(tokenizer: Tokenizer) -> dict[str, Any]:
    added = {
        str(token_id(tokenizer, name)): {
            "content": name,
            "lstrip": False,
            "normalized": False,
            "rstrip": False,
            "single_word": False,
            "special": name in SPECIAL,
        }
        for name in (*SPECIAL, *NOT_SPECIAL)
    }
    return {
        "tokenizer_class": "PreTrainedTokenizerFast",
        "added_tokens_decoder": added,
        "bos_token": None,
        "eos_token": TURN_END,
        "pad_token": END_OF_TEXT,
        "unk_token": None,
        "clean_up_tokenization_spaces": False,
        "model_max_length": CONTEXT,
    }
