"""An engine that plays a written list of events: for tests, screenshots and demonstrations.

`record` writes a real run down in the same form (JSON lines), so that scripts can be checked
against the real thing. Knows no model.
"""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Iterable, Iterator
from dataclasses import asdict, dataclass, fields, replace
from typing import Any

from playground.domain.engine import ExactPrompt, ModelCard, StopReason, StopSignal
from playground.domain.errors import (
    BadRequest,
    Busy,
    DownloadFailed,
    EngineFailed,
    ErrorValue,
    LoadCancelled,
    ModelNotFound,
    ModelUnusable,
    PlaygroundError,
    PromptTooLong,
)
from playground.domain.events import (
    Counts,
    Ended,
    Event,
    Failed,
    Loading,
    Notice,
    Origin,
    Part,
    Prefill,
    Started,
    Text,
    ThoughtClosed,
    ThoughtOpened,
    Tick,
    Waiting,
)
from playground.domain.request import Message, Request
from playground.engines.kept import thought_of

_KINDS: dict[str, type[Any]] = {
    kind.__name__: kind
    for kind in (
        Waiting, Loading, Started, Prefill, Text, ThoughtOpened, ThoughtClosed, Notice, Tick,
        Ended, Failed,
    )
}  # fmt: skip
_ERRORS: dict[str, type[PlaygroundError]] = {
    kind.kind: kind
    for kind in (
        BadRequest, PromptTooLong, ModelNotFound, ModelUnusable, DownloadFailed, LoadCancelled,
        EngineFailed, Busy,
    )
}  # fmt: skip
SLEEP_S = 0.02


@dataclass(frozen=True, slots=True)
class ScriptedEvent:
    """An event and how long after the one before it; its own times are set when it is played."""

    delay_s: float
    event: Event


Script = tuple[ScriptedEvent, ...]


class ScriptedEngine:
    """Plays `script` for every run. `clock` and `sleep` may be a test's own."""

    def __init__(
        self,
        card: ModelCard,
        script: Script,
        clock: Callable[[], float] = time.monotonic,
        sleep: Callable[[float], None] = time.sleep,
    ) -> None:
        self._card = card
        self._script = script
        self._clock = clock
        self._sleep = sleep

    @property
    def card(self) -> ModelCard:
        return replace(self._card, loaded=True)

    def load(self, download: bool = False) -> Iterator[Event]:
        """Nothing to load."""
        yield from ()

    def cancel_load(self) -> bool:
        """Nothing to give up."""
        return False

    def unload(self) -> None:
        """Nothing to free."""

    def count_tokens(self, prompt: str, system: str, history: tuple[Message, ...]) -> int | None:
        """Words, for want of a tokenizer."""
        return len(_joined(prompt, system, history).split())

    def exact_prompt(self, request: Request) -> ExactPrompt:
        """The turns, one below the other; nothing reads them."""
        text = _joined(request.prompt, request.system, request.history)
        return ExactPrompt(text, len(text.split()))

    def run(self, request: Request, stop: StopSignal) -> Iterator[Event]:
        """The script's events at their times; a stop ends it with the counts so far, and a thought
        that is to be closed is left out from there on."""
        tokens: dict[Part, int] = {"thinking": 0, "answer": 0}
        markers = forced = 0
        last_token_at_s: float | None = None
        for entry in self._script:
            thinks = isinstance(entry.event, ThoughtClosed) or (
                isinstance(entry.event, Text) and entry.event.part == "thinking"
            )
            if forced and thinks:
                continue
            reason = self._wait(entry.delay_s, stop)
            now_s = self._clock()
            if reason is not None:
                counts = Counts(tokens["thinking"], tokens["answer"], markers, forced)
                yield Ended(reason, counts, now_s, last_token_at_s)
                return
            if thinks and stop.closes_thought():
                forced = 1
                yield Notice("budget", "The thought was closed on request.")
                yield ThoughtClosed(now_s, forced=True, tokens=forced)
                continue
            match entry.event:
                case Failed(error):
                    raise _ERRORS.get(error.kind, EngineFailed)(error.message)
                case Started():
                    limit, seed = request.sampling.max_new_tokens, request.sampling.seed
                    yield replace(entry.event, at_s=now_s, limit=limit, seed=seed)
                case Text(part, _, count):
                    tokens[part] += count
                    last_token_at_s = now_s if count else last_token_at_s
                    yield replace(entry.event, at_s=now_s)
                case ThoughtOpened() | ThoughtClosed():
                    markers, last_token_at_s = markers + 1, now_s
                    yield replace(entry.event, at_s=now_s)
                case Ended():
                    # The end of the turn was generated too; a limit came with the last token.
                    marked = entry.event.counts.marker > markers
                    last_s = now_s if marked else last_token_at_s
                    counts = entry.event.counts
                    if forced:
                        counts = replace(
                            counts, thinking=tokens["thinking"], marker=counts.marker - 1, forced=1
                        )
                    yield replace(entry.event, counts=counts, at_s=now_s, last_token_at_s=last_s)
                    return
                case Notice():
                    yield entry.event
                case Waiting() | Loading() | Prefill() | Tick():
                    yield replace(entry.event, at_s=now_s)

    def _wait(self, delay_s: float, stop: StopSignal) -> StopReason | None:
        until_s = self._clock() + delay_s
        while True:
            reason = stop.reason()
            left_s = until_s - self._clock()
            if reason is not None or left_s <= 0:
                return reason
            self._sleep(min(left_s, SLEEP_S))


