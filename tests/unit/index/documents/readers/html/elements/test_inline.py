"""Words in a line are apart, marked and linked as a reader of the page sees them."""

import pytest

from tests.unit.index.documents.readers.html.reading import blocks, content, texts


@pytest.mark.parametrize(
    ("html", "text"),
    [
        ("<b>light</b><i>house</i>", "lighthouse"),
        ("light<b>house</b>", "lighthouse"),
        ("<b>light</b> <i>house</i>", "light house"),
        ("<b>light </b>house", "light house"),
        ("<span class=name>Fee</span><span class=value>four euros</span>", "Fee four euros"),
        ("<span>Monday</span><span>Closed</span>", "Monday Closed"),
        ("<b>Platform</b><span>12</span>", "Platform 12"),
        ("<a href=/a>Fares</a><a href=/b>Times</a>", "Fares Times"),
        ("<code><span class=a>crew</span><span class=b>list</span></code>", "crewlist"),
        ("H<sub>2</sub>O", "H2O"),
        ("super<wbr>market light&shy;house", "supermarket lighthouse"),
        ("Row<br>rest", "Row rest"),
        ("<s>4</s> <del>5</del> 6 <strike>7</strike> euros", "6 euros"),
        ("<span style='text-decoration: line-through'>4</span> 6 euros", "6 euros"),
        ("Tide<sup class=reference><a href='#n1'>[1]</a></sup> at nine", "Tide at nine"),
        ("Tide<a class='footnote-reference brackets' href='#n1'>1</a> at nine", "Tide at nine"),
        ("Fee <button>Copy</button> four", "Fee four"),
    ],
)
def test_words_are_apart_as_a_browser_shows_them(html, text):
    """Parts of a word stay one word; a name and its value do not become one."""
    assert texts(f"<p>{html}") == [text]


@pytest.mark.parametrize(
    ("heading", "text"),
    [
        ("Fares<a class=headerlink href='#fares'>\u00b6</a>", "Fares"),
        ("<a href='#fares'>#</a>Fares", "Fares"),
        ("<a class=anchor href='#fares'></a>Fares <a href='#fares'>\U0001f517</a>", "Fares"),
        ("Fares<a class='hash-link' href='#fares'>\u200b</a>", "Fares"),
        ("<a href='#fares'>Fares</a>", "Fares"),
        ("C<a href='/sharp'>#</a>", "C#"),
        (
            "<span class=mw-headline id=Fares>Fares</span><span class=mw-editsection>[edit]</span>",
            "Fares",
        ),
    ],
)
def test_marks_that_lead_to_a_heading_are_no_part_of_it(heading, text):
    """Permalinks and edit links are left out."""
    (block,) = blocks(f"<h2>{heading}</h2>Four.")
    assert block.section == text


@pytest.mark.parametrize(
    "html",
    [
        "<h2 id=fares>Fares</h2>Four.",
        "<h2><a name=fares></a>Fares</h2>Four.",
        "<h2><span class=mw-headline id=fares>Fares</span></h2>Four.",
        "<section id=fares><h2>Fares</h2>Four.</section>",
        "<div class=section id=fares><h2>Fares</h2><p>Four.</div>",
        "<p>Before.</p><a name=fares></a><h2>Fares</h2>Four.",
    ],
)
def test_heading_has_an_anchor(html):
    """The id is the heading's own, or of what is in it, around it or just before it."""
    assert blocks(html)[-1].anchor == "fares"


def test_section_ends_with_its_element():
    """What follows a section with an id belongs to the heading outside of it."""
    found = blocks(
        "<section id=boats><h2>Boats</h2><section id=old><h3>Old</h3>Gull.</section>Tern.</section>"
    )
    assert [(one.section, one.anchor) for one in found] == [
        ("Boats \u203a Old", "old"),
        ("Boats", "boats"),
    ]


def test_marks_give_the_form_of_words():
    """Links have an absolute address where it is known; blanks around words are not marked."""
    page = (
        "<link rel=canonical href='https://pier.example/docs/fares.html'><main><p>"
        "See <a href='../times'> the times </a>, <b>now</b>: <kbd>row -x</kbd> or "
        "<a href='http://sea.example/'><em>the</em> sea</a>."
    )
    (block,) = content(page).paragraphs
    assert block.text == "See the times , now: row -x or the sea."
    assert [(one.kind, block.text[one.start : one.end], one.value) for one in block.marks] == [
        ("link", "the times", "https://pier.example/times"),
        ("strong", "now", ""),
        ("literal", "row -x", ""),
        ("link", "the sea", "http://sea.example/"),
    ]


