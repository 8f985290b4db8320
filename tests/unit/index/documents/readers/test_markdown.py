"""Markdown becomes a title and paragraphs without markup."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from index.documents import Paragraph
from index.documents.readers.markdown import read_markdown

quick = settings(max_examples=60, deadline=None, derandomize=True)


def _texts(paragraphs):
    return [paragraph.text for paragraph in paragraphs]


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
