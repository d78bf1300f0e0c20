"""The local engine as others use it: loaded once, run by many, alive after a failure."""

from __future__ import annotations

import multiprocessing
import os
import shutil
import threading
from collections.abc import Sequence
from pathlib import Path

import pytest
import torch
from transformers import AutoModelForCausalLM, AutoTokenizer

from playground.catalog import parse_name
from playground.domain.errors import BadRequest, EngineFailed, ModelNotFound, ModelUnusable
from playground.domain.events import Counts, Ended, Event, Loading, Started, Text, ThoughtClosed
from playground.domain.request import Message, Request
from playground.domain.sampling import Sampling
from playground.engines.local import weights
from playground.engines.local.decoding import Reading
from playground.engines.local.engine import LocalEngine
from playground.results.fold import fold
from tests.engines.signals import Never, StopAfter
from tests.samples import request

GREEDY = Sampling(temperature=0.0, max_new_tokens=50, seed=1)
WARM = Sampling(temperature=1.3, top_k=40, max_new_tokens=50, seed=4)


def engine_for(folder: Path, query: str = "") -> LocalEngine:
    return LocalEngine(parse_name(f"{folder}{query}"))


def asked(sampling: Sampling = GREEDY, prompt: str = "Why? 你好") -> Request:
    return request(prompt=prompt, sampling=sampling)


def text(events: list[Event]) -> str:
    return "".join(event.text for event in events if isinstance(event, Text))


@pytest.fixture(scope="module")
def engine(thinking: Path) -> LocalEngine:
    loaded = engine_for(thinking)
    list(loaded.load())
    return loaded


def test_the_first_run_loads_and_the_next_does_not(instruct: Path) -> None:
    engine = engine_for(instruct)
    assert not engine.card.loaded
    first = list(engine.run(asked(), Never()))
    assert isinstance(first[0], Loading)
    start = next(event for event in first if isinstance(event, Started))
    assert start.at_s >= max(event.at_s for event in first if isinstance(event, Loading))
    second = list(engine.run(asked(), Never()))
    assert isinstance(second[0], Started)
    assert text(first) == text(second)
    assert engine.card.loaded
    assert engine.card.origin == start.origin


def test_a_run_equals_generate_and_an_independent_count(thinking: Path) -> None:
    events = list(engine_for(thinking).run(asked(), Never()))
    tokenizer = AutoTokenizer.from_pretrained(thinking)
    model = AutoModelForCausalLM.from_pretrained(thinking)
    inputs = tokenizer.apply_chat_template(
        [{"role": "user", "content": "Why? 你好"}], add_generation_prompt=True, return_tensors="pt"
    )
    output = model.generate(**inputs, max_new_tokens=50, do_sample=False)
    ids = output[0, inputs["input_ids"].shape[1] :].tolist()
    close = tokenizer.convert_tokens_to_ids("</think>")
    ends = set(model.generation_config.eos_token_id)
    assert text(events) == tokenizer.decode(
        [token_id for token_id in ids if token_id != close], skip_special_tokens=True
    )
    end = events[-1]
    assert isinstance(end, Ended)
    place = ids.index(close) if close in ids else len(ids)
    markers = sum(token_id in ends for token_id in ids) + (close in ids)
    assert end.counts == Counts(
        thinking=len(ids[:place]) - (markers if close not in ids else 0),
        answer=len(ids) - place - markers if close in ids else 0,
        marker=markers,
    )
    start = next(event for event in events if isinstance(event, Started))
    assert start.prompt_tokens == inputs["input_ids"].shape[1]


