"""Markdown becomes a title and paragraphs without markup."""

import re
from string import ascii_letters, ascii_lowercase

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from index.documents.model import Mark
from index.documents.readers.markdown import read_markdown

quick = settings(
    max_examples=60,
    deadline=None,
    derandomize=True,
    suppress_health_check=[HealthCheck.too_slow],  # on a machine with much else to do
)


def _texts(paragraphs):
    return [paragraph.text for paragraph in paragraphs]


@pytest.mark.parametrize(
    ("markdown", "text"),
    [
        ("The *old* **bell** `rang` ~~twice~~.", "The old bell rang."),
        ("See [the pier](https://pier.example 'x').", "See the pier."),
        ("![a grey tower](tower.png) stands.", "a grey tower stands."),
        ("Choose ![the bell](bell.png) above.", "Choose the bell above."),
        ("Choose Ring. ![a](a.png)![b](b.png)", "Choose Ring."),
        ("1. Choose **Ring**. ![a](a.png)\n2. Wait.", "1. Choose Ring.\n2. Wait."),
        ("| a ![yes](yes.png) |\n|---|", "a yes"),
        ("Set `#!yaml bell: true` or `:::py ring`.", "Set bell: true or ring."),
        ("See [`bell`][config.bell] of [the pier][pier.a].", "See bell of the pier."),
        (
            "See [the old\nbell]\n[config.bell] and [a] [b] [1.5].",
            "See [the old bell] [config.bell] and [a] [b] [1.5].",
        ),
        ("See the [`bell`]\n[config.bell], [the pier] [pier.a].", "See the bell, the pier."),
        (":material-bell: \u2013 The bell", "The bell"),
        (":material-bell: Bells \u2013 they ring", "Bells \u2013 they ring"),
        ("__Since__{ title='4' }: it rings.", "Since: it rings."),
        ("Wrapped\nby hand.", "Wrapped by hand."),
        ("Broken  \nby spaces\\\nor a slash.", "Broken by spaces or a slash."),
        (r"Two \* two &amp; more &copy;", "Two * two & more \u00a9"),
        ("> A quote\n> in two lines.", "A quote in two lines."),
        ("- nets\n- long\n  ropes", "nets\nlong ropes"),
        ("3. Cast off.\n4. Row.", "3. Cast off.\n4. Row."),
        ("1. Cast\n   - off\n2. Row", "1. Cast\noff\n2. Row"),
        ("| boat | crew |\n|---|---|\n| Ada | *4* |", "boat | crew\nAda | 4"),
        ("```sh\nring bell\n\nrun\n```", "ring bell\n\nrun"),
        ("    ring bell\n      twice", "ring bell\n  twice"),
        ("```\na\n  \nb\n```", "a\n  \nb"),
        ("```yaml\n    a:\n      b\n```", "    a:\n      b"),
        ("1. Cast off.\n1. Row.", "1. Cast off.\n2. Row."),
        ("- [ ] nets\n- [x] ropes", "nets\nropes"),
        ("| day | noon |\n|---|---|\n| May | |\n| | Ada |", "day | noon\nMay | \n | Ada"),
        ("A <b>loud</b> bell.<!-- hidden -->", "A loud bell."),
        ("<div class='x'>Fish &amp; chips</div>", "Fish & chips"),
    ],
)
def test_markdown_block_is_one_paragraph_without_its_markup(markdown, text):
    """Each block is quoted as a reader sees it."""
    _, paragraphs = read_markdown(f"Before.\n\n{markdown}\n\nAfter.")
    assert _texts(paragraphs) == ["Before.", text, "After."]
    assert [paragraph.number for paragraph in paragraphs] == [1, 2, 3]


@pytest.mark.parametrize(
    "markdown",
    ["***", "![a](a.png) [![b](b.png)](/b)", "<!-- note -->", "[a]: http://b.example", "<div>", ""],
)
def test_markdown_without_words_has_no_paragraph(markdown):
    """Rules, comments, link definitions and bare tags are not quoted."""
    assert read_markdown(markdown) == (None, ())


