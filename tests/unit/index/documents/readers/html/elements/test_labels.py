"""Names of panels, tabs, notes and questions stay with what they name."""

import pytest

from tests.unit.index.documents.readers.html.reading import blocks, content, texts


@pytest.mark.parametrize(
    ("html", "expected"),
    [
        (
            "<details><summary>Dogs?</summary><p>Yes.</p><p>On a lead.</details>After",
            ["Dogs?", "+ Yes.", "+ On a lead.", "After"],
        ),
        ("<details><summary>Dogs?</summary>Yes.</details>", ["Dogs?", "+ Yes."]),
        ("<details open><p>No name.</details>After", ["No name.", "After"]),
        (
            "<details><summary>Pets</summary><details><summary>Dogs?"
            "</summary>Yes.</details></details>",
            ["Pets", "+ Dogs?", "+ Yes."],
        ),
        (
            "<div><button aria-expanded=false>Dogs?</button><div><p>Yes.</p>"
            "<p>On a lead.</div></div>",
            ["Dogs?", "+ Yes.", "+ On a lead."],
        ),
        (
            "<button aria-controls=d>Dogs?</button><div id=d hidden><p>Yes.</div>",
            ["Dogs?", "+ Yes."],
        ),
        (
            "<button class=accordion>Dogs?</button><div style='display:none'>Yes.</div><p>After",
            ["Dogs?", "+ Yes.", "After"],
        ),
        ("<div role=button aria-expanded=false>Dogs?</div><div>Yes.</div>", ["Dogs?", "+ Yes."]),
        (
            "<dl><dt><button aria-expanded=false>Dogs?</button><dd hidden><p>Yes.<p>No.</dl>",
            ["Dogs?", "+ Yes.", "+ No."],
        ),
        (
            "<ul><li><details><summary>Dogs?</summary><p>Yes.</details></ul>After",
            ["Dogs?", "+ Yes.", "After"],
        ),
        ("<div hidden=until-found>Yes.</div>", ["Yes."]),
        ("<button>Save</button><p>Yes.", ["Yes."]),
        ("<button aria-expanded=false aria-haspopup=true>More</button><p>Yes.", ["Yes."]),
        ("<button class=navbar-toggler aria-expanded=false>Menu</button><p>Yes.", ["Yes."]),
        ("<p>Yes.</p><button aria-expanded=false>Show all</button>", ["Yes."]),
    ],
)
def test_panel_continues_its_name(html, expected):
    """What a click shows is read with its name; other buttons are left out."""
    assert texts(html) == expected


def test_button_in_a_heading_is_the_heading():
    """The panel below it is its section, also while it is hidden."""
    found = blocks(
        "<h3><button aria-expanded=false aria-controls=dogs>Dogs?</button></h3><div id=dogs hidden>"
        "<p>Yes.</div><h3>Cats? <button class=copy>Copy link</button></h3><p>No."
    )
    assert [(one.section, one.text) for one in found] == [("Dogs?", "Yes."), ("Cats?", "No.")]


@pytest.mark.parametrize(
    "heading",
    [
        "<h3><button aria-expanded=false>Dogs?</button></h3>",
        "<h3 role=button aria-expanded=false>Dogs?</h3>",
    ],
)
def test_element_after_a_heading_that_opens_it_is_read_though_hidden(heading):
    """Only the next element is; others that are hidden stay so."""
    found = blocks(f"{heading}<div hidden><p>Yes.</div><div hidden>x</div>")
    assert [(one.section, one.text, one.continues) for one in found] == [("Dogs?", "Yes.", False)]


@pytest.mark.parametrize(
    "tabs",
    [
        "<div role=tablist><button role=tab>Sail</button><button role=tab>Row</button></div>"
        "<div role=tabpanel><p>Up.</p></div><div role=tabpanel hidden><p>Out.</p></div>",
        "<ul role=tablist class=tabs><li role=tab>Sail<li role=tab>Row</ul>"
        "<div><div role=tabpanel><p>Up.</p></div><div role=tabpanel hidden><p>Out.</p></div></div>",
        "<div role=tablist><a role=tab id=r>Row</a><a role=tab id=s>Sail</a></div>"
        "<div role=tabpanel aria-labelledby=s>Up.</div>"
        "<div role=tabpanel aria-labelledby=r style='display:none'>Out.</div>",
        "<ul class='nav nav-tabs'><li><a role=tab href='#s'>Sail</a><li>"
        "<a role=tab href='#r'>Row</a></ul>"
        "<div class=tab-pane id=s>Up.</div><div class=tab-pane id=r>Out.</div>",
        "<div class=tabbed-set><input type=radio id=a><input type=radio id=b>"
        "<div class=tabbed-labels>"
        "<label for=a>Sail</label><label for=b>Row</label></div><div class=tabbed-content>"
        "<div class=tabbed-block><p>Up.</div><div class=tabbed-block><p>Out.</div></div></div>",
        "<div class=sd-tab-set><input type=radio id=a><label class=sd-tab-label for=a>Sail</label>"
        "<div class=sd-tab-content><p>Up.</div><input type=radio id=b>"
        "<label class=sd-tab-label for=b>Row</label><div class=sd-tab-content><p>Out.</div></div>",
    ],
)
def test_every_tab_is_read_with_its_name(tabs):
    """The panels of all tabs are text, whichever one is shown."""
    assert texts(f"<p>Before.</p>{tabs}<p>After.") == [
        *("Before.", "Sail", "+ Up.", "Row", "+ Out.", "After.")
    ]


