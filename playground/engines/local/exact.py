"""What a local model reads of a request: its ids as text again, and what was left out.

Opens a tokenizer where the model is not loaded, never its weights.
"""

from __future__ import annotations

from pathlib import Path

from playground.catalog import ModelName
from playground.domain.engine import ExactPrompt
from playground.domain.request import Request
from playground.engines.local.folder import chat_template
from playground.engines.local.prompt import PromptEncoder

NOT_LOADED = ExactPrompt(None, None, ("The model is not loaded yet. Run a cell first.",))


def exact_prompt(name: ModelName, encoder: PromptEncoder | None, request: Request) -> ExactPrompt:
    """The rendered prompt, as its ids decode; null without an encoder. Raises BadRequest."""
    if encoder is None:
        return NOT_LOADED
    prompt = encoder.encode(request.prompt, request.system, request.history)
    notes = [*prompt.notes]
    if asked := name.option("thinking"):
        notes.append(f"thinking={asked} was asked of the chat template.")
    if prompt.spelled_out:
        notes.append(
            f"Control tokens that are spelled out in the messages ({prompt.spelled_out:,}) are"
            " plain text to the model."
        )
    return ExactPrompt(encoder.decode(prompt.ids), len(prompt.ids), tuple(notes))


def encoder_without_weights(
    name: ModelName, folder: Path | None, adapter: Path | None = None
) -> PromptEncoder | None:
    """The encoder of a model that is not loaded; null where its tokenizer cannot be had."""
    try:
        if folder is None or not chat_template(folder):
            return None
        from playground.engines.local.tokenizer import new_encoder, open_tokenizer

        return new_encoder(name, folder, open_tokenizer(folder, adapter), adapter)
    except Exception:  # a damaged file is said when the model is loaded
        return None
