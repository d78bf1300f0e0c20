"""What servers that follow OpenAI's API have in common, as pieces of their profiles.

Knows no particular server.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from playground.engines.server.profile import Parameter

USAGE: Mapping[str, Any] = {"stream_options": {"include_usage": True}}
LIVE_USAGE: Mapping[str, Any] = {
    "stream_options": {"include_usage": True, "continuous_usage_stats": True}
}
# The 2507 templates ignore it; it steers hybrids, and parsers that take an answer for thinking.
NO_THINKING: Mapping[str, Any] = {"chat_template_kwargs": {"enable_thinking": False}}

OPENAI: Mapping[str, Parameter] = {
    "temperature": Parameter("temperature"),
    "top_p": Parameter("top_p"),
    "presence_penalty": Parameter("presence_penalty"),
    "max_new_tokens": Parameter("max_tokens"),
    "seed": Parameter("seed"),
    "stop": Parameter("stop"),
}
TOP_P_ABOVE_0 = Parameter("top_p", least=1e-6)
STOP_STAYS = Parameter("stop", doubt="this server leaves the stop string in the text.")


def without(reason: str, *names: str) -> dict[str, str]:
    """These fields with the one reason why they are not sent."""
    return dict.fromkeys(names, reason)
