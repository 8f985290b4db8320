"""What a question names and the texts never mention."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from index import Searcher, Tier, build_index

TEXT = """The port

The release 3.2.0 of 1998 reads wifi settings of the tide table from Node.js, as git does.

Here is a hub of Italy's ferries. The captain set max berths to 20,000 in the
1980s, for three boats.

The boathouse of Ada Finch holds the PortMaster and its ps3 console.
"""


@pytest.fixture(scope="module")
def port(tmp_path_factory):
    """An index of a text with names, numbers and identifiers."""
    folder = tmp_path_factory.mktemp("port")
    (folder / "corpus").mkdir()
    (folder / "corpus" / "port.md").write_text(TEXT, encoding="utf-8")
    build_index(folder / "corpus", folder / "index")
    return Searcher.open(folder / "index", Tier.LEXICAL)


@pytest.mark.parametrize(
    ("question", "names"),
    [
        ("does it work with kubernetes?", {"kubernetes"}),
        ("Kubernetes: does it work?", {"kubernetes"}),
        ("WHO IS ZEBULON?", {"zebulon"}),
        ("who is zebulon", {"zebulon"}),
        ("did the captain meet Nigel?", {"nigel"}),
        ("is the port on GitHub?", {"github"}),
        ("is the port on github?", {"github"}),
        ("where is githubActions", {"githubactions", "github", "actions"}),
        ("what does max_retries do", {"maxretries", "retries"}),
        ("how does tide.open read the table", {"tideopen"}),
        ("what is new in release 3.2.1?", {"3.2.1"}),
        ("what happened at the port in 1847", {"1847"}),
        ("does the captain have 30,000 boats", {"30000"}),
        ("is there a ps5 console", {"ps5"}),
        ("does the hub speak IPv6", {"ipv6"}),
        ("tell me about Zebulon", {"zebulon"}),
    ],
)
def test_name_number_or_identifier_that_no_passage_holds_is_unknown(port, question, names):
    """In any case and form; the words of an identifier do not stand for it one by one."""
    unknown = port.unknown_names(question)
    assert unknown >= {max(names, key=len)}
    assert unknown <= names
    assert port.names_something_unknown(question)


@pytest.mark.parametrize(
    "question",
    [
        "who is Ada Finch",
        "what about the Italian ferries",
        "what does maxBerths do",
        "what is max_berths",
        "is there Wi-Fi?",
        "does node.js read the settings",
        "where is the port master",
        "what is new in v3.2.0",
        "what is new in 3.2",
        "what happened in 1998",
        "what happened in 1980",
        "what happened in the 1990s or the 19th century",
        "are there 3 boats, or 20k?",
        "is the ps3 console in the boat house",
        "WHat is a boat",
        "why was the unwanted boat sailing so beautifully",
        "which ferrys dose the captian recomend",
        "who is the husband of the captain",
        "is it AI or QA?",
        "wie hoch steht das wasser im hafenbecken",
        "",
    ],
)
def test_what_texts_or_plain_english_explain_is_not_unknown(port, question):
    """Other forms of a name, words of everyday English and their typos are no unknown names."""
    assert port.unknown_names(question) == set()


@given(st.text(max_size=120))
def test_any_question_can_be_asked_for_its_names(port, question):
    """Nothing that people type breaks it."""
    assert port.names_something_unknown(question) == bool(port.unknown_names(question))


@pytest.mark.parametrize(
    "question",
    [
        "wo wohnt der W\u00e4rter am Hafenbecken",
        "Was kostet die Fahrkarte nach Husum?",
        "o\u00f9 est le Louvre",
        "\u0433\u0434\u0435 \u0436\u0438\u0432\u0451\u0442 \u041f\u0451\u0442\u0440",
    ],
)
def test_question_in_another_language_than_the_texts_names_nothing(port, question):
    """German nouns have capitals, and thresholds of English refuse only what shares no word."""
    assert port.unknown_names(question) == set()
    assert not port.finds_names(question)
    assert not port.may_refuse(f"{question} wifi")


def test_only_the_beginning_of_a_question_is_read(port):
    """A paste of identifiers costs no more than the words that are searched."""
    known = "is the tide table there " * 16
    assert port.unknown_names(known + "is it on GitHub") == set()
    assert port.unknown_names("is it on GitHub " + known) == {"github"}


def test_capitals_without_an_english_word_name_nothing(port):
    """A short question in another language may have no stop word that tells it."""
    assert port.unknown_names("wann startete Zebulons Auszeichnung") == set()
