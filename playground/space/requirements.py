"""requirements.txt as a Space needs it: nothing of the tests, nothing that the Hub installs itself.

The Hub installs Gradio from the front matter's `sdk_version`, and with it huggingface_hub and
`spaces`: naming them again ends in a conflict. ZeroGPU has its own builds of torch: a range that
does not suit it is a configuration error, so torch is named alone there. Text in, text out.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from playground.domain.errors import BadRequest
from playground.space.value import Space

FILE = "requirements.txt"
INSTALLED_BY_THE_HUB = ("gradio", "gradio-client", "huggingface-hub", "spaces")
FOR_MODELS_IN_PROCESS = ("torch", "transformers", "accelerate", "psutil")
TESTS = "# The tests"
_NAME = re.compile(r"[A-Za-z0-9][\w.-]*")


def for_space(text: str, space: Space) -> str:
    """What stands in the Space's requirements.txt. Raises BadRequest for a line that is none."""
    lines = [f"# Made from {FILE} for the Space {space.name!r}; Gradio comes by its sdk_version."]
    for name, line in _lines(text):
        if name in INSTALLED_BY_THE_HUB:
            continue
        if name in FOR_MODELS_IN_PROCESS and not space.in_process:
            continue
        lines.append("torch" if name == "torch" and space.on_zero_gpu else line)
    return "\n".join(lines) + "\n"


def oldest_gradio(text: str) -> str:
    """The version that the range of Gradio starts with, in three numbers. Raises BadRequest."""
    for name, line in _lines(text):
        found = re.search(r">=\s*(\d+(?:\.\d+)*)", line)
        if name == "gradio" and found:
            return ".".join([*found[1].split("."), "0", "0"][:3])
    raise BadRequest(f"{FILE} does not say from which version on Gradio suits. Add gradio>=….")


def _lines(text: str) -> Iterator[tuple[str, str]]:
    """Each requirement of the program itself with its name in its canonical form."""
    for line in text.partition(TESTS)[0].splitlines():
        bare = line.partition("#")[0].strip()
        if not bare:
            continue
        found = _NAME.match(bare)
        if found is None or bare.startswith("-"):
            raise BadRequest(f"{FILE} has a line that is no requirement: {line!r}. Change it.")
        yield re.sub(r"[-_.]+", "-", found[0]).lower(), bare
