"""What the page offers: any model and the local servers to its owner, neither to the public."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from types import SimpleNamespace

import pytest

from playground.comparison.residents import Residents
from playground.comparison.run import Comparison
from playground.domain.request import LANES, Lane
from playground.engines.server.discovery import Found
from playground.ui.page import Page
from playground.ui.servers import ServerTools
from tests.ui.fake import Fake

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
    page._comparison.residents = Residents(lambda models: kept.append(set(models)))
    page._comparison.residents.chosen = page.sessions.chosen_models
    controls = page.layout.controls
    data = {component: component.value for component in controls.inputs()}
    data[controls.models["left"]] = "other"
    request = SimpleNamespace(session_hash="a", headers={})
    page.choose(data, request)  # type: ignore[arg-type]
    assert kept == [{"other", "demo-thinking"}]
