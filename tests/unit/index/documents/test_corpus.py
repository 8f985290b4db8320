"""Files of the corpus become documents: listing, decoding, headers, readers."""

import contextlib
import os
import time

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from index.documents import Limits, Paragraph, list_corpus, read_document
from index.documents.readers.charset import decode_text
from index.documents.readers.front_matter import published_at, split_front_matter
from index.documents.readers.markdown import read_markdown
from index.documents.readers.plain_text import read_plain_text
from index.errors import CorpusReadError, EmptyCorpusError
from tests.support.checkout import SHARED_ARTICLE, needs_article

quick = settings(max_examples=60, deadline=None, derandomize=True)

GERMAN = "Die Möwen über der Küste hören das Läuten der Glocke. Später fällt Schnee auf die Häuser."
RUSSIAN = "Рыбаки возвращаются домой вечером, когда над гаванью звонит старый колокол."
JAPANESE = "港の鐘は朝早く鳴り、漁師たちは夜明け前に船を出します。灯台は二度燃えました。"


def _texts(paragraphs):
    return [paragraph.text for paragraph in paragraphs]


def _letters(text):
    return "".join(text.split())


@pytest.fixture
def corpus(tmp_path):
    folder = tmp_path / "corpus"
    folder.mkdir()
    return folder


def _read_only_file(folder):
    (file,), _ = list_corpus(folder)
    return read_document(file)


# Plain text


@pytest.mark.parametrize("gap", ["\n\n", "\n\n\n\n", "\n \t\n", "\n\u00a0\n", "\n\u3000 \u2003\n"])
def test_plain_text_paragraphs_stand_between_blank_lines(gap):
    """Blank lines part paragraphs, also lines of non-breaking and wide spaces."""
    _, paragraphs = read_plain_text(gap.join(["Low tide.", "High tide.", "No tide."]))
    assert paragraphs == (
        Paragraph(1, "Low tide."),
        Paragraph(2, "High tide."),
        Paragraph(3, "No tide."),
    )


@pytest.mark.parametrize(
    ("block", "text"),
    [
        ("The boats came\nhome with\nthe tide.", "The boats came home with the tide."),
        ("  The boats came   \n\tlate.  ", "The boats came late."),
        ("\u00a0The\u00a0bell rang.\u00a0", "The\u00a0bell rang."),
        ("We sell:\n- nets\n- long\n  ropes", "We sell:\n- nets\n- long ropes"),
        ("1. Cast off.\n2. Row\nout.\n10) Rest.", "1. Cast off.\n2. Row out.\n10) Rest."),
        ("\u2022 nets\n\u2022 ropes", "\u2022 nets\n\u2022 ropes"),
        ("(a) nets\n(b) ropes", "(a) nets\n(b) ropes"),
        ("In the year\n1887 it sank.", "In the year 1887 it sank."),
    ],
)
def test_plain_text_joins_wrapped_lines_and_keeps_lists(block, text):
    """Hard wrapping is undone with single spaces; the lines of a list stay lines."""
    _, paragraphs = read_plain_text(f"First paragraph.\n\n{block}\n\nLast paragraph.")
    assert _texts(paragraphs)[1] == text


@pytest.mark.parametrize(
    "title", ["The harbour of Lowmere", "Who rang the bell?", "Finch & Sons Inc.", "x" * 150]
)
@pytest.mark.parametrize("times", [1, 2])
def test_plain_text_title_is_a_short_first_line_that_may_stand_twice(title, times):
    """A first line that is no sentence is the title, its repetition too, and no paragraph."""
    text = f"{title}\n\n" * times + "The bell rang."
    assert read_plain_text(text) == (title, (Paragraph(1, "The bell rang."),))


@pytest.mark.parametrize("times", [3, 4])
def test_plain_text_line_that_stands_often_is_text_too(times):
    """Only one repetition belongs to the title; what comes after it is quoted."""
    title, paragraphs = read_plain_text("Refrain\n\n" * times + "The bell rang.")
    assert title == "Refrain"
    assert _texts(paragraphs) == ["Refrain"] * (times - 2) + ["The bell rang."]


