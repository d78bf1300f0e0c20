"""The text that a reader of a web page sees: no markup, no script, nothing hidden; nothing is
fetched. Runs in the process that is made for it."""

from __future__ import annotations

import re

from inscriptis.html_engine import Inscriptis
from lxml.etree import LxmlError
from lxml.html import HTMLParser, document_fromstring

from playground.attachments.apart import Refused

_UNSEEN = "//*[@hidden] | //script | //style | //template | //noscript | //svg | //iframe"
_DECLARED = re.compile(r"\A\s*<\?xml[^>]*\?>")


def html_text(html: str) -> str:
    """The page's text, laid out by inscriptis. Raises Refused."""
    try:
        tree = document_fromstring(
            _DECLARED.sub("", html), parser=HTMLParser(no_network=True, remove_comments=True)
        )
        for node in tree.xpath(_UNSEEN):
            node.drop_tree()
        text = Inscriptis(tree).get_text()
    except (LxmlError, RecursionError, ValueError, AssertionError) as exc:
        raise Refused("damaged") from exc
    lines = (line.rstrip() for line in text.split("\n"))
    return re.sub(r"\n{3,}", "\n\n", "\n".join(lines)).strip("\n")
