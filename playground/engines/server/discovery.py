"""Finds the servers that run on this machine by asking the ports they use when nobody says else.

All at once and for a short time only; what does not answer in time is not there.
"""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass
from urllib.parse import urlencode

import httpx2

from playground import catalog
from playground.domain.errors import PlaygroundError
from playground.engines.server.connection import Timeouts, http_client, wait_for
from playground.engines.server.identify import ServerFacts, identify, root_of
from playground.engines.server.profiles import LOCAL_PORTS
from playground.engines.server.services import GENERIC

WAIT_S = 0.25
# A pair is two servers for most: the second stands on the next port.
PORTS: tuple[int, ...] = tuple(
    dict.fromkeys((*LOCAL_PORTS, *(port + 1 for port in LOCAL_PORTS if port not in (1234, 11_434))))
)


@dataclass(frozen=True, slots=True)
class Found:
    """A server on this machine and the names of its models, the 2507 pair first."""

    label: str
    url: str
    models: tuple[str, ...]


def find_servers(ports: Sequence[int] = PORTS, wait_s: float = WAIT_S) -> tuple[Found, ...]:
    """What runs on these ports of this machine, within about `wait_s`."""
    return wait_for(_find(ports, wait_s))


async def _find(ports: Sequence[int], wait_s: float) -> tuple[Found, ...]:
    open_ports = [
        port
        for port, is_open in zip(
            ports, await asyncio.gather(*(_is_open(port, wait_s) for port in ports)), strict=True
        )
        if is_open
    ]
    if not open_ports:
        return ()
    async with http_client(Timeouts(connect_s=wait_s)) as http:
        found = await asyncio.gather(*(_look(http, port, wait_s) for port in open_ports))
    return tuple(server for server in found if server is not None)


async def _is_open(port: int, wait_s: float) -> bool:
    try:
        async with asyncio.timeout(wait_s):
            _, writer = await asyncio.open_connection("127.0.0.1", port)
    except (OSError, TimeoutError):
        return False
    writer.close()
    return True


async def _look(http: httpx2.AsyncClient, port: int, wait_s: float) -> Found | None:
    url = _url(port)
    try:
        async with asyncio.timeout(wait_s):
            facts = await identify(http, url, wait_s)
    except (httpx2.HTTPError, TimeoutError, OSError, PlaygroundError):
        return None  # a refusal is no offer either
    if facts.profile is GENERIC and not facts.models:
        return None  # some other program's port
    version = f" {facts.version}" if facts.version else ""
    return Found(f"{facts.profile.label}{version}", url, model_names(facts, url))


def _url(port: int) -> str:
    return f"http://127.0.0.1:{port}/v1"


def model_names(facts: ServerFacts, url: str) -> tuple[str, ...]:
    """The names by which lanes call a server's models, those of the catalog first."""
    ids = sorted((model.id for model in facts.models), key=lambda id_: catalog.served(id_) is None)
    where = f"{root_of(url)}/v1"
    return tuple(f"{where}?{urlencode({'model': id_}, safe=':/')}" for id_ in ids)