def test_first_tab_is_read_with_its_lead_in():
    """A lead-in and the first way to do it are one passage."""
    tabs = (
        "<div role=tablist><b role=tab>Sail</b><b role=tab>Row</b></div>"
        "<div role=tabpanel><pre>up</pre></div><div role=tabpanel><pre>out</pre></div>"
    )
    assert texts(f"<p>Leave:</p>{tabs}") == ["Leave:", "+ Sail", "+ up", "Row", "+ out"]


@pytest.mark.parametrize(
    ("html", "expected"),
    [
        (
            "<div class='admonition note'><p class=admonition-title>Note</p>"
            "<p>Mind the gap.</div>After",
            ["Note", "+ Mind the gap.", "After"],
        ),
        (
            "<article><p>Text.</p><aside><p>Mind the gap.</aside></article>",
            ["Text.", "Mind the gap."],
        ),
        ("<article>Text.</article><aside>Others</aside>", ["Text."]),
        ("<p class=rubric>Crews</p><ul><li>Ada</ul><p>After", ["Crews", "+ Ada", "After"]),
        ("<p class=rubric>Crews</p><h2>Boats</h2><p>After", ["Crews", "After"]),
        ("<p>Text.</p><aside class=sidebar>Boats for hire</aside>", ["Text.", "Boats for hire"]),
        ("<article>Text.<aside class=related-posts>Others</aside></article>", ["Text."]),
        (
            "<article>Text.<aside><a href=/a>Another one</a> <a href=/b>More</a></aside></article>",
            ["Text."],
        ),
        ("<article>Text.<footer><a href=/a>Share it</a></footer></article>", ["Text."]),
    ],
)
def test_notes_are_text_and_sidebars_are_not(html, expected):
    """A note of the text is read with its title; what leads to other pages is left out."""
    assert texts(html) == expected


def _post(number, text):
    return (
        f"<div id=post_{number} class='topic-body crawler-post'><div class=crawler-post-meta>"
        f"<span class=creator>ada</span><time class=post-time>May 1</time> {number}</div>"
        f"<div class=post>{text}</div><div><span class=post-likes>3 Likes</span></div></div>"
    )


def test_posts_of_a_forum_are_read_in_order_with_the_first_reply():
    """A post is one passage, the question and its reply are one, and nothing else is text."""
    thread = _post(1, "<p>It hangs.<p>Why?") + _post(2, "<p>Hold the key.") + _post(3, "<p>Thanks!")
    expected = ["It hangs.", "+ Why?", "+ Hold the key.", "Thanks!"]
    assert texts(f"<h1>Reset</h1>{thread}") == expected
    unscripted = content(f"<body><noscript><div role=main>{thread}</div></noscript>").paragraphs
    assert [one.text for one in unscripted] == [one.removeprefix("+ ") for one in expected]


def test_page_inside_a_form_is_read_and_a_form_in_a_page_is_not():
    """A form around the whole page is only the way that the page was made."""
    page = (
        "<form><input type=hidden name=__VIEWSTATE><input name=q>Search<p>Open until nine.</form>"
    )
    assert [one.text for one in content(page).paragraphs] == ["Search", "Open until nine."]
    titled = "<form><h1>Pier</h1><input name=q><p>Open until nine.</form>"
    assert [one.text for one in content(titled).paragraphs] == ["Open until nine."]
    form = "<p>Open until nine.</p><form><h3>News</h3><p>Your address: <input name=mail></form>"
    assert texts(form) == ["Open until nine."]
    long = "<form><p>" + "The pier is open until nine. " * 9 + "<input name=q></form>"
    assert len(texts(long)) == 1


def test_name_of_a_picture_is_left_out():
    """Without the picture it says nothing; a text about it stays."""
    long = "The north gate before the storm, with the bell that was cast for the pier."
    html = "<div class=thumbinner><img src=a.png><div class=thumbcaption>{}</div></div><p>Row."
    assert texts(html.format("The gate")) == ["Row."]
    assert texts(html.format(f"{long} {long}")) == [f"{long} {long}", "Row."]


def test_posts_know_their_ids():
    """So a citation leads to the post."""
    html = "<div class='topic-body crawler-post' id=post_{0}><p>Post {0}.</div>"
    found = blocks("".join(html.format(n) for n in (1, 2)))
    assert [one.own_anchor for one in found] == ["post_1", "post_2"]


def test_caption_of_a_figure_is_left_out_if_it_only_shows_a_picture():
    """That of code or a table says what they are."""
    caption = "<figcaption><p>The gate.</figcaption>"
    assert texts(f"<figure><img src=a.png>{caption}</figure><p>Row.") == ["Row."]
    assert texts(f"<figure>{caption}<pre>row</pre></figure>") == ["The gate.", "row"]
