"""Read a channel that DiscordChatExporter exported as a page."""

import re
from collections.abc import Iterator
from html import escape

from lxml import etree, html

from index.documents.limits import Limits
from index.documents.model import Content
from index.documents.readers.html import decode_html
from index.documents.readers.messages.attachments import attachments_left_out
from index.documents.readers.messages.authors import Authors
from index.documents.readers.messages.channel import Message, compose_channel

_SIGNS = (b"chatlog__message-group", b"chatlog__message-container")

# The parts of a message that are its text, and those that only machines write; others embed
# previews of links.
_TEXTS = ("chatlog__content", "chatlog__forwarded-content")
_EMBEDDED = frozenset(
    ("chatlog__embed-title", "chatlog__embed-description", "chatlog__embed-field-value")
)
_FIELD_NAME = "chatlog__embed-field-name"

# What a machine answers to a command, and what stands for a message without text.
_COMMAND = "used /"
_NO_TEXT = "Click to see "

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
    n_files = len(_all(root, "chatlog__attachment"))
    return Content(
        *compose_channel(_messages(root, authors), title, topic, {}),
        remark=decoded.remark or attachments_left_out(n_files),
    )


def _messages(root: html.HtmlElement, authors: Authors) -> Iterator[Message]:
    for group in _all(root, "chatlog__message-group"):
        author = ""
        is_bot = bool(_all(group, "chatlog__author-tag"))
        for container in _all(group, "chatlog__message-container"):
            for written_by in _all(container, "chatlog__author")[:1]:
                author = _label(written_by, authors)
            text = _text(container, authors, is_bot=is_bot)
            if not text or not author or (is_bot and _is_reply_to_command(container)):
                continue
            answered = [one for name in _REPLY_LINKS for one in _all(container, name)]
            yield Message(
                container.get("data-message-id", ""),
                author,
                text,
                "html",
                answered=_answered(answered[0]) if answered else None,
                answered_text=_answered_text(answered[0], authors) if answered else None,
            )


def _text(container: html.HtmlElement, authors: Authors, *, is_bot: bool) -> str:
    """Return the page that a message is, or ""."""
    parts = [_page_of(one, authors) for name in _TEXTS for one in _all(container, name)]
    for embed in _all(container, "chatlog__embed") if is_bot else ():
        for part in embed.iter():
            names = (part.get("class") or "").split()
            if _FIELD_NAME in names:
                parts.append(f"<p>{escape(_words(part))}:</p>")
            elif not _EMBEDDED.isdisjoint(names):
                parts.append(_page_of(part, authors))
    return "".join(parts)


def _is_reply_to_command(container: html.HtmlElement) -> bool:
    return any(
        _words(one).startswith(_COMMAND) for one in _all(container, "chatlog__reply-content")
    )


def _label(written_by: html.HtmlElement, authors: Authors) -> str:
    name = _words(written_by)
    return authors.label(written_by.get("title") or name, name)


def _answered_text(link: html.HtmlElement, authors: Authors) -> str | None:
    text = _words(_prepared(link, authors))
    return None if text.startswith(_NO_TEXT) else text


def _answered(link: html.HtmlElement) -> str | None:
    found = _ANSWERED.search(link.get("onclick", ""))
    return found[1] if found else None


def _page_of(content: html.HtmlElement, authors: Authors) -> str:
    prepared = _prepared(content, authors)
    written: str = etree.tostring(prepared, encoding="unicode", method="html", with_tail=False)
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
            mention.text = f"@{authors.label(mention.get('title') or name[1:], name[1:])}"
    for code in _all(content, "chatlog__markdown-pre--multiline"):
        code.tag = "pre"
    return content


def _all(element: html.HtmlElement, name: str) -> list[html.HtmlElement]:
    """Return the elements of a class inside of an element."""
    found: list[html.HtmlElement] = element.find_class(name)
    return [one for one in found if one is not element]


def _words(element: html.HtmlElement) -> str:
    return " ".join(element.text_content().split())