def test_markdown_loose_list_has_a_paragraph_for_each_of_its_own():
    """Items parted by blank lines are paragraphs, an item's second paragraph too."""
    _, paragraphs = read_markdown("- Nets.\n- Ropes.\n\n  Long ones.\n- Lamps.")
    assert _texts(paragraphs) == ["Nets.", "Ropes.", "Long ones.", "Lamps."]


def test_markdown_steps_of_a_loose_list_keep_their_numbers():
    """Each step is an item, and what else belongs to it is read with it."""
    _, paragraphs = read_markdown(
        "1. Open the tap.\n\n2. Press **start**.\n\n   ```\n   LAMP\n   ```\n\n   - or so\n\n"
        "3. Wait."
    )
    assert [(p.kind, p.text, p.continues) for p in paragraphs] == [
        ("item", "1. Open the tap.", False),
        ("item", "2. Press start.", False),
        ("code", "LAMP", True),
        ("list", "or so", True),
        ("item", "3. Wait.", False),
    ]
    assert paragraphs[1].marks == (Mark("strong", 9, 14),)


def test_markdown_marks_are_parts_of_the_text():
    """Links, code and strong text are marked where they stand; relative links have no address."""
    _, (paragraph,) = read_markdown(
        "**Row** to [the *pier*](https://pier.example/a) or `[bay]` or [home](../b), "
        "see https://sea.example/c_d."
    )
    shown = [(m.kind, paragraph.text[m.start : m.end], m.value) for m in paragraph.marks]
    assert shown == [
        ("strong", "Row", ""),
        ("link", "the pier", "https://pier.example/a"),
        ("literal", "[bay]", ""),
        ("link", "home", ""),
        ("link", "https://sea.example/c_d", "https://sea.example/c_d"),
    ]


def test_markdown_relative_links_are_resolved_where_the_address_is_known():
    """The address of the text itself says where its links lead; sources of pages are not pages."""
    _, (paragraph,) = read_markdown(
        "[a](../b) [c](#d) [e](f.md)", url="https://sea.example/docs/boats"
    )
    assert [mark.value for mark in paragraph.marks] == [
        "https://sea.example/b",
        "https://sea.example/docs/boats#d",
        "",
    ]


@pytest.mark.parametrize(
    ("heading", "text", "anchor"),
    [
        ("Old boats", "Old boats", "old-boats"),
        ("What's new in `v2.1`?", "What's new in v2.1?", "whats-new-in-v21"),
        ("Boats {#all-boats}", "Boats", "all-boats"),
        ('Boats<a name="b_1"></a>', "Boats", "b_1"),
        ("Gr\u00f6\u00dfe & mehr", "Gr\u00f6\u00dfe & mehr", "gr\u00f6\u00dfe--mehr"),
    ],
)
def test_markdown_heading_has_an_anchor(heading, text, anchor):
    """The id is the one that is written, else the one that GitHub makes."""
    _, (paragraph,) = read_markdown(f"## {heading}\n\nThe bell.")
    assert (paragraph.section, paragraph.anchor) == (text, anchor)


def test_markdown_headings_of_one_text_have_different_anchors():
    """The second one gets a number."""
    _, paragraphs = read_markdown("## A\n\nOne.\n\n## A\n\nTwo.")
    assert [p.anchor for p in paragraphs] == ["a", "a-1"]


def test_markdown_footnotes_stand_where_they_are_referred_to():
    """A note is read with the paragraph that refers to it, once; nobody's note is no text."""
    _, paragraphs = read_markdown(
        "The ferry runs daily.[^1] Again.[^1]\n\nNext.\n\n"
        "[^1]: Not in *winter*.\n    Nor in fog.\n\n    Ask.\n[^2]: Nobody refers here."
    )
    assert [(p.text, p.continues) for p in paragraphs] == [
        ("The ferry runs daily. Again.", False),
        ("Not in winter. Nor in fog.", True),
        ("Ask.", True),
        ("Next.", False),
    ]


