"""The text of a PDF, page by page. Runs in the process that is made for it; knows no limits but its
pages'."""

from __future__ import annotations

import io
import logging

from pypdf import PdfReader
from pypdf.errors import DependencyError, PyPdfError

from playground.attachments.apart import Refused


def pdf_text(content: bytes, most_pages: int, most_characters: int) -> str:
    """Each page's text under its number. Raises Refused."""
    logging.getLogger("pypdf").setLevel(logging.CRITICAL)
    try:
        return _text(PdfReader(io.BytesIO(content)), most_pages, most_characters)
    except DependencyError as exc:  # an encryption that needs another library
        raise Refused("encrypted") from exc
    except RecursionError as exc:
        raise Refused("damaged") from exc
    except (PyPdfError, ValueError, KeyError, TypeError, AttributeError, IndexError) as exc:
        raise Refused("damaged") from exc


def _text(reader: PdfReader, most_pages: int, most_characters: int) -> str:
    if reader.is_encrypted and not reader.decrypt(""):
        raise Refused("encrypted")
    count = len(reader.pages)
    if count > most_pages:
        raise Refused("pages", count)
    texts: list[str] = []
    size = 0
    for page in reader.pages:
        texts.append(page.extract_text().strip())
        size += len(texts[-1])
        if size > most_characters:
            raise Refused("long", size)
    if not any(texts):
        raise Refused("pictures", count)
    return "\n\n".join(f"[page {number}]\n{text}" for number, text in enumerate(texts, start=1))
