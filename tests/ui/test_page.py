"""What the page offers: any model and the local servers to its owner, neither to the public."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace
from types import SimpleNamespace
from typing import Any

import pytest

from playground.comparison.residents import Residents
from playground.comparison.run import Comparison
from playground.domain.request import LANES, Lane
from playground.domain.sampling import Sampling
from playground.engines.server.discovery import Found
from playground.notebook.document import CellId
from playground.ui.controls import differing
from playground.ui.files import code_of
from playground.ui.page import Page
from playground.ui.servers import ServerTools
from tests.ui.fake import Fake, first, write

MODELS: dict[Lane, str] = {"left": "demo-instruct", "right": "demo-thinking"}
FOUND = Found("vLLM 0.32.0", "http://127.0.0.1:8000/v1", ("http://127.0.0.1:8000/v1?model=a",))
Make = Callable[..., Page]


@pytest.fixture
def make() -> Iterator[Make]:
    pages: list[Page] = []

    def page(offer: list[str] | None = None, models: Iterable[str] = MODELS.values()) -> Page:
        engines = {name: Fake(name) for name in models}
        tools = ServerTools(lambda: (FOUND,), lambda name: iter(()), (("vLLM", "vllm serve"),))
        pages.append(
            Page(
                Comparison(engines.__getitem__),
                MODELS,
                lambda _: "",
                lambda _: (),
                tools=tools,
                offer=offer,
            )
        )
        return pages[-1]

    yield page
    for each in pages:
        each.close()


def handlers(page: Page) -> set[str]:
    return {getattr(fn.fn, "__name__", "") for fn in page.blocks.fns.values() if fn.fn}


def test_the_owner_may_name_any_model_and_sees_the_servers(make: Make) -> None:
    page = make()
    for lane in LANES:
        assert page.layout.controls.models[lane].allow_custom_value
    assert {"look", "check"} <= handlers(page)


def test_the_public_chooses_from_the_operators_models_and_no_server_is_ever_asked(
    make: Make,
) -> None:
    page = make(offer=["demo-instruct", "demo-thinking"])
    for lane in LANES:
        component = page.layout.controls.models[lane]
        assert not component.allow_custom_value
        assert [value for _, value in component.choices] == ["demo-instruct", "demo-thinking"]
    assert not {"look", "check"} & handlers(page)


def test_choosing_another_model_makes_room_before_anything_is_loaded(make: Make) -> None:
    page = make(models={"demo-instruct", "demo-thinking", "other"})
    kept: list[set[str]] = []
    page.comparison.residents = Residents(lambda models: kept.append(set(models)))
    page.comparison.residents.chosen = page.sessions.chosen_models
    controls = page.layout.controls
    data = {component: component.value for component in controls.inputs()}
    data[controls.models["left"]] = "other"
    request = SimpleNamespace(session_hash="a", headers={})
    page.choose(data, request)  # type: ignore[arg-type]
    assert kept == [{"other", "demo-thinking"}]


def chosen_data(page: Page, **values: object) -> dict[object, object]:
    """The sidebar as it is drawn, with other models in some lanes."""
    controls = page.layout.controls
    named = {controls.models[lane]: values[lane] for lane in LANES if lane in values}
    return {component: component.value for component in controls.inputs()} | named


def test_a_model_just_chosen_has_its_own_values_before_the_page_shows_them(make: Make) -> None:
    page = make(models={"demo-instruct", "demo-thinking", "other"})
    request: Any = SimpleNamespace(session_hash="a", headers={})
    other = page.comparison.open_engine("other")
    other.card = replace(other.card, defaults=Sampling(temperature=0.25, top_k=7))
    data = chosen_data(page, left="other")
    # What a model had that was chosen a moment before.
    data[page.layout.controls.fields["left", "temperature"]] = 0.9
    page.choose(data, request)
    session = page.sessions.of("a")
    assert session.settings.sampling["left"]["temperature"] == 0.25
    assert differing(session.settings, session.cards()) == set()


def test_resetting_and_length_buttons_change_the_settings_even_where_no_field_changes(
    make: Make, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("playground.ui.lengths.output_lengths", lambda card: (6,))
    page = make()
    request: Any = SimpleNamespace(session_hash="a", headers={})
    session = page.sessions.of("a")
    assert page._length_taker("left", 0)(request) == 6
    assert differing(session.settings, session.cards()) == {("left", "max_new_tokens")}
    page.reset(request)
    assert differing(session.settings, session.cards()) == set()


def test_code_that_is_copied_calls_the_page_where_its_reader_has_it(make: Make) -> None:
    page = make()
    headers = {"referer": "http://127.0.0.1:7841/"}
    page.refresh(SimpleNamespace(session_hash="a", headers=headers))  # type: ignore[arg-type]
    session = page.sessions.of("a")
    write(session, "hello")
    texts = [each["text"] for each in code_of(session, CellId(first(session)))]
    curl = next(text for text in texts if "gradio_api" in text)
    assert "http://127.0.0.1:7841/gradio_api/call" in curl
    assert "7860" not in curl


def test_a_sidebar_that_only_shows_the_settings_keeps_what_the_page_was_told(
    make: Make, monkeypatch: pytest.MonkeyPatch
) -> None:
    page = make()
    visitor: Any = SimpleNamespace(session_hash="a")
    session = page.sessions.of("a")
    monkeypatch.setattr(page, "_session", lambda request: session)
    session.tell("temperature is 99.")
    monkeypatch.setattr(type(page.layout.controls), "read", lambda _, data: session.settings)
    page.set({}, visitor)
    assert session.notice == "temperature is 99."
    other = replace(session.settings, system="Be brief.")
    monkeypatch.setattr(type(page.layout.controls), "read", lambda _, data: other)
    page.set({}, visitor)
    assert session.notice == ""