def test_plain_text_of_many_equal_blocks_is_read_in_linear_time():
    """A text that says one thing 200,000 times takes no minutes."""
    started = time.process_time()
    _, paragraphs = read_plain_text("Tide\n\n" * 200_000)
    assert len(paragraphs) == 199_998
    assert time.process_time() - started < 5  # seconds


def test_plain_text_title_may_be_a_sentence_when_it_stands_twice():
    """A headline with a final mark is known by its repetition."""
    title, paragraphs = read_plain_text("Nobody drowned.\n\nNobody drowned.\n\nThe bell rang.")
    assert (title, _texts(paragraphs)) == ("Nobody drowned.", ["The bell rang."])


@pytest.mark.parametrize(
    "first",
    ["The bell rang.", "Inside:", "- nets", "x" * 151, "Two\nlines", "Sold,", "So it went!"],
)
def test_plain_text_without_a_title_begins_with_a_paragraph(first):
    """A sentence, a list item, a long line or two lines are no title."""
    title, paragraphs = read_plain_text(f"{first}\n\nNobody drowned.")
    assert title is None
    assert [paragraph.number for paragraph in paragraphs] == [1, 2]


@pytest.mark.parametrize("text", ["", " \n\n\u00a0\n", "\n"])
def test_plain_text_of_white_space_has_no_paragraph(text):
    """An empty text is empty, with no title."""
    assert read_plain_text(text) == (None, ())


def test_plain_text_of_one_line_is_a_paragraph():
    """A title needs a text below it."""
    assert read_plain_text("Closed in winter") == (None, (Paragraph(1, "Closed in winter"),))


