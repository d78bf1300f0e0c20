"""How to start each server for the 2507 pair, right for the versions in `profiles`.

The models' cards give commands that today's vLLM refuses (--enable-reasoning is gone).
"""

from __future__ import annotations

START: tuple[tuple[str, str], ...] = (
    (
        "Ollama",
        "ollama pull qwen3:4b-instruct\n"
        "ollama pull qwen3:4b-thinking-2507-q4_K_M\n"
        "OLLAMA_CONTEXT_LENGTH=32768 OLLAMA_MAX_LOADED_MODELS=2 ollama serve",
    ),
    (
        "llama.cpp",
        "llama-server -hf unsloth/Qwen3-4B-Instruct-2507-GGUF:Q4_K_M --jinja -c 32768 --port 8080\n"
        "llama-server -hf unsloth/Qwen3-4B-Thinking-2507-GGUF:Q4_K_M --jinja -c 32768 --port 8081",
    ),
    (
        "vLLM",
        "vllm serve Qwen/Qwen3-4B-Instruct-2507 --max-model-len 32768"
        " --gpu-memory-utilization 0.45 --port 8000\n"
        "vllm serve Qwen/Qwen3-4B-Thinking-2507 --max-model-len 32768"
        " --gpu-memory-utilization 0.45 --reasoning-parser qwen3 --port 8001",
    ),
    (
        "SGLang",
        "python -m sglang.launch_server --model-path Qwen/Qwen3-4B-Instruct-2507"
        " --context-length 32768 --mem-fraction-static 0.42 --port 30000\n"
        "python -m sglang.launch_server --model-path Qwen/Qwen3-4B-Thinking-2507"
        " --context-length 32768 --mem-fraction-static 0.42 --reasoning-parser qwen3-thinking"
        " --port 30001",
    ),
    (
        "LM Studio",
        "lms get qwen/qwen3-4b-2507\nlms get qwen/qwen3-4b-thinking-2507\nlms server start",
    ),
)


def start_commands() -> str:
    """All of them, as text."""
    return "\n\n".join(f"{label}:\n{_indented(lines)}" for label, lines in START)


def _indented(lines: str) -> str:
    return "\n".join(f"  {line}" for line in lines.splitlines())
