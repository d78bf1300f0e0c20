"""The text that a reader of a web page sees: no markup, no script, nothing hidden; nothing is
fetched. Runs in the process that is made for it."""

from __future__ import annotations

import re

from inscriptis.html_engine import Inscriptis
from lxml.etree import ErrorTypes, LxmlError
from lxml.html import HtmlElement, HTMLParser, document_fromstring

from playground.attachments.apart import Refused

_UNSEEN = "//*[@hidden] | //script | //style | //template | //noscript | //svg | //iframe"
_FOOTNOTE = "["  # already set apart from the word that it is at
_SIMPLE = re.compile(r"[-+−]?\w+")
_DECLARED = re.compile(r"\A\s*<\?xml[^>]*\?>")


def html_text(html: str) -> str:
    """The page's text, laid out by inscriptis. Raises Refused."""
    # What is nested deeper than a usual limit would be left out without a word.
    parser = HTMLParser(no_network=True, remove_comments=True, huge_tree=True)
    try:
        tree = document_fromstring(_DECLARED.sub("", html), parser=parser)
        if parser.error_log.filter_from_errors().filter_types(ErrorTypes.ERR_RESOURCE_LIMIT):
            raise Refused("damaged")
        for node in tree.xpath(_UNSEEN):
            node.drop_tree()
        for sign, tag in (("^", "sup"), ("_", "sub")):
            for node in tree.iter(tag):
                _keep_place(node, sign)
        text = Inscriptis(tree).get_text()
    except (LxmlError, RecursionError, ValueError, AssertionError) as exc:
        raise Refused("damaged") from exc
    lines = (line.rstrip() for line in text.split("\n"))
    return re.sub(r"\n{3,}", "\n\n", "\n".join(lines)).strip("\n")


def _keep_place(node: HtmlElement, sign: str) -> None:
    """Write `x<sup>2</sup>` as x^2, and as x^(n+1) what would not be read as one."""
    inside = node.text_content().strip()
    if not inside or inside.startswith(_FOOTNOTE):
        return
    opening, closing = ("", "") if _SIMPLE.fullmatch(inside) else ("(", ")")
    if len(node):
        node.text = f"{sign}{opening}{(node.text or '').lstrip()}"
        node[-1].tail = f"{node[-1].tail or ''}{closing}"
    else:
        node.text = f"{sign}{opening}{inside}{closing}"