@given(st.lists(st.text(st.characters(exclude_characters="\r"))).map("\n\n".join))
@example("A\n\nA\n\nA")
@quick
def test_plain_text_loses_no_character(text):
    """Title and paragraphs hold every character of the text in order, white space aside."""
    title, paragraphs = read_plain_text(text)
    found, head = _letters("".join(_texts(paragraphs))), _letters(title or "")
    lost = _letters(text).removesuffix(found)
    assert lost == head * (len(lost) // len(head) if head else 0)
    assert _letters(text).endswith(found)


@needs_article
def test_article_has_51_paragraphs_and_a_title_that_stands_twice():
    """The shared article gives paragraphs 1 to 51, and its doubled headline is no paragraph."""
    document = _read_only_file(SHARED_ARTICLE)
    assert [paragraph.number for paragraph in document.paragraphs] == list(range(1, 52))
    assert document.title.startswith("U.S.-Israel Relationship Shows Signs of Strain")
    assert document.title not in _texts(document.paragraphs)
    assert document.paragraphs[0].text.startswith("President Biden was getting ready")


@needs_article
def test_article_loses_no_character():
    """The shared article is its title twice and its paragraphs, white space aside."""
    document = _read_only_file(SHARED_ARTICLE)
    text = (SHARED_ARTICLE / "article.txt").read_text(encoding="utf-8")
    found = _letters("".join(_texts(document.paragraphs)))
    assert _letters(text) == _letters(document.title) * 2 + found


# Decoding


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-32"])
def test_decoding_reads_unicode_with_and_without_a_byte_order_mark(encoding):
    """The mark chooses the encoding and is no part of the text."""
    assert decode_text(f"{GERMAN}\n{JAPANESE}".encode(encoding)) == f"{GERMAN}\n{JAPANESE}"


@pytest.mark.parametrize(
    ("mark", "encoding"),
    [
        (b"\xfe\xff", "utf-16-be"),
        (b"\xff\xfe", "utf-16-le"),
        (b"\x00\x00\xfe\xff", "utf-32-be"),
        (b"\xff\xfe\x00\x00", "utf-32-le"),
    ],
)
def test_decoding_follows_the_byte_order(mark, encoding):
    """Either byte order is read, and UTF-32 is not taken for UTF-16."""
    assert decode_text(mark + GERMAN.encode(encoding)) == GERMAN


@pytest.mark.parametrize(
    ("text", "encoding"),
    [(GERMAN, "cp1252"), (RUSSIAN, "cp1251"), (RUSSIAN, "koi8-r"), (JAPANESE, "shift_jis")],
)
def test_decoding_guesses_other_encodings(text, encoding):
    """A text in an older encoding is read as it was written."""
    assert decode_text((text * 3).encode(encoding)) == text * 3


@pytest.mark.parametrize("line_end", ["\n", "\r\n", "\r"])
def test_decoding_makes_every_line_end_a_line_feed(line_end):
    """Windows and old Mac line ends become line feeds."""
    data = line_end.join(["One.", "", "Two."]).encode()
    assert decode_text(data) == "One.\n\nTwo."


@pytest.mark.parametrize(
    "data", [b"\x89PNG\x00\x01", b"\x00", b"\xff\xfea", b"\xef\xbb\xbf\xff", b"\xff\xfe\x00\x00a"]
)
def test_decoding_refuses_what_is_no_text(data):
    """Zero bytes and broken Unicode raise ValueError."""
    with pytest.raises(ValueError, match=r"text|decode|codec"):
        decode_text(data)


@given(st.binary(max_size=40))
@settings(quick, max_examples=30)
def test_decoding_of_any_bytes_gives_text_or_value_error(data):
    """No bytes raise anything but ValueError, and the text has only line feeds."""
    with contextlib.suppress(ValueError):
        assert "\r" not in decode_text(data)


# Front matter


def test_front_matter_gives_scalars_as_text_and_the_body():
    """Plain values are kept as written; lists and maps are left out."""
    header, body = split_front_matter("---\ntitle: 1802\nold: yes\nx: [1]\n---\nThe bell.\n")
    assert (header, body) == ({"title": "1802", "old": "yes"}, "The bell.\n")


@pytest.mark.parametrize(
    "text",
    [
        "The bell.\n---\na: b\n---",
        "---\na: b\nno end",
        "----\na: b\n---",
        "---\n\nThe bell rang.\n\n---\n\nNobody came.",
        "---\n" + "a: b\n" * 200 + "---\nThe bell.",
    ],
)
def test_front_matter_absent_leaves_the_text_unchanged(text):
    """What is not a short map between two lines of dashes on top is text."""
    assert split_front_matter(text) == ({}, text)


@pytest.mark.parametrize("header", ["a: b: c", "\ta: b", "a: *b", "? [a]\n: b", "x: \x01"])
def test_front_matter_with_broken_yaml_is_refused(header):
    """A broken header raises ValueError."""
    with pytest.raises(ValueError, match="not valid YAML"):
        split_front_matter(f"---\n{header}\n---\nThe bell.")


def test_front_matter_never_makes_python_objects():
    """A tag that names a Python function stays text or is refused, and nothing runs."""
    header = "title: !!python/object/apply:os.getcwd []"
    assert "title" not in split_front_matter(f"---\n{header}\n---\n")[0]


@pytest.mark.parametrize(
    "url",
    [
        "https://lowmere.example/harbour?page=2#bell",
        "http://[2001:db8::1]:8080/",
        "HTTPS://m\u00f8rby.example/\u5317",
        "https://lowmere.example/" + "a" * 1976,
    ],
)
def test_address_of_a_text_is_kept_as_it_is_written(url):
    """An http or https address of at most 2,000 characters is where a text is published."""
    assert published_at({"url": f" {url} "}) == url


@pytest.mark.parametrize(
    "url",
    [
        "",
        "lowmere.example",
        "ftp://lowmere.example/",
        "javascript:alert(1)",
        "https://",
        "https:///harbour",
        "https://[lowmere",
        "https://lowmere.example/a b",
        "https://lowmere.example/\u00a0a",
        "https://lowmere.example/\na",
        "https://lowmere.example/\x1b[31m",
        "https://lowmere.example/\u202egpj",
        "https://lowmere.example/" + "a" * 1977,
    ],
)
def test_address_that_no_reader_can_follow_is_ignored(url):
    """Other schemes, white space, control characters and overlong addresses are no address."""
    assert published_at({"url": url}) is None


@pytest.mark.parametrize("header", ["---\n---\n", "---\n# only a comment\n---\n"])
def test_empty_front_matter_is_not_part_of_the_text(header):
    """A header without fields is a header all the same."""
    assert split_front_matter(f"{header}The bell rang.") == ({}, "The bell rang.")


def test_deeply_nested_front_matter_is_refused():
    """Brackets nested too deep for the parser raise ValueError like any broken header."""
    with pytest.raises(ValueError, match="not valid YAML"):
        split_front_matter("---\na: " + "[" * 5000 + "\n---\nThe bell.")


def test_header_of_many_characters_is_text():
    """What is longer than any header stays in the text, and YAML's slow parser never sees it."""
    long = "---\ntitle: Boats\na: [" + "1," * 10_000 + "]\n---\nThe bell."
    assert split_front_matter(long) == ({}, long)


# Markdown


@pytest.mark.parametrize(
    ("markdown", "text"),
    [
        ("The *old* **bell** `rang` ~~twice~~.", "The old bell rang twice."),
        ("See [the pier](https://pier.example 'x').", "See the pier."),
        ("![a grey tower](tower.png) stands.", "a grey tower stands."),
        ("Wrapped\nby hand.", "Wrapped by hand."),
        ("Broken  \nby spaces\\\nor a slash.", "Broken by spaces or a slash."),
        (r"Two \* two &amp; more &copy;", "Two * two & more \u00a9"),
        ("> A quote\n> in two lines.", "A quote in two lines."),
        ("- nets\n- long\n  ropes", "nets\nlong ropes"),
        ("3. Cast off.\n4. Row.", "3. Cast off.\n4. Row."),
        ("1. Cast\n   - off\n2. Row", "1. Cast\noff\n2. Row"),
        ("| boat | crew |\n|---|---|\n| Ada | *4* |", "boat | crew\nAda | 4"),
        ("```sh\nring bell\n\nrun\n```", "ring bell\n\nrun"),
        ("    ring bell", "ring bell"),
        ("A <b>loud</b> bell.<!-- hidden -->", "A loud bell."),
        ("<div class='x'>Fish &amp; chips</div>", "Fish & chips"),
    ],
)
def test_markdown_block_is_one_paragraph_without_its_markup(markdown, text):
    """Each block is quoted as a reader sees it."""
    assert read_markdown(f"Before.\n\n{markdown}\n\nAfter.")[1] == (
        Paragraph(1, "Before."),
        Paragraph(2, text),
        Paragraph(3, "After."),
    )


@pytest.mark.parametrize("markdown", ["***", "<!-- note -->", "[a]: http://b.example", "<div>", ""])
def test_markdown_without_words_has_no_paragraph(markdown):
    """Rules, comments, link definitions and bare tags are not quoted."""
    assert read_markdown(markdown) == (None, ())


def test_markdown_loose_list_has_a_paragraph_for_each_of_its_own():
    """Items parted by blank lines are paragraphs, an item's second paragraph too."""
    _, paragraphs = read_markdown("- Nets.\n- Ropes.\n\n  Long ones.\n- Lamps.")
    assert _texts(paragraphs) == ["Nets.", "Ropes.", "Long ones.", "Lamps."]


def test_markdown_headings_become_the_title_and_section_paths():
    """The level-one heading on top is the title; the others name sections, closed by level."""
    title, paragraphs = read_markdown(
        "# Lowmere\n\nOne.\n\n## Boats\n\nTwo.\n\n### *Old* boats\n\nThree.\n\n"
        "Tides\n-----\n\nFour.\n\n# Annex\n\nFive."
    )
    assert title == "Lowmere"
    assert [(p.number, p.text, p.section) for p in paragraphs] == [
        (1, "One.", None),
        (2, "Two.", "Boats"),
        (3, "Three.", "Boats \u203a Old boats"),
        (4, "Four.", "Tides"),
        (5, "Five.", "Annex"),
    ]


@pytest.mark.parametrize("markdown", ["One.\n\n# Boats\n\nTwo.", "## A\n\n# Boats\n\nTwo."])
def test_markdown_title_stands_on_top_only(markdown):
    """A level-one heading below something else is a section."""
    title, paragraphs = read_markdown(markdown)
    assert (title, paragraphs[-1].section) == (None, "Boats")


@pytest.mark.parametrize(
    ("markdown", "text"),
    [
        ("Row out.<br>Row back.", "Row out. Row back."),
        ("<p>Row out.</p><p>Row back.</p>", "Row out. Row back."),
        ("<table><tr><td>Ada</td><td>four</td></tr></table>", "Ada four"),
    ],
)
def test_markdown_html_does_not_glue_words_together(markdown, text):
    """Words on two sides of a break, a paragraph end or a cell end stay apart."""
    assert _texts(read_markdown(markdown)[1]) == [text]


@pytest.mark.parametrize("tag", ["style", "script"])
def test_markdown_style_and_script_are_not_quoted(tag):
    """What a browser would not show is no paragraph."""
    _, paragraphs = read_markdown(f"<{tag}>\np = 1\n</{tag}>\n\nThe bell rang.")
    assert _texts(paragraphs) == ["The bell rang."]


@pytest.mark.parametrize("html", ["<![x[ y ]]>", "<![ y"])
def test_markdown_with_a_malformed_html_declaration_is_read(html):
    """A declaration that Python's HTML parser does not know does not end the build."""
    _, paragraphs = read_markdown(f"<div>\n{html}\n</div>\n\nThe bell rang.")
    assert _texts(paragraphs)[-1] == "The bell rang."


MARKUP = ["# ", "- ", "1. ", "> ", "```\n", "| a |\n", "|---|\n", "    ", " ", "\n", "\n\n"]
MARKUP += "* _ [ ]( ) <b> </p> <!-- --> &amp; \\ ` boat bell".split()


@given(
    st.lists(st.sampled_from(MARKUP)).map("".join)
    | st.text(st.characters(exclude_characters="\r\0<"))
)
@quick
def test_markdown_of_any_text_gives_numbered_paragraphs_with_words(text):
    """No markup raises, numbers count from 1, and no paragraph is blank or padded."""
    _, paragraphs = read_markdown(text)
    assert [p.number for p in paragraphs] == list(range(1, len(paragraphs) + 1))
    assert all(p.text == p.text.strip() != "" for p in paragraphs)


@given(
    st.lists(
        st.lists(st.from_regex(r"[A-Za-z\u00e9]{1,8}", fullmatch=True), min_size=1).map("\n".join)
    )
)
@quick
def test_markdown_paragraphs_of_plain_words_lose_none(blocks):
    """Words without markup come back as they were, wrapped lines joined."""
    _, paragraphs = read_markdown("\n\n".join(blocks))
    assert _texts(paragraphs) == [block.replace("\n", " ") for block in blocks]


# Documents and the corpus folder


@pytest.mark.parametrize(
    ("name", "text", "title"),
    [
        ("a.txt", "---\ntitle: From the header\n---\nOwn title\n\nText.", "From the header"),
        ("a.txt", "---\ntitle: ''\n---\nOwn title\n\nText.", "Own title"),
        ("a.md", "# Own title\n\nText.", "Own title"),
        ("old_stone-pier.md", "Text.", "old stone pier"),
        ("A.TXT", "Text.", "A"),
        ("-.txt", "Text.", "-.txt"),
    ],
)
def test_document_title_is_from_the_header_the_text_or_the_name(corpus, name, text, title):
    """The header wins over the text's own title, and that over the file's name."""
    (corpus / name).write_text(text, encoding="utf-8")
    document = _read_only_file(corpus)
    assert document.title == title
    assert [paragraph.number for paragraph in document.paragraphs] == [1]


def test_document_from_windows_reads_like_any_other(corpus):
    """Byte-order mark, Windows line ends, a header and wrapped lines together give the text."""
    text = "---\r\ntitle: Pier\r\n---\r\nThe bell\r\nrang.\r\n\u00a0\r\nNobody came.\r\n"
    (corpus / "pier.txt").write_bytes(text.encode("utf-8-sig"))
    document = _read_only_file(corpus)
    assert (document.source, document.title) == ("pier.txt", "Pier")
    assert _texts(document.paragraphs) == ["The bell rang.", "Nobody came."]


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (b"\x89PNG\x00", "not a text file"),
        (b"\xff\xfeabc", "not a valid text"),
        (b"---\na: b: c\n---\nText.", "not valid YAML"),
        (b" \n\n", "no paragraph"),
        (b"", "no paragraph"),
    ],
)
def test_document_that_cannot_be_read_says_why(corpus, data, reason):
    """Binary files, broken encodings, broken headers and empty texts are refused with a reason."""
    (corpus / "a.txt").write_bytes(data)
    with pytest.raises(CorpusReadError, match=reason):
        _read_only_file(corpus)


