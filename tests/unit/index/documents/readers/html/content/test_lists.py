"""Lists keep their numbers; terms are read with what is said about them."""

import pytest

from tests.unit.index.documents.readers.html.reading import blocks, texts


@pytest.mark.parametrize(
    ("html", "lines"),
    [
        ("<ol><li>Row<li>Rest</ol>", "1. Row\n2. Rest"),
        ("<ol start=4><li>Row<li>Rest</ol>", "4. Row\n5. Rest"),
        ("<ol start=-1><li>Row<li>Rest</ol>", "-1. Row\n0. Rest"),
        ("<ol start=many><li>Row</ol>", "1. Row"),
        ("<ol reversed><li>Gold<li>Silver<li>Bronze</ol>", "3. Gold\n2. Silver\n1. Bronze"),
        ("<ol reversed start=9><li>Row<li>Rest</ol>", "9. Row\n8. Rest"),
        ("<ol><li>Row<li value=7>Rest<li>Land</ol>", "1. Row\n7. Rest\n8. Land"),
        ("<ol type=a start=26><li>Row<li>Rest</ol>", "z. Row\naa. Rest"),
        ("<ol type=A><li>Row</ol>", "A. Row"),
        ("<ol type=i start=3><li>Row<li>Rest</ol>", "iii. Row\niv. Rest"),
        ("<ol class='upperroman simple' start=9><li>Row</ol>", "IX. Row"),
        ("<ol style='list-style-type: lower-alpha'><li>Row</ol>", "a. Row"),
        (
            "<ol><li>Row<ol type=a><li>out<li>back</ol><li>Rest</ol>",
            "1. Row\na. out\nb. back\n2. Rest",
        ),
        ("<ul><li>Row<li>Rest</ul>", "Row\nRest"),
        ("<ol><li><b>Row</b> <a href='https://row.example/'>out</a></ol>", "1. Row out"),
        ("<ol><li><div>Row</div><div>out</div><li>Rest</ol>", "1. Row out\n2. Rest"),
    ],
)
def test_list_without_blocks_is_one_block_with_its_numbers(html, lines):
    """Each item is a line that begins with what a browser shows before it."""
    (block,) = blocks(html)
    assert (block.text, block.kind) == (lines, "list")


def test_marks_of_items_move_with_the_numbers():
    """What is set off in an item is found behind its number."""
    (block,) = blocks("<ol><li>Row<li>then <b>rest</b></ol>")
    assert [block.text[one.start : one.end] for one in block.marks] == ["rest"]


def test_items_with_blocks_are_items_with_their_numbers():
    """Each item is a block; the other blocks in it are read together with it."""
    found = blocks(
        "<ol><li><p>Cast <b>off</b>.</p><pre>row --out</pre><li><p>Rest.</p><p>Drink.</p>"
        "<ul><li><p>Water</p></ul></ol><p>Done."
    )
    assert [(one.kind, one.text, one.continues) for one in found] == [
        ("item", "1. Cast off.", False),
        ("code", "row --out", True),
        ("item", "2. Rest.", False),
        ("text", "Drink.", True),
        ("item", "Water", True),
        ("text", "Done.", False),
    ]
    (mark,) = found[0].marks
    assert found[0].text[mark.start : mark.end] == "off"


def test_heading_in_an_item_is_a_section():
    """Some pages write their sections as items."""
    found = blocks("<ol><li><h3>Nets</h3><p>Mend them.</p><li><h3>Ropes</h3><p>Dry them.</p></ol>")
    assert [(one.section, one.text, one.continues) for one in found] == [
        ("Nets", "Mend them.", False),
        ("Ropes", "Dry them.", False),
    ]


@pytest.mark.parametrize(
    ("html", "expected"),
    [
        ("<dl><dt>Fee<dd>Four.<dt>Dogs<dd>Free.</dl>", ["Fee", "+ Four.", "Dogs", "+ Free."]),
        (
            "<dl><dt>Fee<dt>Fare<dd>Four.<dd>Five at night.</dl>",
            ["Fee", "+ Fare", "+ Four.", "+ Five at night."],
        ),
        (
            "<dl><dt>Fee<dd><p>Four.</p><pre>pay 4</pre></dl>Next",
            ["Fee", "+ Four.", "+ pay 4", "Next"],
        ),
        (
            "<dl><div><dt>Fee<dd>Four.</div><div><dt>Dogs<dd>Free.</div></dl>",
            ["Fee", "+ Four.", "Dogs", "+ Free."],
        ),
        ("<p>Said:</p><dl><dd>Quietly.</dl>", ["Said:", "Quietly."]),
        (
            "<dl><dt class='sig sig-object' id=m>pump()<dd><p>Pumps.</p>"
            "<dl class=field-list><dt>Raises<dd>Dry</dl></dl>",
            ["pump()", "+ Pumps.", "+ Raises", "+ Dry"],
        ),
        (
            "<dl><dt class=sig id=c>class Pump<dd><p>Pumps.</p><dl>"
            "<dt class=sig id=c.halt>halt()<dd>Stops.</dl></dl>",
            ["class Pump", "+ Pumps.", "halt()", "+ Stops."],
        ),
    ],
)
def test_terms_are_read_with_their_definitions(html, expected):
    """A definition continues its term; a member of a class is a term of its own."""
    assert texts(html) == expected


def test_list_that_sphinx_calls_simple_is_one_block():
    """The paragraphs in it are its items; a block of another kind still makes them separate."""
    (block,) = blocks("<ol class='arabic simple'><li><p>Row</p><li><p>Rest</p></ol>")
    assert (block.text, block.kind) == ("1. Row\n2. Rest", "list")
    found = blocks("<ul class=simple><li><p>Row</p><pre>row --out</pre></ul>")
    assert [one.kind for one in found] == ["item", "code"]


def test_terms_with_one_definition_are_read_together():
    """As two ways to call a function; the id is that of the first one."""
    html = (
        "<h2 id=pumps>Pumps</h2><dl><dt class='sig sig-object' id=pump>pump()</dt>"
        "<dt class='sig sig-object'>pump(depth)</dt><dd><p>Pumps.</dl>"
        "<dl><dt class=sig id=halt>halt()<dd>Stops.</dl><p>Done."
    )
    assert texts(html) == ["pump()", "+ pump(depth)", "+ Pumps.", "halt()", "+ Stops.", "Done."]
    assert [one.own_anchor for one in blocks(html)] == ["pump", None, None, "halt", None, None]
    assert {one.anchor for one in blocks(html)} == {"pumps"}
