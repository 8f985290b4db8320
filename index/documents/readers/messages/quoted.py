"""Tell what a letter itself says from the letters that it quotes."""

import re
from itertools import islice

from lxml import etree, html

from index.documents.readers.html import words_of_html

# The line above what is quoted, also over two lines, and the one above a signature.
_ATTRIBUTION = re.compile(
    r"^(?!>)[^\n]{1,200}(?:\n(?!>)[^\n]{1,100})?(?<=:)[ \t]*\n+(?=>)", re.MULTILINE
)
_QUOTED = re.compile(r"^>.*\n?", re.MULTILINE)
_SIGNATURE = re.compile(r"^-- \n", re.MULTILINE)

# The header that Outlook and others write above a letter that follows: it has a sender and a
# subject.
_SENDER = (
    r"(?:From|Von|De|Da|Van|Fr\u00e5n|Fra|Od|Kimden|L\u00e4hett\u00e4j\u00e4|\u041e\u0442|"
    r"\u0412\u0456\u0434|\u53d1\u4ef6\u4eba|\u5bc4\u4ef6\u8005|\u5dee\u51fa\u4eba)"
)
_SUBJECT = (
    r"(?:Subject|Betreff|Objet|Oggetto|Onderwerp|\u00c4mne|Emne|Asunto|Assunto|Temat|Konu|Aihe|"
    r"\u0422\u0435\u043c\u0430|\u4e3b\u9898|\u4e3b\u65e8|\u4ef6\u540d)"
)
_HEADER = re.compile(
    rf"^(?:[ \t]*[-_]{{2,}}[^\n]{{0,60}}\n+)?\*?{_SENDER}\*?[ \t]?[:\uff1a][^\n]{{1,300}}\n\n?"
    rf"(?:[^\n]{{1,300}}\n\n?){{0,6}}\*?{_SUBJECT}\*?[ \t]?[:\uff1a]",
    re.MULTILINE,
)
_HEADER_IN_PAGE = re.compile(rf"{_SENDER}\s?[:\uff1a].{{1,900}}?{_SUBJECT}\s?[:\uff1a]", re.DOTALL)
_MAX_HEADER_PARTS = 60

# The line above what is quoted, as a page has it.
_DATED = re.compile(r"\A(?=.*\d).{1,200}:", re.DOTALL)

# What Mailman writes below each letter.
_FOOTER = re.compile(r"^_{30,}\n(?:[^\n]+\n?){1,8}\s*\Z", re.MULTILINE)

# Elements that hold a quoted letter, and those after which one follows.
_QUOTING = """self::blockquote[@type='cite'] or contains(@class, 'gmail_quote') or
contains(@class, 'moz-cite-prefix') or contains(@class, 'yahoo_quoted') or
contains(@class, 'protonmail_quote')"""
_BEFORE_QUOTED = "@id='divRplyFwdMsg' or @id='appendonsend' or @id='stopSpelling'"


def own_text(text: str) -> str:
    """Return a plain text without its signature and without what it quotes.

    A letter that says nothing itself, such as one that is passed on, keeps what it quotes.
    """
    text = _FOOTER.sub("", _SIGNATURE.split(text, maxsplit=1)[0])
    header = _HEADER.search(text)
    own = _QUOTED.sub("", _ATTRIBUTION.sub("", text[: header.start()] if header else text))
    return own if own.strip() else text


def own_page(page: str) -> str:
    """Return a page without what it quotes; see `own_text`."""
    parser = html.HTMLParser(encoding="utf-8")
    try:
        root = html.document_fromstring(page.encode("utf-8", "replace"), parser=parser)
    except etree.ParserError:  # it is empty
        return page
    for element in root.xpath(f"//*[{_QUOTING}]"):
        if element.getparent() is not None:  # it may be in another one
            _drop_attribution(element)
            element.drop_tree()
    for element in [*root.xpath(f"//*[{_BEFORE_QUOTED}]"), *_headers(root)]:
        _drop_from(element)
    own: str = html.tostring(root, encoding="unicode")
    return own if words_of_html(own) else page


def _headers(root: html.HtmlElement) -> list[html.HtmlElement]:
    """Return the first block that begins with the header of another letter."""
    for element in root.iter("div", "p", "td"):
        text = "".join(islice(element.itertext(), _MAX_HEADER_PARTS))
        if _HEADER_IN_PAGE.match(text.strip()):
            return [element]
    return []


def _drop_from(element: html.HtmlElement) -> None:
    """Remove an element and what follows it."""
    last = element
    while (parent := last.getparent()) is not None:
        while (following := last.getnext()) is not None:
            parent.remove(following)
        last.tail = None
        last = parent
    if element.getparent() is not None:
        element.drop_tree()


def _drop_attribution(quote: html.HtmlElement) -> None:
    """Remove the line right above a quote, which says who wrote it and when."""
    above = quote.getprevious()
    while above is not None and above.tag == "br" and not (above.tail or "").strip():
        above = above.getprevious()
    if above is None:
        return
    if _DATED.fullmatch((above.tail or "").strip()):
        above.tail = None
    elif not (above.tail or "").strip() and _DATED.fullmatch(above.text_content().strip()):
        above.drop_tree()
