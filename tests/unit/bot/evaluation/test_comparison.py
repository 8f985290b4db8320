"""Comparison of ways to search: the plain peer, pairs, and documents on their own."""

from dataclasses import replace

import pytest

from bot.config.settings import Settings
from bot.evaluation.comparison import RANK_BM25, PlainBM25, paired_differences, run_ways
from bot.evaluation.metrics import JudgedQuestion
from bot.evaluation.question_sets import Question

MILL = "The mill\n\nThe mill grinds rye.\n\nIts storm shutters are red.\n"

SET = """[
 {"id": "a", "kind": "who", "question": "Which storm sank boats?", "gold": [4],
  "source": "harbour.txt", "answer": "nine boats"},
 {"id": "b", "kind": "what", "question": "What colour are the storm shutters?", "gold": [2],
  "source": "mill.txt", "answer": "red"},
 {"id": "u", "kind": "off_topic", "question": "zebra", "gold": []}
]"""


@pytest.fixture
def settings(harbour_corpus, tmp_path):
    """Settings for a corpus of the harbour and a mill."""
    (harbour_corpus / "mill.txt").write_text(MILL, encoding="utf-8")
    return Settings(corpus_dir=harbour_corpus, data_dir=tmp_path / "data")


@pytest.fixture
def questions(tmp_path):
    """A set with a question on each text and one that nothing answers."""
    path = tmp_path / "questions.json"
    path.write_text(SET, encoding="utf-8")
    return path


def _ask(searcher, *texts):
    turns = [Question(f"c/{n}", "k", text, (), n) for n, text in enumerate(texts, start=1)]
    return list(PlainBM25(list(searcher.passages)).ask(turns))


def _paragraphs(reply):
    return [number for quoted in reply.quoted for _, number in quoted.paragraphs]


def test_plain_bm25_ranks_by_the_stems_that_are_shared(harbour):
    """ "Boat" stands in paragraphs 2 and 4, "storm" in 4 only; stop words find nothing."""
    found, nothing = _ask(harbour, "storms and boat")[0], _ask(harbour, "who are they?")[0]
    assert (_paragraphs(found), nothing.quoted) == ([4, 2], ())


def test_plain_bm25_highlights_the_sentence_that_shares_most(harbour):
    """The bell rang in the second sentence."""
    ((best, *_),) = [reply.quoted for reply in _ask(harbour, "the bell rang")]
    assert best.text[slice(*best.highlight)] == "Nobody drowned, because the bell rang early."


def test_plain_bm25_searches_a_follow_up_with_the_question_before(harbour):
    """The question before counts, the one before that does not."""
    replies = _ask(harbour, "Which storm?", "and when?", "and why?")
    assert [_paragraphs(reply) for reply in replies] == [[4], [4], []]


def test_every_way_is_asked_the_same_questions(settings, questions):
    """The outcomes come by way, in the order of the set."""
    outcomes = run_ways(settings, questions, [RANK_BM25, "lexical"], per_document=False)
    asked = {way: [one.question.identifier for one in found] for way, found in outcomes.items()}
    assert asked == {RANK_BM25: ["a", "b", "u"], "lexical": ["a", "b", "u"]}
    assert [one.rank for one in outcomes[RANK_BM25]] == [1, 1, None]
    assert [one.sentence_rank for one in outcomes[RANK_BM25]] == [1, 1, None]


def test_way_without_its_model_is_left_out_in_a_line(settings, questions, capsys):
    """Where the encoder is missing, the other ways are measured."""
    settings = replace(settings, neural_model="/nowhere/model")
    for per_document in (False, True):
        ways = ["encoder", "lexical"]
        outcomes = run_ways(settings, questions, ways, per_document=per_document)
        assert list(outcomes) == ["lexical"]
        assert "encoder is left out: its model cannot be used." in capsys.readouterr().err


def test_question_is_searched_in_its_own_document_alone(settings, questions):
    """Over all texts "storm" is in both; alone each text has one such paragraph.

    The question without a gold paragraph belongs to no document and is not asked.
    """
    (outcomes,) = run_ways(settings, questions, [RANK_BM25], per_document=True).values()
    assert [one.question.identifier for one in outcomes] == ["a", "b"]
    assert [one.rank for one in outcomes] == [1, 1]


def test_document_alone_keeps_the_synonyms_of_its_corpus(settings, questions):
    """The owner's synonyms count in an index of one document as well."""
    (settings.corpus_dir / "synonyms.txt").write_text("squall => storm\n", encoding="utf-8")
    questions.write_text(SET.replace("Which storm sank", "A squall was on"), encoding="utf-8")
    (outcomes,) = run_ways(settings, questions, ["lexical"], per_document=True).values()
    assert outcomes[0].rank == 1


def _outcomes(ranks, *, answerable=True):
    gold = (("a.txt", 1),) if answerable else ()
    return [
        JudgedQuestion(Question(f"q{n}", "k", "?", gold), answered=rank is not None, rank=rank)
        for n, rank in enumerate(ranks)
    ]


def test_differences_are_paired():
    """Ranks 1, 2, 3, 4 against 1, 1, 4, 2: one won and none lost at first, one each at third."""
    outcomes = {"base": _outcomes([1, 2, 3, 4]), "other": _outcomes([1, 1, 4, 2])}
    found = paired_differences(outcomes)["other"]["single questions"]
    assert list(found) == ["hit@1", "hit@3"]
    first, third = found["hit@1"], found["hit@3"]
    assert (first["difference"], first["wins"], first["losses"]) == (0.25, 1, 0)
    assert (third["difference"], third["wins"], third["losses"]) == (0.0, 1, 1)
    assert first["interval"] == [0.0, 0.75]


def test_equal_ways_differ_by_nothing():
    """The interval of a way against its like is a point."""
    same = paired_differences({"a": _outcomes([1, 3]), "b": _outcomes([1, 3])})
    assert same["b"]["single questions"]["hit@1"]["interval"] == [0.0, 0.0]


def test_refusals_are_compared_where_nothing_answers():
    """A win is a question that only the other way refuses."""
    base, other = _outcomes([1, 1], answerable=False), _outcomes([None, 1], answerable=False)
    found = paired_differences({"a": base, "b": other})["b"]["unanswerable"]
    assert list(found) == ["refused"]
    assert (found["refused"]["difference"], found["refused"]["wins"]) == (0.5, 1)


def test_first_way_alone_has_no_differences():
    """One way is compared with nothing."""
    assert paired_differences({"a": _outcomes([1])}) == {}