def test_document_deleted_after_listing_says_so(corpus):
    """A file that vanished between listing and reading is a read error."""
    (corpus / "a.txt").write_text("Text.", encoding="utf-8")
    (file,), _ = list_corpus(corpus)
    file.path.unlink()
    with pytest.raises(CorpusReadError, match="No such file"):
        read_document(file)


def test_corpus_lists_texts_in_the_order_of_their_sources(corpus):
    """Files of all folders come sorted by their path with forward slashes."""
    for name in ("b.txt", "a/z.md", "a.markdown", "B.TXT"):
        (corpus / name).parent.mkdir(exist_ok=True)
        (corpus / name).write_text("Text.", encoding="utf-8")
    files, skipped = list_corpus(corpus)
    assert [file.source for file in files] == ["B.TXT", "a.markdown", "a/z.md", "b.txt"]
    assert skipped == []


@pytest.mark.parametrize(
    "name",
    ["README.md", "readme.TXT", "Readme.markdown", ".hidden.txt", ".git/a.txt", "a/.b/c.txt"],
)
def test_corpus_passes_over_readmes_and_hidden_files(corpus, name):
    """README.* and whatever is hidden is neither listed nor reported."""
    (corpus / name).parent.mkdir(parents=True, exist_ok=True)
    (corpus / name).write_text("Text.", encoding="utf-8")
    assert list_corpus(corpus) == ([], [])


