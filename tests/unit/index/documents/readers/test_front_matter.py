"""The header of a text: its fields, and the address where it was published."""

import pytest

from index.documents.readers.front_matter import published_at, split_front_matter


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
        "---\n" + "a: b\n" * 200 + "---\nThe bell.",
    ],
)
def test_front_matter_absent_leaves_the_text_unchanged(text):
    """What is not a short map between two lines of dashes on top is text."""
    assert split_front_matter(text) == ({}, text)


@pytest.mark.parametrize("header", ["a: b: c", "\ta: b", "a: *b", "? [a]\n: b", "x: \x01"])
def test_front_matter_with_broken_yaml_is_refused(header):
    """A broken header raises ValueError."""
    with pytest.raises(ValueError, match="not valid YAML"):
        split_front_matter(f"---\n{header}\n---\nThe bell.")


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


def test_deeply_nested_front_matter_is_refused():
    """Brackets nested too deep for the parser raise ValueError like any broken header."""
    with pytest.raises(ValueError, match="not valid YAML"):
        split_front_matter("---\na: " + "[" * 5000 + "\n---\nThe bell.")


def test_header_of_many_characters_is_text():
    """What is longer than any header stays in the text, and YAML's slow parser never sees it."""
    long = "---\ntitle: Boats\na: [" + "1," * 10_000 + "]\n---\nThe bell."
    assert split_front_matter(long) == ({}, long)
