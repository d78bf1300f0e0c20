"""The notebook component on a page of its own, with a scripted Python side.

    python tests/browser/harness_app.py --port 7871 --cells 1 --trace-kb 4

Knows the wire and nothing else: no engine, no document. It serves to draw, test and measure the
page's JS; `run` of a prompt that starts with "trace 300" streams on top of 300 KB of trace.
"""

# ruff: noqa: E501 (canned data reads better on one line)

from __future__ import annotations

import argparse
import html
import threading
import time
from collections.abc import Iterator
from typing import Any

import gradio as gr
from pygments import highlight
from pygments.formatters import HtmlFormatter
from pygments.lexers import PythonLexer

from playground.ui.notebook import CSS, Notebook, Stream

HOSTILE = "<script>alert(1)</script> ${alert(1)} {{value}} </think> <|im_end|> NUL:\x00: <img src=x onerror=alert(1)>"
THEME = gr.themes.Default(font=["system-ui", "sans-serif"], font_mono=["ui-monospace", "monospace"])
LABELS = {"left": "Instruct", "right": "Thinking"}
MODELS = {"left": "Qwen3-4B-Instruct-2507", "right": "Qwen3-4B-Thinking-2507"}
EXAMPLES = [
    "Solve the equation 2x^2 + 3x - 5 = 0.",
    "What is 17% of 2350?",
    "How many times does the letter r occur in strawberry?",
    "Quanto é 348 × 27?",
    "Sort these numbers: 42, 7, 19, 3, 88, 21",
    "Write a Python function to calculate Fibonacci numbers.",
]
CODE = '''from functools import lru_cache

@lru_cache(maxsize=None)
def fibonacci(n: int) -> int:
    """The n-th Fibonacci number, from F(0) = 0. A line that is much wider than any narrow lane."""
    if n < 0:
        raise ValueError(f"n is {n!r}, but must be 0 or more")  # say what is allowed
    a, b = 0, 1
    for _ in range(n):
        a, b = b, a + b
    return a

print(fibonacci(90), len("abc"), 3.14)'''
MATH = (
    '<math xmlns="http://www.w3.org/1998/Math/MathML" display="block"><mrow><mi>x</mi><mo>=</mo>'
    "<mfrac><mrow><mo>−</mo><mn>3</mn><mo>±</mo><msqrt><mrow><mn>9</mn><mo>+</mo><mn>40</mn></mrow>"
    "</msqrt></mrow><mn>4</mn></mfrac><mo>=</mo><mfrac><mrow><mo>−</mo><mn>3</mn><mo>±</mo>"
    "<mn>7</mn></mrow><mn>4</mn></mfrac></mrow></math>"
)
TABLE = (
    "<table><thead><tr><th>root</th><th>value</th><th>check of 2x² + 3x − 5</th></tr></thead><tbody>"
    "<tr><td>x₁</td><td>1</td><td>2 + 3 − 5 = 0</td></tr>"
    "<tr><td>x₂</td><td>−5/2</td><td>12.5 − 7.5 − 5 = 0</td></tr></tbody></table>"
)
THOUGHT = (
    "Okay, a quadratic. a = 2, b = 3, c = -5.\nThe discriminant: b^2 - 4ac = 9 + 40 = 49, and its"
    " root is 7.\n\nSo x = (-3 + 7) / 4 = 1, or x = (-3 - 7) / 4 = -5/2.\nCheck x = 1: 2 + 3 - 5 ="
    " 0. Good 👍. Check x = -5/2: 12.5 - 7.5 - 5 = 0. Good.\n\n"
)


def number(label: str, value: str, unit: str = "", help: str = "What it means.") -> dict[str, str]:
    return {"label": label, "value": value, "unit": unit, "help": help}


def code_block() -> str:
    return str(highlight(CODE, PythonLexer(), HtmlFormatter(cssclass="highlight")))


