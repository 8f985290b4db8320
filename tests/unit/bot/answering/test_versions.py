"""Questions of texts that are there in several versions and languages."""

import pytest

from bot.answering import answer_question, explain, extend_history, further_quotes
from index import CombinedSearcher, Searcher, build_index

LETTER = "To reserve a berth in the harbour, write a letter to the harbour master."
PHONE = "To reserve a berth in the harbour, call the harbour office by telephone."
FORM = "To reserve a berth in the harbour, fill in the form on the web."
CRANE = "The crane lifts ten tons and is painted red."
LIGHT = "The lighthouse was built in 1898 by the town."
CHANGES = "The bell of the pier is rung by hand since then."
GERMAN = "Um einen Liegeplatz im Hafen zu reservieren, rufen Sie das Hafenamt an."

TEXTS = {
    "docs/1.x/berths.md": f"# Berths\n\n{LETTER}\n",
    "docs/2.0/berths.md": f"# Berths\n\n{PHONE}\n",
    "docs/3.0rc1/berths.md": f"# Berths\n\n{FORM}\n",
    "docs/1.x/crane.md": f"# Crane\n\n{CRANE}\n",
    "docs/2.0/de/berths.md": f"# Liegeplätze\n\n{GERMAN}\n",
    "changes.md": f"# Changes\n\n## 1.4\n\n{CHANGES}\n\n## 2.0\n\nThe bell has a motor.\n",
    "faq.md": f"# Questions\n\n{LIGHT}\n",
}

ASKED = "How do I reserve a berth in the harbour?"


def _build(folder, texts):
    for source, text in texts.items():
        path = folder / "corpus" / source
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    build_index(folder / "corpus", folder / "index")
    return Searcher.open(folder / "index")


@pytest.fixture(scope="module")
def searcher(tmp_path_factory):
    """A searcher of a manual in three versions, one of them also in German, and other texts."""
    return _build(tmp_path_factory.mktemp("versions"), TEXTS)


def _best(searcher, question, history=(), **options):
    return answer_question(question, history, searcher, **options).quotes[0]


def test_current_version_is_quoted_and_names_the_others(searcher):
    """No other version of the page has a place, and its statistics do not count."""
    answer = answer_question(ASKED, [], searcher)
    assert answer.quotes[0].text == PHONE
    assert (answer.quotes[0].version, answer.quotes[0].other_versions) == ("2.0", ("1.x", "3.0rc1"))
    assert not {LETTER, FORM} & {quote.text for quote in answer.quotes}


@pytest.mark.parametrize(
    ("question", "text"),
    [
        ("How do I reserve a berth in the harbour in 1.x?", LETTER),
        ("How do I reserve a berth in the harbour, v1.2?", LETTER),
        ("How do I reserve a berth in the harbour in version 3?", FORM),
        ("How do I reserve a berth in the harbour in version 2?", PHONE),
        ("How do I reserve a berth in the harbour in version 7.0?", PHONE),
    ],
)
def test_question_that_names_a_version_gets_it(searcher, question, text):
    """And one that names none that the texts have gets the current one."""
    answer = answer_question(question, [], searcher)
    assert answer.quotes[0].text == text
    assert answer.turn is not None
    assert answer.turn.question == question


def test_page_of_an_old_version_alone_answers(searcher):
    """It says of which version it is."""
    quote = _best(searcher, "What does the crane lift?")
    assert (quote.text, quote.version, quote.other_versions) == (CRANE, "1.x", ())


@pytest.mark.parametrize(
    ("question", "text"),
    [
        ("When was the lighthouse built in 2.0?", LIGHT),
        ("What does the crane lift in 2.0?", CRANE),
    ],
)
def test_where_a_version_says_nothing_the_current_texts_are_asked(searcher, question, text):
    """The number is no reason to quote anything that has it."""
    assert _best(searcher, question).text == text


def test_heading_with_the_version_is_found_by_it(searcher):
    """Texts without versions, such as a list of changes, may say what is new in one."""
    assert _best(searcher, "what about the bell in 1.4?").text == CHANGES


def test_chosen_version_is_asked_alone(searcher):
    """Also if it says nothing."""
    assert _best(searcher, ASKED, versions=["1.x"]).text == LETTER
    named = "How do I reserve a berth in the harbour in 1.x?"
    assert _best(searcher, named, versions=["3.0rc1"]).text == FORM
    assert not answer_question("When was the bell rung?", [], searcher, versions=["9"]).answered


