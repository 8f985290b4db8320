"""An export of a MediaWiki becomes its pages, each with its address and day."""

import pytest

from tests.support.data.document_files import ENTITY_BOMB, places, read_bytes, reason_against, texts


def _page(title, text, *, namespace=0, more=""):
    return (
        f"<page><title>{title}</title><ns>{namespace}</ns>{more}<revision>"
        f"<timestamp>2026-03-01T10:00:00Z</timestamp><text>{text}</text></revision></page>"
    )


def _export(*pages, doctype=""):
    return (
        f'{doctype}<mediawiki xmlns="http://www.mediawiki.org/xml/export-0.11/"><siteinfo><sitename>'
        "Harbour Wiki</sitename><base>https://a.example/wiki/Main_Page</base></siteinfo>"
        f"{''.join(pages)}</mediawiki>"
    ).encode()


BOATS = _page(
    "Old boats", "'''They''' sank.&lt;ref>Late.&lt;/ref> {{Box|a=b}}\n== Nets ==\n* one\n* two"
)


def test_pages_are_sections_with_their_address_and_day():
    """Headings of a page stand below its title; templates are left out, notes are kept."""
    read = read_bytes("wiki.xml", _export(BOATS, _page("Tides", "Low.")))
    assert read.title == "Harbour Wiki"
    assert texts(read) == ["They sank.", "Late.", "one\ntwo", "Low."]
    assert [section for _, section, _ in places(read)] == [
        "Old boats",
        "Old boats",
        "Old boats \u203a Nets",
        "Tides",
    ]
    assert {(one.url, one.date) for one in read.paragraphs} == {
        ("https://a.example/wiki/Old_boats", "2026-03-01"),
        ("https://a.example/wiki/Old_boats#Nets", "2026-03-01"),
        ("https://a.example/wiki/Tides", "2026-03-01"),
    }


def test_what_is_left_of_links_and_templates_is_no_text():
    """A template without a text leaves no brackets, and a link to a category no colon."""
    page = _page(
        "Hull", "Hull ({{IPA|x}}) has {{ic|bells}}, see [[:Category:Bells]]. [[Category:A]]"
    )
    assert texts(read_bytes("wiki.xml", _export(page))) == ["Hull has bells, see Category:Bells."]


def test_pages_that_are_no_texts_are_left_out():
    """Redirects, discussions and templates."""
    pages = [
        _page("Moved", "#REDIRECT [[Tides]]", more='<redirect title="Tides"/>'),
        _page("Old", "#redirect [[Tides]]"),
        _page("Talk:Tides", "Is it?", namespace=1),
        _page("Template:Box", "box", namespace=10),
        _page("Help:Tides", "Ask. [[Category:Help]]", namespace=12),
    ]
    assert texts(read_bytes("wiki.xml", _export(*pages))) == ["Ask."]


def test_pages_that_cannot_be_read_are_named():
    """One broken page costs no other."""
    pages = _page("Broken", "&lt;gallery>"), BOATS, _page("T", "&lt;gallery>")
    read = read_bytes("wiki.xml", _export(*pages))
    assert texts(read)[0] == "They sank."
    assert read.remark is not None
    assert read.remark.startswith("pages left out because pandoc cannot read them: ")
    assert "'Broken'" in read.remark


def test_tables_that_people_wrote_wrongly_are_read():
    """Settings are left out; a table that is never closed becomes lines."""
    settings = "{| class='a b=c 0.5em; 100%\n|- x=&quot;\n|style='a=b|Hull||9\n|}"
    pages = _page("Tides", settings), _page("Nets", "Low.\n{| x\n|-\n| align=left | Hull\n| 9\n")
    read = read_bytes("wiki.xml", _export(*pages))
    assert (texts(read), read.remark) == (["Hull | 9", "Low.", "Hull", "9"], None)


def test_picture_of_a_wiki_in_another_language_shows_its_caption_only():
    """The export names its namespaces."""
    export = _export(_page("A", "[[Datei:a.png|mini|links|Die Bucht]] Low."))
    named = export.replace(b"</siteinfo>", b'<namespace key="6">Datei</namespace></siteinfo>')
    assert "mini" not in " ".join(texts(read_bytes("wiki.xml", named)))


def test_pages_for_which_there_is_no_time_are_counted(monkeypatch):
    """What was read in time is kept, and the owner is told what to do."""
    times = iter([0, 0, 99])
    monkeypatch.setattr(
        "index.documents.readers.markup.mediawiki.time.monotonic", lambda: next(times)
    )
    read = read_bytes("wiki.xml", _export(*[_page(f"Page {n}", "Low.") for n in range(25)]))
    assert len(read.paragraphs) == 20
    assert read.remark == "pages left out for lack of time: 5; export fewer pages at a time"


@pytest.mark.parametrize(
    "data",
    [
        b"<a/>",
        b"garbage",
        b"<mediawiki>",
        _export(BOATS)[:-20],
        _export(_page("Bomb", "&i;"), doctype=ENTITY_BOMB),
        b"<a>" * 100_000,
    ],
)
def test_other_xml_is_refused(data):
    """Damaged and hostile files end in one line."""
    reason = reason_against("a.xml", data)
    assert reason in (
        "it is no export of a MediaWiki; other XML is not read",
        "it holds no paragraph",
    )
