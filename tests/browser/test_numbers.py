"""The page, the API and the CSV show the same numbers as an independent count of the token ids.

On the built-in pair, greedy: the ids come from transformers' own `generate()`.
"""

from __future__ import annotations

import csv
from collections.abc import Iterator
from typing import Any

import pytest
import torch
from gradio_client import Client
from playwright.sync_api import Browser, expect
from transformers import AutoModelForCausalLM, AutoTokenizer

from playground.catalog import PAIRS
from playground.comparison.run import Comparison
from playground.demo_pair import FOLDERS
from playground.domain.request import LANES
from playground.engines import open_engine
from playground.ui.launch import launch
from playground.ui.page import Page as PlaygroundPage
from tests.browser.test_running import lane, run

MODELS = dict(zip(LANES, PAIRS["demo"], strict=True))
PROMPT = "Solve the equation 2x^2 + 3x - 5 = 0."


@pytest.fixture(scope="module")
def url() -> Iterator[str]:
    page = PlaygroundPage(Comparison(open_engine), MODELS, lambda _: "", lambda _: ())
    yield launch(page, "127.0.0.1", None, None)
    page.close()


def independent_count(name: Any) -> dict[str, int]:
    """Counts of the greedy reply's ids, by transformers alone."""
    folder = FOLDERS[name]
    tokenizer = AutoTokenizer.from_pretrained(folder)
    model = AutoModelForCausalLM.from_pretrained(folder, dtype=torch.float32)
    inputs = tokenizer.apply_chat_template(
        [{"role": "user", "content": PROMPT}], add_generation_prompt=True, return_tensors="pt"
    )
    with torch.inference_mode():
        ids = model.generate(**inputs, do_sample=False, max_new_tokens=512)[0].tolist()
    prompt = inputs["input_ids"].shape[1]
    reply = ids[prompt:]
    close = tokenizer.convert_tokens_to_ids("</think>")
    end = tokenizer.convert_tokens_to_ids("<|im_end|>")
    markers = reply.count(close) + reply.count(end)
    thinking = reply.index(close) if close in reply else 0
    return {
        "prompt_tokens": prompt,
        "thinking_tokens": thinking,
        "marker_tokens": markers,
        "answer_tokens": len(reply) - thinking - markers,
        "generated_tokens": len(reply),
    }


def test_page_api_and_csv_agree_with_the_ids(browser: Browser, url: str) -> None:
    counted = {side: independent_count(MODELS[side]) for side in LANES}
    assert counted["right"]["thinking_tokens"] > 0

    compared = Client(url, verbose=False).predict(
        PROMPT, {"sampling": {"temperature": 0}}, api_name="/compare"
    )
    for side in LANES:
        numbers = compared[side]["numbers"]
        assert {name: numbers[name] for name in counted[side]} == counted[side]
        assert numbers["counts"] == "exact"

    page = browser.new_page(viewport={"width": 1400, "height": 900})
    page.set_default_timeout(60_000)
    page.goto(url)
    page.locator("#notebook textarea").first.wait_for()
    for side in LANES:
        page.get_by_label(f"Temperature, {side} lane").fill("0")
    run(page, PROMPT)
    for side in LANES:
        expect(lane(page, side).locator(".nb-state")).to_have_text("done", timeout=60_000)
    left, right = (lane(page, side).locator(".nb-numbers") for side in LANES)
    thought = counted["right"]["thinking_tokens"]
    expect(left).to_contain_text(f"{counted['left']['answer_tokens']} tokens")
    expect(right).to_contain_text(f"{thought} + {counted['right']['answer_tokens']} tokens")
    expect(lane(page, "right").locator("summary")).to_contain_text(f"{thought} tokens")

    with page.expect_download() as download:
        page.get_by_role("button", name="Download CSV").click()
    with open(download.value.path(), encoding="utf-8", newline="") as file:
        rows = {row["lane"]: row for row in csv.DictReader(file)}
    for side in LANES:
        assert {name: int(rows[side][name]) for name in counted[side]} == counted[side]
    page.close()
