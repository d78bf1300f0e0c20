"""Time from `python app.py` to an answering page, against a bare `import gradio`: a ratio.

    python -m tests.benchmarks.startup [--rounds 5]

Both are measured in turn in the same run, and the medians are compared: the machine may be busy.
The goal is a ratio of at most 1.5.
"""

from __future__ import annotations

import argparse
import statistics
import subprocess
import sys
import time
import urllib.error
import urllib.request

from tests.apps import free_port


def import_s() -> float:
    start_s = time.perf_counter()
    subprocess.run([sys.executable, "-c", "import gradio"], check=True)
    return time.perf_counter() - start_s


def page_s() -> float:
    port = free_port()
    start_s = time.perf_counter()
    app = subprocess.Popen(
        [sys.executable, "app.py", "--port", str(port)], stdout=subprocess.DEVNULL
    )
    try:
        while True:
            try:
                urllib.request.urlopen(f"http://127.0.0.1:{port}/", timeout=60).read()
                return time.perf_counter() - start_s
            except urllib.error.URLError:
                if app.poll() is not None:
                    raise SystemExit("The app ended before its page answered.") from None
                time.sleep(0.02)
    finally:
        app.terminate()
        app.wait()


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=5)
    rounds = parser.parse_args().rounds
    pairs = [(import_s(), page_s()) for _ in range(rounds)]
    imports, pages = (statistics.median(column) for column in zip(*pairs, strict=True))
    ratios = ", ".join(f"{page / bare:.2f}" for bare, page in pairs)
    print(f"import gradio {imports:.2f} s, answering page {pages:.2f} s (medians of {rounds})")
    print(f"ratio {pages / imports:.2f} (each round: {ratios}); goal at most 1.5")


if __name__ == "__main__":
    main()
