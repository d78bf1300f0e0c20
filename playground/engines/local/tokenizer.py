"""A model's tokenizer and its way from messages to ids, from the small files of its folder.

Reads no weights. Knows nothing of runs.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

from transformers import AutoTokenizer

from playground.catalog import ModelName
from playground.domain.errors import ModelUnusable
from playground.engines.local.description import template_arguments, template_thinks
from playground.engines.local.folder import chat_template
from playground.engines.local.prompt import PromptEncoder


def open_tokenizer(folder: Path) -> Any:
    """The folder's tokenizer. Raises ModelUnusable, and what the libraries raise."""
    tokenizer = AutoTokenizer.from_pretrained(folder, local_files_only=True)
    if getattr(tokenizer, "backend_tokenizer", None) is None:
        raise ModelUnusable(
            f"The model in {str(folder)!r} has no fast tokenizer (tokenizer.json). Use a model"
            " that has one."
        )
    tokenizer.backend_tokenizer.no_truncation()
    tokenizer.backend_tokenizer.no_padding()
    return tokenizer


def new_encoder(name: ModelName, folder: Path, tokenizer: Any) -> PromptEncoder:
    """The way from messages to ids, with what the name asks of the chat template."""
    may_think = template_thinks(chat_template(folder), name.option("thinking"))
    return PromptEncoder(tokenizer, may_think, template_arguments(name))
