"""The marks of admonitions go, their labels stay."""

import pytest

from index.documents.readers.markdown import read_markdown


def _texts(markdown):
    return [paragraph.text for paragraph in read_markdown(markdown)[1]]


@pytest.mark.parametrize(
    ("markdown", "kind"),
    [
        (":::caution[Keep away]\n\nSeals bite.\n\n:::", "Caution"),
        (":::caution Keep away\nSeals bite.\n:::", "Caution"),
        (':::caution{title="Keep away"}\nSeals bite.\n:::', "Caution"),
        ("::: danger Keep away\nSeals bite.\n:::", "Danger"),
        ('!!! warning "Keep away"\n    Seals bite.', "Warning"),
        ('??? warning "Keep away"\n\n    Seals bite.', "Warning"),
        ("> [!WARNING] Keep away\n> Seals bite.", "Warning"),
    ],
)
def test_label_says_of_what_kind_a_warning_is(markdown, kind):
    """A page shows it by a colour and an icon; of a note or a tip nobody asks for the kind."""
    assert _texts(markdown) == [f"{kind}: Keep away", "Seals bite."]


@pytest.mark.parametrize(
    "markdown",
    [
        ":::note[Keep away]\n\nSeals *bite*.\n\n:::",
        ":::tip[Keep [[Seals|away]]]\nSeals bite.\n:::",
        ":::info Keep away\nSeals bite.\n:::",
        '!!! example "Keep away"\n    Seals bite.',
        "> [!faq]- Keep away\n> Seals bite.",
        "```{admonition} Keep away\n:class: tip\n\nSeals bite.\n```",
        ":::{admonition} Keep away\nSeals bite.\n:::",
        '=== "Keep away"\n\n    Seals bite.',
        ":::: tabs\n@tab Keep away\nSeals bite.\n::::",
    ],
)
def test_label_of_an_admonition_is_read_with_its_text(markdown):
    """The label is a block, the text the next one, and what follows is apart."""
    _, paragraphs = read_markdown(f"Before.\n\n{markdown}\n\nAfter.")
    assert [(p.text, p.continues) for p in paragraphs] == [
        ("Before.", False),
        ("Keep away", False),
        ("Seals bite.", True),
        ("After.", False),
    ]


@pytest.mark.parametrize(
    ("markdown", "kind"),
    [
        (":::danger\nSeals bite.\n:::", "Danger"),
        ("::: warning\nSeals bite.\n:::", "Warning"),
        ("> [!CAUTION]\n> Seals bite.", "Caution"),
        ("!!! important\n    Seals bite.", "Important"),
    ],
)
def test_kind_of_a_warning_without_a_label_is_its_label(markdown, kind):
    """A page shows it in red."""
    assert _texts(markdown) == [kind, "Seals bite."]


@pytest.mark.parametrize(
    "markdown",
    [
        ":::note\nSeals bite.\n:::",
        "::::note\n:::tip\nSeals bite.\n:::\n::::",
        "::: {.callout-note}\nSeals bite.\n:::",
        "!!! note\n    Seals bite.",
        '!!! note ""\n    Seals bite.',
        "> [!TIP]\n> Seals bite.",
        "> [!NOTE]\n>\n> Seals bite.",
        "```{note}\nSeals bite.\n```",
        "(label)=\nSeals bite.\n\n```{toctree}\na\nb\n```",
    ],
)
def test_admonition_without_a_label_is_its_text(markdown):
    """The kind of an admonition is said to the machine."""
    assert _texts(markdown) == ["Seals bite."]


@pytest.mark.parametrize(
    "markdown",
    [
        "Bell\n: It *rings*.\n\nBoat\n: It floats.",
        "`Bell`\n\n:   It rings.\n\nBoat\n\n:   It\n    floats.",
    ],
)
def test_definition_is_read_with_its_term(markdown):
    """A term is a block, and what it means is read with it."""
    _, paragraphs = read_markdown(f"{markdown}\n\nOut.")
    assert [(p.text, p.continues) for p in paragraphs] == [
        ("Bell", False),
        ("It rings.", True),
        ("Boat", False),
        ("It floats.", True),
        ("Out.", False),
    ]


def test_signs_without_an_admonition_stay():
    """Three marks in a text are text."""
    assert _texts("!!! Wow\n\nNo.\n\n> [!] a") == ["!!! Wow", "No.", "[!] a"]


def test_code_inside_an_admonition_keeps_its_indentation():
    """Only the indentation of the admonition goes."""
    assert _texts('!!! tip "T"\n\n    ```sh\n    a\n      b\n    ```\n\n        c\n\nOut.') == [
        "T",
        "a\n  b",
        "c",
        "Out.",
    ]


@pytest.mark.parametrize(
    "markdown",
    [
        '=== "One"\n\n    ![a](a.png){ .wide }\n\n=== "Two"\n\n    ![b](b.png)\n\nRow.',
        '!!! note "One"\n\n    === "Two"\n\n        ![a](a.png)\n\nRow.',
        '=== "One"\n\n    [![a]][a]\n\n=== "Two"\n\n    ![b][a]\n\nRow.\n\n[a]: a.png',
        ":::note[One]\n:::\n\nRow.",
        '<Card title="One">\n</Card>\n\nRow.',
    ],
)
def test_label_above_nothing_is_left_out(markdown):
    """As the names of tabs that only show pictures."""
    assert _texts(markdown) == ["Row."]


