"""What servers and connections answer when something is wrong, in our words.

A server's own words are shown as text, cut short and with every key blotted out. Knows no stream.
"""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Any
from urllib.parse import urlsplit

import httpx2
import openai

from playground.domain.errors import (
    BadRequest,
    Busy,
    EngineFailed,
    ModelNotFound,
    PlaygroundError,
    PromptTooLong,
)
from playground.domain.events import Counts
from playground.engines.server.connection import KEYS_VARIABLE, without_keys
from playground.engines.server.profiles import BY_HOST

MOST_CHARACTERS = 600
_CONTEXT_WORDS = (
    "maximum context length",
    "context length",
    "exceed_context_size",
    "available context size",
    "max_model_len",
    "`max_new_tokens` must be",
    "`inputs` must have less than",
)


class BrokenOff(EngineFailed):
    """A run that failed in mid-answer; `counts` are the tokens until then."""

    def __init__(self, message: str, counts: Counts) -> None:
        super().__init__(message)
        self.counts = counts


class Silent(Exception):
    """A server that answered, but sent no token for so many seconds; which timeout that was."""

    def __init__(self, limit_s: float, which: str) -> None:
        super().__init__(f"no token for {limit_s:g} s")
        self.limit_s, self.which = limit_s, which


def words_of(body: Any) -> str:
    """The server's message, from whatever shape its error body has."""
    match body:
        case (
            {"error": {"message": str(message)}}
            | {"errors": {"message": str(message)}}
            | {"message": str(message)}
        ):
            words = message
        case {"error": str(message)} | {"detail": str(message)} | str(message):
            words = message
        case None:
            words = ""
        case _:
            words = str(body)
    words = " ".join(without_keys(words).split())
    return words if len(words) <= MOST_CHARACTERS else words[:MOST_CHARACTERS] + "…"


def refused(
    url: str, status: int, body: Any, headers: Mapping[str, str] = MappingProxyType({})
) -> PlaygroundError:
    """A status that is no success; the headers tell what a service has left."""
    words = words_of(body)
    said = f" It said: {words}" if words else ""
    if status in (301, 302, 303, 307, 308):
        return EngineFailed(
            f"{url} redirects elsewhere ({status}), which is not followed. Name the server's final"
            " address."
        )
    if status in (401, 403):
        return BadRequest(f"{url} refuses access ({status}). {_key_advice(url)}{said}")
    if status == 404:
        return ModelNotFound(
            f"{url} knows no such model or route (404). Check ?model= and the path, usually /v1."
            f"{said}"
        )
    if status == 429 and (allowance := _allowance(url, headers)):
        return Busy(f"{url} takes no more requests now (429). {allowance}{said}")
    if status in (429, 503):
        return Busy(f"{url} is busy or still loading ({status}). Try again later.{said}")
    if status in (400, 413, 422) and any(word in words.lower() for word in _CONTEXT_WORDS):
        return PromptTooLong(
            f"{url} has no room for this prompt and max_new_tokens. Shorten the prompt or lower"
            f" max_new_tokens.{said}"
        )
    if status < 500:
        return BadRequest(f"{url} refuses the request ({status}). Change what it names.{said}")
    return EngineFailed(f"{url} failed ({status}). Look at the server's log and try again.{said}")


def _allowance(url: str, headers: Mapping[str, str]) -> str:
    """What a service has left for today and the next step; empty where it does not tell."""
    hosted = BY_HOST.get(urlsplit(url).hostname or "")
    given = {name.lower(): value for name, value in headers.items()}
    told, step = [], "Try again in a minute."
    for allowance in hosted.allowances if hosted else ():
        left, most = (given.get(n) for n in (allowance.left_header, allowance.most_header))
        if left is None or not left.isdecimal():
            continue
        of = f" of {int(most):,}" if most is not None and most.isdecimal() else ""
        told.append(f"{int(left):,}{of} for {allowance.whose}")
        if int(left) == 0:
            step = allowance.used_up
    return f"Left today: {', '.join(told)}. {step}" if told else ""


def _key_advice(url: str) -> str:
    parts = urlsplit(url)
    hosted = BY_HOST.get(parts.hostname or "")
    if hosted is not None:
        return f"Put an access token into {hosted.key_variable} and start again."
    origin = f"{parts.scheme}://{parts.netloc}"
    return f"Put its key into {KEYS_VARIABLE} ({origin}=KEY) and start again."


def unreachable(url: str, exc: BaseException) -> EngineFailed:
    """No connection, or one that broke before anything came."""
    return EngineFailed(
        f"Nothing answers at {url} ({type(exc).__name__}). Start the server there, or choose"
        " another model."
    )


def translated(exc: Exception, url: str, started: bool) -> PlaygroundError:
    """Any exception of the client libraries; `started`: something had come already."""
    match exc:
        case PlaygroundError():
            return exc
        case Silent(limit_s=limit_s, which=which):
            kept = " What came is kept." if started else ""
            return EngineFailed(
                f"{url} sent no token for {limit_s:g} s.{kept} Look at the server, or allow more"
                f" seconds in PLAYGROUND_{which}_S."
            )
        case openai.APIStatusError():
            body = exc.body if exc.body is not None else exc.message
            return refused(url, exc.status_code, body, exc.response.headers)
        case openai.APIConnectionError() | httpx2.TransportError() | OSError() if not started:
            return unreachable(url, exc.__cause__ or exc)
        case openai.APIConnectionError() | httpx2.TransportError() | OSError():
            return EngineFailed(
                f"The connection to {url} broke ({type(exc.__cause__ or exc).__name__}). What came"
                " is kept. Look at the server and run again."
            )
        case openai.APIError():
            words = words_of(exc.body if exc.body is not None else exc.message)
            return EngineFailed(f"{url} failed in mid-answer: {words}. What came is kept.")
        case _:
            return EngineFailed(
                f"{url} sent what cannot be read ({type(exc).__name__}: {words_of(str(exc))})."
                " Check that the address is an OpenAI-compatible server's."
            )
