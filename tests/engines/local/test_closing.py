"""A thought that is closed for the model: by a budget, or because the reader asked."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from playground.catalog import parse_name
from playground.domain.engine import StopReason
from playground.domain.events import Counts, Ended, Event, Notice, Started, Text, ThoughtClosed
from playground.domain.sampling import Sampling
from playground.engines.local.engine import LocalEngine
from playground.engines.local.loading import LoadedModel, load_model
from playground.engines.local.running import run_loaded
from playground.results.fold import fold
from tests.engines.signals import Never
from tests.samples import request

GREEDY = {"temperature": 0.0, "max_new_tokens": 60, "seed": 1}


@pytest.fixture(scope="module")
def model(thinking: Path) -> LoadedModel:
    return load_model(parse_name(str(thinking)), thinking, lambda *_: None)


@pytest.fixture(scope="module")
def plain(instruct: Path) -> LoadedModel:
    return load_model(parse_name(str(instruct)), instruct, lambda *_: None)


class AsksAfter:
    """Asks to close the thought after so many looks."""

    def __init__(self, looks: int) -> None:
        self.left = looks

    def reason(self) -> StopReason | None:
        return None

    def closes_thought(self) -> bool:
        self.left -= 1
        return self.left < 0


def run(model: LoadedModel, stop: Any = None, **sampling: Any) -> list[Event]:
    asked = request(sampling=Sampling(**{**GREEDY, **sampling}))
    return list(run_loaded(model, asked, stop or Never()))


def ended(events: list[Event]) -> Ended:
    assert isinstance(events[-1], Ended)
    return events[-1]


def thinking_ids(events: list[Event]) -> int:
    return sum(e.tokens for e in events if isinstance(e, Text) and e.part == "thinking")


def test_a_budget_closes_the_thought_after_exactly_so_many_tokens(model: LoadedModel) -> None:
    ids, text = model.encoder.closing()
    for budget in (0, 1, 7):
        events = run(model, thinking_budget=budget)
        (closed,) = [event for event in events if isinstance(event, ThoughtClosed)]
        assert closed.forced and closed.tokens == len(ids)
        counts = ended(events).counts
        assert (counts.thinking, counts.forced) == (budget, len(ids))
        assert thinking_ids(events) == budget
        assert counts.generated == 60  # the limit holds for all of it
        (notice,) = [event for event in events if isinstance(event, Notice)]
        assert notice.kind == "budget"
        assert f"after {budget} tokens, its thinking budget" in notice.text
    assert text == "\n</think>\n\n"  # this vocabulary has no words


def test_what_is_thought_before_the_budget_is_what_would_have_been_thought(
    model: LoadedModel,
) -> None:
    free, bounded = run(model), run(model, thinking_budget=9)

    def written(events: list[Event], part: str) -> str:
        return "".join(e.text for e in events if isinstance(e, Text) and e.part == part)

    assert written(free, "thinking").startswith(written(bounded, "thinking"))
    assert written(bounded, "answer")


def test_a_model_goes_on_as_if_it_had_closed_the_thought_itself(model: LoadedModel) -> None:
    ids, _ = model.encoder.closing()
    prompt = model.encoder.encode("Why?", "", ()).ids
    bounded = run(model, thinking_budget=0)
    with model.decoder.open([*prompt, *ids], "left", "model") as reading:
        from playground.engines.local.choosing import Chooser
        from playground.engines.local.decoding import Token

        steps = reading.steps(Chooser(Sampling(temperature=0.0), 0, ()), 20, Never())
        after = [step.id for step in steps if isinstance(step, Token)]
    said = "".join(e.text for e in bounded if isinstance(e, Text) and e.part == "answer")
    assert said.startswith(model.encoder.decode(after[:10])[:5])


def test_the_reader_closes_the_thought_at_the_next_token(model: LoadedModel) -> None:
    events = run(model, AsksAfter(3))
    assert ended(events).counts.thinking == 3
    (notice,) = [event for event in events if isinstance(event, Notice)]
    assert "on request, after 3 tokens" in notice.text


def test_a_thought_is_not_closed_where_no_answer_would_fit(model: LoadedModel) -> None:
    ids, _ = model.encoder.closing()
    events = run(model, thinking_budget=5, max_new_tokens=5 + len(ids))
    assert not any(isinstance(event, ThoughtClosed) for event in events)
    assert ended(events).counts == Counts(thinking=5 + len(ids))


def test_the_fold_agrees_with_the_counts_of_a_closed_thought(model: LoadedModel) -> None:
    asked = request(sampling=Sampling(**{**GREEDY, "thinking_budget": 7}))
    events = list(run_loaded(model, asked, Never()))
    whole, open_end = fold(asked, events).numbers, fold(asked, events[:-1]).numbers
    for name in ("thinking_tokens", "answer_tokens", "forced_tokens", "generated_tokens"):
        assert getattr(whole, name) == getattr(open_end, name)


def test_a_model_that_does_not_think_says_that_a_budget_is_nothing_to_it(
    plain: LoadedModel,
) -> None:
    events = run(plain, AsksAfter(0), thinking_budget=0)
    assert ended(events).counts == Counts(answer=60)
    (notice,) = [event for event in events if isinstance(event, Notice)]
    assert (notice.kind, "does not think" in notice.text) == ("unsupported", True)
    started = events[0]
    assert isinstance(started, Started) and not started.thinks


def test_the_card_says_that_a_thought_can_be_closed_and_a_run_continued(thinking: Path) -> None:
    card = LocalEngine(parse_name(str(thinking))).card
    assert card.abilities == ("close_thought", "continue")
