"""What the exports say of cells and runs, in words; none of it knows a file's form.

Labels, what a cell sets itself, how runs differ, what was asked of a model.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from typing import assert_never

from playground.catalog import known, parse_name, served
from playground.domain.attachment import Attached, with_attachments
from playground.domain.request import LANES, Lane, Request
from playground.domain.sampling import FIELD_BY_NAME, FIELDS
from playground.notebook.document import PromptCell, Run, Vote
from playground.notebook.judged import wanted
from playground.notebook.settings import differences
from playground.notebook.variables import asked_with
from playground.results import segments, wording
from playground.results.figures import Row
from playground.results.value import Result
from playground.words import number, say

Pairs = Iterable[tuple[Request, Request]]


def results_of(run: Run) -> dict[Lane, Result]:
    """The run's results, left before right."""
    return {lane: run.result(lane) for lane in LANES if lane in run.lanes}


def labels_of(results: Mapping[Lane, Result]) -> dict[Lane, str]:
    """What the lanes of a run are called."""
    return wording.lane_labels({lane: thinks(result) for lane, result in results.items()})


def thinks(result: Result) -> bool:
    """As it showed; of a run that never started, as the catalog has it."""
    if result.origin is not None:
        return result.output.thinking is not None
    name = parse_name(result.request.model)
    entry = known(name) or served(name.option("model") or "")
    return entry is not None and entry.thinks


def model_label(result: Result) -> str:
    """The model's short name."""
    return parse_name(result.request.model).label


def title_of(title: str) -> str:
    """The notebook's title, or what stands in its place."""
    return " ".join(title.split()) or say("Untitled notebook")


def run_words(cell: PromptCell, run: Run) -> list[str]:
    """Which run this is: its number, when, and its variables' values."""
    created = run.results[0].request.created_at if run.results else ""
    said = [say("Run {number}", number=run.number)]
    if created:
        said.append(created[:16].replace("T", " ") + " UTC")
    if cell.continues:
        said.append(say("continues the conversation"))
    if asked_in(cell) != asked_with(cell.prompt, run.values):
        said.append(say("the cell's text has changed since"))
    labels = labels_of(results_of(run))
    said += continued_words(cell, run, labels)
    if cell.repeats > 1 or run.repeat:
        said.append(say("repeat {number}", number=run.repeat + 1))
    if run.vote is not None:
        said.append(vote_line(run.vote, labels))
    return said + [f"{name} = {value}" for name, value in run.values]


def continued_words(cell: PromptCell, run: Run, labels: Mapping[Lane, str]) -> list[str]:
    """Which lane of the run went on where an earlier run stopped; empty for a run of its own."""
    numbers = {each.id: each.number for each in cell.runs}
    said = []
    for result in run.own:
        earlier = result.request.continuing
        if earlier is not None:
            of = earlier.segments[-1].run if earlier.segments else None
            lane = labels.get(result.request.lane, say(result.request.lane.capitalize()))
            known = {"lane": lane, "number": numbers[of]} if of in numbers else None
            said.append(
                say("{lane} goes on from run {number}", **known)
                if known
                else say("{lane} goes on from an earlier run", lane=lane)
            )
    return said


def asked_in(cell: PromptCell) -> str:
    """What the run that is shown asked; the cell's own text where there is none."""
    results = cell.run.results if cell.run is not None else ()
    return results[0].request.question if results else cell.prompt


def attached_to(cell: PromptCell) -> str:
    """The documents that the shown run was asked about, by name and length; "" for none."""
    results = cell.run.results if cell.run is not None else ()
    attached = results[0].request.attached if results else tuple(map(Attached.of, cell.attachments))
    said = [
        say("{name} ({count} characters)", name=each.name, count=number(f"{each.characters:,}"))
        for each in attached
    ]
    return say("Attached: {files}", files=", ".join(said)) if said else ""


def own_words(cell: PromptCell, labels: Mapping[Lane, str]) -> list[str]:
    """What the cell sets otherwise than its notebook."""
    own, said = cell.overrides, []
    if own.system is not None:
        said.append(say("own system prompt") if own.system else say("no system prompt"))
    if own.schedule is not None:
        said.append(say("together") if own.schedule == "together" else say("in turn"))
    for lane in LANES:
        parts = [parse_name(own.models[lane]).label] if lane in own.models else []
        parts += [
            f"{_label(name)} {_plain(name, value)}"
            for name, value in own.sampling.get(lane, {}).items()
        ]
        if lane in own.keep_thinking:
            keeps = own.keep_thinking[lane]
            parts.append(say("keeps thinking") if keeps else say("leaves thinking out"))
        if parts:
            said.append(f"{labels.get(lane, say(lane.capitalize()))}: {', '.join(parts)}")
    return said


def measured_words(cell: PromptCell) -> list[str]:
    """What the cell's answers are held against, and how often it is asked."""
    said = []
    if cell.expected is not None:
        said.append(say("Expected: {answer}", answer=wanted(cell.expected)))
    if cell.problems:
        said.append(say("{count} problems", count=number(f"{len(cell.problems):,}")))
    if cell.repeats > 1:
        said.append(say("{count} repeats", count=number(f"{cell.repeats:,}")))
    if cell.budgets:
        listed = ", ".join(map(budget_words, cell.budgets))
        said.append(say("thinking budgets: {budgets}", budgets=listed))
    return said


