"""Versions: what is one, which one is higher, and which one is meant."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from index.documents.versions import fit, precedence, read_folder, read_version

numbers = st.lists(st.integers(0, 99), min_size=2, max_size=4).map(
    lambda parts: ".".join(map(str, parts))
)
texts = st.text(st.sampled_from("v0129.-_xrcab ersion"), max_size=24)


@pytest.mark.parametrize(
    ("name", "version"),
    [
        ("2.1", "2.1"),
        ("v2.1", "2.1"),
        ("1.x", "1.x"),
        ("v2", "v2"),
        ("2.0.3", "2.0.3"),
        ("version-2.1", "2.1"),
        ("release-3.0", "3.0"),
        ("2.0rc1", "2.0rc1"),
        ("2.0-beta_1", "2.0-beta-1"),
        ("2026.1", "2026.1"),
        ("Latest", "latest"),
        ("stable", "stable"),
        ("next", "next"),
    ],
)
def test_folder_names_a_version(name, version):
    """With a number it has a dot or a prefix; else it is a word of documentation sites."""
    assert read_folder(name) == version


@pytest.mark.parametrize(
    "name",
    ["2", "2026", "2026.03", "2026.03.01", "2.1-notes", "guide", "v", "x", "", "10.1.2.3.4", "old"],
)
def test_folder_names_no_version(name):
    """Years, days, chapters and other names are none."""
    assert read_folder(name) is None


def test_number_alone_is_a_version_only_where_it_says_so():
    """The field of the front matter may hold it, the name of a folder may not."""
    assert read_version("2") == "v2"
    assert read_version("2026-03-01") is None
    assert read_version("draft") is None
    assert read_version(None) is None


def test_precedence_is_that_of_releases():
    """Words for what is released win, and lose for what is not; 1.x is above all of 1."""
    ordered = ["next", "3.0rc1", "0.9", "1.2", "1.12", "1.x", "v2", "2.0.1"]
    ordered += ["current", "latest", "stable"]
    shuffled = ordered[::-1]
    assert sorted(shuffled, key=precedence) == ordered


@pytest.mark.parametrize(
    ("asked", "version", "expected"),
    [
        ("2.0", "2.0", 2),
        ("v2", "2.x", 2),
        ("v2", "2.1", 1),
        ("2.0", "2.x", 1),
        ("2.0.3", "2.0", 1),
        ("2.0", "2.0rc1", 1),
        ("2.0rc1", "2.0", 0),
        ("2.1", "2.0", 0),
        ("v1", "10.1", 0),
        ("latest", "latest", 2),
        ("latest", "2.0", 0),
        ("2.0", "stable", 0),
    ],
)
def test_version_fits_itself_and_its_series(asked, version, expected):
    """A series fits what belongs to it, in both directions; nothing else does."""
    assert fit(asked, version) == expected


@given(texts)
def test_what_is_read_reads_the_same_again_and_fits_an_id(text):
    """The name of a version is short, of few characters, and stays as it is."""
    version = read_version(text)
    if version is not None:
        assert read_version(version) == version
        assert len(version) <= 20
        assert version.replace(".", "_").replace("_", ".") == version
        assert fit(version, version) == 2


@given(numbers, numbers)
def test_versions_have_one_order(one, other):
    """Of two numbers that are not equal one is higher, and neither fits exactly."""
    a, b = read_version(one), read_version(other)
    if a is None or b is None:
        return
    if precedence(a) != precedence(b):
        assert (precedence(a) < precedence(b)) != (precedence(b) < precedence(a))
    assert fit(a, b) == fit(b, a)
