"""Results as what a reader sees: states, figures, outcomes. Pure; no Gradio, no session.

Live lanes and ended ones go through the same functions, so that nothing jumps at the end.
"""

from __future__ import annotations

from collections.abc import Mapping

from playground.domain.engine import ModelCard
from playground.domain.request import LANES, Lane
from playground.results import wording
from playground.results.fold import Fold
from playground.results.value import Result
from playground.ui.wire import Action, LaneHead, LaneKey, Number, Outcome, Tone

ENDED_STATES = {
    "end_of_turn": "done",
    "stop_string": "done",
    "limit": "limit",
    "user": "stopped",
    "deadline": "out of time",
    "interrupted": "interrupted",
    "error": "failed",
}


def lane_key(result: Result) -> LaneKey:
    """The address of a lane's result on the wire."""
    return f"{result.request.id}/{result.request.lane}"


def lane_labels(cards: Mapping[Lane, ModelCard]) -> dict[Lane, str]:
    """Instruct and Thinking where that tells the lanes apart, else Left and Right."""
    if cards["left"].thinks == cards["right"].thinks:
        return {lane: lane.capitalize() for lane in LANES}
    return {lane: "Thinking" if cards[lane].thinks else "Instruct" for lane in LANES}


def lane_head(
    result: Result, card: ModelCard, label: str, live: Fold | None, elapsed_s: float | None
) -> LaneHead:
    """Everything of a lane but its texts; `live` is the fold of a lane that still runs."""
    running = result.phase != "ended"
    thinks = result.output.thinking is not None or (running and card.thinks)
    return LaneHead(
        key=lane_key(result),
        lane=result.request.lane,
        label=label,
        model=card.label,
        state=_live_state(live, result, elapsed_s) if live and running else _ended_state(result),
        tone=_tone(result),
        running=running,
        thinks=thinks,
        summary=_summary(result, elapsed_s),
        thinking_length=live.text["thinking"].length if live else _units(result.output.thinking),
        numbers=_numbers(result),
        outcome=None if running else outcome(result, card),
        notices=[notice.text for notice in result.notices],
    )


def _units(text: str | None) -> int:
    return len((text or "").encode("utf-16-le")) // 2


def _ended_state(result: Result) -> str:
    return ENDED_STATES[result.ending] if result.ending else result.phase


def _tone(result: Result) -> Tone:
    if result.phase != "ended":
        return "live"
    if result.ending == "error":
        return "error"
    return "plain" if result.has_answer else "warn"


def _live_state(live: Fold, result: Result, elapsed_s: float | None) -> str:
    numbers = result.numbers
    elapsed = wording.seconds(elapsed_s)
    generated = wording.count(numbers.generated_tokens, numbers.counts)
    match result.phase:
        case "waiting" if live.place:
            return f"waiting: {live.place} ahead in line"
        case "waiting":
            return "waiting"
        case "loading":
            return f"loading the model{_share(live)}"
        case "prompt":
            return f"reading the prompt{_share(live)}"
        case "thinking":
            return "thinking…"  # the trace's head has the figures
        case _:
            return f"answering… {elapsed} · {generated} tokens"


def _share(live: Fold) -> str:
    if live.progress is None:
        return "…"
    done, total, unit = live.progress
    if not total:
        return f"… {done:,} {unit}" if done else "…"
    return f"… {100 * done // total} %" if unit != "tokens" else f"… {done:,} / {total:,} tokens"


def _summary(result: Result, elapsed_s: float | None) -> str:
    numbers = result.numbers
    if not result.output.thinking and not numbers.thinking_tokens:
        return ""
    tokens = f"{wording.count(numbers.thinking_tokens, numbers.counts)} tokens"
    if result.phase == "thinking":
        return f"Thinking… {wording.seconds(elapsed_s)} · {tokens}"
    unfinished = ", not finished" if _cut_in_thought(result) else ""
    return f"Thought for {wording.seconds(numbers.thinking_s)} · {tokens}{unfinished}"


def _cut_in_thought(result: Result) -> bool:
    thought = result.output.thinking is not None
    return thought and not result.has_answer and result.ending not in (None, "end_of_turn")


def _numbers(result: Result) -> list[Number]:
    numbers = result.numbers
    shown = []
    if numbers.load_s:
        shown.append(
            _figure("loaded in", wording.seconds(numbers.load_s), "", "Once; not in the latencies.")
        )
    if numbers.queue_s is not None and numbers.queue_s >= 0.1:
        shown.append(
            _figure(
                "waited",
                wording.seconds(numbers.queue_s),
                "",
                "In line, or for the other lane; not in the latencies.",
            )
        )
    if numbers.first_token_s is None:
        return shown
    shown.append(
        _figure(
            "first token",
            wording.seconds(numbers.first_token_s),
            "",
            "From the start to the first generated token of any kind.",
        )
    )
    if result.output.thinking is not None:
        shown.append(
            _figure(
                "first answer",
                wording.seconds(numbers.first_answer_s),
                "",
                "From the start to the first visible character of the answer.",
            )
        )
    if numbers.total_s is not None:
        shown.append(
            _figure("total", wording.seconds(numbers.total_s), "", "From the start to the end.")
        )
    shown.append(_tokens(result))
    if numbers.tokens_per_s is not None:
        shown.append(
            _figure(
                "",
                ("≈" if numbers.counts == "estimated" else "") + wording.rate(numbers.tokens_per_s),
                "tokens/s",
                "Decoding only: after the first token, to the last.",
            )
        )
    if result.server_numbers:
        shown.append(_server_says(result))
    if result.phase == "ended":
        shown.append(_end(result))
    return shown


