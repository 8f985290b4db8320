"""Files of the corpus are listed, and become documents."""

import os

import pytest

from index.documents import Limits, list_corpus, read_document
from index.errors import CorpusReadError, EmptyCorpusError
from tests.support.checkout import SHARED_ARTICLE, needs_article

COPY = "copy the text itself into the folder"


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
        (b" \n\n", "no paragraph"),
        (b"", "no paragraph"),
    ],
)
def test_document_that_cannot_be_read_says_why(corpus, data, reason):
    """Binary files, broken encodings and empty texts are refused with a reason."""
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
def test_corpus_passes_over_its_readme_and_hidden_files(corpus, name):
    """README.* in the folder itself and hidden files are neither listed nor reported."""
    (corpus / name).parent.mkdir(parents=True, exist_ok=True)
    (corpus / name).write_text("Text.", encoding="utf-8")
    assert list_corpus(corpus) == ([], [])


def test_corpus_reads_the_readmes_of_its_subfolders(corpus):
    """They are texts like others, and without a title they have that of their folder."""
    (corpus / "tide-gates").mkdir()
    (corpus / "tide-gates" / "README.md").write_text("Text.", encoding="utf-8")
    (file,), skipped = list_corpus(corpus)
    assert (file.source, skipped) == ("tide-gates/README.md", [])
    assert read_document(file).title == "tide gates"


def test_mdx_is_read_with_title_address_and_day(corpus):
    """The front matter says them, and a broken one does not lose the page."""
    (corpus / "a.mdx").write_text(
        "---\ntitle: Boats\nurl: https://sea.example/boats\ndate: 2026-03-01\n---\n"
        "import A from 'a'\n\n<A>[Row](#out) {x}.</A>\n",
        encoding="utf-8",
    )
    document = _read_only_file(corpus)
    assert (document.title, document.url, document.date) == (
        "Boats",
        "https://sea.example/boats",
        "2026-03-01",
    )
    assert _texts(document.paragraphs) == ["Row."]
    assert document.paragraphs[0].marks[0].value == "https://sea.example/boats#out"


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
        ("climbing.txt", f"it is a link to a place outside the corpus; {COPY}"),
        ("folder", f"it is a link to a folder; {COPY}"),
        ("outside.txt", f"it is a link to a place outside the corpus; {COPY}"),
    ]


def test_corpus_reports_a_link_to_a_folder_inside(corpus):
    """A linked folder is not walked twice, but never passed over silently."""
    (corpus / "b").mkdir()
    (corpus / "b" / "a.txt").write_text("Text.", encoding="utf-8")
    (corpus / "b" / "again").symlink_to(corpus / "b")
    (corpus / ".hidden").symlink_to(corpus / "b")
    files, (skipped,) = list_corpus(corpus)
    assert [file.source for file in files] == ["b/a.txt"]
    assert (skipped.source, skipped.reason) == ("b/again", f"it is a link to a folder; {COPY}")


@pytest.fixture
def closed_folder(corpus, monkeypatch):
    """A folder of the corpus that no user may list, not even root."""
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
    assert [file.reason for file in skipped] == [f"it is not a regular file; {COPY}"] * 2


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
    assert (skipped.source, skipped.reason) == (
        "larger.txt",
        "it is larger than 1 MiB; divide it into several files",
    )


def test_corpus_skips_a_file_whose_name_is_no_text(corpus):
    """A name in a broken encoding is reported in characters that can be printed."""
    (corpus / os.fsdecode(b"b\xff.txt")).write_bytes(b"Text.")
    files, (skipped,) = list_corpus(corpus)
    assert (files, skipped.source) == ([], "b?.txt")
    assert skipped.reason == "its name is not valid text; rename it"


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
