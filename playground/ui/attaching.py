"""Files that a visitor attaches to a prompt: in from the page, read in bounds, looked at again.

Joins a session to the room that reads files. No Gradio.
"""

from __future__ import annotations

import base64
import binascii
from dataclasses import replace

from playground.attachments import LIMITS, Limits, read_content
from playground.domain.attachment import Attached, Attachment
from playground.domain.errors import BadRequest
from playground.domain.limits import Limits as PageLimits
from playground.domain.text import check_text
from playground.notebook.document import CellId, PromptCell
from playground.notebook.packing_texts import attachment_id
from playground.ui.editing import EditedDocument
from playground.ui.wire import AttachmentView
from playground.words import number, say


def limits_under(page: PageLimits) -> Limits:
    """What may be attached on a page with these limits."""
    return replace(
        LIMITS,
        file_bytes=min(LIMITS.file_bytes, page.attachment_bytes),
        characters=min(LIMITS.characters, page.request_characters),
        cell_characters=min(LIMITS.cell_characters, page.request_characters),
        files=min(LIMITS.files, page.attachments),
    )


def attach(
    session: EditedDocument, cell: CellId, name: str, data: object, limits: Limits
) -> Attachment:
    """Put a file's text beside the cell's prompt; `data` is the file in base64. Raises BadRequest,
    and changes nothing then."""
    prompt = session.document.prompt(cell)
    if len(prompt.attachments) >= limits.files:
        raise BadRequest(
            say("A prompt may have {most} files attached. Remove one first.", most=limits.files)
        )
    attachment = read_content(check_text("name", name), _content(data, limits), limits)
    with session.lock:
        attached = session.document.prompt(cell).attachments
        size = sum(len(each.text) for each in (*attached, attachment))
        if size > limits.cell_characters:
            raise BadRequest(
                say(
                    "With {name} the files attached here have {count} characters, but {most} is the"
                    " most. Remove one first.",
                    name=repr(attachment.name),
                    count=number(f"{size:,}"),
                    most=number(f"{limits.cell_characters:,}"),
                )
            )
        if attachment not in attached:
            session.attach(cell, (*attached, attachment))
    return attachment


def _content(data: object, limits: Limits) -> bytes:
    if not isinstance(data, str):
        raise BadRequest(say("The file did not arrive whole. Attach it again."))
    if len(data) > limits.file_bytes * 4 // 3 + 4:  # read_content says so, and need not decode it
        return bytes(limits.file_bytes + 1)
    try:
        return base64.b64decode(data, validate=True)
    except binascii.Error as exc:
        raise BadRequest(say("The file did not arrive whole. Attach it again.")) from exc


def looked_at(session: EditedDocument, cell: CellId, attachment: str) -> dict[str, str]:
    """An attachment's name and its text as it was read. Raises BadRequest."""
    for each in session.document.prompt(cell).attachments:
        if attachment_id(each) == attachment:
            return {"name": each.name, "text": each.text}
    raise BadRequest(say("This file is not attached any more. Reload the page."))


def attachment_views(cell: PromptCell) -> list[AttachmentView]:
    """The cell's attachments as the page lists them."""
    return [
        AttachmentView(
            id=attachment_id(each), name=each.name, size=size_in_words(Attached.of(each))
        )
        for each in cell.attachments
    ]


def size_in_words(attached: Attached) -> str:
    """How long a document is, before its tokens are counted."""
    return say("{count} characters", count=number(f"{attached.characters:,}"))
