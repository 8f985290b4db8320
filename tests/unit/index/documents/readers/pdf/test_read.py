"""PDF becomes sections and paragraphs with pages: lines, hyphens, headers, hostile files."""

import io
import zlib
from dataclasses import replace

import pytest
from PIL import Image
from reportlab.lib.pdfencrypt import StandardEncryption
from reportlab.pdfgen.canvas import Canvas

from index.documents import Limits
from index.documents.readers.pdf.layout import Line, join_paragraphs
from index.documents.readers.pdf.running_lines import without_contents, without_running_lines
from index.documents.reasons import DAMAGED
from tests.support.data.document_files import places, read_bytes, reason_against, texts

FULL = "The keepers of the lighthouse rebuilt it from grey stone and they lit it again"

PAGES = [
    [
        ("LOWMERE REPORT", 800),
        ("1. Boats", 750),
        (f"{FULL} in the year of the long and very cold win-", 720),
        ("ter. Nobody drowned.", 706),
        (f"{FULL} when the boats came home from the sea", 680),
        ("1", 30),
    ],
    [
        ("LOWMERE REPORT", 800),
        ("after the storm.", 750),
        ("Tides", 700),
        ("The tide is low in June.", 670),
        ("2", 30),
    ],
    [("LOWMERE REPORT", 800), ("A last word.", 750), ("3", 30)],
]


def make_pdf(pages=PAGES, *, outline=(("Boats", 0, 1), ("Tides", 1, 2)), title="", **options):
    """Return a PDF of pages of (line, height), with an outline of (title, level, page)."""
    stream = io.BytesIO()
    canvas = Canvas(stream, **options)
    canvas.setTitle(title)
    for number, page in enumerate(pages, start=1):
        for entry, level, _ in (one for one in outline if one[2] == number):
            canvas.bookmarkPage(entry)
            canvas.addOutlineEntry(entry, entry, level)
        for line, height in page:
            canvas.drawString(72, height, line)
        canvas.showPage()
    canvas.save()
    return stream.getvalue()


def test_pdf_lines_become_paragraphs_with_pages_and_sections():
    """Lines are joined, broken words made whole, running lines left out, headings sections."""
    document = read_bytes("a_report.pdf", make_pdf())
    assert document.title == "a report"
    assert texts(document) == [
        f"{FULL} in the year of the long and very cold winter. Nobody drowned.",
        f"{FULL} when the boats came home from the sea after the storm.",
        "The tide is low in June.",
        "A last word.",
    ]
    assert places(document) == [
        (1, "Boats", 1),
        (2, "Boats", 1),
        (3, "Boats \u203a Tides", 2),
        (4, "Boats \u203a Tides", 3),
    ]


@pytest.mark.parametrize(
    ("given", "title"),
    [("The harbour", "The harbour"), ("Microsoft Word - x", "a"), ("x.doc", "a"), ("", "a")],
)
def test_pdf_title_is_the_one_that_a_person_gave(given, title):
    """What a program put in for a title is none."""
    assert read_bytes("a.pdf", make_pdf(title=given)).title == title


def test_pdf_outline_without_a_line_of_its_own_holds_from_the_top_of_its_page():
    """A heading that the page shows in other words, or as a picture, is a section all the same."""
    document = read_bytes("a.pdf", make_pdf(outline=[("Of tides", 0, 2)]))
    assert [(one.section, one.page) for one in document.paragraphs if one.section] == [
        ("Of tides", 2),
        ("Of tides", 2),
        ("Of tides", 3),
    ]


def _encryption(password):
    return StandardEncryption(password, ownerPassword="owner", strength=128)


def test_pdf_that_only_forbids_printing_is_read():
    """A file that opens without a password is read."""
    assert read_bytes("a.pdf", make_pdf(encrypt=_encryption(""))).paragraphs


def _with_stream(stream, filters):
    """Return a PDF of one page whose content is a stream of bytes, packed as named."""
    parts = [
        b"<</Type/Catalog/Pages 2 0 R>>",
        b"<</Type/Pages/Kids[3 0 R]/Count 1>>",
        b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 99 99]/Contents 4 0 R>>",
        b"<</Length %d/Filter[%s]>>stream\n%s\nendstream" % (len(stream), filters, stream),
    ]
    data = b"%PDF-1.4\n"
    for number, part in enumerate(parts, start=1):
        data += b"%d 0 obj\n%s\nendobj\n" % (number, part)
    return data + b"trailer<</Root 1 0 R/Size 5>>\n%%EOF"


