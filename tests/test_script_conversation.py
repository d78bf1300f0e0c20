"""A conversation in a script: `continues=True`, each lane after its own answers."""

from __future__ import annotations

import pytest

from playground import compare, compare_each
from playground.domain.errors import BadRequest
from tests.played import demo_pair
from tests.samples import ended, saying, started, thought
from tests.test_script import HISTORY, Use
from tests.test_script import use as use


def test_a_prompt_that_continues_goes_on_with_each_lanes_own_conversation(use: Use) -> None:
    left, right = demo_pair()
    use(left, right)
    compare("One?", history=[{"role": "user", "content": "Zero?"}])
    compare("Two?", continues=True)
    compare("Three?", continues=True)
    turns = [(message.role, message.content) for message in left.requests[-1].history]
    assert turns == [
        ("user", "Zero?"),
        ("user", "One?"),
        ("assistant", "Left says."),
        ("user", "Two?"),
        ("assistant", "Left says."),
    ]
    assert right.requests[-1].history[-1].content == "Right says."
    assert all(message.thinking is None for message in right.requests[-1].history)
    compare("Anew?")
    assert left.requests[-1].history == ()


def test_a_lane_whose_thinking_is_kept_goes_on_with_it(use: Use) -> None:
    thoughtful = [started(), thought("Hm", 1.0), *saying("So.")[1:]]
    left, right = demo_pair(right=thoughtful)
    use(left, right)
    compare("One?")
    compare("Two?", continues=True, keep_thinking=["right"])
    assert right.requests[-1].history[-1].thinking == "Hm"
    assert left.requests[-1].history[-1].thinking is None
    with pytest.raises(BadRequest, match=r"keep_thinking is .*, but must be a list of left"):
        compare("Two?", keep_thinking=["both"])  # type: ignore[list-item]


def test_there_must_be_something_to_continue(use: Use) -> None:
    use(*demo_pair(right=[started(), thought("Hm", 1.0), ended("limit")]))
    with pytest.raises(BadRequest, match="left lane has not answered a compare in this process"):
        compare("Why?", continues=True)
    compare("Why?")
    with pytest.raises(BadRequest, match="right lane came to no answer"):
        compare("And?", continues=True)
    assert compare("And? /no_think", continues=True).left.request.history[0].content == "Why?"
    with pytest.raises(BadRequest, match="right lane has not answered"):
        compare("And? /think", continues=True)


def test_a_history_and_a_conversation_to_continue_do_not_go_together(use: Use) -> None:
    use(*demo_pair())
    compare("Why?")
    for given in ({"history": HISTORY}, {"left": {"history": HISTORY}}):
        with pytest.raises(BadRequest, match="history and continues are both given"):
            compare("And?", continues=True, **given)


def test_a_request_that_is_refused_leaves_the_conversation(use: Use) -> None:
    left, _ = pair = demo_pair()
    use(*pair)
    compare("One?")
    with pytest.raises(BadRequest):
        compare("Two?", schedule="never", continues=True)
    compare("Two?", continues=True)
    assert left.requests[-1].history[0].content == "One?"


def test_each_continues_from_the_same_answer(use: Use) -> None:
    left, _ = pair = demo_pair()
    use(*pair)
    compare("Zero?")
    compare_each("{{a}}?", {"a": ["1", "2"]}, continues=True)
    assert [len(request.history) for request in left.requests] == [0, 2, 2]
