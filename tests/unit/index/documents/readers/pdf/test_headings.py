"""Lines in larger letters are headings where a PDF has no outline."""

from index.documents.readers.pdf.headings import find_headings
from index.documents.readers.pdf.layout import Line


def _line(text, bottom, height=12.0, page=1):
    return Line(text, page, 72, 500, bottom, height)


def _page(*lines):
    """Return a page with text between lines of other sizes."""
    found = []
    bottom = 800.0
    for text, height in lines:
        found.append(_line(text, bottom, height))
        found += [
            _line("The tide is low and the boats lie on the mud", bottom - 40 - 14 * n)
            for n in range(5)
        ]
        bottom -= 140
    return found


def _found(page):
    return [(one.level, one.text) for one in find_headings([page])]


def test_larger_letters_are_higher_levels():
    """The size of most letters is that of the text."""
    page = _page(("Lowmere", 24), ("Boats", 18), ("Old boats", 15), ("Tides", 18))
    assert _found(page) == [(1, "Lowmere"), (2, "Boats"), (3, "Old boats"), (2, "Tides")]


def test_heading_of_two_lines_is_one():
    """Lines of the same size that follow each other belong together."""
    page = [
        _line("The harbour", 800, 20),
        _line("of Lowmere", 778, 20),
        *_page(("", 20), ("low", 12), ("low", 12))[1:],
    ]
    assert _found(page) == [(1, "The harbour of Lowmere")]


def test_word_broken_in_a_heading_is_whole():
    """The hyphen of a compound stays."""
    page = [
        _line("Of storm-", 800, 20),
        _line("Bells and light-", 778, 20),
        _line("houses", 756, 20),
    ]
    page += _page(("", 20), ("low", 12), ("low", 12))[1:]
    assert _found(page) == [(1, "Of storm-Bells and lighthouses")]


def test_what_is_no_heading_is_none():
    """Numbers, sentences, long texts, and pages on which all sizes are mixed."""
    assert _found(_page(("{ada,ben}@hull.example", 18), (", and Ben", 18))) == []
    assert _found(_page(("1", 24), ("It is low; it rises." * 20, 18))) == []
    assert _found([_line("word", 800 - 20 * n, 12 + n % 5 * 3) for n in range(20)]) == []
    assert find_headings([]) == []
