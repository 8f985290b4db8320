"""The header of a text: its fields, and the address where it was published."""

import pytest

from index.documents.model import NO_VERSION, DeclaredVersion
from index.documents.readers.front_matter import (
    dated,
    declared_language,
    declared_version,
    published_at,
    split_front_matter,
    titled,
)


def test_front_matter_gives_scalars_as_text_and_the_body():
    """Plain values are kept as written; lists and maps are left out."""
    header, body = split_front_matter("---\ntitle: 1802\nold: yes\nx: [1]\n---\nThe bell.\n")
    assert (header, body) == ({"title": "1802", "old": "yes"}, "The bell.\n")


@pytest.mark.parametrize(
    "text",
    [
        "The bell.\n---\na: b\n---",
        "---\na: b\nno end",
        "----\na: b\n---",
        "---\n\nThe bell rang.\n\n---\n\nNobody came.",
        "---\n\nNote: bring oil.\n\n---\nThe bell.",
        "---\nThe bell: rang.\n---\nNobody came.",
        "---\n" + "a: b\n" * 1000 + "---\nThe bell.",
        "+++\nThe bell rang.\n+++\n",
        '{"a": 1} is JSON.',
        '{"title": "Boats"}',
        "{row} out",
    ],
)
def test_front_matter_absent_leaves_the_text_unchanged(text):
    """What is not a short map between two lines of dashes on top is text."""
    assert split_front_matter(text) == ({}, text)


@pytest.mark.parametrize(
    ("text", "fields"),
    [
        ("+++\ntitle = 'Fees'\nweight = 2\n+++\nRow.", {"title": "Fees", "weight": "2"}),
        ('{\n"title": "Fees",\n"tags": ["a"]\n}\nRow.', {"title": "Fees"}),
        (';;;\n"title": "Fees"\n;;;\nRow.', {"title": "Fees"}),
        ("---toml\ntitle = 'Fees'\n---\nRow.", {"title": "Fees"}),
        ("---\nsidebar: x\norder: 1\n---\nRow.", {"sidebar": "x", "order": "1"}),
        ("---\ntitle: Fees\n...\nRow.", {"title": "Fees"}),
        ("\n---\ntitle: Fees\n---\nRow.", {"title": "Fees"}),
        ("---\ntitle: Fees\n\nRow.", {"title": "Fees"}),
    ],
)
def test_front_matter_of_any_kind_is_split_off(text, fields):
    """YAML, TOML and JSON, with any fields, and without an end."""
    header, body = split_front_matter(text)
    assert (header, body.strip()) == (fields, "Row.")


@pytest.mark.parametrize(
    ("header", "title"),
    [
        ("title: Re: fees", "Re: fees"),
        ("title: 'Fees'\n\tauthor: Ann", "Fees"),
        ("layout: docs\ntitle: {{ page.name }}", None),
        ("title: Fees\na: *b", "Fees"),
        ("title: Fees\n? [a]\n: b", "Fees"),
        ("title: Fees\nx: \x01", "Fees"),
        ("title: Fees\na: " + "[" * 5000, "Fees"),
        ("title: Fees\na: [" + "1," * 20_000 + "]", "Fees"),
    ],
)
def test_broken_front_matter_is_left_out_and_its_title_is_read(header, title):
    """The page stays, and a title that stands on a line of its own is known."""
    fields, body = split_front_matter(f"---\n{header}\n---\nRow.")
    assert (titled(fields), body) == (title, "Row.")


@pytest.mark.parametrize(
    ("header", "day"),
    [
        ("date: 2026-03-01", "2026-03-01"),
        ("date: 2026-03-01T10:00:00Z", "2026-03-01"),
        ("date: 2026/3/1", "2026-03-01"),
        ("date: 2025-01-01\nlastmod: 2026-03-01", "2026-03-01"),
        ("date: 2025-01-01\nupdated: soon", "2025-01-01"),
        ("title: x\nlast_update:\n  date: 2026-03-01\n  author: Ann", "2026-03-01"),
        ("date: 2026-02-31", None),
        ("date: March", None),
        ("title: x", None),
    ],
)
def test_day_of_a_text_is_that_of_its_last_change(header, day):
    """The header says it in one of several fields, or not at all."""
    assert dated(split_front_matter(f"---\n{header}\n---\nRow.")[0]) == day


def test_front_matter_never_makes_python_objects():
    """A tag that names a Python function stays text or is refused, and nothing runs."""
    header = "title: !!python/object/apply:os.getcwd []"
    assert "title" not in split_front_matter(f"---\n{header}\n---\n")[0]


@pytest.mark.parametrize(
    "url",
    [
        "https://lowmere.example/harbour?page=2#bell",
        "http://[2001:db8::1]:8080/",
        "HTTPS://m\u00f8rby.example/\u5317",
        "https://lowmere.example/" + "a" * 1976,
    ],
)
def test_address_of_a_text_is_kept_as_it_is_written(url):
    """An http or https address of at most 2,000 characters is where a text is published."""
    assert published_at({"url": f" {url} "}) == url


@pytest.mark.parametrize(
    "url",
    [
        "",
        "lowmere.example",
        "ftp://lowmere.example/",
        "javascript:alert(1)",
        "https://",
        "https:///harbour",
        "https://[lowmere",
        "https://lowmere.example/a b",
        "https://lowmere.example/\u00a0a",
        "https://lowmere.example/\na",
        "https://lowmere.example/\x1b[31m",
        "https://lowmere.example/\u202egpj",
        "https://lowmere.example/" + "a" * 1977,
    ],
)
def test_address_that_no_reader_can_follow_is_ignored(url):
    """Other schemes, white space, control characters and overlong addresses are no address."""
    assert published_at({"url": url}) is None


@pytest.mark.parametrize("header", ["---\n---\n", "---\n# only a comment\n---\n"])
def test_empty_front_matter_is_not_part_of_the_text(header):
    """A header without fields is a header all the same."""
    assert split_front_matter(f"{header}The bell rang.") == ({}, "The bell rang.")


@pytest.mark.parametrize(
    ("header", "language"),
    [
        ({"lang": "de"}, "de"),
        ({"language": "en-GB"}, "en"),
        ({"lang": "es", "language": "en"}, "es"),
        ({"lang": "{{ page.lang }}"}, None),
        ({}, None),
    ],
)
def test_front_matter_declares_a_language(header, language):
    """`lang` wins over `language`; what is no code is ignored."""
    assert declared_language(header) == language


@pytest.mark.parametrize(
    ("header", "declared"),
    [
        ("version: 2.1", DeclaredVersion("2.1")),
        ("version: v2.1\nlatest: true", DeclaredVersion("2.1", is_latest=True)),
        ("version: 2", DeclaredVersion("v2")),
        ("latest: yes", DeclaredVersion(None, is_latest=True)),
        ("version: 2.1\nlatest: false", DeclaredVersion("2.1")),
        ("version: draft of May", NO_VERSION),
        ("version:", NO_VERSION),
        ("version: [1, 2]", NO_VERSION),
        ("title: Boats", NO_VERSION),
    ],
)
def test_front_matter_declares_a_version(header, declared):
    """What is no name of a version is none; that it is the latest may stand alone."""
    fields, _ = split_front_matter(f"---\n{header}\n---\nText.\n")
    assert declared_version(fields) == declared
