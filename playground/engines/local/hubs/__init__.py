"""Where models come from: what of a hub's model is on this machine, and how the rest comes.

A name's option `hub` chooses: the Hugging Face Hub, or ModelScope. No hub's library is imported
before it is needed. Knows nothing of what is in a model's files.
"""

from __future__ import annotations

from pathlib import Path
from typing import Protocol

from playground.catalog import ModelName
from playground.domain.engine import OnDisk
from playground.domain.errors import BadRequest
from playground.engines.local.cancellation import Cancellation
from playground.engines.local.hubs.remote import Check, Report

HUBS = ("huggingface", "modelscope")


class Hub(Protocol):
    """A model hub with a cache on this machine; a module is one."""

    def folder(self, hub_id: str, revision: str | None, /) -> Path | None:
        """Where the model is on this machine, whole or not; null if nowhere."""

    def on_disk(self, hub_id: str, revision: str | None, /) -> OnDisk:
        """What of the model is on this machine. Asks nobody."""

    def download(
        self,
        hub_id: str,
        revision: str | None,
        report: Report,
        cancellation: Cancellation,
        check: Check,
        /,
    ) -> Path:
        """Bring what is missing; the model's folder. Raises PlaygroundError.

        `check` is called before any weights are asked for. Between its steps it may ask
        `cancellation`; the longest, the transfer, is called by it.
        """


def hub_of(name: ModelName) -> Hub:
    """The hub that a name means. Raises BadRequest."""
    match name.option("hub"):
        case None | "huggingface":
            from playground.engines.local.hubs import huggingface

            return huggingface
        case "modelscope":
            from playground.engines.local.hubs import modelscope

            return modelscope
        case other:
            raise BadRequest(f"hub is {other!r} in {str(name)!r}. Use one of: {', '.join(HUBS)}.")


def check_hub(name: ModelName) -> None:
    """Raise BadRequest for a hub that nobody knows, or that nothing comes from."""
    asked = name.option("hub")
    if asked is not None and asked not in HUBS:
        hub_of(name)
    if asked is not None and name.place != "hub":
        raise BadRequest(
            f"Only a Hub id comes from a hub. Remove 'hub={asked}' from {str(name)!r}."
        )


def known_folder(name: ModelName) -> Path | None:
    """Where a Hub id's files are on this machine; null if nowhere yet."""
    return hub_of(name).folder(name.where, name.revision)


def whole_folder(name: ModelName, report: Report, cancellation: Cancellation, check: Check) -> Path:
    """A Hub id's folder; what is missing of it is downloaded, if its small files pass `check`.

    Raises PlaygroundError.
    """
    with cancellation.calling(lambda: None):  # a download calls more; asking the hub takes time
        folder = _whole_folder(name, report, cancellation, check)
    cancellation.check()
    return folder


def _whole_folder(
    name: ModelName, report: Report, cancellation: Cancellation, check: Check
) -> Path:
    hub = hub_of(name)
    if hub.on_disk(name.where, name.revision).state == "whole":
        found = hub.folder(name.where, name.revision)
        if found is not None:
            return found
    return hub.download(name.where, name.revision, report, cancellation, check)