@pytest.mark.parametrize(
    ("announced", "texts"),
    [
        ("1. One.\n2. Two.", ["1. One.\n2. Two."]),
        ("1. One.\n\n2. Two.", ["1. One.", "2. Two."]),
        ("```\nring\n```", ["ring"]),
        ("| a | b |\n|---|---|\n| 1 | 2 |", ["a | b\n1 | 2"]),
    ],
)
def test_markdown_footnote_of_a_lead_in_stands_below_what_it_announces(announced, texts):
    """A note between a lead-in and its list would part them."""
    markdown = f"Do so[^1]:\n\n{announced}\n\nThe end.\n\n[^1]: At dawn."
    _, paragraphs = read_markdown(markdown)
    assert _texts(paragraphs) == ["Do so:", *texts, "At dawn.", "The end."]


def test_markdown_footnote_of_a_lead_in_above_nothing_stands_below_it():
    """It is not lost at the end of a section or of the text."""
    _, paragraphs = read_markdown("Do so[^1]:\n\n# Bells\n\nSo[^2]:\n\n[^1]: Dawn.\n[^2]: Dusk.")
    assert [(one.section, one.text) for one in paragraphs] == [
        (None, "Do so:"),
        (None, "Dawn."),
        ("Bells", "So:"),
        ("Bells", "Dusk."),
    ]


@pytest.mark.parametrize(
    ("markdown", "texts"),
    [
        ("<span>At dawn</span>\n\n![pier](a.png)\n\nBells ring.", ["Bells ring."]),
        ('<span class="x">At dawn</span>\n\n[![pier](a.png)](b)\n\nBells.', ["Bells."]),
        ("<span>At dawn</span>\n\nBells ring.", ["At dawn", "Bells ring."]),
        ("At dawn\n\n![](a.png)\n\nBells ring.", ["At dawn", "Bells ring."]),
    ],
)
def test_markdown_label_of_a_picture_is_left_out(markdown, texts):
    """A short text in <span> names the picture below it, and says nothing without it."""
    assert _texts(read_markdown(markdown)[1]) == texts


def test_markdown_comment_before_text_leaves_one_paragraph():
    """CommonMark would end the paragraph after the line with the comment."""
    markdown = "<!-- default: 1 --> <!-- x --> The bell\nrings.\n\n<!-- a -->\n<!--\nb\n-->\nEnd."
    assert _texts(read_markdown(markdown)[1]) == ["The bell rings.", "End."]


def test_markdown_comment_that_names_a_setting_is_its_heading_or_term():
    """Material for MkDocs shows the names of settings that stand only in comments."""
    markdown = (
        "## <!-- md:setting config.bell -->\n\nRings.\n\n<!-- md:default 1 -->\n\n"
        "<!-- md:option rope.length -->\n\n:   <!-- md:default none --> In\n    metres."
    )
    blocks = read_markdown(markdown)[1]
    assert [(one.section, one.text) for one in blocks] == [
        ("bell", "Rings."),
        ("bell", "length"),
        ("bell", "In metres."),
    ]
    assert blocks[-1].continues


def test_markdown_lead_in_and_code_with_a_label_are_read_together():
    """The label of code, such as its file, stands between them."""
    markdown = 'Ring so:\n\n```js title="bell.js"\nring()\n```\n\nDone.\n\n```js [a.js]\nb\n```'
    blocks = read_markdown(markdown)[1]
    assert [(one.text, one.continues) for one in blocks] == [
        ("Ring so:", False),
        ("bell.js", True),
        ("ring()", True),
        ("Done.", False),
        ("a.js", False),
        ("b", True),
    ]


def test_markdown_notes_that_are_indented_alike_are_apart():
    """MkDocs writes its notes with two spaces before them."""
    _, paragraphs = read_markdown("Row[^a] [out].\n\n  [^a]:\n    One.\n\n  [out]: b.md\n\nNext.")
    assert _texts(paragraphs) == ["Row out.", "One.", "Next."]


