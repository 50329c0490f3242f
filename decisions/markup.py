"""What people write in Markdown as safe HTML. The browser never sanitises: this is the one place that does."""

from __future__ import annotations

from functools import lru_cache

import nh3
from markdown_it import MarkdownIt

ALLOWED = {
    "p",
    "br",
    "em",
    "strong",
    "del",
    "s",
    "a",
    "ul",
    "ol",
    "li",
    "blockquote",
    "code",
    "pre",
    "hr",
    "h3",
    "h4",
    "h5",
    "h6",
    "table",
    "thead",
    "tbody",
    "tr",
    "th",
    "td",
}
_markdown = (
    MarkdownIt("commonmark", {"html": False, "breaks": True, "linkify": False})
    .enable(["table", "strikethrough"])
    .disable("image")
)


@lru_cache(maxsize=2048)
def html(text: str) -> str:
    """Markdown as HTML: no images, no styles, headings below the page's own, links that give nothing away."""
    rendered = _markdown.render(text).replace("<h1>", "<h3>").replace("</h1>", "</h3>")
    rendered = rendered.replace("<h2>", "<h4>").replace("</h2>", "</h4>")
    return nh3.clean(
        rendered,
        tags=ALLOWED,
        attributes={"a": {"href"}, "*": set()},
        url_schemes={"http", "https", "mailto"},
        link_rel="nofollow noopener noreferrer",
    )
