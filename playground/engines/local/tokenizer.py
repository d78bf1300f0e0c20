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


def open_tokenizer(folder: Path, adapter: Path | None = None) -> Any:
    """The folder's tokenizer, or an adapter's own: it was trained with that one.

    Raises ModelUnusable, and what the libraries raise.
    """
    own = adapter is not None and (adapter / "tokenizer.json").is_file()
    tokenizer = AutoTokenizer.from_pretrained(adapter if own else folder, local_files_only=True)
    if adapter is not None:
        tokenizer.chat_template = _template(folder, adapter)
    if getattr(tokenizer, "backend_tokenizer", None) is None:
        raise ModelUnusable(
            f"The model in {str(folder)!r} has no fast tokenizer (tokenizer.json). Use a model"
            " that has one."
        )
    tokenizer.backend_tokenizer.no_truncation()
    tokenizer.backend_tokenizer.no_padding()
    return tokenizer


def new_encoder(
    name: ModelName, folder: Path, tokenizer: Any, adapter: Path | None = None
) -> PromptEncoder:
    """The way from messages to ids, with what the name asks of the chat template."""
    may_think = template_thinks(_template(folder, adapter), name.option("thinking"))
    return PromptEncoder(tokenizer, may_think, template_arguments(name))


def _template(folder: Path, adapter: Path | None) -> str:
    """The chat template: an adapter's own where it has one."""
    return (chat_template(adapter) if adapter is not None else "") or chat_template(folder)
