"""What must not be overlooked of an ending (no answer, cut off, stopped, failed), and what to do.

Pure; no Gradio, no session.
"""

from __future__ import annotations

from playground.domain.engine import ModelCard
from playground.notebook.going_on import tokens_left
from playground.results import segments, wording
from playground.results.segments import can_go_on
from playground.results.value import Result
from playground.said_errors import said
from playground.ui.wire import Action, Outcome
from playground.words import number, say

PENALTIES = (1.0, 1.5, 2.0)  # the models' cards: between 0 and 2


def outcome(result: Result, card: ModelCard) -> Outcome | None:
    """The box for an ending that must not be overlooked; null for a plain answer."""
    again = [*_going_on(result, card), Action(action="again", label=say("Run again"))]
    again += _penalty(result, card)
    match result.ending:
        case "error":
            message = said(result.error.message) if result.error else say("unknown")
            return Outcome(tone="error", title=say("Failed:"), text=message, actions=again)
        case "limit":
            return _limit(result, card)
        case "user":
            return Outcome(tone="plain", title=say("Stopped"), text=say("by you."), actions=again)
        case "deadline":
            text = say("the granted time was used up.")
            return Outcome(tone="warn", title=say("Out of time:"), text=text, actions=again)
        case "interrupted":
            text = say("the run was cut off.")
            return Outcome(tone="warn", title=say("Interrupted:"), text=text, actions=again)
        case _ if not result.has_answer:
            text = say("the model ended its turn without one.")
            return Outcome(tone="warn", title=say("No answer:"), text=text, actions=again)
        case _ if raised := _penalty(result, card):
            text = say("it came to an end, but a penalty may keep it from going in circles.")
            return Outcome(tone="plain", title=say("Repeated itself:"), text=text, actions=raised)
        case _:
            return None


def _limit(result: Result, card: ModelCard) -> Outcome:
    used = wording.count(result.numbers.generated_tokens or 0, "exact")
    if cut_in_thought(result):
        text = say("the limit of {count} tokens was used up while thinking.", count=used)
    else:
        text = say("the limit of {count} tokens was reached.", count=used)
    title = say("Cut off:") if result.has_answer else say("No answer:")
    raised = raised_limit(result, card)
    if raised is None and not _going_on(result, card):
        full = say("The context is full: ask for less, or use a model with more context.")
        return Outcome(tone="warn", title=title, text=f"{text} {full}", actions=[])
    actions = _going_on(result, card)
    if raised is not None:
        count = wording.count(raised, "exact")
        label = say("Raise the limit to {count} and run again", count=count)
        actions.append(Action(action="raise_limit", label=label))
    actions += _penalty(result, card)
    return Outcome(tone="warn", title=title, text=text, actions=actions)


def cut_in_thought(result: Result) -> bool:
    """Whether the run ended inside its thinking."""
    thought = result.output.thinking is not None
    return thought and not result.has_answer and result.ending not in (None, "end_of_turn")


def _going_on(result: Result, card: ModelCard) -> list[Action]:
    """To go on where it stopped, with the same limit again, as far as the context has room."""
    if "continue" not in card.abilities or not can_go_on(result):
        return []
    left = tokens_left(result, card)
    limit = result.request.sampling.max_new_tokens
    tokens = limit if left is None else min(limit, left)
    if tokens <= 0:
        return []
    return [Action(action="continue", label=say("Continue"), tokens=tokens)]


def _penalty(result: Result, card: ModelCard) -> list[Action]:
    """To run again with a penalty, after a text that repeated itself."""
    raised = raised_penalty(result)
    looped = any(notice.kind == "loop" for notice in result.notices)
    if not looped or raised is None or "presence_penalty" in dict(card.unsupported):
        return []
    label = say("Run again with presence penalty {value}", value=number(f"{raised:g}"))
    return [Action(action="penalty", label=label)]


def raised_penalty(result: Result) -> float | None:
    """The next presence penalty to try against repetition; null at the cards' most."""
    steps = (step for step in PENALTIES if step > result.request.sampling.presence_penalty)
    return next(steps, None)


def raised_limit(result: Result, card: ModelCard) -> int | None:
    """A higher max_new_tokens to try next: the model's own if above, else double; null if full."""
    generated = segments.total(result, "generated_tokens")
    limit = int(generated or 0) or result.request.sampling.max_new_tokens
    left = tokens_left(result, card)
    room = None if left is None else left + limit
    wanted = card.defaults.max_new_tokens
    wanted = wanted if wanted > limit else 2 * limit
    raised = wanted if room is None else min(wanted, room)
    return raised if raised > limit else None
