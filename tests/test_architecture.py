"""The rooms and their doors: who may import whom, which library lives where, how files look."""

from __future__ import annotations

import ast
import re
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
LINE_LIMIT = 300
KINDS = (".py", ".js", ".css")

# A room is a folder of playground/, or a file beside them; each may import itself and these, and
# all but domain may import words and said_errors.
ARROWS: dict[str, set[str]] = {
    "domain": set(),
    "attachments": {"domain"},
    "results": {"domain"},
    "judging": {"domain", "rendering", "results"},
    "catalog": {"domain"},
    "comparison": {"domain", "catalog"},
    "demo_pair": set(),
    "words": set(),
    "said_errors": set(),
    "engines": {"domain", "catalog", "demo_pair"},
    "rendering": set(),
    "notebook": {"domain", "catalog", "judging", "results", "rendering"},
    "verdict": {"domain", "judging", "notebook", "results"},
    "ui": {
        "attachments",
        "catalog",
        "comparison",
        "domain",
        "judging",
        "notebook",
        "rendering",
        "results",
        "verdict",
    },
    "welcome": {"domain", "catalog", "demo_pair"},
    "pairing": {"domain", "catalog", "engines"},
    "terminal": {"domain", "catalog", "results"},
    "jupyter": {"domain", "judging", "notebook", "rendering", "results"},
    "compared": {"domain", "judging", "jupyter", "notebook", "results"},
    "listed": {
        "compared",
        "domain",
        "judging",
        "jupyter",
        "notebook",
        "rendering",
        "results",
        "verdict",
    },
    "listing": {"comparison", "domain", "headless", "notebook", "pairing", "running"},
    "many": {
        "comparison",
        "domain",
        "headless",
        "judging",
        "jupyter",
        "listed",
        "listing",
        "notebook",
        "running",
        "sets",
    },
    "running": {
        "comparison",
        "compared",
        "domain",
        "engines",
        "notebook",
        "pairing",
        "results",
    },
    "given": {"attachments", "domain", "notebook"},
    "script": {
        "catalog",
        "comparison",
        "compared",
        "domain",
        "given",
        "judging",
        "jupyter",
        "listed",
        "many",
        "notebook",
        "results",
        "running",
    },
    "headless": {"comparison", "domain", "notebook", "results", "running"},
    "space": {"domain"},
    "hosting": {"catalog", "domain", "pairing", "space"},
    "__init__": {"script"},
    "sets": {"catalog", "demo_pair", "domain", "notebook"},
    "commands": {
        "attachments",
        "catalog",
        "comparison",
        "domain",
        "headless",
        "judging",
        "listing",
        "notebook",
        "pairing",
        "running",
        "sets",
        "terminal",
        "verdict",
    },
    "__main__": {
        "catalog",
        "commands",
        "domain",
        "engines",
        "headless",
        "notebook",
        "pairing",
        "running",
        "space",
        "terminal",
        "verdict",
    },
    "app": {
        "domain",
        "catalog",
        "comparison",
        "engines",
        "hosting",
        "judging",
        "notebook",
        "pairing",
        "space",
        "terminal",
        "ui",
        "welcome",
    },
}

RECIPE = "playground.demo_pair."
MODELS = ("playground/engines/local/", "playground/demo_pair/")
# Where a foreign library may be imported; a library that is not listed may be nowhere.
LIBRARIES: dict[str, tuple[str, ...]] = {
    "gradio": ("playground/ui/",),
    "starlette": ("playground/ui/",),
    "torch": MODELS,
    "transformers": MODELS,
    "tokenizers": MODELS,
    "safetensors": MODELS,
    "peft": MODELS,
    "torchao": MODELS,
    "psutil": ("playground/engines/local/machine.py",),
    "jinja2": ("playground/engines/local/",),
    "huggingface_hub": (
        "playground/space/hub.py",
        "playground/engines/local/hubs/huggingface.py",
        "playground/sets/hub.py",
    ),
    "modelscope_hub": ("playground/engines/local/hubs/modelscope.py",),
    "filelock": ("playground/engines/local/hubs/transfer.py",),
    "tqdm": ("playground/engines/local/hubs/huggingface.py",),
    "spaces": ("playground/space/zero.py",),
    "yaml": ("playground/space/",),
    "httpx2": (
        "playground/engines/server/",
        "playground/engines/local/hubs/",
        "playground/sets/hub.py",
    ),
    "pyarrow": ("playground/sets/files.py",),
    "openai": ("playground/engines/server/",),
    "numpy": ("playground/verdict/",),
    "pandas": (
        "playground/listed.py",
        "playground/results/table.py",
        "playground/ui/",
        "playground/verdict/pictures.py",
    ),
    "markdown_it": ("playground/rendering/",),
    "pygments": ("playground/rendering/markdown.py",),
    "rapidfuzz": ("playground/rendering/word_diff.py",),
    "latex2mathml": ("playground/rendering/maths.py",),
    "nbformat": (
        "playground/notebook/storage.py",
        "playground/notebook/writing_cells.py",
    ),
    "IPython": ("playground/jupyter.py",),
    "charset_normalizer": ("playground/attachments/decoding.py",),
    "pypdf": ("playground/attachments/pages.py",),
    "inscriptis": ("playground/attachments/webpage.py",),
    "lxml": ("playground/attachments/webpage.py",),
    "mpmath": ("playground/judging/working_out.py",),
    "regex": ("playground/judging/patterns.py",),
}