def test_follow_up_stays_in_the_version_of_its_turn(searcher):
    """Only if it needs that turn; a question of its own is asked of the current version."""
    first = answer_question("How do I reserve a berth in 1.x?", [], searcher)
    history = extend_history([], first)
    assert _best(searcher, "and how do I reserve it?", history).version == "1.x"
    assert _best(searcher, ASKED, history).version == "2.0"
    assert _best(searcher, "and in 3.0?", history).text == FORM
    chosen = answer_question(ASKED, [], searcher, versions=["1.x"])
    history = extend_history([], chosen)
    assert _best(searcher, "and how do I reserve it?", history).version == "1.x"


def test_more_of_a_version_is_of_that_version(tmp_path):
    """Also where the version was chosen with a button."""
    steps = [f"Step {name} of reserving a berth takes a day." for name in ("one", "two", "three")]
    page = "# Berths\n\n" + "\n\n".join(f"## Part {step}\n\n{step}" for step in steps)
    texts = {
        f"{name}/berths.md": page.replace("Step", f"Step {name[0]}") for name in ("1.x", "2.0")
    }
    searcher = _build(tmp_path, texts)
    asked = "what are the steps of reserving a berth"
    for question, versions in ((asked, ["1.x"]), (f"{asked} in 1.x", [])):
        first = answer_question(question, [], searcher, top_k=1, versions=versions)
        assert first.turn is not None
        more = further_quotes([first.turn], first.turn.n_seen, searcher, top_k=1)
        assert {quote.version for quote in (*first.quotes, *more.quotes)} == {"1.x"}
        assert more.quotes[0].text != first.quotes[0].text
        assert _best(searcher, "the first one", [first.turn]).version == "1.x"


def test_scope_names_no_version_that_it_excludes(searcher):
    """Its own versions are the only ones."""
    scope = searcher.within({"docs/1.x/berths.md", "docs/3.0rc1/berths.md"})
    quote = _best(scope, ASKED)
    assert (quote.version, quote.other_versions) == ("1.x", ("3.0rc1",))
    alone = _best(searcher.within({"docs/3.0rc1/berths.md"}), ASKED)
    assert (alone.text, alone.other_versions) == (FORM, ())
    assert not answer_question(ASKED, [], scope, versions=["2.0"]).answered


def test_own_texts_and_shared_ones_have_versions(searcher, tmp_path):
    """Several indexes are asked as one is."""
    own = _build(tmp_path, {"tea.md": "# Tea\n\nTea is free for members of the club.\n"})
    combined = CombinedSearcher([own, searcher])
    assert _best(combined, ASKED).other_versions == ("1.x", "3.0rc1")
    assert _best(combined, f"{ASKED[:-1]} in 1.x?").text == LETTER
    assert _best(combined, "What is free for members of the club?").version is None
    assert combined.of_versions(["1.x"]).passages is not None


def test_language_of_the_asker_comes_first(searcher):
    """The other language of the page takes no place; without a locale the question decides."""
    asked = "Liegeplatz im Hafen reservieren berth harbour reserve"
    answers = {
        language: answer_question(asked, [], searcher, language=language)
        for language in ("de", "en-US")
    }
    assert answers["de"].quotes[0].text == GERMAN
    assert answers["en-US"].quotes[0].text == PHONE
    for answer in answers.values():
        assert len({GERMAN, PHONE} & {quote.text for quote in answer.quotes}) == 1
    assert _best(searcher, "Wie kann ich einen Liegeplatz im Hafen reservieren?").text == GERMAN
    assert _best(searcher, ASKED).text == PHONE
    assert _best(searcher, ASKED, language="de").text == PHONE


def test_explanation_says_which_version_was_asked(searcher):
    """It shows the search that answered."""
    lines = list(explain("How do I reserve a berth in 1.x?", [], searcher))
    assert "asked of version 1.x" in lines
    assert any("docs/1.x/berths.md" in line for line in lines)


def test_texts_without_versions_are_asked_as_they_are(tmp_path):
    """There is not even another searcher."""
    plain = _build(tmp_path, {"faq.md": TEXTS["faq.md"], "changes.md": TEXTS["changes.md"]})
    assert plain.of_current_versions() is plain
    quote = _best(plain, "When was the lighthouse built?")
    assert (quote.version, quote.other_versions) == (None, ())
    combined = CombinedSearcher([plain, plain])
    assert combined.of_current_versions() is combined
