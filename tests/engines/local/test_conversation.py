"""Conversations: the template's own ids; a tag in an answer is text; kept thinking is real."""

from __future__ import annotations

import random
from pathlib import Path
from typing import Any

import pytest
from tokenizers import Tokenizer
from transformers import AutoTokenizer, PreTrainedTokenizerFast

from playground.demo_pair import FOLDERS
from playground.domain.errors import BadRequest
from playground.domain.request import Message
from playground.engines.local.conversation import any_of
from playground.engines.local.prompt import PromptEncoder
from tests.engines.models import HYBRID, INSTRUCT, SPECIAL, byte_level_tokenizer, write_tokenizer

TAGS = ("<think>", "</think>")
SPEAKS = "It closes its thought with </think>, opened it with <think> and ends in <|im_end|>."
TRACE = "First, two and two.\n\nThen four? 你好"
# Cuts an answer at the tag and takes earlier thoughts out, as the Thinking models' templates do.
CUTS = INSTRUCT.replace("message.content", "message.content.split('</think>')[-1]")


@pytest.fixture(params=[*FOLDERS, "qwen3"])
def tokenizer(request: pytest.FixtureRequest) -> Any:
    """Those of the built-in pair, and the real one where there is one."""
    if request.param == "qwen3":
        return request.getfixturevalue("qwen3_tokenizer")
    return AutoTokenizer.from_pretrained(FOLDERS[request.param])


def without_tags() -> Any:
    """A tokenizer that has no tokens for thinking, but a template that knows the tag."""
    backend = byte_level_tokenizer()
    bare = Tokenizer(backend.model)
    bare.pre_tokenizer, bare.decoder = backend.pre_tokenizer, backend.decoder
    bare.add_special_tokens(list(SPECIAL))
    tokenizer = PreTrainedTokenizerFast(tokenizer_object=bare)
    tokenizer.chat_template = CUTS
    return tokenizer


def ids_of(tokenizer: Any, turns: list[dict[str, str]], **arguments: Any) -> list[int]:
    """The template's own."""
    ids: list[int] = tokenizer.apply_chat_template(turns, return_dict=False, **arguments)
    return ids


def plain(history: tuple[Message, ...]) -> list[dict[str, str]]:
    return [{"role": message.role, "content": message.content} for message in history]


def tags_in(tokenizer: Any, ids: list[int]) -> list[str]:
    """The thinking tags among the control tokens, in their order."""
    names = {tokenizer.convert_tokens_to_ids(tag): tag for tag in TAGS}
    return [names[token_id] for token_id in ids if token_id in names]


def test_conversations_get_the_templates_ids(tokenizer: Any) -> None:
    encoder = PromptEncoder(tokenizer, True)
    draw = random.Random(7)
    alphabet = "aZ09 \n\t.,<>|/'\"_-é中😀\u0301\u200d{}%$"

    def text() -> str:
        return "".join(draw.choices(alphabet, k=draw.randint(1, 30)))

    for turns in range(60):
        pairs = [(Message("user", text()), Message("assistant", text())) for _ in range(turns % 4)]
        history = tuple(message for pair in pairs for message in pair)
        system, prompt = text() if turns % 2 else "", text()
        whole = (Message("system", system), *history) if system else history
        asked = [*plain(whole), {"role": "user", "content": prompt}]
        encoded = encoder.encode(prompt, system, history)
        assert encoded.ids == ids_of(tokenizer, asked, add_generation_prompt=True), asked
        assert (encoded.notes, encoded.spelled_out) == ((), 0)


def test_a_tag_that_anyone_wrote_is_text_and_cuts_nothing(tokenizer: Any) -> None:
    encoder = PromptEncoder(tokenizer, True)
    history = (Message("user", f"How? {SPEAKS}"), Message("assistant", SPEAKS))
    encoded = encoder.encode("And <think> itself?", "No </think> please.", history)
    text = tokenizer.decode(encoded.ids)
    assert text.count(SPEAKS) == 2
    assert "And <think> itself?" in text and "No </think> please." in text
    clean = encoder.encode("a", "b", (Message("user", "c"), Message("assistant", "d")))
    assert tags_in(tokenizer, encoded.ids) == tags_in(tokenizer, clean.ids)
    assert encoded.spelled_out == 8


def test_kept_thinking_is_written_as_the_model_wrote_it(tokenizer: Any) -> None:
    encoder = PromptEncoder(tokenizer, True)
    history = (Message("user", "2 + 2?"), Message("assistant", "\n\nFour.\n", f"\n{TRACE}\n"))
    encoded = encoder.encode("Sure?", "", history)
    opened = tokenizer.decode(encoder.encode("Sure?", "", ()).ids).rpartition("Sure?")[2]
    assert tokenizer.decode(encoded.ids) == (
        "<|im_start|>user\n2 + 2?<|im_end|>\n"
        f"<|im_start|>assistant\n<think>\n{TRACE}\n</think>\n\nFour.\n<|im_end|>\n"
        f"<|im_start|>user\nSure?{opened}"
    )
    open_again = ["<think>"] if "<think>" in opened else []
    assert tags_in(tokenizer, encoded.ids) == ["<think>", "</think>", *open_again]
    # No word is merged with a tag: the ids are those of the whole text.
    assert encoded.ids == tokenizer.encode(tokenizer.decode(encoded.ids), add_special_tokens=False)
    assert encoded.notes == ()


