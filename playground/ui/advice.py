"""What the models' cards advise, at hand: sentences behind a prompt, lengths of the output, a
warning; and which fields a model cannot take.

Knows the catalog; knows neither page nor session.
"""

from __future__ import annotations

from collections.abc import Mapping

from playground.catalog import known, parse_name, served
from playground.catalog.sentences import SENTENCES as SENTENCES
from playground.domain.engine import ModelCard
from playground.domain.errors import BadRequest
from playground.said_errors import said
from playground.words import say

LABELS: Mapping[str, str] = {
    "maths": "Ask for a worked, boxed answer (maths)",
    "choice": "Ask for one letter (multiple choice)",
}


def with_sentence(prompt: str, name: object) -> str:
    """The prompt with that sentence behind it, once. Raises BadRequest."""
    sentence = SENTENCES.get(str(name))
    if sentence is None:
        raise BadRequest(f"There is no advice {name!r}. Use one of: {', '.join(SENTENCES)}.")
    if sentence in prompt:
        return prompt
    text = prompt.rstrip()
    return f"{text}\n\n{sentence}" if text else sentence


def output_lengths(card: ModelCard) -> tuple[int, ...]:
    """The values of max_new_tokens that the model's card names, within its context; empty where
    it names none, or the model is built in and small."""
    name = parse_name(card.name)
    entry = known(name) or served(name.option("model") or "")
    if entry is None or name.place == "builtin":
        return ()
    room = (
        entry.output_lengths
        if card.context is None
        else (min(length, card.context) for length in entry.output_lengths)
    )
    return tuple(dict.fromkeys(room))


def penalty_warning(penalty: object) -> list[str]:
    """What the cards say of a presence penalty above 0; nothing of any other (as typed)."""
    if not isinstance(penalty, int | float) or penalty <= 0:
        return []
    return [
        say(
            "A presence penalty (0 to 2) works against endless repetition; a higher one may mix"
            " languages and cost some quality."
        )
    ]


def unusable(card: ModelCard) -> dict[str, str]:
    """The sampling fields that this model cannot take here, each with the reason."""
    no_thought = {} if card.thinks else {"thinking_budget": say("this model does not think.")}
    unsupported = {name: said(reason) for name, reason in card.unsupported}
    return {**unsupported, **no_thought}


def placeholder(name: str, card: ModelCard) -> str:
    """What the empty control of an optional field says."""
    thoughtless = name == "thinking_budget" and not card.thinks
    return say("no trace") if thoughtless else say("no limit")
