"""Hits of one section that stand next to each other are one quote for people."""

from itertools import chain

import pytest

from bot.answering import answer_question, extend_history, further_quotes
from bot.rendering.answer_json import answer_to_json
from index import Searcher, build_index

FILLER = "Nobody on the pier knew how long it would take, and the keeper did not say."


def _about(*subjects):
    """Return paragraphs too long to be read together."""
    texts = (f"The {one} of the ferry is sold at the quay. {FILLER} " * 3 for one in subjects)
    return "\n\n".join(text.strip() for text in texts)


MANUAL = f"""# Manual

## Tickets

{_about("ticket", "day ticket", "return ticket", "group ticket")}

## Bells

{_about("bell")}

## Ropes

{_about("rope")}

## Nets

{_about("net")}
"""


@pytest.fixture
def manual(tmp_path):
    """An open searcher over a page whose first section has four passages on one subject."""
    (tmp_path / "corpus").mkdir()
    (tmp_path / "corpus" / "manual.md").write_text(MANUAL, encoding="utf-8")
    build_index(tmp_path / "corpus", tmp_path / "index")
    return Searcher.open(tmp_path / "index")


QUESTION = "Where is the group ticket of the ferry sold?"


def _sections(answer):
    return [quote.section for quote in answer.quotes]


def test_neighbouring_hits_are_one_quote_and_leave_their_place(manual):
    """What stood on two of three places stands on one, and the next hit gets the other."""
    apart = answer_question(QUESTION, [], manual)
    assert _sections(apart) == ["Tickets"] * 3
    joined = answer_question(QUESTION, [], manual, joins=True)
    assert _sections(joined) != _sections(apart)
    assert "Tickets" in _sections(joined)
    assert len(joined.quotes) == 3
    best = joined.quotes[0]
    assert best.paragraph_end > best.paragraph
    assert best.text in MANUAL
    assert best.ref == apart.quotes[0].ref
    assert best.text[slice(*(best.highlight or (0, 0)))] in apart.quotes[0].text
    assert len(best.text) <= 1500


def test_joined_quote_knows_what_answers_in_each_part(manual):
    """A quote of several passages has an answering sentence of each."""
    best = answer_question(QUESTION, [], manual, joins=True).quotes[0]
    spans = [best.highlight or (0, 0), *best.joined]
    assert len(spans) == best.paragraph_end - best.paragraph + 1
    assert all(span in best.sentences for span in spans)


def test_scripts_get_each_passage_by_itself(manual):
    """JSON has the passages that were found, as before."""
    quotes = answer_to_json(answer_question(QUESTION, [], manual))["quotes"]
    assert all("paragraph_end" not in quote for quote in quotes)


def test_more_shows_each_passage_once(manual):
    """Asking on and on shows all that was found, nothing twice, and then ends."""
    answer = answer_question(QUESTION, [], manual, joins=True)
    shown = [list(answer.quotes)]
    history = extend_history([], answer)
    while answer.quotes:
        by_button = further_quotes(history, history[-1].n_seen, manual, joins=True)
        answer = answer_question("more", history, manual, joins=True)
        assert answer.quotes == by_button.quotes
        shown.append(list(answer.quotes))
        history = extend_history(history, answer)
    paragraphs = [
        number
        for quote in chain(*shown)
        for number in range(quote.paragraph, quote.paragraph_end + 1)
    ]
    assert sorted(paragraphs) == list(range(1, 8))


def test_button_of_an_older_message_shows_what_follows(manual):
    """A message that was sent with three passages by themselves has shown three hits."""
    history = extend_history([], answer_question(QUESTION, [], manual))
    assert further_quotes(history, 3, manual, joins=True).quotes


def test_pointing_at_a_joined_quote_shows_its_best_passage(manual):
    """ "The first one" is the passage that answers best."""
    apart = answer_question(QUESTION, [], manual)
    history = extend_history([], answer_question(QUESTION, [], manual, joins=True))
    pointed = answer_question("the first one", history, manual, joins=True)
    assert [quote.text for quote in pointed.quotes] == [apart.quotes[0].text]


@pytest.mark.parametrize(
    ("words", "ticket", "shown", "pointed_at"),
    [
        ("what comes before that?", "group ticket", range(3, 5), 2),
        ("what comes after that?", "ticket", range(1, 4), 4),
        ("the next one", "ticket", range(1, 4), 4),
    ],
)
def test_paragraphs_beside_a_joined_quote_are_those_that_it_does_not_show(
    manual, words, ticket, shown, pointed_at
):
    """What comes before it precedes its first passage; what comes after follows its last one."""
    asked = answer_question(f"Where is the {ticket} of the ferry sold?", [], manual, joins=True)
    best = asked.quotes[0]
    assert (best.paragraph, best.paragraph_end) == (shown[0], shown[-1])
    answer = answer_question(words, extend_history([], asked), manual, joins=True)
    assert [quote.paragraph for quote in answer.quotes] == [pointed_at]


def test_hits_of_a_text_without_headings_stay_apart(harbour):
    """Paragraphs of a plain text are quotes of their own."""
    question = "the harbour of Lowmere"
    apart, joined = (answer_question(question, [], harbour, joins=one) for one in (False, True))
    assert joined.quotes == apart.quotes


def test_same_text_is_shown_once_with_its_other_places(tmp_path):
    """Of a page that another folder repeats, each passage names where it also stands, once."""
    for folder in ("new", "old"):
        (tmp_path / "corpus" / folder).mkdir(parents=True)
        (tmp_path / "corpus" / folder / "manual.md").write_text(MANUAL, encoding="utf-8")
    build_index(tmp_path / "corpus", tmp_path / "index")
    searcher = Searcher.open(tmp_path / "index")
    joined = answer_question(QUESTION, [], searcher, joins=True)
    assert {quote.source for quote in joined.quotes} == {"new/manual.md"}
    assert all([c.source for c in quote.copies] == ["old/manual.md"] for quote in joined.quotes)
    quotes = answer_to_json(answer_question(QUESTION, [], searcher))["quotes"]
    assert [q["also"] for q in quotes] == [[["old/manual.md", q["paragraph"]]] for q in quotes]
