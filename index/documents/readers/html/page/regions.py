"""Parts of a page of which only their content says whether they are text."""

from collections.abc import Mapping
from dataclasses import dataclass

from index.documents.readers.html.content.block import Block, share_of_links

_UNSEEN_INPUTS = frozenset("hidden submit button image reset".split())

# ASP.NET puts a whole page into one form with this field.
_PAGE_FORM_FIELDS = ("__VIEWSTATE", "__EVENTVALIDATION")

# A form with fewer characters for each of its fields only says what to fill in.
_MIN_CHARS_FOR_FIELD = 150

_MAX_SHARE_OF_LINKS = 0.5


@dataclass(slots=True)
class _Region:
    """A part that is open, with the counts at its beginning."""

    n_blocks: int
    n_controls: int
    n_holders: int
    n_page_fields: int


class Regions:
    """Marks the blocks of forms, footers and asides that are no text as dropped.

    Of one kind only the outermost is looked at, so each block is looked at a few times at most.
    """

    def __init__(self) -> None:
        self._blocks: list[Block] = []
        self._open: dict[str, _Region] = {}
        self._n_controls = 0
        self._n_holders = 0
        self._n_page_fields = 0

    def add(self, block: Block) -> None:
        """Add a block to the parts that are open."""
        self._blocks.append(block)

    def add_control(self, tag: str, attributes: Mapping[str, str]) -> None:
        """Count a field to fill in."""
        if tag != "input" or attributes.get("type", "").lower() not in _UNSEEN_INPUTS:
            self._n_controls += 1
        self._n_page_fields += attributes.get("name", "").startswith(_PAGE_FORM_FIELDS)

    def add_holder(self, tag: str) -> None:
        """Count an element that holds the content of a page, or its title."""
        self._n_holders += tag in ("main", "article", "h1")

    def open(self, kind: str) -> bool:
        """Begin a part; return False, so that it is not to be closed, if it is inside of one."""
        if kind in self._open:
            return False
        self._open[kind] = _Region(
            len(self._blocks), self._n_controls, self._n_holders, self._n_page_fields
        )
        return True

    def close(self, kind: str) -> None:
        """End a part."""
        region = self._open.pop(kind)
        blocks = self._blocks[region.n_blocks :]
        if self._is_dropped_form(region, blocks) if kind == "form" else _is_all_links(blocks):
            for block in blocks:
                block.is_dropped = True

    def _is_dropped_form(self, region: _Region, blocks: list[Block]) -> bool:
        n_controls = self._n_controls - region.n_controls
        if not n_controls or self._n_holders > region.n_holders:
            return False
        if self._n_page_fields > region.n_page_fields:
            return False
        return sum(len(block.text) for block in blocks) < n_controls * _MIN_CHARS_FOR_FIELD


def _is_all_links(blocks: list[Block]) -> bool:
    return share_of_links(blocks) > _MAX_SHARE_OF_LINKS
