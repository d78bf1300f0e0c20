"""The rules by which a profile's table is read, on profiles made for the purpose."""

from __future__ import annotations

from dataclasses import replace

from playground.domain.sampling import FIELD_BY_NAME, Sampling
from playground.engines.server.body import Sent, chat_body, to_wire
from playground.engines.server.profile import Parameter, Profile


def profile(reason: str = "it cannot.", **parameters: Parameter) -> Profile:
    missing = {name: reason for name in FIELD_BY_NAME if name not in parameters}
    return Profile("made", "Made", parameters, missing)


def test_values_are_kept_within_the_servers_own_bounds_and_that_is_said() -> None:
    made = profile(temperature=Parameter("t", least=0.1, most=1.0))
    for asked, taken in ((2.0, 1.0), (0.0, 0.1)):
        sent = to_wire(made, Sampling(temperature=asked), 5)
        assert sent.values == {"t": taken}
        assert ("clamped", f"temperature is {asked:g}; this server takes {taken:g}.") in sent.notes
    assert to_wire(made, Sampling(temperature=0.5), 5).values == {"t": 0.5}


def test_off_wins_over_the_lower_bound() -> None:
    made = profile(top_k=Parameter("k", off=-1, least=1))
    assert to_wire(made, Sampling(top_k=0), 5).values == {"k": -1}


def test_a_value_that_must_not_be_sent_is_left_out() -> None:
    made = profile(top_p=Parameter("p", omit=1.0))
    assert to_wire(made, Sampling(top_p=1.0), 5).values == {}
    assert to_wire(made, Sampling(top_p=0.5), 5).values == {"p": 0.5}


def test_a_missing_field_is_noted_with_its_value_and_the_reason() -> None:
    sent = to_wire(profile(), Sampling(min_p=0.05, max_new_tokens=2048), 2048)
    assert sent.notes == (("unsupported", "min_p = 0.05 was not sent: it cannot."),)


def test_the_limit_after_clamping_is_what_is_sent() -> None:
    made = profile(max_new_tokens=Parameter("n"))
    assert to_wire(made, Sampling(max_new_tokens=400), 30).values == {"n": 30}


def test_a_nested_body_keeps_what_the_profile_puts_there() -> None:
    made = replace(profile(), body={"a": 1, "inner": {"b": 2}}, nested="inner")
    assert chat_body(made, Sent({"c": 3}, ())) == {"a": 1, "inner": {"b": 2, "c": 3}}


def test_one_json_text_keeps_what_the_profile_puts_there() -> None:
    made = replace(profile(), body={"text": {"b": 2}}, as_text=("text", frozenset("c")))
    body = chat_body(made, Sent({"c": 3, "d": 4}, ()))
    assert body == {"text": '{"b": 2, "c": 3}', "d": 4}
    assert made.body == {"text": {"b": 2}}


def test_what_is_sent_only_at_times_is_sent_then() -> None:
    bodies = {"plain_body": {"p": 1}, "off_body": {"o": 1}, "stops_body": {"s": 1}}
    made = replace(profile(), **bodies)  # type: ignore[arg-type]
    assert chat_body(made, Sent({}, ())) == {}
    assert chat_body(made, Sent({}, ()), plain=True) == {"p": 1}
    assert chat_body(made, Sent({}, ()), plain=True, off=True) == {"p": 1, "o": 1}
    assert chat_body(made, Sent({}, ()), stops=True) == {"s": 1}


def test_a_parameter_may_live_inside_an_object() -> None:
    made = profile(
        seed=Parameter("s", inside="inner"), thinking_budget=Parameter("b", inside="inner")
    )
    sent = to_wire(made, Sampling(seed=7, thinking_budget=9), 5)
    assert sent.values == {"inner": {"s": 7, "b": 9}}


def test_a_thinking_budget_is_for_a_model_that_thinks() -> None:
    """vLLM refuses it where no reasoning parser was set, which an Instruct model has not."""
    made = profile(thinking_budget=Parameter("b"))
    assert to_wire(made, Sampling(thinking_budget=9), 5).values == {"b": 9}
    assert to_wire(made, Sampling(thinking_budget=0), 5).values == {"b": 0}
    budget = Sampling(thinking_budget=9, max_new_tokens=2048)
    assert to_wire(made, budget, 2048, thinks=False) == Sent({}, ())
    assert to_wire(profile(), budget, 2048, thinks=False) == Sent({}, ())
