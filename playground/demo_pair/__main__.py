"""The recipe's commands: `python -m playground.demo_pair {train, export, evaluate, ask, problems}`.

Reads arguments and calls the modules beside it; holds no logic of its own.
"""

from __future__ import annotations

import argparse
import json
import shutil
from pathlib import Path
from typing import get_args

from tokenizers import Tokenizer

from playground.demo_pair import FOLDERS
from playground.demo_pair.conversations import Mode
from playground.demo_pair.tokenizer import train_tokenizer


def _folder(mode: Mode) -> Path:
    return FOLDERS["demo-instruct" if mode == "instruct" else "demo-thinking"]


def _tokenizer(scratch: Path, start: Path | None = None) -> Tokenizer:
    """Train it once, or take that of the folder to start from; the checkpoints depend on it."""
    path = scratch / "tokenizer.json"
    if not path.exists():
        scratch.mkdir(parents=True, exist_ok=True)
        if start is not None and start.is_dir():
            shutil.copy(start / "tokenizer.json", path)
        else:
            train_tokenizer().save(str(path))
    return Tokenizer.from_file(str(path))


def _train(arguments: argparse.Namespace) -> None:
    from playground.demo_pair.train import Plan, train

    plan = Plan(
        mode=arguments.mode,
        minutes=arguments.minutes,
        workers=arguments.workers,
        start=arguments.start,
        rate=arguments.rate,
    )
    train(
        plan,
        _tokenizer(arguments.scratch, arguments.start),
        arguments.scratch / f"{arguments.mode}.pt",
    )


def _export(arguments: argparse.Namespace) -> None:
    from playground.demo_pair.export import export

    checkpoint = arguments.scratch / f"{arguments.mode}.pt"
    export(arguments.mode, checkpoint, _tokenizer(arguments.scratch), arguments.folder)


def _evaluate(arguments: argparse.Namespace) -> None:
    from playground.demo_pair.card import write_card, write_measured
    from playground.demo_pair.evaluate import evaluate

    figures = evaluate(arguments.folder, each=arguments.each)
    print(json.dumps(figures, indent=2))
    if arguments.write:
        measured = arguments.folder.parent / "measured.json"
        write_measured(measured, f"demo-{arguments.mode}", figures)
        write_card(arguments.mode, arguments.folder, figures)


def _ask(arguments: argparse.Namespace) -> None:
    from playground.demo_pair.evaluate import Subject

    (output,) = Subject(arguments.folder).outputs(
        [arguments.prompt], greedy=arguments.greedy, seed=arguments.seed
    )
    print(f"{output.thinking}\n---\n{output.answer}")


def _problems(arguments: argparse.Namespace) -> None:
    from playground.demo_pair.held_out import problem_rows

    for row in problem_rows(arguments.each):
        print(json.dumps(row, ensure_ascii=False))


def main() -> None:
    """Parse the command line and run one command."""
    parser = argparse.ArgumentParser(prog="python -m playground.demo_pair", description=__doc__)
    commands = parser.add_subparsers(dest="command", required=True)

    train = commands.add_parser("train", help="train one model, or go on with it")
    train.add_argument("--minutes", type=float, default=80.0, help="in all, over all resumptions")
    train.add_argument("--workers", type=int, default=1, help="processes that share each step")
    train.add_argument("--start", type=Path, help="begin with a checkpoint's or folder's weights")
    train.add_argument("--rate", type=float, default=3e-3, help="the highest learning rate")
    train.set_defaults(run=_train)

    export = commands.add_parser("export", help="write a checkpoint as a model folder")
    export.set_defaults(run=_export)

    evaluate = commands.add_parser("evaluate", help="measure a model folder on held-out problems")
    evaluate.add_argument("--each", type=int, default=130, help="problems a task")
    evaluate.add_argument("--write", action="store_true", help="write measured.json and the card")
    evaluate.set_defaults(run=_evaluate)

    ask = commands.add_parser("ask", help="show a model's thought and answer to one prompt")
    ask.add_argument("prompt")
    ask.add_argument("--greedy", action="store_true")
    ask.add_argument("--seed", type=int, default=0)
    ask.set_defaults(run=_ask)

    problems = commands.add_parser("problems", help="print the built-in list, a JSON line each")
    problems.add_argument("--each", type=int, default=25, help="problems a task")
    problems.set_defaults(run=_problems)

    for command in (train, export, evaluate, ask):
        command.add_argument("--mode", choices=get_args(Mode), required=True)
    for command in (train, export):
        command.add_argument("--scratch", type=Path, required=True, help="folder of checkpoints")
    for command in (export, evaluate, ask):
        command.add_argument("--folder", type=Path, help="default: the folder that is shipped")
    arguments = parser.parse_args()
    if getattr(arguments, "folder", ...) is None:
        arguments.folder = _folder(arguments.mode)
    arguments.run(arguments)


if __name__ == "__main__":
    main()
