"""The exact prompt: what the model reads, whole, counted alike everywhere, and without weights."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest
from transformers import AutoTokenizer

from playground.catalog import parse_name
from playground.demo_pair import FOLDERS
from playground.domain.errors import BadRequest
from playground.domain.events import Event, Notice, Text, ThoughtClosed
from playground.domain.request import Message, Request
from playground.domain.sampling import Sampling
from playground.engines.local import loading
from playground.engines.local.engine import LocalEngine
from playground.engines.local.exact import NOT_LOADED
from playground.results.fold import fold
from tests.engines.models import write_model
from tests.engines.signals import Never
from tests.samples import request

GREEDY = Sampling(temperature=0.0, max_new_tokens=200, seed=1)
HISTORY = (
    Message("user", "2 + 2?"),
    Message("assistant", "Four </think>.", "Let me see. <|im_end|>"),
    Message("user", "So?"),
    Message("assistant", "Yes."),
)


def engine_for(folder: Path, query: str = "") -> LocalEngine:
    return LocalEngine(parse_name(f"{folder}{query}"))


def asked(**changes: object) -> Request:
    values = {"prompt": "Why? 你好", "system": "Be brief.", "history": HISTORY, "sampling": GREEDY}
    return request(**{**values, **changes})


def text_of(events: list[Event]) -> str:
    """What the model wrote, its closing tag included."""
    said = ""
    for event in events:
        if isinstance(event, Text):
            said += event.text
        elif isinstance(event, ThoughtClosed):
            said += "</think>"
    return said


@pytest.mark.parametrize("model", ["thinking", "instruct", "hybrid"])
def test_it_has_the_tokens_that_are_counted_and_read(
    model: str, request: pytest.FixtureRequest
) -> None:
    engine = engine_for(request.getfixturevalue(model))
    ask = asked(sampling=Sampling(temperature=0.0, max_new_tokens=3, seed=1))
    result = fold(ask, list(engine.run(ask, Never())))
    exact = engine.exact_prompt(ask)
    assert exact.tokens == engine.count_tokens(ask.prompt, ask.system, ask.history)
    assert exact.tokens == result.numbers.prompt_tokens


def test_it_shows_every_control_token(thinking: Path) -> None:
    exact = engine_for(thinking).exact_prompt(asked())
    assert exact.text == (
        "<|im_start|>system\nBe brief.<|im_end|>\n"
        "<|im_start|>user\n2 + 2?<|im_end|>\n"
        "<|im_start|>assistant\n<think>\nLet me see. <|im_end|>\n</think>\n\n"
        "Four </think>.<|im_end|>\n"
        "<|im_start|>user\nSo?<|im_end|>\n"
        "<|im_start|>assistant\nYes.<|im_end|>\n"
        "<|im_start|>user\nWhy? 你好<|im_end|>\n"
        "<|im_start|>assistant\n<think>\n"
    )
    assert exact.notes == (
        "Control tokens that are spelled out in the messages (2) are plain text to the model.",
    )


def test_a_kept_turn_is_what_the_model_wrote() -> None:
    engine = LocalEngine(parse_name("demo-thinking"))
    first = request(prompt="What is 17 + 25?", sampling=GREEDY)
    before = engine.exact_prompt(first).text
    events = list(engine.run(first, Never()))
    result = fold(first, events)
    assert result.ending == "end_of_turn"
    turns = (
        Message("user", first.prompt),
        Message("assistant", result.output.answer, result.output.thinking),
    )
    after = engine.exact_prompt(request(prompt="Sure?", history=turns)).text
    assert before and after and result.output.thinking
    assert after.startswith(f"{before}{text_of(events)}<|im_end|>\n")


def test_it_is_there_before_the_model_is_loaded(
    thinking: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    loads: list[object] = []
    monkeypatch.setattr(loading, "load_model", lambda *arguments: loads.append(arguments))
    folder = Path(shutil.copytree(thinking, tmp_path / "without-weights"))
    (folder / "model.safetensors").unlink()
    engine = engine_for(folder)
    early = engine.exact_prompt(asked())
    assert not loads and not engine.card.loaded
    monkeypatch.undo()
    loaded = engine_for(thinking)
    list(loaded.load())
    assert early == loaded.exact_prompt(asked())


def test_the_tokenizer_is_opened_once(thinking: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    opened: list[object] = []
    original = AutoTokenizer.from_pretrained

    def counted(*arguments: object, **options: object) -> object:
        opened.append(arguments)
        return original(*arguments, **options)

    monkeypatch.setattr(AutoTokenizer, "from_pretrained", counted)
    engine = engine_for(thinking)
    assert engine.exact_prompt(asked()) == engine.exact_prompt(asked())
    assert len(opened) == 1


def test_without_a_tokenizer_nothing_is_known_until_there_is_one(
    thinking: Path, tmp_path: Path
) -> None:
    folder = tmp_path / "later"
    engine = engine_for(folder)
    assert engine.exact_prompt(asked()) == NOT_LOADED
    folder.mkdir()
    for name in ("config.json", "tokenizer_config.json"):
        shutil.copy(thinking / name, folder)
    (folder / "tokenizer.json").write_text("{", "utf-8")
    assert engine.exact_prompt(asked()) == NOT_LOADED
    shutil.copy(thinking / "tokenizer.json", folder)
    assert engine.exact_prompt(asked()).text
    assert NOT_LOADED.notes == ("The model is not loaded yet. Run a cell first.",)


def test_a_model_without_a_template_and_one_that_is_not_here_are_not_known(tmp_path: Path) -> None:
    bare = write_model(tmp_path / "bare", template=None)
    assert engine_for(bare).exact_prompt(asked()) == NOT_LOADED
    assert LocalEngine(parse_name("nobody/nothing")).exact_prompt(asked()) == NOT_LOADED


def test_what_the_name_asks_of_the_template_is_said(hybrid: Path) -> None:
    off, on, open_ = (
        engine_for(hybrid, query).exact_prompt(request(prompt="Why?"))
        for query in ("?thinking=off", "?thinking=on", "")
    )
    assert off.text and off.text.endswith("assistant\n<think>\n\n</think>\n\n")
    assert off.notes == ("thinking=off was asked of the chat template.",)
    assert on.notes == ("thinking=on was asked of the chat template.",)
    assert (open_.text, open_.notes) == (on.text, ())


def test_thinking_that_cannot_stay_is_said_here_and_in_the_run(tmp_path: Path) -> None:
    last = "<|im_start|>user\n{{ messages[-1].content }}<|im_end|>\n<|im_start|>assistant\n"
    engine = engine_for(write_model(tmp_path / "forgets", last))
    ask = asked(sampling=Sampling(temperature=0.0, max_new_tokens=1, seed=1))
    note = (
        "Earlier thinking was left out (22 characters in 1 turn): the model's chat template leaves"
        " these turns out."
    )
    assert note in engine.exact_prompt(ask).notes
    assert Notice("history", note) in list(engine.run(ask, Never()))


def test_a_run_that_keeps_its_thinking_needs_no_notice(thinking: Path) -> None:
    ask = asked(sampling=Sampling(temperature=0.0, max_new_tokens=1, seed=1))
    events = list(engine_for(thinking).run(ask, Never()))
    assert not [event for event in events if isinstance(event, Notice)]


def test_what_is_no_text_is_refused(thinking: Path) -> None:
    with pytest.raises(BadRequest, match="not valid Unicode"):
        engine_for(thinking).exact_prompt(request(prompt="a\ud800"))


def test_a_kept_thought_counts(thinking: Path) -> None:
    engine = engine_for(thinking)
    list(engine.load())
    kept = (Message("user", "a"), Message("assistant", "b", "A long thought. " * 20))
    bare = (Message("user", "a"), Message("assistant", "b"))
    with_thought, without = (engine.count_tokens("?", "", history) for history in (kept, bare))
    assert with_thought is not None and without is not None and with_thought > without + 20


def test_the_built_in_pair_is_shown_without_loading() -> None:
    for name in FOLDERS:
        engine = LocalEngine(parse_name(name))
        exact = engine.exact_prompt(request(prompt="Why?"))
        assert exact.text and exact.text.startswith("<|im_start|>user\nWhy?<|im_end|>\n")
        assert not engine.card.loaded
