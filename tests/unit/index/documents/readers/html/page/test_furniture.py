"""Pages of generators, wikis and forums read like what a person came for."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.unit.index.documents.readers.html.reading import content
from tests.unit.index.documents.readers.test_charset import quick

_TEXT = "<p>The pier closes at nine.</p>"

SPHINX = f"""<body><div class=related role=navigation><h3>Navigation</h3><ul><li><a href=x>next
</a></ul>
</div>
<div class=document><div class=documentwrapper><div class=bodywrapper><div class=body role=main>
<section id=pier><h1>Pier<a class=headerlink href=#pier>\u00b6</a></h1>
<nav class=contents id=contents><ul><li><a href=#hours>Hours</a></ul></nav>
<div class="toctree-wrapper compound"></div><section id=hours>
<h2>Hours<a class=headerlink href=#hours>\u00b6</a></h2>{_TEXT}
</section></section></div></div></div><div class=sphinxsidebar role=navigation>
<h3>Contents</h3></div></div>
<div class=footer role=contentinfo>&copy; 2026 Ada. <a href=_sources/pier.rst>Page source</a>
</div></body>"""

READ_THE_DOCS = f"""<body><nav data-toggle=wy-nav-shift class=wy-nav-side>Menu</nav>
<section class=wy-nav-content-wrap><div class=rst-content><div role=navigation>
<ul class=wy-breadcrumbs><li>Docs</ul></div>
<div role=main class=document><div itemprop=articleBody><h1>Pier</h1>
<h2 id=hours>Hours</h2>{_TEXT}</div></div>
<footer><div class=rst-footer-buttons><a href=a>Previous</a><a href=b>Next</a></div>
<p>Built with Sphinx</p></footer></div></section></body>"""

MATERIAL = f"""<body><div data-md-component=skip><a href=#pier class=md-skip>Skip to content
</a></div>
<header class=md-header><nav>Site</nav></header><main class=md-main><div class=md-main__inner>
<div class="md-sidebar md-sidebar--primary"><nav>Docs</nav></div>
<div class="md-sidebar md-sidebar--secondary">
<label>Table of contents</label><ul><li>Hours</ul></div>
<article class="md-content__inner md-typeset">
<a href=edit.md title="Edit this page" class="md-content__button md-icon">Edit</a>
<h1 id=pier>Pier</h1>
<h2 id=hours>Hours<a class=headerlink href=#hours title="Permanent link">\u00b6</a></h2>{_TEXT}
<aside class=md-source-file>May 1, 2026</aside></article></div></main>
<footer class=md-footer>Made with Material</footer></body>"""

DOCUSAURUS = f"""<body><div role=region aria-label="Skip to main content">
<a class=skipToContent_fXgn href=#m>Skip to main content</a></div>
<nav class=navbar>Site</nav><aside class=theme-doc-sidebar-container>Docs</aside>
<main class=docMainContainer_TBSr><div class=row>
<div class="col docItemCol_VOVn"><div><article><nav class=theme-doc-breadcrumbs>Home</nav>
<div class="tocCollapsible_ETCw theme-doc-toc-mobile"><button>On this page</button></div>
<div class="theme-doc-markdown markdown"><header><h1>Pier</h1></header>
<h2 class=anchor id=hours>Hours<a href=#hours class=hash-link>\u200b</a></h2>{_TEXT}</div>
<footer class=theme-doc-footer><a href=e class=theme-edit-this-page>Edit this page</a>
<span class=theme-last-updated>Last updated on <b>May 1</b></span></footer></article>
<nav class=pagination-nav><a href=p><div>Previous</div><div>Boats</div></a></nav></div></div>
<div class="col col--3"><div class="tableOfContents_bqdL theme-doc-toc-desktop"><ul><li>
<a href=#hours>Hours</a></ul></div></div></div></main>
<footer class=footer>Copyright</footer></body>"""

MEDIAWIKI = f"""<body class="mediawiki ltr ns-0 ns-subject page-Pier skin-vector action-view">
<div id=content class=mw-body role=main>
<div id=siteNotice>Donate</div><h1 id=firstHeading class=firstHeading>Pier</h1>
<div id=bodyContent class=vector-body>
<div id=siteSub class=noprint>From Harbour Wiki</div><div id=contentSub></div>
<a class=mw-jump-link href=#mw-head>Jump to navigation</a>
<div id=mw-content-text><div class=mw-parser-output><div id=toc class=toc role=navigation>
<h2>Contents</h2><ul><li>1 Hours</ul></div>
<h2><span class=mw-headline id=hours>Hours</span>
<span class=mw-editsection>[<a href=e>edit</a>]</span></h2>{_TEXT}
<table class=navbox><tr><td>Harbours of the coast</table></div></div>
<div class=printfooter>Retrieved from x</div>
<div id=catlinks class=catlinks>Category: Piers</div></div></div>
<div id=mw-navigation><h2>Navigation menu</h2></div>
<footer id=footer>Last edited in May</footer></body>"""

FORUM = f"""<body><div id=wrap><h2 class=topic-title>Pier</h2><div id=page-body role=main>
<h2 id=hours>Hours</h2>
<div id=p1 class="post has-profile bg2"><dl class=postprofile><dt><span class=avatar>
</span>ada</dt><dd>Posts: 4</dd></dl>
<div class=postbody><ul class=post-buttons><li><a href=q>Quote</a></ul>
<div class=content>{_TEXT}</div>
<div class=signature>Row well.</div></div></div><div class=pagination>1 post</div></div>
<div id=page-footer class=navbar>Board index</div></div></body>"""


@pytest.mark.parametrize(
    "page",
    [SPHINX, READ_THE_DOCS, MATERIAL, DOCUSAURUS, MEDIAWIKI, FORUM],
    ids=["sphinx", "readthedocs", "material", "docusaurus", "mediawiki", "forum"],
)
def test_page_of_a_generator_is_its_text(page):
    """Navigation, contents, edit links, footers, profiles and signatures are left out."""
    (block,) = content(page).paragraphs
    assert block.text == "The pier closes at nine."
    assert (block.section or "").split(" \u203a ")[-1] == "Hours"
    assert block.anchor == "hours"


def test_page_that_a_wiki_makes_itself_has_no_text():
    """Lists of changes and forms to edit answer no question."""
    page = "<body class='mediawiki ns--1 ns-special'><p>This is a list of changes."
    assert content(page).paragraphs == ()


def test_lone_control_links_are_no_text():
    """A link that only says "Next" or "Edit this page" is left out, a text with it is not."""
    page = (
        "<main><p><a href=e>Edit this page on GitHub</a><p><a href=n>Next: Boats</a>"
        "<p>Next, <a href=n>row</a> out to the buoy."
    )
    assert [one.text for one in content(page).paragraphs] == ["Next, row out to the buoy."]


def test_main_part_with_hardly_any_text_is_not_the_page():
    """Some pages put only their search into it."""
    text = "The pier is open from nine to nine on all days of the week. " * 4
    page = f"<body><main><p>Search</main><div><p>{text}</div>"
    assert [one.text for one in content(page).paragraphs] == ["Search", text.strip()]


_WORDS = st.integers(0, 10**6).map(lambda number: f"w{number}x")
_SHOWN = st.sampled_from(
    (
        "<p>{}</p>",
        "<div>{}</div>",
        "<span>{}</span> ",
        "<ul><li>{}</ul>",
        "<ol><li><p>{}</p></ol>",
        "<b>{}</b> ",
        "<pre>{}</pre>",
        "<blockquote>{}</blockquote>",
        "<dl><dt>{}</dl>",
        "<details><summary>{}</summary></details>",
        "<code>{}</code> ",
        "<section>{}</section>",
        "<table><tr><td>{}</table>",
        "<table><tr><th>a<th>b<tr><td>{}<td></table>",
        "<div role=tabpanel hidden>{}</div>",
        "<a href=/x>{}</a> ",
        "<form><input type=hidden>{}</form>",
        "<article><aside>{}</aside></article>",
        "<div class='admonition note'>{}</div>",
        "<kbd>{}</kbd> ",
    )
)
_HIDDEN = st.sampled_from(
    (
        "<s>{}</s>",
        "<nav>{}</nav>",
        "<div hidden>{}</div>",
        "<script>{}</script>",
        "<button>{}</button>",
        "<del>{}</del>",
        "<span aria-hidden=true>{}</span>",
        "<div class=toc>{}</div>",
        "<select><option>{}</select>",
        "<a class=headerlink>{}</a>",
        "<div style='display:none'>{}</div>",
    )
)


@st.composite
def _pages(draw):
    words = draw(st.lists(_WORDS, min_size=1, max_size=12, unique=True))
    html = ""
    seen: list[str] = []
    unseen: list[str] = []
    for word in words:
        is_seen = draw(st.booleans())
        html += draw(_SHOWN if is_seen else _HIDDEN).replace("{}", word)
        (seen if is_seen else unseen).append(word)
    around = draw(st.sampled_from(("{}", "<div>{}</div>", "<ul><li>{}</ul>", "<dl><dd>{}</dl>")))
    return around.replace("{}", html), seen, unseen


@given(_pages())
@quick
def test_each_visible_word_is_read_once_and_no_hidden_one(page):
    """Words come back in the order of the page, whatever elements they are in."""
    html, seen, unseen = page
    found = " ".join(one.text for one in content(f"<main>{html}</main>").paragraphs).split()
    assert [word for word in found if word in {*seen, *unseen}] == seen


@given(_pages())
@quick
def test_marks_lie_inside_of_their_texts(page):
    """Each mark covers at least one character, and none begins or ends outside."""
    for block in content(f"<main>{page[0]}</main>").paragraphs:
        for mark in block.marks:
            assert 0 <= mark.start < mark.end <= len(block.text)
            assert mark.kind == "code" or block.text[mark.start : mark.end].strip()


def test_page_of_a_wiki_about_its_pages_is_left_out():
    """Also if the parser has opened a body before, for a text in the head."""
    body = "<body class='mediawiki ns--1 ns-special'>{}</body>"
    text = "<p>A list of changes to the pages of the wiki, made by the wiki for its authors.</p>"
    for page in (body.format(text), f"<head>Changes</head>{body.format(text)}"):
        assert content(f"<html>{page}</html>").paragraphs == ()