def test_both_lanes_together_write_what_each_writes_alone(
    engine: LocalEngine, instruct: Path
) -> None:
    other = engine_for(instruct)
    runs = [(engine, WARM), (other, WARM), (engine, GREEDY), (engine, WARM)]
    alone = [text(list(one.run(asked(sampling), Never()))) for one, sampling in runs]
    together: dict[int, str] = {}

    def work(place: int) -> None:
        one, sampling = runs[place]
        together[place] = text(list(one.run(asked(sampling), Never())))

    threads = [threading.Thread(target=work, args=(place,)) for place in range(len(runs))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert [together[place] for place in range(len(runs))] == alone


def test_many_threads_load_once(instruct: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    loads = []
    original = weights._load_weights

    def counted(*arguments: object) -> object:
        loads.append(1)
        return original(*arguments)  # type: ignore[arg-type]

    monkeypatch.setattr(weights, "_load_weights", counted)
    engine = engine_for(instruct)
    texts: list[str] = []
    threads = [
        threading.Thread(target=lambda: texts.append(text(list(engine.run(asked(), Never())))))
        for _ in range(5)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(loads) == 1
    assert len(texts) == 5 and len(set(texts)) == 1


def test_a_stop_is_seen_while_the_model_loads(
    instruct: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    go = threading.Event()
    original = weights._load_weights

    def slow(*arguments: object) -> object:
        go.wait(10)
        return original(*arguments)  # type: ignore[arg-type]

    monkeypatch.setattr(weights, "_load_weights", slow)
    engine = engine_for(instruct)
    events = list(engine.run(asked(), StopAfter(2)))
    assert isinstance(events[-1], Ended)
    assert (events[-1].ending, events[-1].counts) == ("user", Counts())
    assert not any(isinstance(event, Started) for event in events)
    go.set()
    # The load went on: the next run uses it.
    assert text(list(engine.run(asked(), Never())))


@pytest.mark.parametrize("checks", range(2, 12))
def test_a_stop_ends_a_run_with_what_came(engine: LocalEngine, checks: int) -> None:
    events = list(engine.run(asked(), StopAfter(checks)))
    result = fold(asked(), events)
    assert result.ending == "user"
    assert result.error is None
    assert result.numbers.generated_tokens == sum(
        event.tokens if isinstance(event, Text) else 1
        for event in events
        if isinstance(event, Text | ThoughtClosed)
    )
    # One check before the run, one before the prompt, then one a token.
    assert result.numbers.generated_tokens == checks - 2


def test_closing_a_run_leaves_the_engine_usable(engine: LocalEngine) -> None:
    run = engine.run(asked(), Never())
    for event in run:
        if isinstance(event, Text):
            break
    run.close()  # type: ignore[attr-defined]
    assert text(list(engine.run(asked(), Never())))


def test_the_engine_survives_a_failure(
    engine: LocalEngine, monkeypatch: pytest.MonkeyPatch
) -> None:
    original = Reading._forward

    def broken(self: Reading, ids: Sequence[int], *rest: object) -> torch.Tensor:
        if len(ids) == 1:
            raise RuntimeError("CUDA error: device-side assert")
        return original(self, ids, *rest)  # type: ignore[arg-type]

    with monkeypatch.context() as patched:
        patched.setattr(Reading, "_forward", broken)
        events: list[Event] = []
        with pytest.raises(EngineFailed, match=r"device-side assert\. Run it again"):
            events.extend(engine.run(asked(), Never()))
        assert any(isinstance(event, Text) for event in events)
    assert text(list(engine.run(asked(), Never())))


@pytest.mark.skipif(not hasattr(os, "fork"), reason="no fork on this system")
def test_a_forked_worker_runs_what_its_parent_loaded(engine: LocalEngine) -> None:
    expected = text(list(engine.run(asked(WARM), Never())))
    forking = multiprocessing.get_context("fork")
    receiver, sender = forking.Pipe(duplex=False)
    worker = forking.Process(
        target=lambda: sender.send(list(engine.run(asked(WARM), Never()))), daemon=True
    )
    worker.start()
    assert receiver.poll(60)
    events: list[Event] = receiver.recv()
    worker.join()
    assert text(events) == expected
    assert isinstance(events[-1], Ended)


def test_tokens_are_counted_also_before_the_model_is_loaded(
    engine: LocalEngine, thinking: Path
) -> None:
    history = (Message("user", "a"), Message("assistant", "b"))
    unloaded = engine_for(thinking)
    count = engine.count_tokens("Why?", "Be brief.", history)
    assert unloaded.count_tokens("Why?", "Be brief.", history) == count
    assert not unloaded.card.loaded
    tokenizer = AutoTokenizer.from_pretrained(thinking)
    turns = [("system", "Be brief."), ("user", "a"), ("assistant", "b"), ("user", "Why?")]
    ids = tokenizer.apply_chat_template(
        [{"role": role, "content": content} for role, content in turns],
        add_generation_prompt=True,
        return_dict=False,
    )
    assert count == len(ids)


def test_a_folder_that_is_repaired_can_be_loaded_again(instruct: Path, tmp_path: Path) -> None:
    folder = tmp_path / "later"
    engine = engine_for(folder)
    with pytest.raises(ModelNotFound, match=r"later' does not exist"):
        list(engine.run(asked(), Never()))
    shutil.copytree(instruct, folder)
    assert text(list(engine.run(asked(), Never())))
    assert engine.card.defaults.top_k == 20
    assert engine.card.context == 512


def test_a_damaged_model_is_said_by_load_too(instruct: Path, tmp_path: Path) -> None:
    folder = Path(shutil.copytree(instruct, tmp_path / "damaged"))
    (folder / "model.safetensors").write_bytes(b"")
    engine = engine_for(folder)
    with pytest.raises(ModelUnusable, match="not a safetensors file"):
        list(engine.load())
    assert not engine.card.loaded


def test_a_load_from_a_folder_cannot_be_given_up(engine: LocalEngine, instruct: Path) -> None:
    assert not engine.cancel_load()
    assert not engine_for(instruct).cancel_load()


def test_a_hybrid_thinks_or_not_as_its_name_says(hybrid: Path) -> None:
    on, off = engine_for(hybrid), engine_for(hybrid, "?thinking=off")
    for engine, thinks in ((on, True), (off, False)):
        events = list(engine.run(asked(), Never()))
        start = next(event for event in events if isinstance(event, Started))
        assert start.thinks is engine.card.thinks is thinks
    assert off.count_tokens("a", "", ()) != on.count_tokens("a", "", ())


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("a/b+adapter", r"'adapter' is not an adapter\..*a Hub id such as you/your-lora"),
        ("a/b?hub=elsewhere", r"hub is 'elsewhere'.*Use one of: huggingface, modelscope"),
        ("./folder?hub=modelscope", r"Only a Hub id comes from a hub\. Remove 'hub=modelscope'"),
        ("./folder@main", r"Only a Hub id has revisions\. Remove '@main'"),
        ("demo-instruct@main", r"Only a Hub id has revisions"),
        ("a/b?thinking=perhaps", r"thinking is 'perhaps'"),
    ],
)
def test_what_a_local_model_cannot_do_is_refused_at_the_door(name: str, said: str) -> None:
    with pytest.raises(BadRequest, match=said):
        LocalEngine(parse_name(name))