def test_markdown_details_are_a_question_and_its_answer():
    """The summary is a block, and what it opens is read with it."""
    _, paragraphs = read_markdown(
        "<details>\n<summary>May **dogs** come?</summary>\n\nYes.\n\n- on deck\n\n</details>\n\n"
        "Out."
    )
    assert [(p.text, p.continues) for p in paragraphs] == [
        ("May dogs come?", False),
        ("Yes.", True),
        ("on deck", True),
        ("Out.", False),
    ]


def test_markdown_tables_of_html_keep_rows_also_with_markdown_inside():
    """A table of HTML is a table, whatever stands between its tags."""
    _, paragraphs = read_markdown(
        "<table>\n<tr><th>Boat</th><th>Crew</th></tr>\n\n<tr><td>\n\n**Ada**\n\n</td><td>4</td></tr>\n"
        "</table>\n\nOut."
    )
    assert _texts(paragraphs) == ["Boat | Crew\nAda | 4", "Out."]


def test_markdown_table_says_whether_it_has_a_header_row():
    """A header row without a word is none."""
    for header, value in (("| a | b |", "header"), ("|  |  |", "")):
        _, (paragraph,) = read_markdown(f"{header}\n|---|---|\n| 1 | 2 |")
        assert [mark.value for mark in paragraph.marks] == [value]


@pytest.mark.parametrize(
    ("markdown", "language"),
    [
        ("```js {1,3} title=a", "js"),
        ("```js{1}", "js"),
        ("``` {.python}", "python"),
        ("```", ""),
        ("```{code-block} c", "c"),
    ],
)
def test_markdown_code_knows_its_language(markdown, language):
    """The first word after the fence is the language."""
    _, (paragraph,) = read_markdown(f"{markdown}\nx = 1\n```")
    assert (paragraph.text, paragraph.marks) == ("x = 1", (Mark("code", 0, 5, language),))


@pytest.mark.parametrize(
    ("markdown", "text"),
    [
        ("Ask [[People/Ann|Ann]] now. %%or Bo%% ^block1", "Ask Ann now."),
        ("See [[Fees#Winter]].", "See Fees > Winter."),
        ("![[plan.png]] Row.", "Row."),
        ("Costs <del>8</del> 11 euros.", "Costs 11 euros."),
        (
            "A ==marked== word, ++ctrl+c++ and :material-check: done.",
            "A marked word, ctrl+c and done.",
        ),
        ("Use {ref}`the pier <pier>` now.", "Use the pier now."),
        ("[Row](x.md){ .button target=_blank } out.", "Row out."),
        ("See [the pier][other.page] and a[i][j].", "See the pier and a[i][j]."),
        ("H~2~O, ~/a~2~ and Fe~3~O~4~", "H2O, ~/a2 and Fe3O4"),
        (
            "^^in^^ $\\frac{_a_}{b}$ and $$x_{n=0}\\le 1$$",
            "in $\\frac{_a_}{b}$ and $$x_{n=0}\\le 1$$",
        ),
        ("** Strong ** text.", "Strong text."),
        ("**Strong: **text.", "Strong: text."),
        ("**Strong\u2014**text.", "Strong\u2014text."),
        ("**args and **kwargs", "**args and **kwargs"),
        ("[a](my page.md) and [b](c).", "a and b."),
        ("f(\\*a, \\*\\*b) and 2 ** 3 ** 4", "f(*a, **b) and 2 ** 3 ** 4"),
        ("Signs: `[]` {}[]:;<>,.?", "Signs: [] {}[]:;<>,.?"),
        ("Keep {x} and a < b.", "Keep {x} and a < b."),
        ("See [`bells`](file:///usr/bells) and [ring](irc:bell).", "See bells and ring."),
    ],
)
def test_markdown_beyond_commonmark_loses_its_marks(markdown, text):
    """What only tells a program how to show the words is left out."""
    assert _texts(read_markdown(markdown)[1]) == [text]


