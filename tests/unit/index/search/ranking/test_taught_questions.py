"""Taught questions: found afterwards, never a loss, and gone when they are taken away."""

import gc
import weakref

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bot.answering.answer import answer_question, extend_history
from index import PassageRef, Searcher, TaughtQuestion, Tier, WeightedText
from index.analysis.terms import extract_words
from index.documents import Document, Paragraph
from index.passages.split_passages import split_passages
from index.search import searcher as searcher_module
from index.search.ranking import candidates as candidates_module
from tests.support.in_memory import WordEncoder, open_searcher

ENCODERS = {
    Tier.LEXICAL: None,
    Tier.ENCODER: WordEncoder({"automobiles": "cars", "cheap": "inexpensive"}),
}

quick = settings(
    max_examples=60,
    deadline=None,
    derandomize=True,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
both_tiers = pytest.mark.parametrize("tier", [Tier.LEXICAL, Tier.ENCODER])

word = st.sampled_from(["bell", "boat", "eel", "lamp", "net", "pier", "tide", "rang.", "the", "zz"])
text = st.lists(word, min_size=1, max_size=8).map(" ".join)


def _searcher(paragraphs, tier):
    numbered = tuple(Paragraph(n, one) for n, one in enumerate(paragraphs, start=1))
    passages = list(split_passages(Document("notes.txt", "Notes", numbered)))
    return open_searcher(passages, ENCODERS[tier])


def _teach(searcher, question, row):
    passage = list(searcher.passages)[row]
    return TaughtQuestion(question, passage.ref)


def _ask(searcher, question, top_k=99):
    return searcher.search([WeightedText(question)], top_k)


def _places(searcher, question):
    return [hit.passage.paragraph for hit in _ask(searcher, question)]


def _shown(searcher, question):
    return [quote.paragraph for quote in answer_question(question, [], searcher).quotes]


@both_tiers
@pytest.mark.parametrize(
    ("taught", "asked", "row"),
    [
        ("Which gig is worth the trip?", "Which gig would be worth a trip?", 4),
        ("who paid for the dredging", "Who was it that paid for dredging?", 4),
        ("Do they sell ice cream?", "can i buy ice creams", 4),
    ],
)
def test_paraphrase_is_missed_before_it_is_taught_found_first_after_and_missed_again(
    encoded_index, tier, taught, asked, row
):
    """What is taught helps questions alike, without a rebuild, for as long as it is taught."""
    searcher = Searcher.open(encoded_index, tier)
    assert row + 1 not in _shown(searcher, asked)
    view = searcher.with_taught([_teach(searcher, taught, row)])
    assert _shown(view, asked)[0] == row + 1
    assert not answer_question(asked, [], view).hesitant
    assert _shown(view, taught)[0] == row + 1
    assert row + 1 not in _shown(view.with_taught([]), asked)
    assert row + 1 not in _shown(searcher, asked)


@both_tiers
@given(
    paragraphs=st.lists(text, min_size=1, max_size=6, unique=True),
    others=st.lists(st.tuples(text, st.integers(0, 5)), max_size=3),
    question=text,
    row=st.integers(0, 5),
    asked=text,
)
@quick
def test_teaching_never_lowers_a_passage_and_moves_no_other(
    tier, paragraphs, others, question, row, asked
):
    """Whatever else is taught and asked: its score rises or stays, and all others' stay."""
    searcher = _searcher(paragraphs, tier)
    row %= len(paragraphs)
    before_it = [_teach(searcher, one, at % len(paragraphs)) for one, at in others]
    taught = [*before_it, _teach(searcher, question, row)]
    for query in (question, asked):
        scores = {
            h.passage.paragraph: h.score for h in _ask(searcher.with_taught(before_it), query)
        }
        hits = _ask(searcher.with_taught(taught), query)
        raised = {h.passage.paragraph: h.score for h in hits}
        assert raised.get(row + 1, 0.0) >= scores.get(row + 1, 0.0) or row + 1 not in scores
        scores.pop(row + 1, None)
        raised.pop(row + 1, None)
        assert raised == scores
        assert all(0 <= hit.coverage <= 1 for hit in hits)


@both_tiers
@given(
    paragraphs=st.lists(text, min_size=1, max_size=6, unique=True),
    question=text,
    row=st.integers(0, 5),
)
@quick
def test_taught_question_finds_its_passage_and_shows_a_sentence_of_it(
    tier, paragraphs, question, row
):
    """Where the question has a word at all, its passage is a hit, quoted from its own text."""
    searcher = _searcher(paragraphs, tier)
    row %= len(paragraphs)
    hits = _ask(searcher.with_taught([_teach(searcher, question, row)]), question)
    found = {hit.passage.paragraph: hit for hit in hits}
    assert bool(hits) == bool(extract_words(question))
    if hits:
        assert found[row + 1].coverage == pytest.approx(1)
        assert found[row + 1].sentence in (None, *found[row + 1].passage.sentences)


@both_tiers
def test_question_taught_to_a_text_that_has_changed_is_ignored(encoded_index, tier):
    """Where another text stands now, every hit is the one without teaching, to the last bit."""
    searcher = Searcher.open(encoded_index, tier)
    gone = [
        TaughtQuestion("Which gig is worth the trip?", PassageRef("harbour.txt", 5, 1)),
        TaughtQuestion("Which gig is worth the trip?", PassageRef("gone.txt", 1, 2)),
    ]
    for question in ("Which gig is worth the trip?", "storm boats", "Who dug the harbour?"):
        assert _ask(searcher.with_taught(gone), question) == _ask(searcher, question)
        assert _ask(searcher.with_taught([]), question) == _ask(searcher, question)


@both_tiers
def test_taught_passage_is_a_candidate_in_a_large_collection(monkeypatch, tier):
    """A passage that its own words would never name is ranked for what was taught to it."""
    searcher = _searcher([*["The bell rang."] * 20, "Fog came."], tier)
    for name in ("MAX_RANKED", "_MAX_CANDIDATES", "_MAX_CANDIDATES_BY_WORDS", "_MAX_COMPARED"):
        monkeypatch.setattr(candidates_module, name, 3)
    view = searcher.with_taught([_teach(searcher, "Did the bell jingle?", 20)])
    assert 21 not in _places(searcher, "did the bell jingle")
    assert _places(view, "did the bell jingle")[0] == 21
    assert [hit.score for hit in _ask(view, "did the bell jingle")[1:]] == [
        hit.score for hit in _ask(searcher, "did the bell jingle")
    ]


def test_taught_passage_is_a_candidate_by_meaning_alone(monkeypatch):
    """A question near a taught one makes its passage a candidate without a word in common."""
    searcher = _searcher([*["The bell rang."] * 20, "Fog came."], Tier.ENCODER)
    monkeypatch.setattr(candidates_module, "MAX_RANKED", 3)
    monkeypatch.setattr(candidates_module, "_MAX_CANDIDATES", 3)
    monkeypatch.setattr(candidates_module, "_MAX_COMPARED", 3)
    view = searcher.with_taught([_teach(searcher, "cheap automobiles", 20)])
    assert _places(view, "inexpensive cars")[0] == 21


@both_tiers
def test_words_of_several_taught_questions_do_not_add_up(tier):
    """A passage with many taught questions is raised by the best of them only."""
    searcher = _searcher(["The bell rang.", "Fog came."], tier)
    one, other = (_teach(searcher, question, 1) for question in ("any quokka", "any wombat"))
    of_one = _ask(searcher.with_taught([one]), "quokka wombat")
    of_both = _ask(searcher.with_taught([one, other]), "quokka wombat")
    assert max(hit.coverage for hit in of_one) == max(hit.coverage for hit in of_both) < 0.6


def test_name_that_only_a_taught_question_has_is_known(harbour):
    """What somebody bound to the texts is no unknown name any more."""
    question = "And what about Blorkenstein?"
    assert harbour.names_something_unknown(question)
    view = harbour.with_taught([_teach(harbour, "Who is Blorkenstein", 0)])
    assert not view.names_something_unknown(question)
    assert view.confidence(question, _ask(view, question, 3)) > harbour.confidence(
        question, _ask(harbour, question, 3)
    )


@both_tiers
def test_taught_question_of_stop_words_changes_nothing_by_words(tier):
    """A question that says nothing raises nothing, and nothing is divided by zero."""
    searcher = _searcher(["The bell rang.", "Fog came."], tier)
    view = searcher.with_taught([_teach(searcher, "what is it?", 1)])
    assert _places(view, "bell")[0] == 1


def test_searcher_remembers_its_views_and_lets_the_index_go(harbour_index):
    """The same questions give the same view, and no view keeps a closed index open."""
    searcher = Searcher.open(harbour_index, Tier.LEXICAL)
    taught = [_teach(searcher, "Which gig is worth the trip?", 4)]
    view = searcher.with_taught(taught)
    assert searcher.with_taught(list(taught)) is view
    gone = weakref.ref(searcher), weakref.ref(view)
    gc.disable()
    try:
        del searcher, view
        assert [one() for one in gone] == [None, None]
    finally:
        gc.enable()


def test_searcher_forgets_views_beyond_its_limit(harbour_index, monkeypatch):
    """However much is taught and taught anew, only so much is kept, and each view answers."""
    monkeypatch.setattr(searcher_module, "_MAX_TAUGHT", 8)
    harbour = Searcher.open(harbour_index)
    for count in range(1, 7):
        taught = [_teach(harbour, f"gig {n}", 4) for n in range(count)]
        view = harbour.with_taught(taught)
        assert _places(view, f"gig {count - 1}")[0] == 5
        assert harbour.with_taught(taught) is view
        assert sum(map(len, harbour._views)) <= 8


@both_tiers
def test_lesson_for_an_earlier_question_does_not_help_the_next_one(tier):
    """Only the question itself is compared with what was taught, not its conversation."""
    searcher = _searcher(
        ["Herring boats leave before dawn.", "The choir sings on the pier in June."], tier
    )
    taught = searcher.with_taught([_teach(searcher, "Which gig is worth the trip?", 1)])
    query = [
        WeightedText("When do boats leave?"),
        WeightedText("Which gig is worth the trip?", 0.5),
    ]
    plain = {hit.passage.paragraph: hit.score for hit in searcher.search(query, 9)}
    scores = {hit.passage.paragraph: hit.score for hit in taught.search(query, 9)}
    assert scores == pytest.approx(plain)


@both_tiers
def test_question_without_words_keeps_the_lesson_of_the_question_before(tier):
    """ "Why so?" asks on about the paragraph that was taught, so that one stays first."""
    searcher = _searcher(
        ["Herring boats leave before dawn.", "The choir sings on the pier in June."], tier
    )
    before = "Which gig is worth the trip?"
    taught = searcher.with_taught([_teach(searcher, before, 1)])
    alone = taught.search([WeightedText(before)], 1)
    followed = taught.search([WeightedText("why so?"), WeightedText(before, 0.5)], 1)
    assert [hit.passage.paragraph for hit in alone] == [2]
    assert [hit.passage.paragraph for hit in followed] == [2]


@both_tiers
def test_answer_after_a_taught_question_is_that_without_the_lesson(tier):
    """Quotes and confidence of the next question are those of a bot that was not taught."""
    searcher = _searcher(
        ["Herring boats leave before dawn.", "The choir sings on the pier in June."], tier
    )
    taught = searcher.with_taught([_teach(searcher, "Which gig is worth the trip?", 1)])
    history = extend_history([], answer_question("Which gig is worth the trip?", [], taught))
    assert history[-1].shown
    told, plain = (
        answer_question("When do herring boats leave?", history, one) for one in (taught, searcher)
    )
    assert [quote.paragraph for quote in told.quotes] == [quote.paragraph for quote in plain.quotes]
    assert told.hesitant == plain.hesitant
