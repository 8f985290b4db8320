"""HTML becomes titles, sections and paragraphs as a reader of the page sees them."""

import sys
import time
from string import ascii_letters

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from index.documents.readers.html import read_html
from tests.support.data.document_files import read_bytes, reason_against, texts
from tests.unit.index.documents.readers.test_charset import GERMAN, JAPANESE, RUSSIAN, quick


def _read(page):
    content = read_html(page.encode())
    return content.title, [paragraph.text for paragraph in content.paragraphs]


@pytest.mark.parametrize(
    ("html", "text"),
    [
        ("<p>The <b>b</b>ell\n <a href=x>rang</a> twice.", "The bell rang twice."),
        ("<p>Row out.<br>Row back.", "Row out. Row back."),
        ("<p>Fish &amp; chips &copy;&nbsp;Ada", "Fish & chips \u00a9\u00a0Ada"),
        ("<p>light&shy;house", "lighthouse"),
        ("<ul><li>nets<li>long <i>ropes</i></ul>", "nets\nlong ropes"),
        ("<ol><li>Cast<ul><li>off</ul><li>Row</ol>", "1. Cast\noff\n2. Row"),
        ("<table><tr><th>boat<th>crew<tr><td><p>Ada<td>4</table>", "boat | crew\nAda | 4"),
        ("<pre>\nring  bell\n\n  run\n</pre>", "ring  bell\n\n  run"),
        ("<blockquote>Nobody came.</blockquote>", "Nobody came."),
        ("<div>Loose <em>text</em></div>", "Loose text"),
        ("<section><figure><figcaption>A pier</figcaption></figure></section>", "A pier"),
        ("<custom-part>Odd tags</custom-part>", "Odd tags"),
        ("<article><header>By Ada</header></article>", "By Ada"),
        ("A <!-- hidden -->bell<![CDATA[x]]>.", "A bell."),
    ],
)
def test_html_block_is_one_paragraph_without_its_markup(html, text):
    """Each block is quoted as a reader sees it."""
    assert _read(f"<p>Before.</p>{html}<p>After.")[1] == ["Before.", text, "After."]


@pytest.mark.parametrize(
    ("html", "paragraphs"),
    [
        ("One<p>Two</p>Three<div>Four<div>Five</div>Six</div>Seven", 7),
        ("<ul><li><p>Nets.</p><p>Long ones.</p><li>Ropes.</ul>After", 4),
        ("<dl><dt>Pier<dd>A place to land.</dl>", 2),
        ("<table><tr><td><p>A</p><p>page</p><td>laid out</table>", 3),
        ("<table><tr><td>A<table><tr><td>b<td>c</table>d</table>After", 4),
        ("<ul><li>Nets<table><tr><td>a<td>b</table></ul>", 2),
        ("<ul><li>Nets<li>Ropes<pre>x</pre><li>Lamps</ul>", 4),
    ],
)
def test_html_blocks_inside_lists_and_tables_are_paragraphs(html, paragraphs):
    """A list or table whose items hold blocks is read block by block."""
    assert len(_read(html)[1]) == paragraphs


@pytest.mark.parametrize(
    "hidden",
    [
        "<script>var p = '<p>x';</script>",
        "<style>p {}</style>",
        "<template><p>x</template>",
        "<nav><ul><li>x</ul></nav>",
        "<header><h2>x</h2></header>",
        "<footer>x</footer>",
        "<aside><p>x</p></aside>",
        "<form><p>x<input></form>",
        "<div hidden><p>x</p></div>",
        "<div style='color: red; DISPLAY : none'>x</div>",
        "<span aria-hidden=true>x</span>",
        "<div role=navigation>x</div>",
        "<svg><title>x</title><text>x</text></svg>",
        "<select><option>x</select>",
    ],
)
def test_html_that_is_hidden_or_of_the_site_is_left_out(hidden):
    """What a reader does not see, or does not come for, is neither text nor title nor section."""
    content = read_html(f"<body>{hidden}<p>The bell rang.".encode())
    assert (content.title, [(one.text, one.section) for one in content.paragraphs]) == (
        None,
        [("The bell rang.", None)],
    )


def test_html_headings_become_section_paths():
    """The heading on top is no section; the others are, closed by level."""
    content = read_html(
        b"<title>Lowmere &amp; sea</title><h1>Lowmere</h1><p>One.<h2>Boats</h2><p>Two."
        b"<div><h3><i>Old</i> boats</h3>Three.</div><h2>Tides</h2>Four.<h1>Annex</h1>Five."
    )
    assert content.title == "Lowmere & sea"
    assert [(one.number, one.text, one.section) for one in content.paragraphs] == [
        (1, "One.", None),
        (2, "Two.", "Boats"),
        (3, "Three.", "Boats \u203a Old boats"),
        (4, "Four.", "Tides"),
        (5, "Five.", "Annex"),
    ]


@pytest.mark.parametrize(
    ("html", "title"),
    [
        ("<title> The\n pier </title><h1>Lowmere</h1>x", "The pier"),
        ("<title></title><h1>Lowmere</h1>x", "Lowmere"),
        ("Skip<h1>Lowmere</h1>x<h1>Annex</h1>", "Lowmere"),
        ("<h2>Lowmere</h2>x", None),
    ],
)
def test_html_title_is_the_pages_or_the_first_heading(html, title):
    """A page's own title wins over its first level-one heading."""
    assert _read(html)[0] == title


