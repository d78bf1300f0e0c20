"""Starting the page's server: what cannot be served is refused with the next step."""

from __future__ import annotations

import socket
from collections.abc import Iterator

import pytest

from playground.comparison.run import Comparison
from playground.domain.errors import BadRequest
from playground.domain.request import Lane
from playground.ui.launch import launch, preview
from playground.ui.page import Page
from tests.ui.fake import Fake

MODELS: dict[Lane, str] = {"left": "demo-instruct", "right": "demo-thinking"}


@pytest.fixture(scope="module")
def page() -> Iterator[Page]:
    engines = {name: Fake(name) for name in MODELS.values()}
    page = Page(Comparison(engines.__getitem__), MODELS, lambda _: "", lambda _: ())
    yield page
    page.close()


# Gradio leaves the socket open with which it tried the port.
@pytest.mark.filterwarnings("ignore::ResourceWarning")
@pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")
def test_a_port_that_is_taken_is_named_with_the_way_out(page: Page) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        with pytest.raises(BadRequest, match=rf"Port {port} on '127.0.0.1'.*--port"):
            launch(page, "127.0.0.1", port, None)


@pytest.mark.parametrize("auth", ["", "user", "user:", ":password"])
def test_half_a_login_is_refused(page: Page, auth: str) -> None:
    with pytest.raises(BadRequest, match="USER:PASSWORD"):
        launch(page, "127.0.0.1", None, auth)


def test_a_spaces_link_shows_its_picture() -> None:
    assert preview("me/x")["thumbnail"].startswith("https://huggingface.co/spaces/me/x/resolve/")
    assert "thumbnail" not in preview(None)
