"""Text of a quote as Discord's Markdown: escaped, with its links and the code inside lines."""

from bot.answering import Quote
from bot.rendering.discord_code import code_span, fits_span
from bot.rendering.discord_markdown import address_of, escape, link
from bot.rendering.pieces import spans_within
from index import Mark


def text_markdown(quote: Quote, start: int, end: int, *, emphasised: bool = False) -> str:
    """Return the Markdown of a part of a quote's text.

    Args:
        quote: The quote.
        start: Offset of the part's first character in the text.
        end: Offset after its last character.
        emphasised: Whether the answering sentence is bold.
    """
    bold_start, bold_end = quote.highlight if emphasised and quote.highlight else (end, end)
    bold_start, bold_end = max(bold_start, start), min(bold_end, end)
    if bold_start >= bold_end:
        return _spans(quote, start, end)
    bold = f"**{_spans(quote, bold_start, bold_end, bold=True)}**"
    return _spans(quote, start, bold_start) + bold + _spans(quote, bold_end, end)


def _spans(
    quote: Quote, start: int, end: int, *, bold: bool = False, label_of: Mark | None = None
) -> str:
    """Return a part with its links and code; of marks that overlap the first one is shown."""
    shown = ""
    at = start
    for mark in spans_within(quote.marks, start, end):
        first, last = max(mark.start, start), min(mark.end, end)
        if mark is label_of or first < at or not quote.text[first:last].strip():
            continue
        if mark.kind == "link":
            inner = None if label_of else _link(quote, mark, first, last, bold=bold)
        elif first == at and shown.endswith("`"):
            inner = None  # two spans side by side would be one
        else:
            inner = _literal(quote, mark, first, last, bold=bold, in_label=label_of is not None)
        if inner:
            shown += escape(quote.text[at:first]) + inner
            at = last
    return shown + escape(quote.text[at:end])


def _literal(
    quote: Quote, mark: Mark, start: int, end: int, *, bold: bool, in_label: bool
) -> str | None:
    """Return a part of code inside a line as such; None if the whole of it cannot be shown so.

    What ends the bold or the link around it would do so inside of it, too.
    """
    code = quote.text[mark.start : mark.end]
    closing = set("*" * bold + "[]" * in_label)
    return code_span(quote.text[start:end]) if fits_span(code) and not closing & set(code) else None


def _link(quote: Quote, mark: Mark, start: int, end: int, *, bold: bool) -> str | None:
    """Return a link of a part of the text; None if it is shown without.

    Discord links no label that looks like an address; one that is its own address needs no mask.
    """
    label = quote.text[mark.start : mark.end]
    address = address_of(mark.value)
    if address is None or "\n" in label:
        return None
    if "://" in label:
        is_whole = (start, end) == (mark.start, mark.end)
        return f"<{address}>" if is_whole and address == label else None
    return link(_spans(quote, start, end, bold=bold, label_of=mark), address)
