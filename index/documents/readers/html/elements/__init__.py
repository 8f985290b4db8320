"""How each element of a page is read.

A function is called at the start of its elements, and what it returns at their end.
"""

from collections.abc import Callable, Mapping

from index.documents.readers.html.elements.blocks import (
    HEADINGS,
    open_block,
    open_break,
    open_code,
    open_heading,
    open_main,
    open_part,
    open_region,
)
from index.documents.readers.html.elements.inline import (
    MARKED,
    open_formula,
    open_image,
    open_input,
    open_link,
    open_marked,
    open_metadata,
    open_time,
)
from index.documents.readers.html.elements.labels import (
    open_button,
    open_caption,
    open_details,
    open_figure,
    open_label,
    open_note,
    open_post,
    open_rubric,
    open_summary,
    open_tab,
    open_tab_panel,
    open_tablist,
)
from index.documents.readers.html.elements.lists import (
    open_definition_list,
    open_definitions,
    open_item,
    open_list,
)
from index.documents.readers.html.elements.tables import (
    open_cell,
    open_head,
    open_row,
    open_table,
)
from index.documents.readers.html.page.builder import Builder, Closing
from index.documents.readers.html.page.controls import opens_panel
from index.documents.readers.html.page.furniture import Meaning

_Handler = Callable[[Builder, str, Mapping[str, str]], Closing | None]

_LISTS = frozenset(("ul", "ol", "menu", "dir"))

# Tags that separate blocks; all other tags are inline.
BLOCKS = (
    frozenset(
        """html body div p article section main header footer blockquote figure figcaption dl dt dd
        details summary address fieldset legend center hr pre li tr caption thead tbody tfoot
        aside form hgroup search table td th""".split()
    )
    | HEADINGS
    | _LISTS
)

HEAD = frozenset(("meta", "link", "base"))

# These are read as what they are, also with the role of a button.
_BUTTONS = frozenset(("button", "summary")) | HEADINGS

_NOTES = frozenset("div aside section blockquote".split())

_HANDLERS: dict[str, _Handler] = {
    **dict.fromkeys(BLOCKS, open_block),
    **dict.fromkeys(HEADINGS, open_heading),
    **dict.fromkeys(_LISTS, open_list),
    **dict.fromkeys(MARKED, open_marked),
    **dict.fromkeys(("article", "section"), open_part),
    **dict.fromkeys(("aside", "form", "footer"), open_region),
    **dict.fromkeys(("thead", "tbody", "tfoot"), open_head),
    **dict.fromkeys(("td", "th", "caption"), open_cell),
    **dict.fromkeys(("dt", "dd"), open_definitions),
    **dict.fromkeys(HEAD, open_metadata),
    "a": open_link,
    "br": open_break,
    "button": open_button,
    "details": open_details,
    "dl": open_definition_list,
    "figure": open_figure,
    "img": open_image,
    "input": open_input,
    "label": open_label,
    "li": open_item,
    "main": open_main,
    "math": open_formula,
    "pre": open_code,
    "summary": open_summary,
    "table": open_table,
    "time": open_time,
    "tr": open_row,
}


def open_element(
    page: Builder, tag: str, attributes: Mapping[str, str], meaning: Meaning
) -> Closing | None:
    """Read the start of an element.

    Args:
        page: What it is added to.
        tag: Its name.
        attributes: Its attributes.
        meaning: What its classes say that it is for.

    Returns:
        What is to be called at its end, or None.
    """
    handler = _HANDLERS.get(tag)
    if attributes and (meaning or "role" in attributes):
        handler = _by_meaning(page, tag, attributes, meaning) or handler
    return handler(page, tag, attributes) if handler is not None else None


def _by_meaning(
    page: Builder, tag: str, attributes: Mapping[str, str], meaning: Meaning
) -> _Handler | None:
    """Return how an element is read whose role or classes say more than its tag."""
    role = attributes.get("role")
    if role == "tablist" or meaning == "tablist":
        return open_tablist
    if role == "tab" or meaning == "tab":
        return open_tab
    if role == "tabpanel" or meaning == "panel":
        return open_tab_panel
    if role == "button" and tag not in _BUTTONS and opens_panel(attributes):
        return open_button
    if role == "main":
        return open_main
    if meaning == "note" and tag in _NOTES:
        return open_note
    if meaning == "caption" and tag in ("div", "p", "figcaption"):
        return open_caption
    if meaning == "rubric" and tag == "p":
        return open_rubric
    if meaning == "post" and not page.in_post:
        return open_post
    return None
