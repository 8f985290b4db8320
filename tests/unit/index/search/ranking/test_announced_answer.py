"""What answers is marked, not what announces it."""

import pytest

from index import Searcher, WeightedText, build_index

PAGE = """# Ferry

## Prices

{above}

| Ticket | Price of the ticket | Valid |
|---|---|---|
| Single | 4 euros | one trip |
| Return | 7 euros | one day |
| Week | 20 euros | seven days |
"""


@pytest.fixture(params=["", "The price of each ticket, and how long it is valid:"])
def ferry(request, tmp_path):
    """An open searcher over a table, with and without a line that leads to it."""
    (tmp_path / "corpus").mkdir()
    text = PAGE.format(above=request.param)
    (tmp_path / "corpus" / "ferry.md").write_text(text, encoding="utf-8")
    build_index(tmp_path / "corpus", tmp_path / "index")
    return Searcher.open(tmp_path / "index")


def _marked(searcher, question):
    """Return the text of the sentence that is chosen in the best hit."""
    hit = searcher.search([WeightedText(question)], 1)[0]
    return hit.passage.text[hit.sentence.start : hit.sentence.end]


@pytest.mark.parametrize(
    ("question", "row"),
    [
        ("what is the price of a week ticket?", "Week | 20 euros | seven days"),
        ("how long is a return ticket valid?", "Return | 7 euros | one day"),
        ("which ticket is valid for one trip?", "Single | 4 euros | one trip"),
    ],
)
def test_row_with_the_words_of_the_question_answers(ferry, question, row):
    """The names of the columns and the lead-in share more words with the question."""
    assert _marked(ferry, question) == row


def test_no_row_is_marked_where_none_has_a_word_of_the_question(ferry):
    """The whole table answers then."""
    assert "euros" not in _marked(ferry, "what are the prices of tickets?")


@pytest.mark.parametrize(
    ("question", "answer"),
    [
        ("does the ferry run on a stormy day?", "A: No, it stays at the pier."),
        ("can I bring a dog on the ferry", "Yes, on the lower deck."),
        ("who decides about storms?", "Who decides about storms?"),
    ],
)
def test_question_of_the_text_is_answered_by_what_follows_it(tmp_path, question, answer):
    """The question itself is marked only where nothing follows."""
    text = (
        "Rules\n\nCan I bring a dog on the ferry? Yes, on the lower deck.\n\n"
        "Q: Does the ferry run on a stormy day? A: No, it stays at the pier.\n\n"
        "The keeper is gone. Who decides about storms?"
    )
    (tmp_path / "corpus").mkdir()
    (tmp_path / "corpus" / "rules.txt").write_text(text, encoding="utf-8")
    build_index(tmp_path / "corpus", tmp_path / "index")
    assert _marked(Searcher.open(tmp_path / "index"), question) == answer