def _endless_pages():
    """Return a PDF whose tree of pages has itself as its branch."""
    return (
        b"%PDF-1.4\n1 0 obj\n<</Type/Catalog/Pages 2 0 R>>\nendobj\n"
        b"2 0 obj\n<</Type/Pages/Kids[2 0 R 2 0 R]/Count 9>>\nendobj\n"
        b"trailer<</Root 1 0 R/Size 3>>\n%%EOF"
    )


NO_TEXT = "it holds no text (a scan?); make its text readable by OCR, such as with ocrmypdf"


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (b"", "it is empty: it holds no paragraph"),
        (b"garbage", DAMAGED),
        (make_pdf()[:700], DAMAGED),
        (
            make_pdf(encrypt=_encryption("secret")),
            "it is encrypted; save a copy without a password",
        ),
        (make_pdf([[], []], outline=[]), NO_TEXT),
        (make_pdf([[("x", 9)]] * 6, outline=[]), "it has more than 5 pages"),
    ],
)
def test_pdf_that_cannot_be_read_says_why(data, reason):
    """Empty, damaged, encrypted, scanned and overlong files are refused with a reason."""
    assert reason_against("a.pdf", data, Limits(max_pages=5)).startswith(reason)


def test_pdf_whose_page_unpacks_to_60_mb_of_lines_holds_no_text():
    """A page of a hostile file is read to its end, and refused with a reason."""
    packed = zlib.compress(b"0 0 m " * 10_000_000)  # here, as all processes read the parameters
    data = _with_stream(packed, b"/FlateDecode")
    assert reason_against("a.pdf", data, Limits(max_pages=5)) == NO_TEXT


def test_pdf_with_pages_in_a_circle_is_no_endless_document():
    """A tree of pages that leads into itself ends in a reason."""
    assert reason_against("a.pdf", _endless_pages()) == DAMAGED


def test_pdf_without_an_outline_has_headings_by_their_size():
    """The only one in the largest letters is the title."""
    stream = io.BytesIO()
    canvas = Canvas(stream)
    for text, height, size in (("Lowmere", 800, 24), ("Boats", 740, 16), ("Tides", 560, 16)):
        canvas.setFont("Helvetica", size)
        canvas.drawString(72, height, text)
        canvas.setFont("Helvetica", 11)
        for number in range(6):
            canvas.drawString(72, height - 30 - 14 * number, FULL)
    canvas.save()
    document = read_bytes("a.pdf", stream.getvalue())
    assert document.title == "Lowmere"
    assert [section for _, section, _ in places(document)] == [None, "Boats", "Tides"]


def test_pdf_table_becomes_rows():
    """Cells in columns are found by their positions."""
    stream = io.BytesIO()
    canvas = Canvas(stream)
    for row, height in ((("boat", "crew"), 700), (("Ada", "4"), 686), (("Ben", "3"), 672)):
        for text, left in zip(row, (72, 200), strict=True):
            canvas.drawString(left, height, text)
    canvas.save()
    (table,) = read_bytes("a.pdf", stream.getvalue()).paragraphs
    assert (table.kind, table.text, table.page) == ("table", "boat | crew\nAda | 4\nBen | 3", 1)
    assert [(one.kind, one.value) for one in table.marks] == [("table", "header")]


def test_pdf_names_its_pages_without_text():
    """A scan among other pages is not left out silently; an empty page is none."""
    stream = io.BytesIO()
    canvas = Canvas(stream)
    for kind in ("text", "picture", "", "picture"):
        if kind == "text":
            canvas.drawString(72, 700, FULL)
        elif kind:
            canvas.drawInlineImage(Image.new("1", (9, 9)), 0, 0, 99, 99)
        canvas.showPage()
    canvas.save()
    remark = read_bytes("a.pdf", stream.getvalue()).remark
    assert remark == "pages 2, 4 without text (scans?); make it readable by OCR"


# Lines


def _line(text, bottom=700.0, *, page=1, left=72.0, right=500.0, height=12.0):
    return Line(text, page, left, right, bottom, height)


@pytest.mark.parametrize(
    ("above", "below", "joined"),
    [
        (_line("The bell was"), _line("loud.", 686), True),
        (_line("The bell rang."), _line("It was loud.", 686), True),
        (_line("The bell rang.", right=200), _line("It was loud.", 686), False),
        (_line("The bell rang."), _line("It was loud.", 686, left=92), False),
        (_line("Of bells", right=120, height=18), _line("They ring.", 680), False),
        (_line("The bell was", 60), _line("Loud and", 700, page=2), True),
        (_line("The bell,", 60, right=200), _line("which rang", 700, page=2), True),
        (_line("The bell rang.", 60), _line("It was loud", 700, page=2), False),
        (_line("The bell", 60, right=200), _line("Loud", 700, page=2), False),
        (_line("The bell was", 60), _line("loud.", 700, left=300), True),
    ],
)
def test_lines_join_where_the_text_runs_on(above, below, joined):
    """A short last line, an indent, another size or a page that begins anew part paragraphs."""
    usual = [_line("x", 728), _line("x", 714)] if above.bottom == 700 else []
    found = [text for text, _ in join_paragraphs([*usual, above, below])]
    assert found[-1].endswith(f"{above.text} {below.text}") is joined


