"""Small values that tests of several rooms are made of."""

from __future__ import annotations

from typing import Any

from playground.domain.events import Counts, Ended, Ending, Event, Origin, Started, Text
from playground.domain.request import Lane, Request, RunId

ORIGIN = Origin("scripted", device="cpu", versions=(("playground", "0.1.0"),))
SERVER = Origin("server", server="vllm")


def request(lane: Lane = "left", **changes: Any) -> Request:
    """A request; `model` is the lane's name."""
    values = {"id": RunId("run"), "created_at": "2026-01-02T03:04:05.678+00:00", "model": lane}
    return Request(**{**values, "lane": lane, "prompt": "Why?", **changes})


def started(at_s: float = 0.0, **changes: Any) -> Started:
    """The start of a run of a model that thinks."""
    values: dict[str, Any] = {"prompt_tokens": 9, "cached_tokens": 0, "limit": 512, "seed": 7}
    values |= {"thinks": True, "context": 2048, "origin": ORIGIN}
    return Started(**{**values, "at_s": at_s, **changes})


def thought(text: str, at_s: float, tokens: int = 1) -> Text:
    return Text("thinking", text, tokens, at_s)


def answer(text: str, at_s: float, tokens: int = 1) -> Text:
    return Text("answer", text, tokens, at_s)


def ended(ending: Ending = "end_of_turn", at_s: float = 9.0, **changes: Any) -> Ended:
    values: dict[str, Any] = {"counts": Counts(), "last_token_at_s": None}
    return Ended(ending, at_s=at_s, **{**values, **changes})


def saying(*words: str) -> list[Event]:
    """The events of a run that answers with these words, a token each."""
    texts = [answer(word, at_s + 1.0) for at_s, word in enumerate(words)]
    end_s = len(words) + 1.0
    counts = Counts(answer=len(words), marker=1)
    return [started(thinks=False), *texts, ended(at_s=end_s, counts=counts, last_token_at_s=end_s)]
