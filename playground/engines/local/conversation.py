"""A conversation as the tokenizer's chat template writes it, thinking that is to stay included.

What the messages write themselves, such as `<|im_end|>` or `</think>`, the template does not see:
stand-ins take its place, so that no template cuts an answer there. Knows no ids and no model.
"""

from __future__ import annotations

import re
import secrets
from dataclasses import dataclass
from typing import Any

from jinja2 import TemplateError
from tokenizers import Tokenizer

from playground.domain.errors import BadRequest
from playground.domain.request import Message, check_text
from playground.engines.kept import thought_of
from playground.engines.splitter import CLOSE_TAG, OPEN_TAG


@dataclass(frozen=True, slots=True)
class Rendered:
    """The template's text; its control tokens are the template's own or those of kept thinking.

    `hidden` are the stand-ins in it, each with the text that a message wrote; `lost` the thoughts
    that should have stayed and are not in it.
    """

    text: str
    hidden: dict[str, str]
    lost: tuple[str, ...]


class Renderer:
    """One tokenizer's template. `controls` are its control tokens, `arguments` go to the template.

    Thinking can stay only where both of its tags are control tokens.
    """

    def __init__(self, tokenizer: Any, controls: set[str], arguments: dict[str, Any]) -> None:
        self._tokenizer = tokenizer
        self._arguments = arguments
        self._keeps_thinking = controls >= {OPEN_TAG, CLOSE_TAG}
        # A template may cut an answer at a tag that is no token of its vocabulary.
        self._special = any_of(controls | {OPEN_TAG, CLOSE_TAG})

    def render(self, turns: list[Message]) -> Rendered:
        """The text. Raises BadRequest: not text, or refused by the template."""
        mark = secrets.token_hex(8)
        hidden: dict[str, str] = {}
        thoughts: dict[str, str] = {}

        def hide(match: re.Match[str]) -> str:
            stand_in = f"\ue000{mark}{len(hidden)}\ue001"
            hidden[stand_in] = match[0]
            return stand_in

        def safe(text: str) -> str:
            return self._special.sub(hide, self._normalized(text))

        messages, lost = [], []
        for turn in turns:
            content = safe(turn.content)
            thought = thought_of(turn)
            if thought and self._keeps_thinking:
                stand_in = f"\ue002{mark}{len(thoughts)}\ue003"
                thoughts[stand_in] = thought
                content = stand_in + content.lstrip("\n")
            elif thought:
                lost.append(thought)
            messages.append({"role": turn.role, "content": content})
        text = self._apply(messages)
        for stand_in, thought in thoughts.items():
            if stand_in not in text:
                lost.append(thought)
                continue
            # As Qwen3's templates write the thought of an answer that nobody has replied to yet.
            whole = f"{OPEN_TAG}\n{safe(thought)}\n{CLOSE_TAG}\n\n"
            text = text.replace(stand_in, whole)
        return Rendered(text, hidden, tuple(lost))

    def _apply(self, messages: list[dict[str, str]]) -> str:
        try:
            text: str = self._tokenizer.apply_chat_template(
                messages, tokenize=False, add_generation_prompt=True, **self._arguments
            )
        except TemplateError as exc:
            raise BadRequest(
                f"The model's chat template refuses these messages: {exc}. Change the system"
                " prompt or the earlier turns."
            ) from exc
        return text

    def _normalized(self, content: str) -> str:
        """`content`, in the form in which the tokenizer would find control tokens in it."""
        check_text("prompt", content)
        backend: Tokenizer = self._tokenizer.backend_tokenizer
        if backend.normalizer is None or content.isascii():
            return content
        normalized: str = backend.normalizer.normalize_str(content)
        return normalized if self._special.search(normalized) else content


def any_of(texts: set[str]) -> re.Pattern[str]:
    """Finds any of these texts, the longest that there is; nothing where there are none."""
    longest_first = sorted(texts, key=len, reverse=True)
    return re.compile("|".join(map(re.escape, longest_first)) or r"(?!)")