def budget_words(budget: int | None) -> str:
    """A thinking budget."""
    return say("free") if budget is None else number(f"{budget:,}")


def vote_line(vote: Vote, labels: Mapping[Lane, str]) -> str:
    """A run's vote: which answer was found better, and why."""
    return say("vote: {choice}", choice=vote_words(vote, labels))


def vote_words(vote: Vote, labels: Mapping[Lane, str]) -> str:
    match vote.choice:
        case "tie":
            said = say("tie")
        case "both_bad":
            said = say("both bad")
        case "left" | "right":
            lane = labels.get(vote.choice, say(vote.choice.capitalize()))
            said = say("{lane} is better", lane=lane)
        case _:
            assert_never(vote.choice)
    said += f" ({say('blind')})" if vote.blind else ""
    return f"{said}: {vote.reason}" if vote.reason else said


def other_runs(cell: PromptCell, labels: Mapping[Lane, str]) -> list[str]:
    """The cell's other runs by number, each with how it was not the one that is shown."""
    shown = cell.run
    if shown is None:
        return []
    return [_other(cell, run, shown, labels) for run in cell.runs if run.id != shown.id]


def _other(cell: PromptCell, run: Run, shown: Run, labels: Mapping[Lane, str]) -> str:
    said = [f"{name} = {value}" for name, value in run.values if (name, value) not in shown.values]
    pairs = [
        (run.result(lane).request, shown.result(lane).request)
        for lane in run.lanes
        if lane in shown.lanes
    ]
    if run.values != shown.values:  # these are why the prompts are not the same
        pairs = [(as_asked(then, now), now) for then, now in pairs]
    if found := differing(pairs, labels):
        said.append(found)
    said += continued_words(cell, run, labels)
    if not said and any(then.sampling.seed != now.sampling.seed for then, now in pairs):
        said.append(say("another seed"))
    which = say("run {number}", number=run.number)
    return f"{which} ({', '.join(said)})" if said else which


def as_asked(then: Request, now: Request) -> Request:
    """`then` with the question of `now`, and what it was attached itself."""
    return replace(then, prompt=with_attachments(then.attachments, now.question))


def differing(pairs: Pairs, labels: Mapping[Lane, str], seed: bool = False) -> str:
    """How the first of each pair was not the second; what holds for all lanes is said once."""
    by_lane = {then.lane: differences(then, now, seed=seed) for then, now in pairs}
    found = [(lane, difference) for lane in by_lane for difference in by_lane[lane]]
    plain = [difference for _, difference in found]
    shared = [item for item in dict.fromkeys(plain) if plain.count(item) == len(by_lane) > 1]
    own = [f"{labels[lane]}: {item}" for lane, item in found if item not in shared]
    return ", ".join(shared + own)


def thought(result: Result) -> str:
    """How long the trace is, "" where there is none."""
    if not result.output.thinking:
        return ""
    tokens = segments.total(result, "thinking_tokens")
    said = say(
        "Thought for {time} · {count} tokens",
        time=wording.seconds(segments.total(result, "thinking_s")),
        count=wording.count(None if tokens is None else int(tokens), result.numbers.counts),
    )
    whole = result.has_answer or result.ending == "end_of_turn"
    return said if whole else f"{said}, {say('not finished')}"


def ending(result: Result) -> str:
    """How it ended, where that is more than a plain end: "" for an answer that is whole."""
    if result.has_answer and result.ending in ("end_of_turn", "stop_string"):
        return ""
    words = wording.ending(result)
    return words[0].upper() + words[1:]


def parameters(results: Mapping[Lane, Result]) -> list[Row]:
    """What was asked of each model, and where it ran: rows of a table."""
    rows = {lane: _parameters(result) for lane, result in results.items()}
    names = dict.fromkeys(name for row in rows.values() for name in row)
    return [
        (name, {lane: rows[lane].get(name, wording.UNKNOWN) for lane in rows}) for name in names
    ]


def _parameters(result: Result) -> dict[str, str]:
    request, origin = result.request, result.origin
    said = {say("model"): request.model}
    if origin is not None:
        where = [origin.server or origin.engine, origin.device, origin.dtype, origin.revision]
        said[say("ran on")] = ", ".join(part for part in where if part)
        said[say("versions")] = ", ".join(" ".join(pair) for pair in origin.versions)
    if request.system:
        said[say("system prompt")] = request.system
    if request.history:
        said[say("earlier turns")] = str(len(request.history))
    for field in FIELDS:
        said[_label(field.name)] = _plain(field.name, getattr(request.sampling, field.name))
    said[say("schedule")] = say(request.schedule.replace("_", " "))
    return {name: value for name, value in said.items() if value}


def _label(name: str) -> str:
    label = say(FIELD_BY_NAME[name].label) if name in FIELD_BY_NAME else name
    return label[:1].lower() + label[1:]


def _plain(name: str, value: object) -> str:
    if value is None:
        return say("no limit") if name == "thinking_budget" else say("none")
    if isinstance(value, tuple | list):
        return ", ".join(map(repr, value)) or say("none")
    return number(f"{value:g}") if isinstance(value, float) else str(value)