@pytest.mark.parametrize("name", ["a.doc", "noending", "a.txt~", "a.png"])
def test_corpus_reports_files_of_other_kinds(corpus, name):
    """A file with another ending is skipped, and the reason names the endings that work."""
    (corpus / name).write_text("Text.", encoding="utf-8")
    files, (skipped,) = list_corpus(corpus)
    assert files == []
    assert (skipped.source, ".txt" in skipped.reason) == (name, True)


def test_corpus_skips_links_that_lead_outside(corpus, tmp_path):
    """A link to a file or folder outside is not followed; one to a file inside is."""
    (tmp_path / "secret").mkdir()
    (tmp_path / "secret" / "s.txt").write_text("Secret.", encoding="utf-8")
    (corpus / "a.txt").write_text("Text.", encoding="utf-8")
    (corpus / "inside.txt").symlink_to("a.txt")
    (corpus / "outside.txt").symlink_to(tmp_path / "secret" / "s.txt")
    (corpus / "climbing.txt").symlink_to("../secret/s.txt")
    (corpus / "folder").symlink_to(tmp_path / "secret")
    files, skipped = list_corpus(corpus)
    assert [file.source for file in files] == ["a.txt", "inside.txt"]
    assert [(file.source, file.reason) for file in skipped] == [
        ("climbing.txt", "it is a link to a place outside the corpus"),
        ("folder", "it is a link to a folder"),
        ("outside.txt", "it is a link to a place outside the corpus"),
    ]


