"""What the page costs before a server: `python -m tests.benchmarks.server_overhead`.

A stand-in in a process of its own streams at a set pace, as vLLM does. It is asked directly, and
through a running `app.py` (`/compare`, both lanes together), in turn; the ratio of the tokens a
second, and how much later a single stream's first token comes, are printed. Goals: at least 0.97
at 32 streams of 50 tokens a second, at most 20 ms for one stream. `--memory RUNS` prints instead
how much memory `app.py` holds as it runs so many (Linux).
"""

from __future__ import annotations

import argparse
import asyncio
import json
import statistics
import subprocess
import sys
import threading
import time
import urllib.request
from collections.abc import AsyncIterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import httpx2
import uvicorn
from gradio_client import Client
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, StreamingResponse
from starlette.routing import Route

RATE, TOKENS = 50, 200
# With this limit the stand-in answers at once and shortly.
SHORT = 20
MODEL = "paced"


async def models(_: Request) -> JSONResponse:
    item = {"id": MODEL, "object": "model", "owned_by": "vllm", "max_model_len": 32_768}
    return JSONResponse({"object": "list", "data": [item]})


async def chat(request: Request) -> StreamingResponse:
    short = (await request.json()).get("max_tokens") == SHORT

    async def stream() -> AsyncIterator[str]:
        began_s = time.monotonic()
        for number in range(1, (SHORT if short else TOKENS) + 1):
            if not short:
                await asyncio.sleep(max(0.0, began_s + number / RATE - time.monotonic()))
            usage = {"prompt_tokens": 9, "completion_tokens": number, "total_tokens": 9 + number}
            choice = {"index": 0, "delta": {"content": "word "}, "finish_reason": None}
            message = {"id": "x", "object": "chat.completion.chunk", "created": 0, "model": MODEL}
            yield f"data: {json.dumps({**message, 'choices': [choice], 'usage': usage})}\n\n"
        yield "data: [DONE]\n\n"

    return StreamingResponse(stream(), media_type="text/event-stream")


def serve(port: int) -> None:
    """The stand-in, until it is killed."""
    app = Starlette(
        routes=[Route("/v1/models", models), Route("/v1/chat/completions", chat, methods=["POST"])]
    )
    uvicorn.run(app, host="127.0.0.1", port=port, log_level="error")


async def directly(root: str, streams: int) -> list[tuple[float, float]]:
    """(first token in seconds, tokens a second) of so many streams at once."""

    async def one(http: httpx2.AsyncClient) -> tuple[float, float]:
        asked_s = time.monotonic()
        at_s: list[float] = []
        body = {"model": MODEL, "messages": [], "stream": True}
        async with http.stream("POST", f"{root}/v1/chat/completions", json=body) as response:
            async for line in response.aiter_lines():
                if line.startswith("data: {"):
                    at_s.append(time.monotonic())
        return at_s[0] - asked_s, (len(at_s) - 1) / (at_s[-1] - at_s[0])

    async with httpx2.AsyncClient(timeout=120) as http:
        return list(await asyncio.gather(*(one(http) for _ in range(streams))))


def through(url: str, sessions: int) -> list[tuple[float, float]]:
    """The same of both lanes of so many visitors, by the numbers of their Results."""
    options = {"schedule": "together", "sampling": {"max_new_tokens": 1000}}

    def one(client: Client) -> list[tuple[float, float]]:
        both: dict[str, Any] = client.predict("Go on.", options, api_name="/compare")
        numbers = [result["numbers"] for result in both.values()]
        assert all(n["generated_tokens"] == TOKENS for n in numbers), both
        return [(n["first_token_s"], n["tokens_per_s"]) for n in numbers]

    clients = [Client(url, verbose=False) for _ in range(sessions)]
    with ThreadPoolExecutor(sessions) as pool:
        return [figure for figures in pool.map(one, clients) for figure in figures]


def memory(url: str, process: int, runs: int) -> None:
    """Prints the page's memory now and then while it runs so many."""
    client = Client(url, verbose=False)
    for number in range(runs + 1):
        if number % max(1, runs // 10) == 0:
            status = Path(f"/proc/{process}/status").read_text("utf-8")
            used = next(line for line in status.splitlines() if line.startswith("VmRSS"))
            print(f"{number:>6} runs: {int(used.split()[1]) / 1024:,.1f} MB", flush=True)
        client.predict("Go on.", {"sampling": {"max_new_tokens": SHORT}}, api_name="/compare")


def wait_until_up(url: str) -> None:
    for _ in range(600):
        try:
            with urllib.request.urlopen(url, timeout=5):
                return
        except OSError:
            threading.Event().wait(0.2)
    raise SystemExit(f"{url} did not come up.")


def main() -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--serve", type=int, metavar="PORT", help="be the stand-in")
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--streams", type=int, default=32)
    parser.add_argument("--memory", type=int, metavar="RUNS")
    parser.add_argument("--ports", type=int, nargs=2, default=(8951, 8952))
    asked = parser.parse_args()
    if asked.serve:
        return serve(asked.serve)
    stand_in, page = asked.ports
    root, url = f"http://127.0.0.1:{stand_in}", f"http://127.0.0.1:{page}"
    model = f"{root}/v1?model={MODEL}"
    lanes = ["--left", model, "--right", model, "--port", str(page), "--runs", "64"]
    running = [
        subprocess.Popen([sys.executable, "-m", __spec__.name, "--serve", str(stand_in)]),
        subprocess.Popen([sys.executable, "app.py", *lanes], stdout=subprocess.DEVNULL),
    ]
    try:
        wait_until_up(f"{root}/v1/models")
        wait_until_up(url)
        if asked.memory:
            return memory(url, running[1].pid, asked.memory)
        for streams in (2, asked.streams):
            rates, delays_s = [], []
            for _ in range(asked.rounds):
                direct = asyncio.run(directly(root, streams))
                ours = through(url, streams // 2)
                rates.append(median(ours, 1) / median(direct, 1))
                delays_s.append(median(ours, 0) - median(direct, 0))
            print(
                f"{streams:>3} streams: {statistics.median(rates):.3f} of the direct tokens/s"
                f" (from {min(rates):.3f} to {max(rates):.3f}), first token"
                f" {1000 * statistics.median(delays_s):.0f} ms later"
            )
    finally:
        for process in running:
            process.kill()


def median(figures: list[tuple[float, float]], index: int) -> float:
    return statistics.median(figure[index] for figure in figures)


if __name__ == "__main__":
    main()
