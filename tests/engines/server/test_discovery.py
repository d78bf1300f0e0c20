"""Servers on this machine's ports: those that say what they are, and nothing else."""

from __future__ import annotations

from urllib.parse import urlsplit

from playground.engines.server.discovery import PORTS, Found, find_servers
from tests.engines.server import served
from tests.engines.server.standin import StandIn, json_reply


def found(server: StandIn) -> tuple[Found, ...]:
    port = urlsplit(server.root).port
    assert port is not None
    return find_servers((port,), wait_s=5.0)


def test_a_server_is_found_with_names_for_its_models(server: StandIn) -> None:
    (one,) = found(served.vllm(server))
    assert (one.label, one.url) == ("vLLM 0.32.0", server.url)
    assert one.models == (f"{server.url}?model=demo-thinking",)


def test_the_models_of_the_catalog_come_first(server: StandIn) -> None:
    (one,) = found(served.generic(server, "stranger", "demo-thinking"))
    assert [name.partition("=")[2] for name in one.models] == ["demo-thinking", "stranger"]


def test_some_other_program_is_no_server(server: StandIn) -> None:
    assert found(server) == ()


def test_a_server_that_refuses_us_does_not_hide_the_others(server: StandIn) -> None:
    assert found(served.everywhere(server, json_reply({"error": "Unauthorized"}, 401))) == ()


def test_the_ports_are_those_of_the_servers_and_of_a_second_one_beside_each() -> None:
    assert set(PORTS) >= {8000, 8001, 30_000, 30_001, 8080, 8081, 11_434, 1234, 3000}
    assert len(PORTS) == len(set(PORTS)), "vLLM and transformers serve share one"


def test_a_closed_port_is_no_server(server: StandIn) -> None:
    server.close()
    assert found(server) == ()
