"""Reads recorded streams without a server: chunks, events, and the result they fold into."""

from __future__ import annotations

from collections.abc import Iterable

from playground.domain.events import Ended, Ending, Event, Notice, Part, Text
from playground.engines.server import ollama_stream, openai_stream
from playground.engines.server.chunks import Chunk
from playground.engines.server.reader import Reader
from playground.results.fold import fold
from playground.results.value import Result
from tests.engines.server.standin import messages
from tests.samples import SERVER, request, started


def chunks_of(name: str) -> list[Chunk]:
    """A recording's chunks, by the reader of its dialect."""
    read = ollama_stream.read_chunk if name.endswith(".ndjson") else openai_stream.read_chunk
    return [read(message) for message in messages(name)]


def read(
    chunks: Iterable[Chunk],
    *,
    thinks: bool = True,
    plain: bool = False,
    opens: bool = False,
    counts_end: bool = True,
    ending: Ending | None = None,
    stopped: bool = False,
    first_s: float = 1.0,
) -> list[Event]:
    """The events of these chunks, one a second."""
    reader = Reader(thinks, plain, counts_end, opens)
    events: list[Event] = []
    at_s = first_s - 1.0
    for chunk in chunks:
        at_s += 1.0
        events += reader.take(chunk, at_s)
    end: Ending = "limit" if reader.finish == "length" else "end_of_turn"
    return [*events, *reader.end(ending or end, at_s + 1.0, stopped)]


def text(events: Iterable[Event], part: Part) -> str:
    return "".join(e.text for e in events if isinstance(e, Text) and e.part == part)


def notices(events: Iterable[Event]) -> list[str]:
    return [event.kind for event in events if isinstance(event, Notice)]


def ended(events: list[Event]) -> Ended:
    last = events[-1]
    assert isinstance(last, Ended)
    assert sum(isinstance(event, Ended) for event in events) == 1
    return last


def result(events: list[Event], thinks: bool = True) -> Result:
    return fold(request(), [started(0.0, thinks=thinks, origin=SERVER), *events])