def _joined(prompt: str, system: str, history: tuple[Message, ...]) -> str:
    texts = [system]
    for message in history:
        texts += [thought_of(message), message.content]
    return "\n\n".join(filter(None, [*texts, prompt]))


def write_script(
    thinking: str,
    answer: str,
    *,
    prompt_tokens: int = 20,
    token_s: float = 0.02,
    context: int = 2048,
    origin: Origin | None = None,
) -> Script:
    """A script with a word a token; `thinking` empty is a model that does not think."""
    started = Started(
        prompt_tokens, 0, context, None, bool(thinking), context, origin or Origin("scripted"), 0.0
    )
    entries = [ScriptedEvent(0.0, started)]
    entries.append(ScriptedEvent(token_s, Prefill(prompt_tokens, prompt_tokens, 0.0)))
    counts = {"thinking": 0, "answer": 0}
    parts: tuple[tuple[Part, str], ...] = (("thinking", thinking), ("answer", answer))
    for part, text in parts:
        for word in _words(text):
            counts[part] += 1
            entries.append(ScriptedEvent(token_s, Text(part, word, 1, 0.0)))
        if part == "thinking" and thinking:
            entries.append(ScriptedEvent(token_s, ThoughtClosed(0.0)))
    total = Counts(counts["thinking"], counts["answer"], 1 + bool(thinking))
    entries.append(ScriptedEvent(token_s, Ended("end_of_turn", total, 0.0)))
    return tuple(entries)


def _words(text: str) -> list[str]:
    """`text` cut behind each run of spaces; joined it is `text` again."""
    words: list[str] = []
    for character in text:
        if words and not (words[-1][-1].isspace() and not character.isspace()):
            words[-1] += character
        else:
            words.append(character)
    return words


def record(events: Iterable[Event]) -> str:
    """A run as JSON lines: the delay since the event before, the kind, the fields."""
    lines, before_s = [], None
    for event in events:
        at_s: float | None = getattr(event, "at_s", None)
        delay_s = 0.0 if at_s is None or before_s is None else max(0.0, at_s - before_s)
        before_s = before_s if at_s is None else at_s
        data = {key: value for key, value in asdict(event).items() if not key.endswith("at_s")}
        line = {"delay_s": round(delay_s, 6), "event": type(event).__name__, **data}
        lines.append(json.dumps(line, ensure_ascii=False))
    return "".join(line + "\n" for line in lines)


def read_script(text: str) -> Script:
    """What `record` wrote. Raises BadRequest naming the line."""
    script = []
    for number, line in enumerate(text.splitlines(), start=1):
        try:
            script.append(_entry(json.loads(line)))
        except (ValueError, KeyError, TypeError, AttributeError) as exc:
            raise BadRequest(
                f"Line {number} of the script is not an event. Record it anew."
            ) from exc
    return tuple(script)


def _entry(data: dict[str, Any]) -> ScriptedEvent:
    delay_s, kind = float(data.pop("delay_s")), _KINDS[data.pop("event")]
    if "origin" in data:
        versions = tuple((name, version) for name, version in data["origin"]["versions"])
        data["origin"] = Origin(**{**data["origin"], "versions": versions})
    if "counts" in data:
        data["counts"] = Counts(**data["counts"])
    if "error" in data:
        data["error"] = ErrorValue(**data["error"])
    if "server_numbers" in data:
        data["server_numbers"] = tuple((name, value) for name, value in data["server_numbers"])
    if "at_s" in {field.name for field in fields(kind)}:
        data["at_s"] = 0.0
    return ScriptedEvent(delay_s, kind(**data))
