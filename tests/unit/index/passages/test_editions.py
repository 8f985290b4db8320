"""Texts that are one page in several versions or languages, and which of them is current."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from index.documents.model import NO_VERSION, DeclaredVersion
from index.documents.versions import precedence, read_folder
from index.passages.editions import (
    Edition,
    Editions,
    VersionedText,
    group_editions,
    write_editions,
)


def _text(source, language="en", *, version=None, latest=False, title="Install"):
    declared = DeclaredVersion(version, latest) if version or latest else NO_VERSION
    return VersionedText(source, language, declared, lambda _: title)


def _pages(*texts, current=None):
    """Return each page as its sources with their versions, the current one first."""
    pages = group_editions(texts, current)
    return [[(one.source, one.version) for one in page] for page in pages]


def _sources(*texts, current=None):
    return [[source for source, _ in page] for page in _pages(*texts, current=current)]


def test_texts_without_version_or_translation_are_no_editions():
    """Nothing is kept of them, not even where folders look alike."""
    texts = [_text(one) for one in ("a/x.md", "b/x.md", "dev/x.md", "2026/x.md", "latest/y.md")]
    assert group_editions(texts) == []


def test_highest_release_is_the_current_version():
    """Pre-releases and what is not released stand behind it."""
    names = ["1.x", "2.0", "1.9", "3.0rc1", "next"]
    assert _pages(*(_text(f"docs/{name}/a.md") for name in names)) == [
        [(f"docs/{name}/a.md", name) for name in ("2.0", "1.x", "1.9", "3.0rc1", "next")]
    ]


def test_stable_stands_before_latest_and_numbers():
    """On Read the Docs `latest` is the branch that is worked on, if there is a `stable`."""
    names = ["9.0", "latest", "stable"]
    assert _sources(*(_text(f"{name}/a.md") for name in names)) == [
        ["stable/a.md", "latest/a.md", "9.0/a.md"]
    ]


def test_owner_says_which_version_is_current():
    """A text that says it is the latest wins over the setting, this one over the numbers."""
    one, two = _text("1.x/a.md"), _text("2.0/a.md")
    assert _sources(one, two, current="1.x")[0][0] == "1.x/a.md"
    assert _sources(one, two, current="v2")[0][0] == "2.0/a.md"
    assert _sources(one, two, current="7.0")[0][0] == "2.0/a.md"
    told = _text("1.0/a.md", latest=True)
    assert _sources(told, one, two, current="2.0")[0][0] == "1.0/a.md"


def test_docs_of_docusaurus_are_not_released_beside_versioned_ones():
    """`docs/` is the next version; alone it has none."""
    texts = [_text("web/docs/a.md"), _text("web/versioned_docs/version-1.0/a.md")]
    assert _pages(*texts) == [
        [("web/versioned_docs/version-1.0/a.md", "1.0"), ("web/docs/a.md", "next")]
    ]
    assert _pages(texts[0]) == []


def test_path_without_a_version_is_current_with_the_same_title_only():
    """A page above the folders of versions may be about something else."""
    old = _text("docs/1.x/a.md", title="Install 1.x")
    assert _pages(old, _text("docs/a.md")) == [[("docs/a.md", "current"), ("docs/1.x/a.md", "1.x")]]
    assert _pages(old, _text("docs/a.md", title="Choose a version")) == [[("docs/1.x/a.md", "1.x")]]


def test_chapters_are_no_versions():
    """The first pages of numbered folders have the same name, but not the same title."""
    chapters = [_text("1.1/index.md", title="Boats"), _text("1.2/index.md", title="Nets")]
    assert [len(page) for page in _pages(*chapters)] == [1, 1]
    versions = [_text("1.1/index.md", title="Guide 1.1"), _text("1.2/index.md", title="Guide 1.2")]
    assert _sources(*versions) == [["1.2/index.md", "1.1/index.md"]]


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("install-1.0.md", "install-2.0.md"),
        ("guide.md", "guide-old.md"),
        ("old/install.md", "new/install.md"),
        ("docs-1.0/install.md", "docs-2.0/install.md"),
    ],
)
def test_front_matter_alone_makes_versions(one, other):
    """The paths are the same without the version, or title and folder or file name are."""
    texts = [_text(one, version="1.0"), _text(other, version="2.0")]
    assert _sources(*texts) == [[other, one]]


@pytest.mark.parametrize(
    ("one", "other", "title"),
    [
        ("old/install.md", "new/setup.md", "Install"),
        ("a/b/install.md", "c/d/install.md", "Install"),
        ("guide.md", "boats.md", "Boats"),
    ],
)
def test_front_matter_alone_joins_nothing_else(one, other, title):
    """Other texts with a version of their own are other pages."""
    texts = [_text(one, version="1.0"), _text(other, version="2.0", title=title)]
    assert [len(page) for page in _pages(*texts)] == [1, 1]


def test_languages_of_a_page_are_editions():
    """Each has its own current version."""
    texts = [
        _text("en/2.0/a.md"),
        _text("en/1.x/a.md"),
        _text("de/1.x/a.md", "de"),
        _text("b.md"),
        _text("b.fr.md", "fr"),
    ]
    editions = Editions(group_editions(texts))
    assert editions.superseded == {"en/1.x/a.md"}
    assert editions.other_versions("de/1.x/a.md") == ("2.0",)
    assert editions.translated_page("b.md") == editions.translated_page("b.fr.md") is not None
    assert editions.translated_page("c.md") is None


MANUAL = Editions(
    group_editions(
        [
            *(_text(f"{name}/a.md") for name in ("1.x", "2.0", "2.1")),
            *(_text(f"{name}/b.md") for name in ("1.x", "2.0")),
            _text("1.x/c.md"),
        ]
    )
)


@pytest.mark.parametrize(
    ("asked", "sources"),
    [
        (["1.x"], {"1.x/a.md", "1.x/b.md", "1.x/c.md"}),
        (["2.0"], {"2.0/a.md", "2.0/b.md"}),
        (["v2"], {"2.1/a.md", "2.0/b.md"}),
        (["1.4"], {"1.x/a.md", "1.x/b.md", "1.x/c.md"}),
        (["2.0", "2.1"], {"2.0/a.md", "2.1/a.md", "2.0/b.md"}),
        (["4.0"], set()),
    ],
)
def test_version_that_is_asked_for_finds_its_texts(asked, sources):
    """Of each page the same version, else the best one of the series."""
    assert MANUAL.fitting(asked) == sources


def test_page_of_an_old_version_alone_is_not_superseded():
    """What newer versions no longer say is still found."""
    assert MANUAL.superseded == {"1.x/a.md", "2.0/a.md", "1.x/b.md"}


def test_scope_knows_its_own_editions_only():
    """Among the texts of a scope another version is the current one, and no other is named."""
    scope = MANUAL.within({"1.x/a.md", "2.0/a.md", "1.x/b.md"})
    assert scope.versions == ("2.0", "1.x")
    assert scope.superseded == {"1.x/a.md"}
    assert scope.other_versions("1.x/a.md") == ("2.0",)
    assert scope.other_versions("1.x/b.md") == ()
    assert scope.version_of("2.1/a.md") is None


def test_editions_of_several_indexes_are_all_known():
    """Pages of different indexes stay apart."""
    other = Editions([(Edition("own/a.md", "5.0", "en"),)])
    both = Editions.of_several([MANUAL, other])
    assert both.versions == ("5.0", "2.1", "2.0", "1.x")
    assert both.superseded == MANUAL.superseded
    assert Editions.of_several([MANUAL, Editions(())]) is MANUAL


def test_editions_are_the_same_when_read_again(tmp_path):
    """The file of a build holds all that there is."""
    pages = group_editions([_text("2.0/a.md"), _text("1.x/a.md"), _text("1.x/b.md")])
    write_editions(tmp_path, pages)
    read = Editions.open(tmp_path)
    assert read.versions == ("2.0", "1.x")
    assert read.other_versions("2.0/a.md") == ("1.x",)


folders = st.sampled_from(["1.0", "1.x", "2.0rc1", "2.0", "latest", "stable", "next", "guide", "."])


@given(st.lists(folders, min_size=1, max_size=6, unique=True))
def test_one_text_of_a_page_is_current(found):
    """Whatever versions there are, one of them answers, and no higher release is left out."""
    sources = [f"{name}/a.md" if name != "." else "a.md" for name in found]
    editions = Editions(group_editions(map(_text, sources)))
    of_page = [one for one in sources if editions.version_of(one)]
    current = set(of_page) - editions.superseded
    assert len(current) == bool(of_page)
    for source in current:
        others = editions.other_versions(source)
        assert len(others) == len(of_page) - 1
        rank = precedence(editions.version_of(source))
        assert all(precedence(other) < rank for other in others)
    assert all(read_folder(one.split("/")[0]) or one == "a.md" for one in of_page)