@pytest.mark.parametrize(
    ("text", "declared", "encoding"),
    [
        (GERMAN, "<meta charset=iso-8859-1>", "cp1252"),
        (RUSSIAN, "<meta http-equiv='a' content='text/html; charset=koi8-r'>", "koi8-r"),
        (JAPANESE, '<?xml version="1.0" encoding="EUC-JP"?>', "euc-jp"),
        (GERMAN, "<meta charset='windows-1251'>", "utf-8-sig"),
        (JAPANESE, "<meta charset='unheard-of'>", "utf-8"),
        (GERMAN, "<meta charset='utf-8'>", "utf-16"),
        (GERMAN, "<meta charset='idna'>", "utf-8"),
        (GERMAN * 3, "<meta charset='utf-8'>", "cp1252"),
        (GERMAN, "", "utf-8"),
    ],
)
def test_html_is_decoded_as_its_mark_or_itself_says(text, declared, encoding):
    """The byte-order mark wins over what the page declares; what is not true is passed over."""
    paragraphs = read_html(f"{declared}<p>{text}".encode(encoding)).paragraphs
    assert [one.text for one in paragraphs] == [text]


@pytest.mark.parametrize("name", ["page.html", "PAGE.HTM"])
def test_html_file_is_a_document(name):
    """Both endings are read, and front matter is text there."""
    document = read_bytes(name, b"---\ntitle: x\n---\n<p>The bell rang.")
    assert texts(document) == ["--- title: x ---", "The bell rang."]


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (b"", "it is empty: it holds no paragraph"),
        (b"<title>x</title><script>1</script>", "it holds no paragraph"),
        (b"\x89PNG\0", "not a text file"),
    ],
)
def test_html_without_text_says_why(data, reason):
    """Empty, wordless and binary files are refused with a reason."""
    assert reason_against("a.html", data).startswith(reason)


@pytest.mark.parametrize(
    ("piece", "kilobytes"),
    [
        ("<div>", 1280),
        *((piece, 256) for piece in ("<b>", "<table>", "<ul><li>", "<b><i><p></b>x</i>")),
        *((piece, 256) for piece in ("<!--", "<a ", "<", "&amp", "</x>", "<p hidden>")),
    ],
)
def test_hostile_html_is_read_in_linear_time(piece, kilobytes):
    """100,000 tags, nested, torn or never closed, neither hang nor overflow the stack."""
    page = piece * ((kilobytes << 10) // len(piece)) + '-->">The bell.'
    tracer = sys.gettrace()
    sys.settrace(None)  # measuring the coverage takes ten times as long as reading
    started = time.process_time()
    paragraphs = read_html(page.encode()).paragraphs
    seconds = time.process_time() - started
    sys.settrace(tracer)
    assert seconds < 5  # about 0.5 as measured
    assert all(one.text.strip() for one in paragraphs)


TAGS = "p div ul ol table pre h1 h2 b nav article header script title svg body template"
PIECES = [f"<{slash}{tag}>" for tag in TAGS.split() for slash in ("", "/")]
PIECES += "<li> <tr> <td> <br> <dl> <dt> <dd> <blockquote> <!-- --> &amp; &#0; &#xD800;".split()
PIECES += "<div\thidden> < > <?xml <![CDATA[ ]]> bell boat".split(" ")


@given(st.lists(st.sampled_from([*PIECES, " ", "\n"])).map("".join) | st.text(min_size=1))
@example("<td>a<td>b")
@example("<table><ul><li>a</table>b</ul>")
@quick
def test_html_of_any_text_gives_numbered_paragraphs_with_words(text):
    """No markup raises, numbers count from 1, and no paragraph is blank or padded."""
    if "\0" in text:
        return
    paragraphs = read_html(text.encode()).paragraphs
    assert [one.number for one in paragraphs] == list(range(1, len(paragraphs) + 1))
    assert all(one.text == one.text.strip() != "" for one in paragraphs)


@given(st.lists(st.text(f"{ascii_letters}\u00e9", min_size=1, max_size=8), min_size=1, max_size=9))
@quick
def test_html_shows_words_and_no_markup(words):
    """Words in a tree of tags come back, each once, in order, with nothing of the tags."""
    page = "".join(f"<div><p>{word}<ul><li>{word}</ul><b>{word}</b></div>" for word in words)
    assert _read(page)[1] == [word for word in words for _ in range(3)]


def test_page_is_quoted_with_its_section(first_quote):
    """A page is indexed and cited like any text, and its quote has no page number."""
    page = b"<title>Lowmere</title><h2>Boats</h2><p>Low.<p>The herring boats leave before dawn."
    quote, shown = first_quote("page.html", page, "when do the herring boats leave?")
    assert (quote["title"], quote["section"]) == ("Lowmere", "Boats")
    assert (quote["paragraph"], quote["paragraph_end"]) == (1, 2)
    assert "page" not in quote
    assert "page.html \u203a Boats, paragraphs 1-2" in shown
