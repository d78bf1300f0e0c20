"""Messages to token ids by the tokenizer's own chat template, with control tokens as plain text.

What a user or a model wrote can never become a control token: `<|im_end|>` in a prompt is encoded
as the characters it consists of. Conversations without such text and without kept thinking get
exactly `apply_chat_template`'s ids. Knows no model and no sampling.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from tokenizers import Tokenizer

from playground.domain.request import Message
from playground.engines.kept import size_of
from playground.engines.local.closing import MOST_WORDS, PLAIN, WORDS
from playground.engines.local.conversation import Rendered, Renderer, any_of
from playground.engines.local.pieces import PieceEncoder
from playground.engines.splitter import CLOSE_TAG, OPEN_TAG, Start


@dataclass(frozen=True, slots=True)
class EncodedPrompt:
    """A prompt as the model reads it; `start` is what its end leaves open.

    `notes` say what is missing of the conversation; `spelled_out` is how many control tokens its
    messages wrote, which are plain text.
    """

    ids: list[int]
    start: Start
    notes: tuple[str, ...] = ()
    spelled_out: int = 0


class PromptEncoder:
    """One model's way from messages to ids. Safe for many threads at once.

    `may_think` says whether the model may open a thought itself; `template_arguments` are passed to
    the template (`enable_thinking` of the hybrids).
    """

    def __init__(
        self, tokenizer: Any, may_think: bool, template_arguments: dict[str, Any] | None = None
    ) -> None:
        self._backend: Tokenizer = tokenizer.backend_tokenizer
        self._whole = PieceEncoder(self._backend)
        self._may_think = may_think
        added = self._backend.get_added_tokens_decoder()
        self._control_ids = {
            token.content: token_id for token_id, token in added.items() if token.content.strip()
        }
        self._control = any_of(set(self._control_ids))
        self._renderer = Renderer(tokenizer, set(self._control_ids), template_arguments or {})
        self.open_id = self._control_ids.get(OPEN_TAG)
        self.close_id = self._control_ids.get(CLOSE_TAG)

    def encode(self, prompt: str, system: str, history: tuple[Message, ...]) -> EncodedPrompt:
        """The prompt's ids. Raises BadRequest: not text, or refused by the template."""
        first = [Message("system", system)] if system else []
        rendered = self._renderer.render([*first, *history, Message("user", prompt)])
        return EncodedPrompt(
            self._encode_rendered(rendered),
            self._start(rendered.text),
            self._notes(rendered.lost),
            sum(written in self._control_ids for written in rendered.hidden.values()),
        )

    def count(self, prompt: str, system: str, history: tuple[Message, ...]) -> int:
        """How many ids `encode` would give."""
        return len(self.encode(prompt, system, history).ids)

    def encode_output(
        self, start: Start, thinking: str | None, answer: str, thought_open: bool
    ) -> list[int]:
        """The ids of what a model wrote, as its template would write it; its words are text."""
        ids: list[int] = []
        if thinking is not None and self.close_id is not None:
            if start == "either" and self.open_id is not None:
                ids += [self.open_id, *self._whole.encode("\n")]
            ids += self._plain.encode(thinking)
            if thought_open:
                return ids
            ids += self._whole.encode(PLAIN)
        return ids + self._plain.encode(answer)

    def closing(self) -> tuple[tuple[int, ...], str]:
        """The ids that close a thought, and their text; none without such a token."""
        if self.close_id is None:
            return (), ""
        text = WORDS + PLAIN
        ids = self._whole.encode(text)
        if len(ids) > MOST_WORDS:  # a vocabulary without these words is a model without them
            text = PLAIN
            ids = self._whole.encode(text)
        return tuple(ids), text

    def decode(self, ids: list[int]) -> str:
        """What these ids stand for, control tokens and all."""
        text: str = self._backend.decode(ids, skip_special_tokens=False)
        return text

    def _notes(self, lost: tuple[str, ...]) -> tuple[str, ...]:
        if not lost:
            return ()
        why = "the model's chat template leaves these turns out."
        if self.open_id is None or self.close_id is None:
            why = f"this model's vocabulary has no {OPEN_TAG} and {CLOSE_TAG}."
        return (f"Earlier thinking was left out ({size_of(lost)}): {why}",)

    def _start(self, rendered: str) -> Start:
        end = rendered.rstrip()
        if self.close_id is None or end.endswith(CLOSE_TAG):
            return "answer"
        if end.endswith(OPEN_TAG):
            return "thinking"
        return "either" if self._may_think and self.open_id is not None else "answer"

    def _encode_rendered(self, rendered: Rendered) -> list[int]:
        if not rendered.hidden:
            return self._whole.encode(rendered.text)
        stand_ins = re.compile("|".join(map(re.escape, rendered.hidden)))
        ids: list[int] = []
        position = 0
        for match in self._control.finditer(rendered.text):
            ids += self._encode_plain(rendered.text[position : match.start()], rendered, stand_ins)
            ids.append(self._control_ids[match[0]])
            position = match.end()
        return ids + self._encode_plain(rendered.text[position:], rendered, stand_ins)

    def _encode_plain(self, text: str, rendered: Rendered, stand_ins: re.Pattern[str]) -> list[int]:
        """`text` with the user's words back in it, none of it read as a control token."""
        if not text:
            return []
        ids = self._plain.encode(stand_ins.sub(lambda match: rendered.hidden[match[0]], text))
        if self._vocabulary_controls.isdisjoint(ids):
            return ids
        # A vocabulary that also spells control tokens as words: cut each of them in two.
        halves = stand_ins.sub(lambda m: "\0".join(_halves(rendered.hidden[m[0]])), text)
        return [token_id for half in halves.split("\0") for token_id in self._plain.encode(half)]

    @cached_property
    def _vocabulary_controls(self) -> frozenset[int]:
        return frozenset(self._control_ids.values())

    @cached_property
    def _plain(self) -> PieceEncoder:
        """The same tokenizer without its added tokens."""
        plain = Tokenizer(self._backend.model)
        if self._backend.normalizer is not None:
            plain.normalizer = self._backend.normalizer
        if self._backend.pre_tokenizer is not None:
            plain.pre_tokenizer = self._backend.pre_tokenizer
        return PieceEncoder(plain)


def _halves(text: str) -> tuple[str, str]:
    return text[: len(text) // 2], text[len(text) // 2 :]