def test_corpus_reports_a_link_to_a_folder_inside(corpus):
    """A linked folder is not walked twice, but never passed over silently."""
    (corpus / "b").mkdir()
    (corpus / "b" / "a.txt").write_text("Text.", encoding="utf-8")
    (corpus / "b" / "again").symlink_to(corpus / "b")
    (corpus / ".hidden").symlink_to(corpus / "b")
    files, (skipped,) = list_corpus(corpus)
    assert [file.source for file in files] == ["b/a.txt"]
    assert (skipped.source, skipped.reason) == ("b/again", "it is a link to a folder")


@pytest.fixture
def closed_folder(corpus, monkeypatch):
    """A folder of the corpus that may not be listed, whoever runs the tests."""
    scandir = os.scandir

    def refuse(path):
        if os.fspath(path).endswith("closed"):
            raise PermissionError(13, "Permission denied", os.fspath(path))
        return scandir(path)

    monkeypatch.setattr(os, "scandir", refuse)
    (corpus / "closed").mkdir()
    return corpus / "closed"


@pytest.mark.usefixtures("closed_folder")
def test_corpus_reports_a_folder_that_cannot_be_read(corpus):
    """A folder without permission is reported in its place, and the rest is listed."""
    for name in ("a", "z"):
        (corpus / f"{name}.txt").write_text("Text.", encoding="utf-8")
        (corpus / f"{name}.doc").write_text("Text.", encoding="utf-8")
    files, skipped = list_corpus(corpus)
    assert [file.source for file in files] == ["a.txt", "z.txt"]
    assert [file.source for file in skipped] == ["a.doc", "closed", "z.doc"]
    assert skipped[1].reason == "Permission denied"