def answer_blocks(prompt: str, lane: str) -> list[str]:
    if "Fibonacci" in prompt:
        return [
            "<p>Iteratively, so that it stays fast for large <code>n</code>:</p>",
            code_block(),
            "<p>It takes <strong>n</strong> additions and no recursion. See "
            '<a href="https://docs.python.org/3/">the Python docs</a>.</p>',
        ]
    return [
        "<p>With <em>a</em> = 2, <em>b</em> = 3 and <em>c</em> = −5 the formula gives</p>",
        MATH,
        TABLE if lane == "right" else "<ol><li>x₁ = 1</li><li>x₂ = −5/2</li></ol>",
        "<p>The roots are <strong>1</strong> and <strong>−5/2</strong>.</p>",
    ]


class Side:
    """All that Python would know, for one page."""

    def __init__(self, cells: int, trace_kb: int) -> None:
        self.lock = threading.Lock()
        self.revision = 1
        self.cells: list[dict[str, Any]] = []
        self.lanes: dict[str, dict[str, Any]] = {}
        self.traces: dict[str, str] = {}
        self.stops: set[tuple[str, str | None]] = set()
        self.gone: list[tuple[int, dict[str, Any]]] = []
        self.log: list[tuple[str, Any]] = []
        self.notice = ""
        self.focus = ""
        self.count = 0
        self.trace_kb = trace_kb
        self.runs: dict[str, list[dict[str, Any]]] = {}
        for index in range(cells):
            self.add(
                None, "" if cells == 1 else f"Prompt number {index + 1}: solve 2x² + 3x − 5 = 0."
            )
            if cells > 1:
                self.finish(self.cells[-1], f"seed{index}")

    def add(self, after: str | None, prompt: str = "") -> dict[str, Any]:
        self.count += 1
        cell = {"id": f"c{self.count}", "prompt": prompt, "number": "", "state": "idle"}
        cell |= {"shown": 0, "runs": 0, "stale": "", "run": None}
        ids = [one["id"] for one in self.cells]
        self.cells.insert(ids.index(after) + 1 if after in ids else len(ids), cell)
        self.runs[cell["id"]] = []
        return cell

    def cell(self, id: str) -> dict[str, Any]:
        return next(cell for cell in self.cells if cell["id"] == id)

    def view(self) -> dict[str, Any]:
        busy = any(cell["state"] != "idle" for cell in self.cells)
        return {
            "session": "secret",
            "revision": self.revision,
            "cells": [dict(cell) for cell in self.cells],
            "lanes": LABELS,
            "examples": EXAMPLES,
            "undo": "Cell deleted" if self.gone else "",
            "title": "● Running" if busy else "Qwen3 side by side",
            "notice": self.notice,
            "focus": self.focus,
        }

    def news(self) -> dict[str, Any]:
        """A tick that says no more than that there is a new view to ask for."""
        self.revision += 1
        return {"tick": -1, "cell": "", "revision": self.revision}

    def dirty(self, intent: dict[str, Any]) -> None:
        for cell in self.cells:
            text = intent.get("dirty", {}).get(cell["id"])
            if text is not None and text != cell["prompt"]:
                cell["prompt"] = text
                cell["stale"] = "stale: the prompt has changed" if cell["runs"] else ""

    def change(self, event: gr.EventData) -> dict[str, Any]:
        intent = event._data
        self.log.append(("change", intent))
        with self.lock:
            self.dirty(intent)
            self.focus = ""
            action = intent["action"]
            ids = [cell["id"] for cell in self.cells]
            at = ids.index(intent["cell"]) if intent.get("cell") in ids else -1
            if action == "add":
                self.focus = self.add(intent.get("cell"), intent.get("prompt", ""))["id"]
            elif action == "duplicate":
                self.focus = self.add(intent["cell"], self.cells[at]["prompt"])["id"]
            elif action == "delete":
                self.gone.append((at, self.cells.pop(at)))
                if not self.cells:
                    self.add(None)
                self.focus = self.cells[min(at, len(self.cells) - 1)]["id"]
            elif action == "undo" and self.gone:
                at, cell = self.gone.pop()
                self.cells.insert(at, cell)
                self.focus = cell["id"]
            elif action == "move" and 0 <= at + intent["by"] < len(ids):
                self.cells.insert(at + intent["by"], self.cells.pop(at))
            elif action == "show":
                cell = self.cells[at]
                cell["shown"] = intent["shown"]
                cell["run"] = self.runs[cell["id"]][intent["shown"]]
            elif action == "clear_notice":
                self.notice = ""
            self.revision += 1
            return self.view()

    def timeline(self, now: float, thinking: float, done: bool) -> dict[str, Any]:
        span = max(5.0, now)
        left_end = min(now, 2.1)
        right = [{"kind": "prompt", "start_s": 0.0, "end_s": min(now, 0.3)}]
        if now > 0.3:
            right.append({"kind": "thinking", "start_s": 0.3, "end_s": min(now, thinking)})
        if now > thinking:
            right.append({"kind": "answer", "start_s": thinking, "end_s": now})
        marks = [
            {"at_s": float(s), "label": str(s)} for s in range(0, int(span), 5 if span > 12 else 1)
        ]
        marks.append({"at_s": span, "label": f"{span:.0f} s"})
        left = [
            {"kind": "prompt", "start_s": 0.0, "end_s": min(left_end, 0.1)},
            {"kind": "answer", "start_s": min(left_end, 0.1), "end_s": left_end},
        ]
        said = [
            "Thinking took ",
            "7.8×",
            " the tokens and ",
            "188×",
            " longer to the first word of the answer.",
        ]
        return {
            "span_s": span,
            "marks": marks,
            "bars": [
                {
                    "lane": "left",
                    "label": "Instruct",
                    "segments": left,
                    "total": f"{left_end:.1f} s",
                },
                {"lane": "right", "label": "Thinking", "segments": right, "total": f"{now:.1f} s"},
            ],
            "sentence": said if done else [],
        }

    def head(
        self, run: str, lane: str, state: str, running: bool, tokens: int, length: int, now: float
    ) -> dict[str, Any]:
        thinks = lane == "right"
        summary = f"Thinking… {now:.0f} s" if running else f"Thought for {now:.1f} s"
        shown = [
            number("first token", "0.08 s"),
            number("total", f"{now:.1f} s"),
            number("", f"{tokens}", "tokens"),
            number("", "47.5", "tokens/s"),
        ]
        if thinks:
            shown[1:1] = [number("first answer", "15.0 s" if not running else "–")]
        return {
            "key": f"{run}/{lane}", "lane": lane, "label": LABELS[lane], "model": MODELS[lane],
            "state": state, "tone": "live" if running else "plain", "running": running, "thinks": thinks,
            "summary": f"{summary} · {tokens} tokens" if thinks and length else "", "thinking_length": length,
            "numbers": shown, "outcome": None, "notices": [],
        }  # fmt: skip

    def finish(
        self, cell: dict[str, Any], run: str, trace: str | None = None, stopped: bool = False
    ) -> None:
        trace = trace if trace is not None else (THOUGHT * 400)[: self.trace_kb * 1000]
        prompt = cell["prompt"]
        for lane in LABELS:
            key = f"{run}/{lane}"
            length = len(trace.encode("utf-16-le")) // 2 if lane == "right" else 0
            view = self.head(run, lane, "stopped" if stopped else "done", False, 702, length, 14.9)
            view |= {
                "blocks": answer_blocks(prompt, lane),
                "answer": "The roots are **1** and **-5/2**.",
            }
            if HOSTILE in prompt:
                view |= {"blocks": [f"<p>{html.escape(HOSTILE)}</p>"], "answer": HOSTILE}
            if lane == "right" and "limit" in prompt:
                view |= {"blocks": [], "answer": "", "state": "limit", "tone": "warn"}
                view["summary"] = "Thought for 43.6 s · 2,048 tokens, not finished"
                view["outcome"] = {
                    "tone": "warn", "title": "No answer:", "text": "the limit of 2,048 tokens was used up while thinking.",
                    "actions": [{"action": "raise_limit", "label": "Raise the limit to 8,192 and run again"}, {"action": "again", "label": "Run again"}],
                }  # fmt: skip
            if lane == "left" and "fail" in prompt:
                view |= {"blocks": view["blocks"][:1], "state": "failed", "tone": "error"}
                view["outcome"] = {
                    "tone": "error",
                    "title": "Failed:",
                    "text": "the device ran out of memory after 41 tokens.",
                    "actions": [{"action": "again", "label": "Run again"}],
                }
                view["notices"] = [
                    "max_new_tokens was lowered from 32,768 to 4,012: the context holds 4,096 tokens."
                ]
            self.lanes[key] = view
            self.traces[key] = trace if lane == "right" else ""
        shown = {
            "run": run,
            "lanes": {lane: f"{run}/{lane}" for lane in LABELS},
            "timeline": self.timeline(15.9, 15.0, True),
        }
        self.runs[cell["id"]].append(shown)
        runs = len(self.runs[cell["id"]])
        self.count += 1
        cell |= {
            "run": shown,
            "runs": runs,
            "shown": runs - 1,
            "state": "idle",
            "number": str(self.count),
            "stale": "",
        }

    def run(self, event: gr.EventData) -> Iterator[Any]:
        intent = event._data
        self.log.append(("run", intent))
        with self.lock:
            self.dirty(intent)
            self.focus = ""
            self.notice = ""
            if intent.get("advance"):
                ids = [cell["id"] for cell in self.cells]
                at = ids.index(intent["cells"][-1])
                self.focus = ids[at + 1] if at + 1 < len(ids) else self.add(None)["id"]
            todo = [self.cell(id) for id in intent["cells"]]
            if not any(cell["prompt"].strip() for cell in todo):
                self.notice = "The prompt is empty. Write a question first."
                yield self.news()
                return
            for cell in todo:
                cell["state"] = "queued"
        yield self.news()
        for cell in todo:
            cell["state"] = "running"
            yield self.news()
            yield from self.stream(cell)
            yield self.news()

    def stream(self, cell: dict[str, Any]) -> Iterator[Any]:
        run = f"run{time.time_ns()}"
        words = cell["prompt"].split()
        base = int(words[1]) * 1000 if words[:1] == ["trace"] else 0
        seconds = float(words[2]) if len(words) > 2 and words[0] == "trace" else 3.0
        steps = int(seconds * 10)
        source = (HOSTILE + "\n" if HOSTILE in cell["prompt"] else "") + THOUGHT * 200
        grown = ((THOUGHT * 2000)[:base], 0)
        trace = grown[0]
        whole = len(trace.encode("utf-16-le")) // 2
        ends = [(whole, 0)]
        final = answer_blocks(cell["prompt"], "right")
        started = time.monotonic()
        stopped = False
        for step in range(steps):
            time.sleep(max(0.0, started + step * 0.1 - time.monotonic()))
            if (cell["id"], None) in self.stops:
                self.stops.discard((cell["id"], None))
                stopped = True
                break
            thinking = step < steps * 0.6
            if thinking:
                piece = source[step * 40 : step * 40 + 40]
                trace += piece
                whole += len(piece.encode("utf-16-le")) // 2
            ends.append((whole, len(trace)))
            offset, at = ends[max(0, len(ends) - 20)]
            self.traces[f"{run}/right"] = trace
            if "gap" in cell["prompt"] and 8 < step < 30 and step % 29:
                continue  # more than two seconds of ticks are lost
            now = step / 10
            closed = 0 if thinking else min(len(final) - 1, 1 + (step - int(steps * 0.6)) // 4)
            left_closed = min(3, step // 5)
            left = self.head(
                run,
                "left",
                "done" if step > 20 else f"answering… {now:.0f} s",
                step <= 20,
                step * 4,
                0,
                now,
            )
            right = self.head(
                run,
                "right",
                ("thinking…" if thinking else "answering…") + f" {now:.0f} s · {step * 5} tokens",
                True,
                step * 5,
                whole,
                now,
            )
            left |= {"thinking": {"offset": 0, "text": ""}}
            opened = (
                HOSTILE
                if HOSTILE in cell["prompt"]
                else "The roots are 1 and −5/2, as one sees by putting"
            )[: step * 6]
            left |= {
                "answer": {
                    "index": 0,
                    "blocks": answer_blocks(cell["prompt"], "left")[:left_closed],
                    "open": opened if step < 30 else "",
                }
            }
            right |= {"thinking": {"offset": offset, "text": trace[at:] if at or not base else ""}}
            right |= {
                "answer": {
                    "index": 0,
                    "blocks": final[:closed],
                    "open": "" if thinking else "The roots are **1** and",
                }
            }
            if base and step == 0:
                right["thinking"] = {"offset": 0, "text": trace}
            tick = {
                "tick": step, "revision": self.revision, "cell": cell["id"], "run": run, "lanes": {"left": left, "right": right},
                "timeline": self.timeline(now, steps * 0.06, False), "title": f"{now:.0f} s · Thinking…", "spoken": "Thinking" if step == 1 else "",
            }  # fmt: skip
            yield tick
        self.finish(cell, run, trace, stopped)


def build(side: Side) -> gr.Blocks:
    def stop(question: dict[str, Any]) -> dict[str, Any]:
        side.log.append(("stop", question))
        side.stops.add((question["cell"], question["lane"]))
        return {}

    def fetch(question: dict[str, Any]) -> dict[str, Any]:
        side.log.append(("fetch", question["keys"]))
        return {"lanes": {key: side.lanes[key] for key in question["keys"] if key in side.lanes}}

    def trace(question: dict[str, Any]) -> dict[str, Any]:
        side.log.append(("trace", question["key"]))
        return {"text": side.traces.get(question["key"], "")}

    def view(question: dict[str, Any]) -> dict[str, Any]:
        return side.view()

    def count(question: dict[str, Any]) -> dict[str, Any]:
        side.log.append(("count", len(question["prompt"])))
        words = len(question["prompt"].split())
        return {"text": f"{words * 4 // 3} tokens", "tone": "warn" if words > 50 else "plain"}

    with gr.Blocks(title="Notebook harness") as demo:
        with gr.Sidebar(open=False):
            gr.Slider(0, 2, 0.7, label="Temperature")
        notebook = Notebook(server_functions=[stop, fetch, trace, count, view])
        stream = Stream()
        quiet: dict[str, Any] = {
            "trigger_mode": "multiple", "show_progress": "hidden", "concurrency_limit": None, "api_visibility": "private", "show_progress_on": stream,
        }  # fmt: skip
        notebook.intent(side.change, None, [notebook], **quiet)
        notebook.run(side.run, None, [stream], **quiet)
        demo.load(side.view, None, [notebook], **quiet)
    return demo


def serve(port: int, cells: int = 1, trace_kb: int = 4) -> tuple[gr.Blocks, Side]:
    side = Side(cells, trace_kb)
    demo = build(side)
    demo.launch(
        server_port=port, css=CSS, theme=THEME, prevent_thread_lock=True, quiet=True, ssr_mode=False,
        run_history=False, footer_links=[],
    )  # fmt: skip
    return demo, side


if __name__ == "__main__":
    parser = argparse.ArgumentParser()
    parser.add_argument("--port", type=int, default=7871)
    parser.add_argument("--cells", type=int, default=1)
    parser.add_argument("--trace-kb", type=int, default=4)
    asked = parser.parse_args()
    served, _ = serve(asked.port, asked.cells, asked.trace_kb)
    served.block_thread()
