"""A notebook as files, code and links, for the page's questions and intents.

Joins a session to the pure writers of `playground.notebook`. No Gradio.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager

from playground.domain.errors import BadRequest, PlaygroundError
from playground.domain.request import Request
from playground.notebook.blind import revealed, waiting_for_a_vote
from playground.notebook.document import CellId, Document
from playground.notebook.exports import code
from playground.notebook.exports.link import fragment, from_fragment
from playground.notebook.exports.markdown import to_markdown
from playground.notebook.exports.names import file_name
from playground.notebook.exports.page import to_html
from playground.notebook.exports.query import from_query
from playground.notebook.exports.tables import to_csv, to_jsonl
from playground.notebook.plan import plan
from playground.notebook.storage import read, write
from playground.results import wording
from playground.said_errors import said
from playground.ui.blind import votes_in_words
from playground.ui.intents import MALFORMED, ChangeIntent, Section, said_of
from playground.ui.keeping import usable
from playground.ui.present import lane_labels
from playground.ui.session import Session
from playground.words import say

FORMATS: Mapping[str, tuple[str, str]] = {
    "ipynb": ("ipynb", "application/x-ipynb+json"),
    "markdown": ("md", "text/markdown"),
    "html": ("html", "text/html"),
    "csv": ("csv", "text/csv"),
    "jsonl": ("jsonl", "application/jsonl"),
}
"""What a notebook can be saved as: the file's ending and its type."""


def carry_out(session: Session, intent: ChangeIntent) -> None:
    """An intent of the page: those about the whole notebook here, the rest in the session.

    Raises BadRequest.
    """
    action = intent.get("action")
    if action in ("new", "back", "link"):
        session.change({"action": "edit", "dirty": intent.get("dirty", {})})
    match action:
        case "new":
            session.install(Document(), session.settings, say("A new notebook."))
        case "back":
            session.go_back()
        case "link":
            asked = intent.get("query")
            cell = from_query(asked) if asked else from_fragment(str(intent["fragment"]))
            session.add_cell(cell)
        case _:
            session.change(intent)


@contextmanager
def refusals_told(session: Session) -> Iterator[None]:
    """What cannot be carried out inside the block is told on the session's page."""
    try:
        yield
    except PlaygroundError as exc:
        session.tell(said(exc))
    except MALFORMED as exc:
        session.tell(said(said_of(exc)))


def open_file(session: Session, text: object, name: str) -> None:
    """Put the notebook of a file in place of the open one. Raises BadRequest, and changes nothing
    then."""
    if not isinstance(text, str):
        raise BadRequest("The file did not arrive as text. Open it again.")
    session.limits.check_file(name, text)
    document, settings = read(text, name, session.describe)
    session.install(document, usable(session, settings), say("Opened {name}.", name=name))


def requests_of(session: Session, cell: CellId) -> tuple[Request, ...]:
    """What running this cell would ask, with the first of its variables' values."""
    prompt = session.document.prompt(cell)
    return session.asked(cell, plan(prompt)[0])[1]


def exact_prompts(session: Session, cell: CellId) -> list[Section]:
    """What each lane's model would read, rendered, and its length. Raises PlaygroundError."""
    sections = []
    requests = requests_of(session, cell)
    labels = lane_labels({request.lane: session.describe(request.model) for request in requests})
    for request in requests:
        exact = session.exact_prompt(request)
        known = exact.tokens is not None
        length = [f"{wording.count(exact.tokens, 'exact')} tokens."] if known else []
        note = " ".join([*length, *map(said, exact.notes)])
        sections.append(Section(title=labels[request.lane], text=exact.text or "", note=note))
    return sections


def code_of(session: Session, cell: CellId) -> list[Section]:
    """The cell as Python and curl. Raises PlaygroundError."""
    with session.lock:
        prompt, settings = session.document.prompt(cell), session.settings
    requests, address = requests_of(session, cell), session.address
    return [
        Section(title=each.title, text=each.text, note=each.note)
        for each in code.sections(prompt, settings, requests, session.describe, address)
    ]


def link_of(session: Session, cell: CellId) -> dict[str, str]:
    """The part of an address after "#" that carries this cell as `fragment`, and a `note` on what
    is not in it. Raises BadRequest."""
    with session.lock:
        prompt, settings = session.document.prompt(cell), session.settings
    note = say("Link copied. The attached files are not in it.") if prompt.attachments else ""
    return {"fragment": fragment(prompt, settings, session.describe), "note": note}


def saved(session: Session, form: object, reveals: bool = False) -> dict[str, str]:
    """The notebook as a file to download: `name`, `mime`, `text` and a `note`. Raises BadRequest.

    Blind runs without a vote are in no export. A notebook's own file has them, with all that tells
    whose answers they are: unless it `reveals` them, there is only what is to be `asked` first.
    """
    with session.lock:
        document, settings = session.document, session.settings
    tests = session.run_python.known if session.run_python is not None else None
    note = ""
    if waiting := waiting_for_a_vote(document):
        if form == "ipynb" and not reveals:
            return {"asked": _asked(waiting)}
        if form != "ipynb":
            document = revealed(document)
            note = say("Blind runs without a vote are left out: {count}.", count=waiting)
    match form:
        case "ipynb":
            text = write(document, settings, session.describe)
        case "markdown":
            text = to_markdown(document, tests, votes_in_words(document))
        case "html":
            text = to_html(document, tests, votes_in_words(document))
        case "csv":
            text = to_csv(document, tests)
        case "jsonl":
            text = to_jsonl(document, tests)
        case _:
            raise BadRequest(f"There is no format {form!r}. Use one of: {', '.join(FORMATS)}.")
    extension, mime = FORMATS[form]
    name = file_name(document.title, extension)
    return {"name": name, "mime": mime, "text": text, "note": note}


def _asked(waiting: int) -> str:
    return say(
        "Blind runs that wait for your vote: {count}. The file holds their results, and shows whose"
        " answers they are to whoever opens it elsewhere.",
        count=waiting,
    )
