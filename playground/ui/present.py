"""Results as what a reader sees: states, figures, alarms. Pure; no Gradio, no session.

Live lanes and ended ones go through the same functions, so that nothing jumps at the end. What is
offered after an ending is in `outcomes`.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache

from playground.domain.engine import ModelCard
from playground.domain.request import Lane
from playground.rendering.markdown import GrowingMarkdown, render
from playground.results import segments, wording
from playground.results.fold import Fold
from playground.results.turn_backs import turn_backs, turns_in_words
from playground.results.value import Result
from playground.said_errors import said
from playground.ui.outcomes import cut_in_thought, outcome
from playground.ui.wire import Continued, LaneHead, LaneKey, LoadView, Number, Tone
from playground.words import number, say

WORTH_TELLING = 256
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
    """What the lanes of these models are called."""
    return wording.lane_labels({lane: card.thinks for lane, card in cards.items()})


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
        loading=_loading(live) if live and running else None,
        # While it goes on, the alarm says it.
        notices=[said(n.text) for n in result.notices if not (running and n.kind == "loop")],
        closes_thought=result.phase == "thinking" and "close_thought" in card.abilities,
        alarm=alarm(live) if live is not None else "",
        continued=_continued(result),
    )


def alarm(live: Fold) -> str:
    """What is said of a text that repeats itself now; "" while it does not."""
    if live.repetition is None:
        return ""
    count = wording.count(live.repetition.tokens, live.numbers().counts)
    if live.phase == "thinking":
        return say("The trace has been repeating itself for {count} tokens.", count=count)
    return say("The answer has been repeating itself for {count} tokens.", count=count)


def _continued(result: Result) -> Continued | None:
    earlier = result.request.continuing
    if earlier is None:
        return None
    if earlier.thought_open:
        return Continued(thinking=_units(segments.earlier_text(earlier, "thinking")), block=-1)
    answer = segments.earlier_text(earlier, "answer")
    return Continued(thinking=-1, block=_whole_blocks(answer) if answer else -1)


@lru_cache(maxsize=64)  # asked for ten times a second while a long answer goes on
def _whole_blocks(text: str) -> int:
    markdown = GrowingMarkdown()
    markdown.append(text)
    return len(markdown.blocks)


@lru_cache(maxsize=64)
def block_count(text: str) -> int:
    """How many blocks this answer is shown in."""
    return len(render(text))


def _units(text: str | None) -> int:
    return len((text or "").encode("utf-16-le")) // 2


def _ended_state(result: Result) -> str:
    return say(ENDED_STATES[result.ending] if result.ending else result.phase)


def _tone(result: Result) -> Tone:
    if result.phase != "ended":
        return "live"
    if result.ending == "error":
        return "error"
    return "plain" if result.has_answer else "warn"


def _live_state(live: Fold, result: Result, elapsed_s: float | None) -> str:
    numbers = result.numbers
    match result.phase:
        case "waiting" if live.place:
            return say("waiting: {count} ahead in line", count=live.place)
        case "waiting":
            return say("waiting")
        case "loading":
            return live.loading.state()
        case "prompt":
            return _reading(live, numbers.cached_tokens)
        case "thinking":
            return say("thinking") + "…"  # the trace's head has the figures
        case _:
            return say(
                "answering… {time} · {count} tokens",
                time=wording.seconds(elapsed_s),
                count=wording.count(numbers.generated_tokens, numbers.counts),
            )


def _loading(live: Fold) -> LoadView | None:
    share = live.loading.share if live.phase == "loading" else None
    return None if share is None else LoadView(share=share, words=live.loading.details())


def _share(live: Fold) -> str:
    if live.progress is None:
        return "…"
    done, total, _ = live.progress
    return number(f"… {done:,} / {total:,} tokens")


def _reading(live: Fold, cached: int | None) -> str:
    """How much of the prompt is read, how much was before, and how long the rest may take."""
    known = live.started.prompt_tokens if live.started is not None else None
    done, total = live.progress[:2] if live.progress is not None else (cached or 0, known)
    if not total or (not done and live.progress is None):
        return say("reading the prompt") + "…"
    values = {"done": wording.count(done, "exact"), "total": wording.count(total, "exact")}
    words = say("reading the prompt: {done} of {total} tokens", **values)
    if cached is not None and cached >= WORTH_TELLING:
        words += f" ({say('{count} read before', count=wording.count(cached, 'exact'))})"
    left_s = live.pace.left_s(total) if live.pace is not None else None
    if left_s is not None and left_s >= 1:
        words += ", " + say("about {time} left", time=wording.about(left_s))
    return words


def _summary(result: Result, elapsed_s: float | None) -> str:
    """The whole trace, of all segments."""
    numbers = result.numbers
    if not result.output.thinking and not numbers.thinking_tokens:
        return ""
    tokens = segments.total(result, "thinking_tokens")
    count = wording.count(None if tokens is None else int(tokens), numbers.counts)
    if result.phase == "thinking":
        return say(
            "Thinking… {time} · {count} tokens", time=wording.seconds(elapsed_s), count=count
        )
    words = say(
        "Thought for {time} · {count} tokens",
        time=wording.seconds(segments.total(result, "thinking_s")),
        count=count,
    )
    if cut_in_thought(result):
        words = f"{words}, {say('not finished')}"
    turns = len(turn_backs(result.output.thinking or "")) if result.phase == "ended" else 0
    return f"{words} · {turns_in_words(turns)}" if turns else words


def _numbers(result: Result) -> list[Number]:
    numbers = result.numbers
    shown = []
    if numbers.load_s:
        text = say("Once; not in the latencies.")
        shown.append(_latency(say("loaded in"), numbers.load_s, text))
    if numbers.queue_s is not None and numbers.queue_s >= 0.1:
        text = say("In line, or for the other lane; not in the latencies.")
        shown.append(_latency(say("waited"), numbers.queue_s, text))
    if numbers.first_token_s is None:
        return shown
    text = say("From the start to the first generated token of any kind.")
    shown.append(_latency(say("first token"), numbers.first_token_s, text))
    if (numbers.cached_tokens or 0) >= WORTH_TELLING:
        text = say(
            "Of the prompt's {count} tokens, these were known from an earlier run.",
            count=wording.count(numbers.prompt_tokens, numbers.counts),
        )
        cached = wording.count(numbers.cached_tokens, numbers.counts)
        shown.append(_figure(say("read before"), cached, say("tokens"), text))
    if result.output.thinking is not None:
        text = say("From the start to the first visible character of the answer.")
        shown.append(_latency(say("first answer"), numbers.first_answer_s, text))
    if numbers.total_s is not None:
        text = say("From the start to the end.")
        shown.append(_latency(say("total"), numbers.total_s, text))
    shown.append(_tokens(result))
    if numbers.forced_tokens:
        text = say("Put in by us to close the thought; neither thinking nor answer.")
        count = wording.count(numbers.forced_tokens, "exact")
        shown.append(_figure(say("forced"), count, wording.token_unit(count), text))
    if numbers.tokens_per_s is not None:
        guessed = "≈" if numbers.counts == "estimated" else ""
        text = say("Decoding only: after the first token, to the last.")
        rate = guessed + wording.rate(numbers.tokens_per_s)
        shown.append(_figure("", rate, say("tokens/s"), text))
    if result.server_numbers:
        shown.append(_server_says(result))
    if result.phase == "ended":
        shown.append(_end(result))
    if whole := segments.in_words(result):
        text = say("The other figures are of the last segment alone.")
        shown.append(_figure(whole, "", "", text))
    return shown


def _server_says(result: Result) -> Number:
    """The server's own timings beside ours."""
    told = dict(result.server_numbers)
    listed = ", ".join(f"{name} {number(f'{value:.4g}')}" for name, value in told.items())
    text = say("The server says: {figures}", figures=listed)
    rate = told.get("tokens_per_s")
    if rate is None:
        return _figure(say("server's own"), "", say("figures"), text)
    return _figure(say("server says"), wording.rate(rate), say("tokens/s"), text)