def test_lines_after_a_wide_gap_are_another_paragraph():
    """A gap wider than the usual distance of lines parts paragraphs."""
    lines = [_line(text, y) for text, y in (("a", 700), ("b", 686), ("c", 672), ("d", 640))]
    assert list(join_paragraphs(lines)) == [("a b c", 1), ("d", 1)]


@pytest.mark.parametrize(
    ("first", "second", "joined"),
    [
        ("the light-", "house burned.", "the lighthouse burned."),
        ("Anglo-", "American", "Anglo-American"),
        ("the Well-", "known bell.", "the Well-known bell."),
        ("over- and under-", "flow, both-", "over- and underflow, both-"),
        ("the first-", "and the last", "the first- and the last"),
        ("the tide-", "bell", "the tide-bell"),
        ("a well-", "known bell.", "a well-known bell."),
        ("- nets", "- ropes", "- nets\n- ropes"),
    ],
)
def test_lines_with_hyphens_and_items(first, second, joined):
    """A broken word is made whole, a compound known from elsewhere kept, an item is a line."""
    lines = [_line("Well-known: tide, bell.", 714), _line(first), _line(second, 686)]
    assert list(join_paragraphs(lines)) == [
        (f"Well-known: tide, bell.{chr(10) if first[0] == '-' else ' '}{joined}", 1)
    ]


def test_items_with_wide_gaps_are_one_list():
    """They stay together as long as each is short."""
    lines = [_line("\u25cf nets", 700), _line("\u25cf ropes", 676), _line("Boats.", 640)]
    lines = [_line(text, 742 - 14 * n) for n, text in enumerate(("a", "b", "c"))] + lines
    assert [text for text, _ in join_paragraphs(lines)][-2:] == [
        "a b c\n\u25cf nets\n\u25cf ropes",
        "Boats.",
    ]


def test_turned_text_follows_the_paragraph_that_it_interrupts():
    """A stamp in the margin is drawn in the middle of the text."""
    stamp = replace(_line("arXiv:1 [cs]", 400, left=20, right=32), is_turned=True)
    lines = [
        _line("The bell was", 714),
        _line("heard in the", 700),
        stamp,
        _line("Old harbour.", 686),
    ]
    assert [text for text, _ in join_paragraphs(lines)] == [
        "The bell was heard in the Old harbour.",
        "arXiv:1 [cs]",
    ]


def test_contents_with_dots_are_left_out():
    """The numbers of their pages only grow; those of prices do not."""
    contents = [_line(f"{name} . . . . . . . {n}") for name, n in (("A", 3), ("B", 12), ("C", 12))]
    assert without_contents([_line("x"), *contents]) == [_line("x")]
    prices = list(reversed(contents))
    assert without_contents(prices) == prices


def test_lines_of_no_page_are_no_paragraph():
    """An empty document has no paragraphs."""
    assert list(join_paragraphs([])) == []


def test_running_lines_stand_at_one_height_on_many_pages():
    """A repeated line of the text, and a number that is a figure of it, stay."""
    pages = [
        [_line("Bells", 800), _line("Refrain", 700 - 20 * n), _line("x", 400), _line("y" * n, 300)]
        + [_line(f"{n + 1} {'Boats' if n % 2 else 'Nets'}", 780), _line("7", 350, left=20)]
        + [_line(str(n), 30)] * (n < 2)
        for n in range(9)
    ]
    left = [[line.text for line in page] for page in without_running_lines(pages)]
    assert left[0] == ["Refrain", "x", "", "0"]
    assert all("Refrain" in page and "Bells" not in page for page in left)


def test_footer_with_a_roman_number_is_a_running_line():
    """The pages of a preface are counted with letters."""
    pages = [
        [_line("a" * n, 700), _line("b" * n, 686), _line(f"All rights kept. {number}", 30)]
        for n, number in enumerate(("iii", "iv", "xi"), start=1)
    ]
    assert [len(page) for page in without_running_lines(pages)] == [2, 2, 2]


def test_pdf_is_quoted_with_its_page(first_quote):
    """The page stands in the JSON and in the citation."""
    quote, shown = first_quote("report.pdf", make_pdf(), "when is the tide low?")
    assert quote["text"].startswith("The tide is low in June.")
    assert (quote["page"], quote["paragraph"]) == (2, 3)
    assert "report.pdf \u203a Boats \u203a Tides, page 2, paragraph" in shown
