"""One lane's request as a Python program that runs the model with transformers, and nothing else.

It asks what the request asks and counts as we count. Knows transformers' names; imports nothing
of it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from playground.catalog import ModelName, known
from playground.domain.engine import ModelCard
from playground.domain.request import Request
from playground.notebook.exports.conversation import assigned, messages, thought_of
from playground.notebook.literals import literal

# What a chat template writes itself; in a message it is to be plain text.
_CONTROL = re.compile(r"<\|[^|]*\|>|</?(?:think|tool_call|tool_response)>")
_DTYPES = {"bf16": "bfloat16", "fp16": "float16", "fp32": "float32"}
_LOADED = """
MODEL = {model}
device = torch.accelerator.current_accelerator() or "cpu"
tokenizer = AutoTokenizer.from_pretrained(MODEL{revision})
model = AutoModelForCausalLM.from_pretrained(MODEL{revision}, dtype={dtype})
{adapter}model = model.to(device).eval()
"""
_PRESENCE = '''

class PresencePenalty(LogitsProcessor):
    """Lowers each token that was generated before, once: generate() has no argument for it."""

    def __call__(self, input_ids, scores):
        generated = input_ids[:, prompt_tokens:]
        return scores - {value} * torch.zeros_like(scores).scatter(1, generated, 1.0)
'''
_BUDGET = '''

class ThinkingBudget(LogitsProcessor):
    """Closes the thought when it has used up its tokens."""

    def __call__(self, input_ids, scores):
        generated = input_ids[0, prompt_tokens:]
        if len(generated) < {value} or close_id in generated:
            return scores
        closing = torch.full_like(scores, -torch.inf)
        closing[:, close_id] = 0.0
        return closing
'''
_ENDED = """
ids = output[0, prompt_tokens:].tolist()
generated_tokens = len(ids)
end_ids = model.generation_config.eos_token_id
if ids[-1] in (end_ids if isinstance(end_ids, list) else [end_ids]):
    ids.pop()
"""
# A thought that was not closed is no answer.
_SPLIT = """\
cut = ids.index(close_id) if close_id in ids else len(ids)
thinking_ids, answer_ids = ids[:cut], ids[cut + 1 :]
"""
_SPLIT_IF_OPENED = """\
thinking_ids, answer_ids = [], ids
if ids[:1] == [tokenizer.convert_tokens_to_ids("<think>")]:
    cut = ids.index(close_id) if close_id in ids else len(ids)
    thinking_ids, answer_ids = ids[1:cut], ids[cut + 1 :]
