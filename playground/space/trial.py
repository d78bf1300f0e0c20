"""One real `/compare` against a Space that is up, as any client would ask: over plain HTTP.

Knows the endpoint's shape, nothing of the Hub.
"""

from __future__ import annotations

import json
import urllib.error
import urllib.request
from collections.abc import Iterator, Mapping
from typing import Any

from playground.space.hub import PushFailed

PROMPT = "Solve the equation 2x^2 + 3x - 5 = 0."
OPTIONS = {"sampling": {"max_new_tokens": 48, "seed": 1}}
ENDPOINT = "/gradio_api/call/v2/compare"


def ask_once(address: str, headers: Mapping[str, str], timeout_s: float) -> Mapping[str, Any]:
    """Both lanes' results. Raises PushFailed that says what the Space answered instead."""
    body = json.dumps({"prompt": PROMPT, "options": OPTIONS}).encode("utf-8")
    try:
        with _open(address + ENDPOINT, headers, timeout_s, body) as response:
            event_id = json.load(response)["event_id"]
        result_address = f"{address}/gradio_api/call/compare/{event_id}"
        with _open(result_address, headers, timeout_s) as response:
            results = _last(response)
    except urllib.error.HTTPError as exc:
        raise PushFailed(
            f"The Space is up, but {ENDPOINT} answered HTTP {exc.code}. Read its log on the Hub."
        ) from exc
    except (OSError, ValueError, KeyError) as exc:
        raise PushFailed(
            f"The Space is up, but {ENDPOINT} gave no result ({exc or type(exc).__name__}). Read"
            " its log on the Hub, and push again."
        ) from exc
    for lane, result in results.items():
        if result.get("error"):
            raise PushFailed(
                f"The Space is up, but its {lane} lane failed: {result['error'].get('message')}"
            )
    return results


def _open(
    address: str, headers: Mapping[str, str], timeout_s: float, body: bytes | None = None
) -> Any:
    if not address.startswith(("https://", "http://")):
        raise ValueError(f"{address!r} is no address of the web")
    given = {"Content-Type": "application/json", **headers}
    request = urllib.request.Request(address, data=body, headers=given)
    return urllib.request.urlopen(request, timeout=timeout_s)


def _last(response: Any) -> dict[str, Any]:
    """The data of the stream's end. Raises ValueError where it ends otherwise."""
    for event, data in _events(response):
        if event == "complete":
            (results,) = json.loads(data)
            if not isinstance(results, dict):
                raise ValueError("it ended without results")
            return results
        if event == "error":
            raise ValueError(f"it said: {data}")
    raise ValueError("the stream broke off")


def _events(response: Any) -> Iterator[tuple[str, str]]:
    event = ""
    for line in response:
        name, _, value = line.decode("utf-8").rstrip("\r\n").partition(": ")
        if name == "event":
            event = value
        elif name == "data":
            yield event, value
