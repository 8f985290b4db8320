"""Read a page: its title, blocks, address, date and language."""

from collections.abc import Sequence
from dataclasses import replace

from index.documents.model import Content, Mark
from index.documents.readers.composer import Composer
from index.documents.readers.html.content.block import Block
from index.documents.readers.html.content.line import collapse
from index.documents.readers.html.decoding import decode_html
from index.documents.readers.html.events import Words, parse
from index.documents.readers.html.metadata import Metadata
from index.documents.readers.html.page.furniture import is_system_page
from index.documents.readers.html.page.page import Page
from index.documents.readers.html.select import has_prose, select_blocks


def read_html(data: bytes) -> Content:
    """Return the content of a page.

    Headings become sections as in Markdown. A list without blocks in its items, a table and
    preformatted text are one paragraph each and keep their lines. Hidden text is left out, but not
    that of tabs and accordions; and so are navigation, controls, and what else belongs to the site.

    Returns:
        The title is from <title>, else the first level-one heading, else None. The address,
        the date and the language are those that the page names.

    Raises:
        ValueError: The bytes are not a text in any known encoding.
    """
    composer = Composer()
    decoded = decode_html(data)
    page = _read(decoded.text, composer)
    title, paragraphs = composer.reading(_title(page) or composer.first_heading)
    metadata = page.metadata
    return Content(
        title,
        paragraphs,
        metadata.url(),
        metadata.date(),
        metadata.language(),
        decoded.remark,
    )


def read_page(text: str, composer: Composer) -> str | None:
    """Add the headings and paragraphs of a page to a document; return its <title> or None."""
    return _title(_read(text, composer))


def words_of_html(text: str) -> str:
    """Return the visible text of a piece of HTML on one line; tags separate words."""
    words = Words()
    parse(text, words)
    return " ".join("".join(words.parts).split())


def _read(text: str, composer: Composer) -> Page:
    page = _parsed(text)
    blocks = select_blocks(page.blocks)
    if not _has_text(blocks):
        page = _parsed(text, is_lenient=True)
        blocks = select_blocks(page.blocks)
    if not _has_text(blocks):
        page = _parsed(text, is_lenient=True, ignores_classes=True)
        blocks = select_blocks(page.blocks) if has_prose(page.blocks) else []
    for block in blocks:
        _add(block, composer, page.metadata)
    return page


def _has_text(blocks: Sequence[Block]) -> bool:
    return any(not block.level for block in blocks)


def _parsed(text: str, *, is_lenient: bool = False, ignores_classes: bool = False) -> Page:
    page = Page(Metadata(text), is_lenient=is_lenient, ignores_classes=ignores_classes)
    if not is_system_page(text):
        parse(text, page)
    page.finish()
    return page


def _add(block: Block, composer: Composer, metadata: Metadata) -> None:
    if block.level:
        composer.add_heading(block.level, block.text.strip(), block.anchor)
        return
    marks = [_with_address(mark, metadata) if mark.kind == "link" else mark for mark in block.marks]
    composer.add_paragraph(
        block.text,
        kind=block.kind,
        marks=marks,
        continues=block.continues,
        own_anchor=block.anchor,
    )


def _with_address(mark: Mark, metadata: Metadata) -> Mark:
    return replace(mark, value=metadata.address(mark.value))


def _title(page: Page) -> str | None:
    return collapse("".join(page.title)) or None