def _end(result: Result) -> Number:
    """How it ended, unless that is told elsewhere, and beside what it ran."""
    whole = result.ending in ("end_of_turn", "stop_string") and result.has_answer
    ending = [wording.ending(result)] if whole else []
    if result.request.schedule == "together":
        beside = say("together")
        text = say("Both lanes ran at once and shared what they ran on.")
    else:
        beside, text = say("in turn"), say("Each lane had what it ran on to itself.")
    seed = say("Seed {seed}.", seed=result.request.sampling.seed)
    return _figure("", "", ", ".join([*ending, beside]), f"{text} {seed}")


def _tokens(result: Result) -> Number:
    numbers = result.numbers
    answer = wording.count(numbers.answer_tokens, numbers.counts)
    thinking = wording.count(numbers.thinking_tokens, numbers.counts)
    parts = [
        say("{count} thinking", count=thinking),
        say("{count} answer", count=answer),
        say("{count} markers", count=wording.count(numbers.marker_tokens, "exact")),
    ]
    if numbers.forced_tokens:
        parts.append(say("{count} forced", count=wording.count(numbers.forced_tokens, "exact")))
    text = say(
        "{total} generated = {parts}; prompt {prompt}",
        total=wording.count(numbers.generated_tokens, numbers.counts),
        parts=" + ".join(parts),
        prompt=wording.count(numbers.prompt_tokens, numbers.counts),
    )
    if numbers.cached_tokens:
        cached = wording.count(numbers.cached_tokens, numbers.counts)
        text = f"{text} ({say('{count} read before', count=cached)})"
    value = answer if result.output.thinking is None else f"{thinking} + {answer}"
    return _figure("", value, wording.token_unit(value), text)


def _latency(label: str, value_s: float | None, text: str) -> Number:
    return _figure(label, wording.seconds(value_s), "", text)


def _figure(label: str, value: str, unit: str, text: str) -> Number:
    return Number(label=label, value=value, unit=unit, help=text)
