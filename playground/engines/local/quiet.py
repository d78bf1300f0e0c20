"""transformers while it loads: its progress bars become reports, its chatter is silenced.

Both are state of the whole process, so that a lock goes with them. Errors still raise.
"""

from __future__ import annotations

import os
import threading
import warnings
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from transformers.utils import logging as transformers_logging

from playground.engines.local.load_job import Report


@contextmanager
def quiet(report: Report, lock: threading.Lock) -> Iterator[None]:
    """Hold `lock`; meanwhile nothing is printed, and `report` is told what bars would show."""
    os.environ.setdefault("TOKENIZERS_PARALLELISM", "false")  # or a forked worker is warned at

    def bar(_factory: object, args: tuple[Any, ...], kwargs: dict[str, Any]) -> _Bar:
        return _Bar(report, args[0] if args else kwargs.get("iterable"), kwargs.get("total"))

    with lock:
        level = transformers_logging.get_verbosity()
        hook = transformers_logging.set_tqdm_hook(bar)
        transformers_logging.set_verbosity(transformers_logging.CRITICAL)
        try:
            with warnings.catch_warnings():
                warnings.simplefilter("ignore")
                yield
        finally:
            transformers_logging.set_verbosity(level)
            transformers_logging.set_tqdm_hook(hook)


class _Bar:
    """Stands in for a tqdm bar over the tensors that are loaded."""

    def __init__(self, report: Report, iterable: Any, total: Any) -> None:
        self._report = report
        self._iterable = iterable
        sized = hasattr(iterable, "__len__")
        self._total: int | None = int(total) if total else len(iterable) if sized else None
        self._done = 0

    def __iter__(self) -> Iterator[Any]:
        for item in self._iterable:
            yield item
            self.update(1)

    def update(self, count: int = 1) -> None:
        self._done += count
        self._report(self._done, self._total, "tensors")

    def __enter__(self) -> _Bar:
        return self

    def __exit__(self, *_: object) -> None: ...

    def __getattr__(self, _name: str) -> Callable[..., None]:
        return lambda *_, **__: None