def _server_says(result: Result) -> Number:
    """The server's own timings beside ours."""
    told = dict(result.server_numbers)
    words = ", ".join(f"{name} {value:.4g}" for name, value in told.items())
    rate = told.get("tokens_per_s")
    if rate is None:
        return _figure("server's own", "", "figures", f"The server says: {words}")
    return _figure("server says", wording.rate(rate), "tokens/s", f"The server says: {words}")


def _end(result: Result) -> Number:
    """How it ended, unless that is told elsewhere, and beside what it ran."""
    whole = result.ending in ("end_of_turn", "stop_string") and result.has_answer
    ending = [wording.ending(result)] if whole else []
    beside = {
        "together": ("together", "Both lanes ran at once and shared what they ran on."),
        "in_turn": ("in turn", "Each lane had what it ran on to itself."),
    }
    words, help_text = beside[result.request.schedule]
    seed = f" Seed {result.request.sampling.seed}."
    return _figure("", "", ", ".join([*ending, words]), help_text + seed)


def _tokens(result: Result) -> Number:
    numbers = result.numbers
    answer = wording.count(numbers.answer_tokens, numbers.counts)
    thinking = wording.count(numbers.thinking_tokens, numbers.counts)
    value = answer if result.output.thinking is None else f"{thinking} + {answer}"
    total = wording.count(numbers.generated_tokens, numbers.counts)
    parts = f"{thinking} thinking + {answer} answer + {numbers.marker_tokens} markers"
    forced = f" + {numbers.forced_tokens} forced" if numbers.forced_tokens else ""
    prompt = wording.count(numbers.prompt_tokens, numbers.counts)
    return _figure("", value, "tokens", f"{total} generated = {parts}{forced}; prompt {prompt}")


def _figure(label: str, value: str, unit: str, text: str) -> Number:
    return Number(label=label, value=value, unit=unit, help=text)


def outcome(result: Result, card: ModelCard) -> Outcome | None:
    """The box for an ending that must not be overlooked; null for a plain answer."""
    again = Action(action="again", label="Run again")
    match result.ending:
        case "error":
            message = result.error.message if result.error else "unknown"
            return Outcome(tone="error", title="Failed:", text=message, actions=[again])
        case "limit":
            return _limit_outcome(result, card)
        case "user":
            return Outcome(tone="plain", title="Stopped", text="by you.", actions=[again])
        case "deadline":
            return Outcome(
                tone="warn",
                title="Out of time:",
                text="the granted time was used up.",
                actions=[again],
            )
        case "interrupted":
            return Outcome(
                tone="warn", title="Interrupted:", text="the run was cut off.", actions=[again]
            )
        case _ if not result.has_answer:
            text = "the model ended its turn without one."
            return Outcome(tone="warn", title="No answer:", text=text, actions=[again])
        case _:
            return None


def _limit_outcome(result: Result, card: ModelCard) -> Outcome:
    used = f"{result.numbers.generated_tokens or 0:,}"
    raised = raised_limit(result, card)
    actions = []
    if raised is not None:
        actions = [
            Action(action="raise_limit", label=f"Raise the limit to {raised:,} and run again")
        ]
    room = "" if raised else " The context is full: ask for less, or use a model with more context."
    if _cut_in_thought(result):
        text = f"the limit of {used} tokens was used up while thinking.{room}"
        return Outcome(tone="warn", title="No answer:", text=text, actions=actions)
    title = "Cut off:" if result.has_answer else "No answer:"
    text = f"the limit of {used} tokens was reached.{room}"
    return Outcome(tone="warn", title=title, text=text, actions=actions)


def raised_limit(result: Result, card: ModelCard) -> int | None:
    """A higher max_new_tokens to try next: the model's own if above, else double; null if full."""
    limit = result.numbers.generated_tokens or result.request.sampling.max_new_tokens
    room = None
    if card.context is not None and result.numbers.prompt_tokens is not None:
        room = card.context - result.numbers.prompt_tokens
    wanted = card.defaults.max_new_tokens
    wanted = wanted if wanted > limit else 2 * limit
    raised = wanted if room is None else min(wanted, room)
    return raised if raised > limit else None