"""
_SAY_THINKING = """\
thinking = tokenizer.decode(thinking_ids, skip_special_tokens=True).strip("\\n")
print(f"Thinking, {len(thinking_ids)} tokens:\\n{thinking}\\n")
"""
_SAY_ANSWER = """\
print(f"Answer, {len(answer_ids)} tokens:\\n{answer}\\n")
print(f"{generated_tokens} tokens generated after a prompt of {prompt_tokens}")
"""


def program(request: Request, name: ModelName, card: ModelCard) -> str:
    """The program; `name` is the model as transformers finds it: built in, a Hub id or a folder."""
    sampling = request.sampling
    processors = {}
    if sampling.presence_penalty != 0:
        processors["PresencePenalty"] = _PRESENCE.format(value=literal(sampling.presence_penalty))
    if card.thinks and sampling.thinking_budget is not None:
        processors["ThinkingBudget"] = _BUDGET.format(value=sampling.thinking_budget)
    return "".join(
        (
            *_imports(name, bool(processors)),
            _model(name, card),
            *_inputs(request, name, card),
            *processors.values(),
            _generate(request, card, list(processors)),
            _ENDED,
            *_said(request, name, card),
        )
    )


def _imports(name: ModelName, processors: bool) -> Iterator[str]:
    yield "# pip install torch transformers\n"
    if name.where.startswith("~"):
        yield "from pathlib import Path\n\n"
    names = ["AutoModelForCausalLM", "AutoTokenizer"]
    names += ["LogitsProcessor", "LogitsProcessorList"] if processors else []
    yield f"import torch\nfrom transformers import {', '.join(names)}\n"
    if name.place == "builtin":
        yield "\nimport playground.demo_pair\n"


def _model(name: ModelName, card: ModelCard) -> str:
    """How it is loaded: as it was here, where that is known."""
    dtype = _DTYPES.get(name.option("dtype") or "") or card.origin.dtype
    if dtype is None and name.place == "builtin":
        dtype = "float32"
    model = literal(name.where)
    if name.place == "builtin":
        model = f"playground.demo_pair.FOLDERS[{model}]"
    elif name.where.startswith("~"):
        model = f"Path({model}).expanduser()"
    adapter = literal(name.adapter) if name.adapter else ""
    return _LOADED.format(
        model=model,
        revision=f", revision={literal(name.revision)}" if name.revision else "",
        dtype=f"torch.{dtype}" if dtype else '"auto"',
        adapter=f"model.load_adapter({adapter})  # pip install peft\n" if adapter else "",
    )


def _inputs(request: Request, name: ModelName, card: ModelCard) -> Iterator[str]:
    said = messages(request)
    thoughts: dict[str, str] = {}
    for index, turn in enumerate(request.history, start=bool(request.system)):
        if thought := thought_of(turn):
            stand_in = _unused(f"[thought {len(thoughts) + 1}]", request)
            thoughts[stand_in] = thought
            said[index]["content"] = stand_in + turn.content.lstrip("\n")
    yield "\n" + assigned(said)
    arguments = ["add_generation_prompt=True"]
    if switch := name.option("thinking"):
        arguments.append(f"enable_thinking={switch == 'on'}")
    if thoughts:
        yield from _with_thoughts(thoughts, arguments)
    else:
        if any(_CONTROL.search(message["content"]) for message in said):
            arguments.append("sanitize_control_tokens=True")
        called = "".join(f"    {each},\n" for each in ["messages", *arguments])
        yield f'inputs = tokenizer.apply_chat_template(\n{called}    return_tensors="pt",\n)\n'
    yield 'inputs = inputs.to(device)\nprompt_tokens = inputs["input_ids"].shape[1]\n'
    if card.thinks:
        yield 'close_id = tokenizer.convert_tokens_to_ids("</think>")\n'


def _with_thoughts(thoughts: dict[str, str], arguments: list[str]) -> Iterator[str]:
    """A template leaves earlier thoughts out: they are put in afterwards, as it writes the last."""
    yield f"thoughts = {literal(thoughts)}\n"
    called = ", ".join(["messages", "tokenize=False", *arguments])
    yield f"text = tokenizer.apply_chat_template({called})\n"
    yield "for stand_in, thought in thoughts.items():\n"
    yield '    text = text.replace(stand_in, f"<think>\\n{thought}\\n</think>\\n\\n")\n'
    yield 'inputs = tokenizer(text, add_special_tokens=False, return_tensors="pt")\n'


def _unused(stand_in: str, request: Request) -> str:
    while any(stand_in in text for text in _texts(request)):
        stand_in = f"[{stand_in}]"
    return stand_in


def _generate(request: Request, card: ModelCard, processors: list[str]) -> str:
    sampling = request.sampling
    limit = str(sampling.max_new_tokens)
    size = sum(len(text.encode()) for text in _texts(request))
    if card.context is not None and sampling.max_new_tokens + size > card.context:
        limit = f"min({limit}, {card.context} - prompt_tokens)"
    arguments = {"do_sample": literal(not sampling.greedy)}
    if not sampling.greedy:
        for field in ("temperature", "top_p", "top_k", "min_p"):
            arguments[field] = literal(getattr(sampling, field))
    arguments |= {
        "repetition_penalty": literal(sampling.repetition_penalty),
        "max_new_tokens": limit,
    }
    if sampling.stop:
        arguments |= {"stop_strings": literal(list(sampling.stop), 4), "tokenizer": "tokenizer"}
    if processors:
        made = ", ".join(f"{processor}()" for processor in processors)
        arguments["logits_processor"] = f"LogitsProcessorList([{made}])"
    draws = sampling.seed is not None and not sampling.greedy
    seeded = f"torch.manual_seed({sampling.seed})\n" if draws else ""
    called = "".join(f"    {key}={value},\n" for key, value in arguments.items())
    gap = "\n\n" if processors else "\n"
    return f"{gap}{seeded}output = model.generate(\n    **inputs,\n{called})\n"


def _texts(request: Request) -> Iterator[str]:
    yield from (request.system, request.prompt)
    for turn in request.history:
        yield from (turn.content, turn.thinking or "")


def _said(request: Request, name: ModelName, card: ModelCard) -> Iterator[str]:
    if card.thinks:
        entry = known(name)
        hybrid = name.option("thinking") is not None or (entry and entry.without_thinking)
        yield (_SPLIT_IF_OPENED if hybrid else _SPLIT) + _SAY_THINKING
    else:
        yield "answer_ids = ids\n"
    yield 'answer = tokenizer.decode(answer_ids, skip_special_tokens=True).lstrip("\\n")\n'
    if request.sampling.stop:
        yield f"for stop in {literal(list(request.sampling.stop))}:\n"
        yield "    answer = answer.split(stop)[0]\n"
    yield _SAY_ANSWER