@pytest.mark.parametrize(
    ("html", "text"),
    [
        (
            "<table>\n<tr><th>a</th><th>b</th></tr>\n"
            "<tr><td>`<a>:<b>`</td><td>[**ropes**](r.md) &amp; `x`.</td></tr>\n</table>",
            "a | b\n<a>:<b> | ropes & x.",
        ),
        ("<br />\nRing [the bell](https://b.example/#a).", "Ring the bell."),
        ("<small>\n  :octicons-bell-16:\n  **Tip:** Ring.\n</small>", "Tip: Ring."),
        ("<div>\n<code>**args</code> and `b`\n</div>", "**args and b"),
        ("<p>\n2 ** 3 and c_d_e and **a**\n</p>", "2 ** 3 and c_d_e and a"),
    ],
)
def test_markdown_inside_the_lines_of_html_is_read(html, text):
    """MDX and MkDocs show it so; code and what is no Markdown stay as they are."""
    assert _texts(read_markdown(html)[1]) == [text]


@pytest.mark.parametrize(
    "markdown",
    [
        '<Tab label="Nets">\n\n## Mend\n\nUse twine.\n\n</Tab>',
        '=== "Nets"\n\n    ## Mend\n\n    Use twine.',
        '{{< tab "Nets" >}}\n\n## Mend\n\nUse twine.\n\n{{< /tab >}}',
    ],
)
def test_markdown_label_of_a_tab_that_begins_with_a_heading_stands_below_it(markdown):
    """Above the heading it would be the end of another section."""
    _, paragraphs = read_markdown(f"## Boats\n\nRow.\n\n{markdown}")
    assert [(one.section, one.text, one.continues) for one in paragraphs] == [
        ("Boats", "Row.", False),
        ("Mend", "Nets", False),
        ("Mend", "Use twine.", True),
    ]


def test_markdown_footnote_of_a_lead_in_does_not_part_a_tab_from_its_label():
    """It stands below the first thing that the lead-in announces."""
    _, paragraphs = read_markdown(
        'Ring[^1] so:\n\n  [^1]:\n    At dawn.\n\n=== "bell.js"\n\n    ```js\n    ring()\n    ```'
    )
    assert _texts(paragraphs) == ["Ring so:", "bell.js", "ring()", "At dawn."]


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
        ("<table><tr><td>Ada</td><td>four</td></tr></table>", "Ada | four"),
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


# No word with a meaning, such as "toc". One text is drawn in less time than from a pattern.
_WORD = st.text(ascii_lowercase, min_size=3, max_size=8).map("q{}".format)
_INLINE = st.one_of(
    _WORD,
    _WORD.map("**{}**".format),
    _WORD.map("`<T> {}`".format),
    _WORD.map("[{}](https://a.example/#b)".format),
    _WORD.map("<Kbd>{}</Kbd>".format),
    _WORD.map("[[{}]]".format),
)
_LINE = st.lists(_INLINE, min_size=1, max_size=4).map(" ".join)
_WRAPS = (
    "{}",
    "- {}",
    "1. {}\n\n   {}",
    "> [!NOTE] {}\n> {}",
    ":::tip[{}]\n\n{}\n\n:::",
    ':::note{{title="x"}}\n{}\n:::',
    '!!! note "x"\n\n    {}\n\n    {}',
    '<Card title="x" icon={{<A b="c" />}}>\n  {}\n</Card>',
    "<Steps>\n  <Step>\n    {}\n\n    ```js\n    [x](y)\n    ```\n  </Step>\n</Steps>",
    "<Note>{}</Note>",
    "<details>\n<summary>{}</summary>\n\n{}\n</details>",
    '{{{{< tab "x" >}}}}\n{}\n{{{{< /tab >}}}}',
    '{{% hint style="info" %}}\n{}\n{{% endhint %}}',
    "| {} | {} |\n|---|---|\n| x | x |",
    "{{/* comment */}}\n\n{}",
    "<!-- comment -->\n\n{}",
)


