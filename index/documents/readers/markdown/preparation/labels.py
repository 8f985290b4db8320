"""The names of components, and the labels in their attributes that a reader sees."""

import re
from typing import Literal

from index.documents.readers.markdown.tags import Tag, texts_of_array

# Which blocks are read together with a label: all inside the component, or only the next one.
Scope = Literal["all", "next", "none"]

# HTML that only wraps blocks. In Markdown a line holds nothing else, so that it is not a paragraph.
WRAPPERS = frozenset("div section center article main figure".split())
_WRAPPERS_OF_MDX = WRAPPERS | frozenset(
    "p header footer aside span nav figcaption blockquote".split()
)
DISCLOSURE = frozenset(("details", "summary"))

# HTML that is read as a whole, by the HTML reader.
WHOLE = frozenset("table ul ol dl pre math".split())

# Nothing inside is text.
HIDDEN = frozenset(
    "script style svg iframe video audio template select noscript Head Script Style".split()
)

_CLOSED_WORLDS = frozenset(
    """details accordion accordionitem collapse collapsible expandable expander disclosure faq
    faqitem question dropdown note tip info warning caution danger important success check error
    callout admonition aside alert hint notice message""".split()
)

# Attributes that are shown, in the order in which they are.
_LABELS = ("title", "label", "summary", "question", "heading", "header", "tag", "text", "caption")
_MORE_LABELS = ("description", "subtitle", "answer")
_NAMES = ("name", "path", "query", "body", "header", "param")
_NAMED = ("field", "param", "property", "folder", "file", "prop", "option", "tab", "step")
_TABS = ("tab", "tabitem", "tabpanel", "tabs.tab", "tabs.content")
_ARRAYS_OF_TABS = ("items", "labels", "tabs", "titles")

# Their title is read out to the blind only, or names what only a picture or a film shows.
_UNSEEN_TITLES = (
    "icon",
    "image",
    "img",
    "video",
    "youtube",
    "iframe",
    "logo",
    "seo",
    "meta",
    "frame",
)

_TEXT_FIELD = re.compile(
    r"""(?<![\w.])["']?(title|label|text|name|description|question|answer)["']?\s*+:"""
    r"""\s*+(?:"([^"\n]*+)"|'([^'\n]*+)'|`([^`]*+)`)"""
)


def is_component(name: str) -> bool:
    """Return whether a tag is a component: no tag of HTML."""
    return name[0].isupper() or "-" in name or "." in name


def is_block_tag(name: str, *, mdx: bool) -> bool:
    """Return whether a tag wraps blocks, so that it is no part of a paragraph."""
    wrappers = _WRAPPERS_OF_MDX if mdx else WRAPPERS
    return name in wrappers or name in DISCLOSURE or is_component(name)


def scope_of(name: str) -> Scope:
    """Return which blocks are read together with the label of a component or admonition."""
    plain = name.lower().replace("-", "").replace("_", "")
    return "all" if plain in _CLOSED_WORLDS else "next"


def labels_of(tag: Tag) -> list[str]:
    """Return the texts in the attributes of a component that a reader sees, in their order."""
    if not is_component(tag.name):
        return []
    given, plain = tag.attributes, tag.name.lower()
    if plain.endswith(_UNSEEN_TITLES) or "src" in given | tag.expressions:
        return [given["caption"]] if given.get("caption") else []
    labels = [given[name] for name in _LABELS if given.get(name, "").strip()][:1]
    if not labels and plain.endswith(_TABS) and given.get("value"):
        labels = [given["value"]]
    is_named = plain.endswith(_NAMED) or given.get("description")
    if is_named and not labels:
        labels = [given[name] for name in _NAMES if given.get(name, "").strip()][:1]
        if labels and given.get("type", "").strip() and plain.endswith(("field", "param")):
            labels = [f"{labels[0]} {given['type']}"]
    return labels + [given[name] for name in _MORE_LABELS if given.get(name, "").strip()]


def labels_of_tabs(tag: Tag) -> list[str]:
    """Return the labels that a component has for the tabs inside, in their order."""
    for name in _ARRAYS_OF_TABS:
        if texts := texts_of_array(tag.expressions.get(name, "")):
            return texts
    return []


def texts_in_expressions(tag: Tag) -> tuple[str | None, list[str]]:
    """Return the texts that an empty component shows from its expressions.

    Returns:
        The texts of an array on one line, or None; and the titles and descriptions of objects.
    """
    arrays = [texts_of_array(value) for value in tag.expressions.values()]
    words = [" ".join(texts) for texts in arrays if texts]
    rows = [
        one or two or three
        for value in tag.expressions.values()
        for _, one, two, three in _TEXT_FIELD.findall(value)
        if (one or two or three).strip()
    ]
    return (words[0] if words else None), [] if words else rows
