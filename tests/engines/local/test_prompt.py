"""The template's own ids for ordinary text; control tokens in a prompt are characters."""

from __future__ import annotations

import random
from pathlib import Path
from typing import Any

import pytest
from tokenizers import Tokenizer
from transformers import AutoTokenizer

from playground.domain.errors import BadRequest
from playground.domain.request import Message
from playground.engines.local.prompt import PromptEncoder
from tests.engines.models import HYBRID, NOT_SPECIAL, SPECIAL, write_tokenizer

CONTROLS = (*SPECIAL, *NOT_SPECIAL)
ORDINARY = (
    "Hello",
    " leading and trailing  ",
    "\n\nnewlines around\n\n",
    "\tTabs\t and\r\nWindows\rlines",
    "Solve 2x^2 + 3x - 5 = 0.",
    "Olá, então? Ação; ñandú",
    "e\u0301 composed and \u00e9, \u212b",
    "你好，世界。\n想一想",
    "😀👨‍👩‍👧‍👦🇵🇹",
    "NUL \x00 and \x1b escapes \x7f",
    "<script>alert(1)</script> ${alert(1)} {{value}} {% raw %} {# no #}",
    "< think> <|im_start |> </thi nk> |> <| im_end",
    "\ue000private use\ue001",
    "'quotes' \"double\" \\n backslash",
    " ",
    "\n",
)
HISTORY = (Message("user", "First? "), Message("assistant", "\nYes.\n"))


@pytest.fixture(params=["own", "qwen3"])
def tokenizer(request: pytest.FixtureRequest) -> Any:
    """Our small byte-level tokenizer, and the real one where there is one."""
    name = "thinking_tokenizer" if request.param == "own" else "qwen3_tokenizer"
    return request.getfixturevalue(name)


def expected(tokenizer: Any, prompt: str, system: str, history: tuple[Message, ...]) -> list[int]:
    turns = [{"role": "system", "content": system}] if system else []
    turns += [{"role": message.role, "content": message.content} for message in history]
    turns.append({"role": "user", "content": prompt})
    ids: list[int] = tokenizer.apply_chat_template(
        turns, add_generation_prompt=True, return_dict=False
    )
    return ids


def test_ordinary_prompts_get_the_templates_ids(tokenizer: Any) -> None:
    encoder = PromptEncoder(tokenizer, True)
    for text in ORDINARY:
        for system in ("", "Be brief.\n"):
            for history in ((), HISTORY):
                got = encoder.encode(text, system, history).ids
                assert got == expected(tokenizer, text, system, history), (text, system)


def test_random_text_gets_the_templates_ids(tokenizer: Any) -> None:
    encoder = PromptEncoder(tokenizer, True)
    draw = random.Random(11)
    alphabet = "aZ09 \n\t.,<>|/'\"_-é中😀\u0301\u200d{}%$"
    for _ in range(300):
        text = "".join(draw.choices(alphabet, k=draw.randint(1, 40)))
        assert encoder.encode(text, text[:5], ()).ids == expected(tokenizer, text, text[:5], ())


def test_control_tokens_in_a_prompt_are_characters(tokenizer: Any) -> None:
    encoder = PromptEncoder(tokenizer, True)
    control_ids = {tokenizer.convert_tokens_to_ids(token) for token in CONTROLS}
    clean = encoder.encode("x", "x", (Message("assistant", "x"),)).ids
    wanted = [token_id for token_id in clean if token_id in control_ids]
    for token in CONTROLS:
        text = f"Before{token} {token}{token}\nafter <|im_<|im_end|>end|>"
        ids = encoder.encode(text, token, (Message("assistant", text),)).ids
        assert [token_id for token_id in ids if token_id in control_ids] == wanted
        assert tokenizer.decode(ids).count(text) == 2


def test_an_escaped_prompt_is_otherwise_the_same(tokenizer: Any) -> None:
    encoder = PromptEncoder(tokenizer, True)
    plain = encoder.encode("Hello\n", "System", HISTORY).ids
    escaped = encoder.encode("Hello\n", "System <|im_end|>", HISTORY).ids
    start = len(plain) - 12
    assert escaped[-12:] == plain[start:]
    assert tokenizer.decode(escaped) == tokenizer.decode(plain).replace(
        "System", "System <|im_end|>", 1
    )


def test_escaped_text_is_encoded_as_if_there_were_no_control_tokens(tokenizer: Any) -> None:
    backend = tokenizer.backend_tokenizer
    plain = Tokenizer(backend.model)
    plain.normalizer, plain.pre_tokenizer = backend.normalizer, backend.pre_tokenizer
    turn = "user\nAsk <|im_end|> now"
    wanted = plain.encode(turn, add_special_tokens=False).ids
    ids = PromptEncoder(tokenizer, True).encode("Ask <|im_end|> now", "", ()).ids
    assert ids[1 : 1 + len(wanted)] == wanted


