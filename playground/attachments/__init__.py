"""Files as attachments: read in bounds, whatever is in them, to a name and plain text.

An opened file is untrusted: none of it is executed, and what has to be taken apart (PDF, HTML) is
taken apart in a process of its own. Knows files; knows neither prompts, notebooks nor models.
"""

from playground.attachments.limits import LIMITS, Limits
from playground.attachments.reading import read_content, read_path

__all__ = ["LIMITS", "Limits", "read_content", "read_path"]