def test_link_of_a_page_without_address_has_none():
    """A relative address is of no use outside of its page, but the words are marked."""
    (block,) = blocks("<p><a href='times.html'>Times</a>")
    assert [(one.kind, one.value) for one in block.marks] == [("link", "")]


def test_mark_around_blocks_is_a_mark_in_each():
    """An element that is closed later marks all blocks up to there."""
    found = blocks("<b><div>Row.</div><div>Rest.</div></b><p>Land.")
    assert [len(one.marks) for one in found] == [1, 1, 0]


@pytest.mark.parametrize(
    ("html", "text", "language"),
    [
        ("<pre>  row\n    out\n</pre>", "  row\n    out", ""),
        ("<pre><code class=language-sh>row</code></pre>", "row", "sh"),
        ("<pre class='lang-toml'>row</pre>", "row", "toml"),
        ("<pre data-lang=yaml>row</pre>", "row", "yaml"),
        (
            "<div class='highlight-console notranslate'><div class=highlight>"
            "<pre><span></span>$ row</pre></div></div>",
            "$ row",
            "console",
        ),
        ("<div class='highlight-default'><pre>row</pre></div>", "row", ""),
        (
            "<pre><code><span class=line>row<br></span><span class=line>  out<br>"
            "</span></code></pre>",
            "row\n  out",
            "",
        ),
        ("<pre><div>row</div><div>  out</div></pre>", "row\n  out", ""),
        (
            "<pre><span class=linenos>1</span>row\n<span class=linenos>2</span>out</pre>",
            "row\nout",
            "",
        ),
        (
            "<table class=highlighttable><tr><td class=linenos><pre>1\n2</pre>"
            "<td class=code><pre>row\nout</pre></table>",
            "row\nout",
            "",
        ),
        ("<pre>row<button class=copybtn>Copy</button></pre>", "row", ""),
    ],
)
def test_code_keeps_its_lines_and_language(html, text, language):
    """Indentation stays from the first line on; numbers of lines and controls are left out."""
    (block,) = blocks(html)
    assert (block.kind, block.text) == ("code", text)
    assert [(one.kind, one.start, one.end, one.value) for one in block.marks] == [
        ("code", 0, len(text), language)
    ]


@pytest.mark.parametrize(
    ("formula", "text"),
    [
        ("<mi>V</mi><mo>=</mo><mn>4.5</mn><msup><mi>h</mi><mn>2</mn></msup>", "V = 4.5h^2"),
        ("<mfrac><mn>1</mn><mi>n</mi></mfrac>", "1/n"),
        (
            "<msqrt><mi>n</mi></msqrt><mo>&#8290;</mo><msub><mi>x</mi><mn>0</mn></msub>",
            "\u221anx_0",
        ),
        (
            "<semantics><mi>V</mi>"
            "<annotation encoding='application/x-tex'>V = 4.5</annotation></semantics>",
            "V = 4.5",
        ),
        ("<semantics><mi>V</mi><annotation>V4</annotation></semantics>", "V"),
    ],
)
def test_formula_is_text(formula, text):
    """Its source in TeX is read where the page has it, else its parts."""
    assert texts(f"<p>Take <math>{formula}</math> litres.") == [f"Take {text} litres."]


def test_formula_that_a_wiki_hides_behind_a_picture_is_text():
    """Its markup is meant for those who do not see the picture."""
    wiki = (
        "<span class='mwe-math-element'>"
        "<span class='mwe-math-mathml-inline' style='display: none;'>"
        "<math alttext='{\\displaystyle V=4}'><mi>V</mi></math></span><img alt='V=4'></span>"
    )
    assert texts(f"<p>Take {wiki} litres.") == ["Take V=4 litres."]


@pytest.mark.parametrize("name", ["tex", "math", "mwe-math-fallback-image-inline"])
def test_picture_of_a_formula_is_read_as_its_source(name):
    """Other pictures are not."""
    image = f"<img class='{name}' alt='{{\\displaystyle v^2}}'>"
    assert texts(f"<p>Here {image} is the speed. <img alt=Gate>") == ["Here v^2 is the speed."]
