"""Lines know the fonts that they are in, and where they end."""

import io

from reportlab.pdfgen.canvas import Canvas

from tests.support.data.document_files import places, read_bytes, texts

TEXT = (
    "The council met in the old customs house to speak of the harbour",
    "and agreed to dredge the inner basin before the winter storms.",
    "Seals have come back to the north pier since the nets were gone",
)


def make_pdf(*pages):
    """Return a PDF of pages of (font, size, left, bottom, text)."""
    stream = io.BytesIO()
    canvas = Canvas(stream)
    for page in pages:
        for font, size, left, bottom, text in page:
            canvas.setFont(font, size)
            canvas.drawString(left, bottom, text)
        canvas.showPage()
    canvas.save()
    return stream.getvalue()


def _text(bottom, *, left=72, size=11, lines=TEXT):
    return [
        ("Helvetica", size, left, bottom - 14 * number, line) for number, line in enumerate(lines)
    ]


def test_bold_lines_as_high_as_the_text_are_headings():
    """A label before a text, names above columns and a caption are none."""
    page = [
        ("Helvetica-Bold", 11, 72, 800, "2 The basin"),
        *_text(780),
        ("Helvetica-Bold", 11, 72, 720, "Note:"),
        *_text(704),
        ("Helvetica-Bold", 11, 72, 640, "Table 3. The depths of the basin"),
        *_text(624),
        ("Helvetica-Bold", 11, 72, 560, "3 The pier"),
    ]
    document = read_bytes("a.pdf", make_pdf(page, _text(780)))
    assert {section for _, section, _ in places(document)} == {
        "2 The basin",
        "3 The pier",
    }


def test_code_keeps_its_lines_and_its_indentation():
    """Letters that are all as wide are code; so is one such line that stands apart."""
    code = ("def low(tide):", "    return tide < 1", "", "print(low(0))")
    page = [
        *_text(800),
        *(("Courier", 9, 72, 740 - 11 * number, line) for number, line in enumerate(code) if line),
        *_text(680),
        ("Courier", 9, 90, 622, "print(low(2))"),
        *_text(594),
    ]
    document = read_bytes("a.pdf", make_pdf(page))
    assert [one.text for one in document.paragraphs if one.kind == "code"] == [
        "\n".join(code),
        "print(low(2))",
    ]


def test_address_in_letters_of_code_goes_on_with_its_sentence():
    """A line that is only an address stays in the text."""
    page = [
        *_text(800, lines=("The nets are counted and the list of all of them can be read at",)),
        ("Courier", 11, 72, 786, "https://example.org/nets.html"),
        *_text(772, lines=("which is mended once a year.",)),
        *_text(740),
    ]
    (first, *_) = read_bytes("a.pdf", make_pdf(page)).paragraphs
    assert first.text.endswith("read at https://example.org/nets.html which is mended once a year.")


def test_typewritten_text_is_no_code():
    """A document whose letters are all as wide has paragraphs."""
    page = [("Courier", 10, 72, 800 - 14 * number, line) for number, line in enumerate(TEXT)]
    assert [one.kind for one in read_bytes("a.pdf", make_pdf(page)).paragraphs] == ["text"]


def test_note_below_a_column_follows_the_paragraph_that_it_interrupts():
    """The text goes on at the top of the next column or page."""
    note = [("Helvetica", 8, 72, 60, "1 The nets are counted each year.")]
    pages = [*_text(120, lines=TEXT[:1]), *note], _text(800, lines=TEXT[1:2])
    assert texts(read_bytes("a.pdf", make_pdf(*pages))) == [
        " ".join(TEXT[:2]),
        "1 The nets are counted each year.",
    ]


def test_pages_of_shapes_are_named():
    """They are left out, and the owner is told which ones."""
    garbled = _text(700, lines=["% ' (-.)& $ %% + $ *" * 3] * 6)
    document = read_bytes("a.pdf", make_pdf(_text(700), garbled))
    assert document.remark == "page 2 in letters without a meaning; make it readable by OCR"