def test_label_above_a_heading_alone_is_left_out():
    """The heading says it."""
    text = '<Prompt title="Gates">\n\n### Gates\n\n</Prompt>\n\nRow.'
    _, (paragraph,) = read_markdown(text, mdx=True)
    assert (paragraph.section, paragraph.text) == ("Gates", "Row.")


def test_label_above_another_label_is_kept_if_there_is_a_text():
    """A tab without a text goes, the note around it stays."""
    tabs = '    === "Two"\n\n        Out.\n\n    === "Three"\n\n        ![a](a.png)'
    assert _texts(f'!!! note "One"\n\n{tabs}\n\nRow.') == ["One", "Two", "Out.", "Row."]


@pytest.mark.parametrize("below", ["", "\n    options:\n        show: false"])
def test_place_for_a_description_from_code_is_left_out(below):
    """mkdocstrings writes there what the code says; its options are for the machine."""
    markdown = f"## ::: pier.bell.ring\n\n::: pier.bell.ring{below}\n\nIt is loud."
    blocks = read_markdown(markdown)[1]
    assert [(one.section, one.text) for one in blocks] == [("pier.bell.ring", "It is loud.")]


@pytest.mark.parametrize("sign", ["?", "!", ""])
def test_callout_that_can_be_closed_has_no_sign_before_its_kind(sign):
    """As the extension markdown-callouts of MkDocs writes it."""
    assert _texts(f">{sign} EXAMPLE: **At dawn:**\n>\n> Ring.") == ["EXAMPLE: At dawn:", "Ring."]
    assert _texts(f"> >{sign} NOTE: Ring.") == ["NOTE: Ring."]


def test_fence_that_nobody_closes_ends_with_the_tab_that_it_is_in():
    """A stray one at the end of a tab would make code of the rest of the page."""
    markdown = (
        '=== "Dawn"\n\n    Ring once.\n    ```\n\n=== "Dusk"\n\n    Ring twice:\n\n'
        "    ``` sh\n    ring --twice\n    ```\n\nThe *end*."
    )
    blocks = read_markdown(markdown)[1]
    assert [(one.kind, one.text) for one in blocks] == [
        ("text", "Dawn"),
        ("text", "Ring once."),
        ("text", "Dusk"),
        ("text", "Ring twice:"),
        ("code", "ring --twice"),
        ("text", "The end."),
    ]


def test_line_with_a_colon_deep_below_a_paragraph_goes_on_with_it():
    """Code that somebody pasted as text has such lines; no definition is indented so far."""
    assert _texts('It is a ? "dawn"\n            : "dusk"') == ['It is a ? "dawn" : "dusk"']


@pytest.mark.parametrize(
    ("markdown", "texts"),
    [
        (' "\n    : l', ['"', "l"]),
        (
            '````\n~~~\n```\n\n!!! note "Seals"\n    Bite.',
            ['~~~\n```\n\n!!! note "Seals"\n    Bite.'],
        ),
    ],
)
def test_nothing_of_the_reader_is_left_in_code(markdown, texts):
    """What only the parser sees to be code holds no signs of labels."""
    assert [text.strip() for text in _texts(markdown)] == texts


@pytest.mark.parametrize(
    ("markdown", "texts"),
    [
        ("/// note\n\nSeals *bite*.\n\n///\n\nEnd.", ["Seals bite.", "End."]),
        ("/// note | Keep away\nSeals bite.\n///", ["Keep away", "Seals bite."]),
        (
            "/// warning | Keep away\n    open: true\n\nSeals bite.\n///",
            ["Warning: Keep away", "Seals bite."],
        ),
        ("//// tab | A\n\n/// tip\n\nOne.\n\n///\n\nTwo.\n\n////", ["A", "One.", "Two."]),
        ("/// note\n\nNobody closes it.", ["/// note", "Nobody closes it."]),
        ("/// Rings the bell.\n\n///", ["/// Rings the bell.", "///"]),
        ("Ring:\n\n{* ../src/bell.py hl[1,3] *}\n\nEnd.", ["Ring:", "End."]),
    ],
)
def test_marks_of_pymdown_blocks_and_included_code_go(markdown, texts):
    """FastAPI's documentation is written so; what looks like it stays as it is."""
    assert _texts(markdown) == texts


def test_label_above_a_picture_and_its_address_is_taken_back():
    """The addresses of pictures stand below the last tab, indented as its text could be."""
    markdown = (
        '=== "Dawn"\n\n    [![Dawn]][Dawn]\n\n=== "Dusk"\n\n    [![Dusk]][Dusk]\n\n'
        "  [Dawn]: ../dawn.png\n  [Dusk]: ../dusk.png\n\nThe end."
    )
    assert _texts(markdown) == ["The end."]
