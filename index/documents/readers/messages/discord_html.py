"""Read a channel that DiscordChatExporter exported as a page."""

import re
from collections.abc import Iterator

from lxml import etree, html

from index.documents.limits import Limits
from index.documents.model import Content
from index.documents.readers.html import decode_html
from index.documents.readers.messages.authors import Authors
from index.documents.readers.messages.channel import Message, compose_channel

_SIGNS = (b"chatlog__message-group", b"chatlog__message-container")

_ANSWERED = re.compile(r"scrollToMessage\(event,\s*'(\d{1,20})'\)")

# Former versions called a reply a reference.
_REPLY_LINKS = ("chatlog__reply-link", "chatlog__reference-link")


def is_exported_page(data: bytes) -> bool:
    """Return whether a page is the export of a channel."""
    return all(sign in data for sign in _SIGNS)


def read_exported_page(data: bytes, limits: Limits) -> Content:
    """Return a channel with one passage for each message.

    Raises:
        ValueError: The bytes are not a text in any known encoding.
    """
    decoded = decode_html(data)
    root = html.document_fromstring(decoded.text)
    authors = Authors(limits.names_authors)
    entries = [_words(one) for one in _all(root, "preamble__entry")]
    guild, channel, topic = [*entries, "", "", ""][:3]
    names = f"#{channel.rpartition(' / ')[2]}" if channel else "", guild
    title = " \u00b7 ".join(filter(None, names))
    return Content(
        *compose_channel(_messages(root, authors), title, topic, {}), remark=decoded.remark
    )


def _messages(root: html.HtmlElement, authors: Authors) -> Iterator[Message]:
    for group in _all(root, "chatlog__message-group"):
        author = ""
        for container in _all(group, "chatlog__message-container"):
            for written_by in _all(container, "chatlog__author")[:1]:
                author = _label(written_by, authors)
            contents = _all(container, "chatlog__content")
            if not contents or not author:
                continue
            answered = [one for name in _REPLY_LINKS for one in _all(container, name)]
            yield Message(
                container.get("data-message-id", ""),
                author,
                _page_of(contents[0], authors),
                "html",
                answered=_answered(answered[0]) if answered else None,
                answered_text=_words(_prepared(answered[0], authors)) if answered else None,
            )


def _label(written_by: html.HtmlElement, authors: Authors) -> str:
    name = _words(written_by)
    return authors.label(name, name)


def _answered(link: html.HtmlElement) -> str | None:
    found = _ANSWERED.search(link.get("onclick", ""))
    return found[1] if found else None


def _page_of(content: html.HtmlElement, authors: Authors) -> str:
    written: str = etree.tostring(_prepared(content, authors), encoding="unicode", method="html")
    return written


def _prepared(content: html.HtmlElement, authors: Authors) -> html.HtmlElement:
    """Change what is shown otherwise than on other pages: mentions, code and the mark of edits."""
    for edited in _all(content, "chatlog__edited-timestamp"):
        edited.drop_tree()
    for mention in _all(content, "chatlog__markdown-mention"):
        name = _words(mention)
        if mention.get("title") and name.startswith("@"):  # that of a person
            for child in list(mention):
                child.drop_tree()
            mention.text = f"@{authors.label(name[1:], name[1:])}"
    for code in _all(content, "chatlog__markdown-pre--multiline"):
        code.tag = "pre"
    return content


def _all(element: html.HtmlElement, name: str) -> list[html.HtmlElement]:
    """Return the elements of a class inside of an element."""
    found: list[html.HtmlElement] = element.find_class(name)
    return [one for one in found if one is not element]


def _words(element: html.HtmlElement) -> str:
    return " ".join(element.text_content().split())
