"""Quotes with code, tables, links and lines above them, as the index makes them of a document."""

from dataclasses import replace

from hypothesis import strategies as st

from bot.answering.quote import quote_of
from index import Mark
from index.documents.model import Document, Paragraph
from index.passages.split_passages import split_passages
from tests.support.data.strategies import any_sentence, hostile_sentence, hostile_text


def code(text, language=""):
    """Return a block of code."""
    return Paragraph(1, text, kind="code", marks=(Mark("code", 0, len(text), language),))


def table(*rows, header=True):
    """Return a table of these rows of cells; the first one is the header row."""
    text = "\n".join(" | ".join(row) for row in rows)
    mark = Mark("table", 0, len(text), "header" if header else "")
    return Paragraph(1, text, kind="table", marks=(mark,))


def text(words, *marked):
    """Return a text; each of `marked` is a kind of mark, the words it is on and its value."""
    marks = (
        Mark(kind, words.index(part), words.index(part) + len(part), *value)
        for kind, part, *value in marked
    )
    return Paragraph(1, words, marks=tuple(sorted(marks, key=lambda mark: mark.start)))


def quotes_of(*blocks, section=None, **fields):
    """Return the quotes of a document of these blocks, which are read together."""
    numbered = [
        replace(block, number=number, section=section, continues=number > 1)
        for number, block in enumerate(blocks, start=1)
    ]
    document = Document("boats.md", "Boats", tuple(numbered), **fields)
    return [quote_of(passage) for passage in split_passages(document)]


def answering(quote, words):
    """Return the quote with the first sentence, row or line that has these words as the answer."""
    spans = (span for span in quote.sentences if words in quote.text[slice(*span)])
    return replace(quote, highlight=next(spans))


_language = st.sampled_from(["", "yaml", "c++", "not one", "```", "`"]) | hostile_sentence
_indent = st.sampled_from(["", "  ", "\t", "        "])
_line = st.builds(str.__add__, _indent, any_sentence | st.just(""))
_codes = st.builds(
    code, st.lists(_line, min_size=1, max_size=12).map("\n".join).filter(str.strip), _language
)
_cell = st.sampled_from(["", "G247", "06:00", "a | b"]) | any_sentence
_tables = st.integers(1, 4).flatmap(
    lambda n: st.builds(
        lambda rows, header: table(*rows, header=header),
        st.lists(st.lists(_cell, min_size=n, max_size=n), min_size=1, max_size=9),
        st.booleans(),
    )
)
_tables = _tables.filter(lambda block: block.text.strip())


@st.composite
def _texts(draw):
    """Draw a text with links and code inside its lines, which may overlap."""
    words = draw(any_sentence)
    marks = []
    for _ in range(draw(st.integers(0, 4))):
        start = draw(st.integers(0, len(words) - 1))
        end = draw(st.integers(start + 1, len(words)))
        kind = draw(st.sampled_from(["literal", "link", "strong"]))
        address = st.builds("https://a.example/{}".format, hostile_text) | hostile_text
        own = st.just(words[start:end])
        marks.append(Mark(kind, start, end, draw(address | own) if kind == "link" else ""))
    ordered = sorted(marks, key=lambda mark: (mark.start, -mark.end))
    return Paragraph(1, words, marks=tuple(ordered))


@st.composite
def marked_quotes(draw):
    """Draw a quote of some blocks, with or without an answering sentence and lines above."""
    drawn = st.lists(st.one_of(_texts(), _codes, _tables), min_size=1, max_size=3)
    blocks = [text("Boats leave."), *draw(drawn)]  # marks alone are no passage
    section = draw(st.none() | st.just("Boats \u203a May I *swim*?") | any_sentence)
    quote = draw(st.sampled_from(quotes_of(*blocks, section=section, date="2026-03-01")))
    highlight = draw(st.none() | st.sampled_from(quote.sentences))
    context = draw(st.none() | st.just(quote.context) | hostile_text | st.just("a | *b*"))
    return replace(quote, highlight=highlight, context=context)