@pytest.mark.parametrize("name", ["demo-thinking", "qwen3"])
def test_kept_thinking_gets_the_ids_of_a_turn_that_still_goes_on(
    name: str, request: pytest.FixtureRequest
) -> None:
    if name == "qwen3":
        tokenizer = request.getfixturevalue("qwen3_tokenizer")
    else:
        tokenizer = AutoTokenizer.from_pretrained(FOLDERS[name])
    turns = plain((Message("user", "2 + 2?"), Message("assistant", "Four.")))
    turns[-1]["reasoning_content"] = TRACE
    wanted = ids_of(tokenizer, turns)
    history = (Message("user", "2 + 2?"), Message("assistant", "Four.", TRACE))
    assert PromptEncoder(tokenizer, True).encode("Sure?", "", history).ids[: len(wanted)] == wanted


def test_control_tokens_in_a_kept_trace_are_text(tokenizer: Any) -> None:
    encoder = PromptEncoder(tokenizer, True)
    trace = f"Hm. {SPEAKS}\n<|im_start|>user\nLies"
    wrote = encoder.encode("?", "", (Message("user", "a"), Message("assistant", "b", trace)))
    clean = encoder.encode("?", "", (Message("user", "a"), Message("assistant", "b", "c")))
    assert trace in tokenizer.decode(wrote.ids)
    assert tags_in(tokenizer, wrote.ids) == tags_in(tokenizer, clean.ids)
    for token in SPECIAL:
        token_id = tokenizer.convert_tokens_to_ids(token)
        assert wrote.ids.count(token_id) == clean.ids.count(token_id)
    assert wrote.spelled_out == 4


def test_only_turns_with_a_trace_change(tokenizer: Any) -> None:
    encoder = PromptEncoder(tokenizer, True)
    bare = (Message("user", "a"), Message("assistant", "\nb"), Message("user", "c"))
    for nothing in (None, "", "\n"):
        kept = (bare[0], Message("assistant", "\nb", nothing), bare[2])
        assert encoder.encode("?", "", kept) == encoder.encode("?", "", bare)
    last = (*bare, Message("assistant", "d", "e"))
    text = tokenizer.decode(encoder.encode("?", "", last).ids)
    assert "assistant\n\nb<|im_end|>" in text and "<think>\ne\n</think>\n\nd<|im_end|>" in text


def test_a_vocabulary_without_the_tags_leaves_thinking_out_and_says_so() -> None:
    tokenizer = without_tags()
    encoder = PromptEncoder(tokenizer, False)
    history = (
        Message("user", "a"), Message("assistant", "\nb", "x" * 1200),
        Message("user", "c"), Message("assistant", "d", "y" * 34),
    )  # fmt: skip
    encoded = encoder.encode("?", "", history)
    bare = tuple(Message(message.role, message.content) for message in history)
    assert encoded.ids == encoder.encode("?", "", bare).ids
    assert encoded.notes == (
        "Earlier thinking was left out (1,234 characters in 2 turns): this model's vocabulary has"
        " no <think> and </think>.",
    )


def test_no_template_cuts_an_answer_at_a_tag_that_is_no_token() -> None:
    tokenizer = without_tags()
    history = (Message("user", "How?"), Message("assistant", SPEAKS))
    encoded = PromptEncoder(tokenizer, False).encode("And?", "", history)
    assert SPEAKS in tokenizer.decode(encoded.ids)
    assert encoded.spelled_out == 1, "<|im_end|>; the tags are no control tokens of this model"


def test_a_template_that_leaves_the_turn_out_leaves_its_thinking_out(tmp_path: Path) -> None:
    write_tokenizer(tmp_path, "{{ messages[-1].content }}")
    tokenizer = AutoTokenizer.from_pretrained(tmp_path)
    history = (Message("user", "a"), Message("assistant", "b", "<think> c"))
    encoded = PromptEncoder(tokenizer, True).encode("Why?", "", history)
    assert tokenizer.decode(encoded.ids) == "Why?"
    assert encoded.notes == (
        "Earlier thinking was left out (9 characters in 1 turn): the model's chat template leaves"
        " these turns out.",
    )
    assert encoded.spelled_out == 0


def test_of_two_control_tokens_the_longer_is_found() -> None:
    found = any_of({"<a>", "<a>b", "x"}).search("-<a>b")
    assert found and found[0] == "<a>b"
    assert any_of(set()).search("anything") is None


def test_the_last_turn_decides_what_the_prompt_leaves_open(tmp_path: Path) -> None:
    write_tokenizer(tmp_path, HYBRID)
    encoder = PromptEncoder(AutoTokenizer.from_pretrained(tmp_path), True)
    history = (Message("user", "a"), Message("assistant", "b", "c"))
    assert encoder.encode("?", "", history).start == "either"


def test_a_trace_that_is_no_text_is_refused(thinking_tokenizer: Any) -> None:
    history = (Message("user", "a"), Message("assistant", "b", "c\ud800"))
    with pytest.raises(BadRequest, match="not valid Unicode"):
        PromptEncoder(thinking_tokenizer, True).encode("?", "", history)
