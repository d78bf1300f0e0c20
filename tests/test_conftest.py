"""The guards guard."""

from __future__ import annotations

import os
import socket
import time

import pytest

from tests.conftest import Guarded


@pytest.mark.parametrize("host", ["192.0.2.1", "2001:db8::1", "huggingface.co"])
def test_nothing_but_loopback_can_be_reached(host: str) -> None:
    with pytest.raises(Guarded, match="only loopback"):
        socket.create_connection((host, 80), timeout=0.1)


def test_a_socket_may_not_leave_this_machine_by_its_address() -> None:
    with (
        socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as udp,
        pytest.raises(Guarded, match="only loopback"),
    ):
        udp.sendto(b"", ("192.0.2.1", 53))


@pytest.mark.parametrize("host", ["127.0.0.1", "localhost"])
def test_loopback_can_be_reached(host: str) -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:
        port = server.getsockname()[1]
        socket.create_connection((host, port), timeout=5).close()


def test_no_test_sleeps() -> None:
    with pytest.raises(Guarded, match="sleeps"):
        time.sleep(0)


def test_the_hub_is_offline() -> None:
    assert os.environ["HF_HUB_OFFLINE"] == "1"