def test_corpus_folder_must_be_readable(closed_folder):
    """A corpus that cannot be listed is no empty one without a word."""
    with pytest.raises(EmptyCorpusError, match="Permission denied"):
        list_corpus(closed_folder)


def test_corpus_folder_may_itself_be_a_link(corpus, tmp_path):
    """A corpus reached through a link is read as usual."""
    (corpus / "a.txt").write_text("Text.", encoding="utf-8")
    (tmp_path / "link").symlink_to(corpus)
    files, skipped = list_corpus(tmp_path / "link")
    assert ([file.source for file in files], skipped) == (["a.txt"], [])


def test_corpus_skips_what_is_no_regular_file(corpus):
    """A broken link and a pipe are reported and never opened."""
    (corpus / "broken.txt").symlink_to("nowhere.txt")
    os.mkfifo(corpus / "pipe.txt")
    files, skipped = list_corpus(corpus)
    assert files == []
    assert [file.reason for file in skipped] == ["it is not a regular file"] * 2


def test_corpus_skips_a_link_to_itself(corpus):
    """A link that leads in a circle is reported like any broken link."""
    (corpus / "circle.txt").symlink_to("circle.txt")
    files, skipped = list_corpus(corpus)
    assert (files, [file.source for file in skipped]) == ([], ["circle.txt"])


def test_corpus_skips_files_that_are_too_large(corpus):
    """A file over the limit is reported with the limit; one of exactly the limit is read."""
    (corpus / "exact.txt").write_bytes(b"x" * (1 << 20))
    (corpus / "larger.txt").write_bytes(b"x" * ((1 << 20) + 1))
    files, (skipped,) = list_corpus(corpus, Limits(max_file_mb=1))
    assert [file.source for file in files] == ["exact.txt"]
    assert (skipped.source, skipped.reason) == ("larger.txt", "it is larger than 1 MiB")


def test_corpus_skips_a_file_whose_name_is_no_text(corpus):
    """A name in a broken encoding is reported in characters that can be printed."""
    (corpus / os.fsdecode(b"b\xff.txt")).write_bytes(b"Text.")
    files, (skipped,) = list_corpus(corpus)
    assert (files, skipped.source) == ([], "b?.txt")
    assert skipped.reason == "its name is not valid text"


def test_corpus_skips_a_folder_whose_name_is_no_text(corpus):
    """Every listed source can be written as UTF-8, also below a folder with a broken name."""
    folder = corpus / os.fsdecode(b"b\xff")
    folder.mkdir()
    (folder / "a.txt").write_bytes(b"Text.")
    files, _ = list_corpus(corpus)
    assert [file.source.encode() for file in files] == []


def test_corpus_hash_changes_with_the_bytes(corpus):
    """Equal bytes have equal hashes, and one changed byte another."""
    for name, data in (("a.txt", b"Text."), ("b.txt", b"Text."), ("c.txt", b"text.")):
        (corpus / name).write_bytes(data)
    a, b, c = (file.sha256 for file in list_corpus(corpus)[0])
    assert a == b != c


def test_corpus_folder_must_exist(tmp_path):
    """A missing folder, or a file in its place, is an empty corpus, and the message names it."""
    (tmp_path / "file").write_text("x", encoding="utf-8")
    for name in ("missing", "file"):
        with pytest.raises(EmptyCorpusError, match=rf"{name}: no such folder; put \.txt"):
            list_corpus(tmp_path / name)