@given(
    st.lists(st.tuples(st.sampled_from(_WRAPS), _LINE, _LINE), min_size=1, max_size=6),
    st.booleans(),
)
@quick
def test_markdown_of_components_keeps_each_word_and_no_markup(blocks, mdx):
    """Each visible word stands once in the text, in order, and nothing is left of the markup."""
    source = "\n\n".join(wrap.format(one, two) for wrap, one, two in blocks)
    _, paragraphs = read_markdown(source, mdx=mdx)
    wanted = [
        word
        for wrap, *lines in blocks
        for line in lines[: wrap.count("{}")]
        for word in re.findall(r"[a-z]{3,}", re.sub(r"\(https[^)]*\)|Kbd", "", line))
    ]
    found = [word for p in paragraphs for word in re.findall(r"[a-z]{3,}", p.text)]
    code = {p.text for p in paragraphs if p.kind == "code"}
    assert [word for word in found if word != "comment"] == wanted
    for text in (p.text.replace("<T>", "") for p in paragraphs if p.text not in code):
        assert not re.search(r"[<>{}*`\[\]]|:::|!!!", text), text


@given(
    st.lists(
        st.lists(st.text(f"{ascii_letters}\u00e9", min_size=1, max_size=8), min_size=1).map(
            "\n".join
        )
    )
)
@quick
def test_markdown_paragraphs_of_plain_words_lose_none(blocks):
    """Words without markup come back as they were, wrapped lines joined."""
    _, paragraphs = read_markdown("\n\n".join(blocks))
    assert _texts(paragraphs) == [block.replace("\n", " ") for block in blocks]


def test_attributes_of_a_heading_are_left_out():
    """Also those without a value, as themes of MkDocs use them."""
    _, (paragraph,) = read_markdown("# Pier\n\n## Bells { data-search-exclude #bells }\n\nNine.")
    assert (paragraph.section, paragraph.anchor) == ("Bells", "bells")


@pytest.mark.parametrize(
    "info", ['yaml title="bell.yml" {1,3}', "yaml {title='bell.yml'}", "yaml [bell.yml]"]
)
def test_title_of_code_is_a_label_above_it(info):
    """Docusaurus and MkDocs name a file by it, VitePress a tab."""
    _, (label, code) = read_markdown(f"```{info}\nring: true\n```")
    assert (label.text, code.text, code.continues) == ("bell.yml", "ring: true", True)
    assert [mark.value for mark in code.marks] == ["yaml"]


def test_code_in_several_tabs_is_read_together():
    """Each below the name of its tab."""
    fences = "```sh [npm]\nnpm i\n```\n\n```sh [yarn]\nyarn\n```"
    _, paragraphs = read_markdown(f"::: code-group\n\n{fences}\n\n:::\n\n```sh\nring\n```")
    assert [(one.text, one.continues) for one in paragraphs] == [
        ("npm", False),
        ("npm i", True),
        ("yarn", True),
        ("yarn", True),
        ("ring", False),
    ]


@pytest.mark.parametrize(
    ("info", "code", "shown"),
    [
        ("ts twoslash", "import a\n// ---cut---\nb()\n//  ^?\nc()", "b()\nc()"),
        ("ts twoslash", "import a\nb()", "import a\nb()"),
        ("js", "a()\n// highlight-next-line\nb()\n/* highlight-end */", "a()\nb()"),
        ("jsx", "<A />\n{/* highlight-start */}\n<B />", "<A />\n<B />"),
        ("js", "a() // [!code focus:2]\nb() // [!code highlight]", "a()\nb()"),
        ("js", "a() // [!code --]\nb() // [!code ++]", "a() // [!code --]\nb() // [!code ++]"),
        ("sh", "ring # highlight-next-line, as they say\n//  ^?", "same"),
    ],
)
def test_marks_in_code_that_only_colour_it_are_left_out(info, code, shown):
    """They stand for what a page shows; "added" and "taken away" say something themselves."""
    _, (paragraph,) = read_markdown(f"```{info}\n{code}\n```")
    assert paragraph.text == (code if shown == "same" else shown)
