"""Turns one of the built-in pair into GGUF with llama.cpp's own converter:

    python tests/integration/to_gguf.py LLAMACPP_SOURCE FOLDER OUT

The converter knows tokenizers by a hash and ours is not among them; it is told to take it for
Qwen2's, which splits digits the same way (a prompt may come out a token longer).
"""

from __future__ import annotations

import importlib
import sys
from pathlib import Path


def main(source: Path, folder: Path, out: Path) -> None:
    sys.path[:0] = [str(source), str(source / "gguf-py")]
    converter = importlib.import_module("convert_hf_to_gguf")
    text_model = importlib.import_module("conversion.base").TextModel
    text_model.get_vocab_base_pre = lambda self, tokenizer: "qwen2"
    text_model._set_vocab_sentencepiece = text_model._set_vocab_gpt2
    sys.argv = ["convert", str(folder), "--outfile", str(out), "--outtype", "f32"]
    converter.main()


if __name__ == "__main__":
    main(*map(Path, sys.argv[1:]))
