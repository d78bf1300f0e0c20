"""Qwen3 side by side: what thinking buys you, on your prompt, and what it costs."""
