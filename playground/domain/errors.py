"""The error tree: what can go wrong, in words for the person who must act on it.

Every message names the offending value and ends with the next step. Foreign exceptions are
translated into these at the border of the room that calls the foreign library; this file knows
neither libraries nor how an error is shown.

    PlaygroundError
    ├── BadRequest         asked for something that cannot be (names key, value, the allowed)
    │   └── PromptTooLong  the prompt does not fit the model's context
    ├── ModelNotFound      no such model, folder or file
    ├── ModelUnusable      files that cannot be loaded (truncated, no template, no weights)
    ├── DownloadFailed     the way from a hub to this machine is broken; what has come is kept
    ├── LoadCancelled      someone gave the load up; nothing is wrong
    ├── EngineFailed       a model that was loaded failed while it ran
    └── Busy               no free place; try again later
"""

from __future__ import annotations

from dataclasses import dataclass


class PlaygroundError(Exception):
    """Base of all errors that may be shown to a user; `kind` is its stable name in results."""

    kind = "error"


class BadRequest(PlaygroundError):
    """A request that no engine should see."""

    kind = "bad_request"


class PromptTooLong(BadRequest):
    """The rendered prompt has as many tokens as the context, or more."""

    kind = "prompt_too_long"


class ModelNotFound(PlaygroundError):
    """No model of that name, no such folder, or nothing in it."""

    kind = "model_not_found"


class ModelUnusable(PlaygroundError):
    """The model's files exist but do not make a model."""

    kind = "model_unusable"


class DownloadFailed(PlaygroundError):
    """A model's files could not be brought here: network, disk, token, or the hub itself."""

    kind = "download_failed"


class LoadCancelled(PlaygroundError):
    """The load was given up on demand; what had come of a download is kept."""

    kind = "load_cancelled"


class EngineFailed(PlaygroundError):
    """The engine broke in mid-run; what it had written is kept."""

    kind = "engine_failed"


class Busy(PlaygroundError):
    """Everything is taken; nothing was started."""

    kind = "busy"


@dataclass(frozen=True, slots=True)
class ErrorValue:
    """An error as a plain value, for events, results and files."""

    kind: str
    message: str

    @classmethod
    def of(cls, error: BaseException) -> ErrorValue:
        """The value of any exception; foreign ones keep their type in the message."""
        if isinstance(error, PlaygroundError):
            return cls(error.kind, str(error))
        return cls("engine_failed", f"{type(error).__name__}: {error}")