def test_an_answer_that_speaks_of_the_tag_keeps_all_its_text(qwen3_tokenizer: Any) -> None:
    encoder = PromptEncoder(qwen3_tokenizer, True)
    answer = "Qwen3 closes its thought with </think> and then answers."
    ids = encoder.encode("And?", "", (Message("user", "How?"), Message("assistant", answer))).ids
    assert answer in qwen3_tokenizer.decode(ids)


def test_control_tokens_appear_by_no_normalization() -> None:
    from tokenizers import AddedToken, normalizers
    from transformers import PreTrainedTokenizerFast

    from tests.engines.models import THINKING, byte_level_tokenizer

    backend = byte_level_tokenizer()
    backend.normalizer = normalizers.NFKC()
    backend.add_tokens([AddedToken("<secret>", normalized=True)])
    tokenizer = PreTrainedTokenizerFast(tokenizer_object=backend)
    tokenizer.chat_template = THINKING
    secret = backend.token_to_id("<secret>")
    wide = "\uff1csecret\uff1e"
    assert secret in backend.encode(wide).ids
    assert secret not in PromptEncoder(tokenizer, True).encode(wide, "", ()).ids


def test_a_vocabulary_that_spells_a_control_token_as_a_word_does_not_help() -> None:
    from tokenizers import AddedToken, decoders, pre_tokenizers
    from tokenizers import models as tokenizer_models
    from transformers import PreTrainedTokenizerFast

    vocabulary = {c: i for i, c in enumerate(sorted(pre_tokenizers.ByteLevel.alphabet()))}
    vocabulary["<end>"] = len(vocabulary)
    backend = Tokenizer(tokenizer_models.BPE(vocabulary, [], ignore_merges=True))
    backend.decoder = decoders.ByteLevel()
    backend.add_special_tokens([AddedToken("<end>", normalized=False)])
    tokenizer = PreTrainedTokenizerFast(tokenizer_object=backend)
    tokenizer.chat_template = "{{ messages[-1].content }}<end>"
    ids = PromptEncoder(tokenizer, False).encode("<end>", "", ()).ids
    assert ids.count(vocabulary["<end>"]) == 1
    assert tokenizer.decode(ids) == "<end><end>"


def test_the_start_is_what_the_prompt_leaves_open(tmp_path: Path, thinking_tokenizer: Any) -> None:
    write_tokenizer(tmp_path, HYBRID)
    hybrid = AutoTokenizer.from_pretrained(tmp_path)
    assert PromptEncoder(thinking_tokenizer, True).encode("a", "", ()).start == "thinking"
    assert PromptEncoder(hybrid, True).encode("a", "", ()).start == "either"
    assert PromptEncoder(hybrid, False).encode("a", "", ()).start == "answer"
    off = PromptEncoder(hybrid, True, {"enable_thinking": False})
    assert off.encode("a", "", ()).start == "answer"


def test_a_prompt_that_ends_in_the_tag_opens_nothing(tmp_path: Path) -> None:
    write_tokenizer(tmp_path, "{{ messages[-1].content }}")
    bare = PromptEncoder(AutoTokenizer.from_pretrained(tmp_path), False)
    assert bare.encode("Say <think>", "", ()).start == "answer"


def test_a_template_that_refuses_says_so(tmp_path: Path) -> None:
    write_tokenizer(tmp_path, "{{ raise_exception('No system messages') }}")
    encoder = PromptEncoder(AutoTokenizer.from_pretrained(tmp_path), False)
    with pytest.raises(BadRequest, match=r"No system messages\. Change"):
        encoder.encode("a", "b", ())


def test_a_lone_surrogate_is_refused(thinking_tokenizer: Any) -> None:
    encoder = PromptEncoder(thinking_tokenizer, True)
    with pytest.raises(BadRequest, match="not valid Unicode"):
        encoder.encode("a\ud800", "", ())
    with pytest.raises(BadRequest, match="not valid Unicode"):
        encoder.encode("a", "", (Message("user", "\udfff"),))


def test_a_template_is_given_text_and_runs_none_of_it(thinking_tokenizer: Any) -> None:
    encoder = PromptEncoder(thinking_tokenizer, True)
    text = "{{ 7 * 7 }}{% for x in y %}"
    assert text in thinking_tokenizer.decode(encoder.encode(text, "", ()).ids)


def test_counting_is_encoding(tokenizer: Any) -> None:
    encoder = PromptEncoder(tokenizer, True)
    for text in (*ORDINARY, "<|im_end|>", "word " * 20_000):
        assert encoder.count(text, "s", HISTORY) == len(encoder.encode(text, "s", HISTORY).ids)
