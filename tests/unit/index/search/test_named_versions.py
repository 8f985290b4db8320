"""The versions that a question names, and what is left of it."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from index import Searcher, build_index, named_versions

TEXTS = {
    "pier/1.x/berths.md": "# Berths of Lowmere\n\nWrite a letter to get a berth.\n",
    "pier/2.0/berths.md": "# Berths of Lowmere\n\nCall the office to get a berth.\n",
    "pier/3.1/berths.md": "# Berths of Lowmere\n\nUse the form. The USB 2.0 plug is beside it, and"
    " Lowmere 2.0 is old.\n",
    "pier/latest/tides.md": "# Tides\n\nThe tide is high at noon.\n",
    "pier/1.x/tides.md": "# Tides\n\nThe tide was high at one.\n",
}


@pytest.fixture(scope="module")
def searcher(tmp_path_factory):
    """A searcher of a manual in several versions."""
    folder = tmp_path_factory.mktemp("named")
    for source, text in TEXTS.items():
        path = folder / "corpus" / source
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    build_index(folder / "corpus", folder / "index")
    return Searcher.open(folder / "index")


@pytest.mark.parametrize(
    ("question", "versions", "rest"),
    [
        ("how do I get a berth in 1.x?", ("1.x",), "how do I get a berth in ?"),
        ("how do I get a berth in v2.0?", ("2.0",), "how do I get a berth in ?"),
        ("version 2: where is a berth?", ("v2",), ": where is a berth?"),
        ("Wie bekomme ich in Version 1 einen Platz?", ("v1",), "Wie bekomme ich in einen Platz?"),
        ("1.4 berths", ("1.4",), "berths"),
        ("berths in the latest version", ("latest",), "berths in the"),
        ("what changed between 1.x and 2.0", ("1.x", "2.0"), "what changed between and"),
        ("a berth in Lowmere 2.0", ("2.0",), "a berth in Lowmere"),
        ("is a berth free in Pier 2?", ("v2",), "is a berth free in Pier ?"),
        ("\u57282.0\u4e2d\u6cca\u4f4d\u662f\u4ec0\u4e48", ("2.0",), None),
    ],
)
def test_question_names_a_version(searcher, question, versions, rest):
    """In words, with a "v", as a series, and as a number with a dot."""
    named = named_versions(question, searcher)
    assert named is not None
    assert named.versions == versions
    if rest is not None:
        assert named.taken_from(question) == rest


@pytest.mark.parametrize(
    "question",
    [
        "how do I get a berth?",
        "how do I get berth 2?",
        "a berth in version 4.0",
        "does the boat have 2.0 GB?",
        "is 2.0 % enough",
        "the address 2.0.0.1.7",
        "it costs $2.0",
        "where is the USB 2.0 plug?",
        "what is the latest?",
        "in 12.0",
        "stable version",
    ],
)
def test_question_names_no_version(searcher, question):
    """Other versions, amounts, addresses, and things that the texts name with a number."""
    assert named_versions(question, searcher) is None


def test_question_of_a_version_alone_stays_as_it_is(searcher):
    """There would be nothing to search for."""
    question = "version 2.0?"
    named = named_versions(question, searcher)
    assert named is not None
    assert named.taken_from(question) == question


@given(st.text(st.sampled_from("v120.x -berth\n"), max_size=40))
def test_only_versions_that_the_texts_have_are_named(searcher, text):
    """And what is left is a part of the question."""
    named = named_versions(text, searcher)
    if named is not None:
        assert all(searcher.editions.fitting([version]) for version in named.versions)
        assert set(named.taken_from(text).split()) <= set(text.split()) | {
            word for mention in named.mentions for word in text.replace(mention, " ").split()
        }
