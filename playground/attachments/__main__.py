"""The process that takes one file apart: bytes in, JSON with its text, or why there is none, out.

`apart` starts it: python -m playground.attachments KIND PAGES CHARACTERS MEMORY_BYTES SECONDS.
"""

from __future__ import annotations

import json
import sys

from playground.attachments.apart import Refused, bound_this_process
from playground.attachments.decoding import decoded


def main(kind: str, *bounds: str) -> None:
    """Answer for the file on standard input."""
    pages, characters, memory_bytes, seconds = map(int, bounds)
    bound_this_process(memory_bytes, seconds)
    try:
        said: dict[str, object] = {"text": _text(kind, sys.stdin.buffer.read(), pages, characters)}
    except Refused as exc:
        said = {"problem": exc.problem, "count": exc.count}
    except MemoryError:
        said = {"problem": "damaged", "count": 0}
    sys.stdout.write(json.dumps(said))


def _text(kind: str, content: bytes, pages: int, characters: int) -> str:
    if kind == "pdf":
        from playground.attachments.pages import pdf_text

        return pdf_text(content, pages, characters)
    from playground.attachments.webpage import html_text

    html = decoded(content)
    if html is None:
        raise Refused("damaged")
    return html_text(html)


if __name__ == "__main__":
    main(*sys.argv[1:])
