"""The Hub as `push` needs it: its client's calls, failures in our words with the next step.

Knows no Space of ours, only ids and values.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager

from huggingface_hub import CommitOperationAdd, CommitOperationDelete, HfApi
from huggingface_hub.errors import HfHubHTTPError, LocalTokenNotFoundError
from huggingface_hub.utils import build_hf_headers

from playground.domain.errors import BadRequest, PlaygroundError

LOG_LINES = 40
# The Hub makes this file itself, and keeps in it what must not go as plain text.
KEPT = (".gitattributes",)


class PushFailed(PlaygroundError):
    """The Hub did not do what was asked, or the Space does not work."""

    kind = "push_failed"


class Hub:
    """One account on the Hub (or on what HF_ENDPOINT names)."""

    def __init__(self, endpoint: str | None = None, token: str | None = None) -> None:
        self._api = HfApi(endpoint=endpoint, token=token, library_name="qwen3-side-by-side")

    def account(self) -> str:
        """The name of the account that is logged in. Raises PlaygroundError."""
        with translated("find out who you are"):
            return str(self._api.whoami()["name"])

    def exists(self, repository: str) -> bool:
        with translated(f"look for {repository}"):
            return bool(self._api.repo_exists(repository, repo_type="space"))

    def create(self, repository: str, hardware: str, private: bool) -> None:
        """Create the Space with its hardware, so that it never runs on another."""
        with translated(f"create {repository} on {hardware}"):
            self._api.create_repo(
                repository,
                repo_type="space",
                space_sdk="gradio",
                space_hardware=hardware,
                private=private or None,
                exist_ok=True,
            )

    def set_hardware(self, repository: str, hardware: str) -> bool:
        """Ask for this hardware; false when the Space has it."""
        with translated(f"move {repository} to {hardware}"):
            runtime = self._api.get_space_runtime(repository)
            if hardware in (runtime.requested_hardware, runtime.hardware):
                return False
            self._api.request_space_hardware(repository, hardware)
            return True

    def variables(self, repository: str) -> dict[str, str]:
        with translated(f"read the variables of {repository}"):
            found = self._api.get_space_variables(repository)
            return {name: str(variable.value) for name, variable in found.items()}

    def secrets(self, repository: str) -> set[str]:
        """The names of its secrets; the Hub tells no values."""
        with translated(f"read the secrets' names of {repository}"):
            return set(self._api.get_space_secrets(repository))

    def set_variable(self, repository: str, name: str, value: str) -> None:
        with translated(f"set the variable {name}"):
            self._api.add_space_variable(repository, name, value)

    def set_secret(self, repository: str, name: str, value: str) -> None:
        with translated(f"set the secret {name}"):
            self._api.add_space_secret(repository, name, value)

    def upload(self, repository: str, files: Mapping[str, bytes]) -> str:
        """Make the repository hold these files and no others; the commit."""
        with translated(f"upload to {repository}"):
            there = self._api.list_repo_files(repository, repo_type="space")
            gone = [path for path in there if path not in files and path not in KEPT]
            commit = self._api.create_commit(
                repository,
                [
                    *(CommitOperationAdd(path, content) for path, content in files.items()),
                    *(CommitOperationDelete(path) for path in gone),
                ],
                commit_message="Update the playground",
                repo_type="space",
            )
            return str(commit.oid)

    def restart(self, repository: str) -> None:
        """Start a Space that stands still, or has new variables only."""
        with translated(f"restart {repository}"):
            self._api.restart_space(repository)

    def state(self, repository: str) -> tuple[str, str, str]:
        """Where the Space is, in the Hub's word; its message; the commit that runs, if told."""
        with translated(f"see how {repository} is doing"):
            runtime = self._api.get_space_runtime(repository)
            stage = str(getattr(runtime.stage, "value", runtime.stage))
            raw = runtime.raw
            return stage, str(raw.get("errorMessage") or ""), str(raw.get("sha") or "")

    def log(self, repository: str, build: bool) -> list[str]:
        """The last lines of the build's log, or of the program's; empty where there is none."""
        try:
            lines = "".join(self._api.fetch_space_logs(repository, build=build)).splitlines()
        except Exception:  # the log is a help; its lack must not hide what it should explain
            return []
        return lines[-LOG_LINES:]

    def address(self, repository: str) -> str:
        """Where the Space's own page is."""
        with translated(f"find the address of {repository}"):
            info = self._api.space_info(repository)
            host = getattr(info, "host", None)
            return (
                str(host) if host else f"https://{'-'.join(repository.split('/')).lower()}.hf.space"
            )

    def headers(self) -> Mapping[str, str]:
        """What a private Space wants of its visitors."""
        built = build_hf_headers(token=self._api.token)
        return {name: str(value) for name, value in built.items() if name == "authorization"}


@contextmanager
def translated(doing: str) -> Iterator[None]:
    """Failures of the Hub's client as ours. Raises BadRequest or PushFailed."""
    try:
        yield
    except LocalTokenNotFoundError as exc:
        raise BadRequest(
            "No token for Hugging Face was found. Run `hf auth login`, or set HF_TOKEN to one with"
            " the permission to write (https://huggingface.co/settings/tokens)."
        ) from exc
    except HfHubHTTPError as exc:
        raise PushFailed(f"Could not {doing}: {_because(exc)}") from exc
    except Exception as exc:  # no connection, in whatever words of the client's own client
        raise PushFailed(
            f"Could not {doing}: {exc or type(exc).__name__}. Check the connection, and push again."
        ) from exc


def _because(exc: HfHubHTTPError) -> str:
    status = exc.response.status_code if exc.response is not None else 0
    said = " ".join((exc.server_message or "").split()).rstrip(".")
    said = f"{said}. " if said else ""
    match status:
        case 401:
            return f"{said}The token is not valid. Run `hf auth login`, or set another HF_TOKEN."
        case 402:
            return f"{said}This hardware is paid for. Add a way to pay, or choose other hardware."
        case 403:
            return (
                f"{said}Your account or token may not. For ZeroGPU a personal account needs a"
                " verified e-mail, 30 days of age and fewer than two such Spaces (or PRO); other"
                " Gradio Spaces need PRO or a team. The token needs the permission to write."
            )
        case 404:
            return f"{said}It is not there, or not yours to see. Check its name and your token."
        case 409:
            return f"{said}Somebody is changing it at this moment. Push again in a minute."
        case 429:
            return f"{said}The Hub has had too many requests. Push again in a few minutes."
        case _ if status >= 500:
            return f"{said}The Hub has trouble (HTTP {status}). Push again in a few minutes."
        case _:
            return f"{said or exc}. Mend that, and push again."


def shown(lines: Iterable[str]) -> str:
    """A log as it stands in an error."""
    return "".join(f"\n  | {line}" for line in lines)