def files(*kinds: str) -> list[str]:
    """Paths of our files from the root, with slashes."""
    found = [ROOT / "app.py", *(ROOT / "playground").rglob("*"), *(ROOT / "tests").rglob("*")]
    own = (path for path in found if path.suffix in kinds and "__pycache__" not in path.parts)
    return sorted(path.relative_to(ROOT).as_posix() for path in own)


PRODUCT = [path for path in files(".py") if not path.startswith("tests/")]


def room_of(path: str) -> str:
    parts = Path(path).with_suffix("").parts
    return parts[0] if len(parts) == 1 else parts[1]


def imports(path: str) -> Iterator[str]:
    """Full names of all that a file imports, wherever in it."""
    for node in ast.walk(ast.parse((ROOT / path).read_text("utf-8"))):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert node.module is not None and node.level == 0, f"relative import in {path}"
            yield from (f"{node.module}.{alias.name}" for alias in node.names)


@pytest.mark.parametrize("path", PRODUCT)
def test_a_room_imports_only_the_rooms_it_may_know(path: str) -> None:
    room = room_of(path)
    ours = {name.split(".")[1] for name in imports(path) if name.startswith("playground.")}
    everywhere = {"words", "said_errors"} if room != "domain" else set()
    assert ours - {room} <= ARROWS[room] | everywhere


@pytest.mark.parametrize("path", PRODUCT)
def test_a_foreign_library_stays_in_its_room(path: str) -> None:
    for library in {name.split(".")[0] for name in imports(path)}:
        if library not in sys.stdlib_module_names and library != "playground":
            assert path.startswith(LIBRARIES.get(library, ())), f"{library} in {path}"


@pytest.mark.parametrize("path", PRODUCT)
def test_the_recipe_that_trained_the_built_in_pair_is_used_by_nothing_else(path: str) -> None:
    if room_of(path) != "demo_pair":
        used = {name.split(".")[2] for name in imports(path) if name.startswith(RECIPE)}
        assert not used & {file.stem for file in (ROOT / "playground/demo_pair").glob("*.py")}


@pytest.mark.parametrize("path", files(*KINDS))
def test_a_file_is_short_says_what_it_is_and_leaves_nothing_open(path: str) -> None:
    text = (ROOT / path).read_text("utf-8")
    assert text.count("\n") <= LINE_LIMIT
    assert not re.search(r"\b(?:TO" r"DO|FIX" r"ME|XX" r"X)\b", text)
    if path.endswith(".py"):
        assert text == "" or ast.get_docstring(ast.parse(text)), "no docstring"
    else:
        assert text.lstrip().startswith(("/*", "//")), "no comment at its head"


@pytest.mark.parametrize("path", files(*KINDS))
def test_no_file_is_named_after_nothing(path: str) -> None:
    assert not re.search(r"util|helper|manager|common|misc", Path(path).stem)


def mapped() -> dict[str, str]:
    """The map in the README: path → what it is."""
    text = (ROOT / "README.md").read_text("utf-8")
    block = text.split("## Map", 1)[1].split("```")[1]
    entries, folders = {}, [""]
    for line in block.strip("\n").splitlines():
        name, _, words = line.strip().partition(" ")
        depth = (len(line) - len(line.lstrip())) // 2
        path = folders[depth] + name
        folders[depth + 1 :] = [path]
        entries[path] = words.strip()
    return entries


def test_the_readmes_map_is_the_tree() -> None:
    ours = {path for path in files(*KINDS) if not path.startswith("tests/")}
    wanted = {path for path in ours if not path.endswith("/__init__.py")}
    folders = {path.removesuffix("__init__.py") for path in ours - wanted}
    files_mapped = {path for path in mapped() if path.endswith(KINDS)}
    assert sorted(files_mapped - wanted) == [], "in the map, but not in the tree"
    assert sorted(wanted - files_mapped) == [], "in the tree, but not in the map"
    assert folders <= set(mapped()), "a room is not in the map"
    assert all((ROOT / path).exists() for path in mapped())


def test_every_line_of_the_map_says_what_it_is() -> None:
    assert [path for path, words in mapped().items() if not words] == []
