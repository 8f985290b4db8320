"""Searching a corpus that is too large to rank whole: the limits are lowered to fit small ones."""

import random

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from index import TaughtQuestion, Tier, WeightedText
from index.analysis.languages.stems import stem
from index.analysis.synonyms import Synonyms
from index.analysis.terms import extract_terms
from index.documents import Document, Paragraph
from index.lexical.bm25 import BM25Index
from index.passages.split_passages import split_passages
from index.search import searcher as searcher_module
from index.search.ranking import candidates as candidates_module
from index.vectors.similarity import QuerySimilarity
from tests.support.in_memory import WordEncoder, open_searcher

quick = settings(max_examples=60, deadline=None, derandomize=True)

NOUNS = "boat bell lamp tide fox hen mill choir rain tax road sheep bread king snow".split()
VERBS = "sank rang burned rose stole won flooded broke moved shone".split()

MEANINGS = {"medicine": "herbs", "helped": "cured", "recover": "cured", "patient": "ill"}
ENCODERS = {Tier.LEXICAL: None, Tier.ENCODER: WordEncoder(MEANINGS)}

# Without a word in common with the questions below, or with what is made up above.
PLAIN = ("Seven eels swam.", "Nobody listened.", "A curtain hangs upstairs.", "Everything waits.")


def _made_up(n, seed=1):
    """Return paragraphs of which each word stands in many."""
    choose = random.Random(seed).choice
    return [f"The {choose(NOUNS)} {choose(VERBS)} near the {choose(NOUNS)}." for _ in range(n)]


def _passages(documents):
    """Return the passages of documents: for each its title and paragraphs."""
    return [
        passage
        for number, (title, texts) in enumerate(documents)
        for passage in split_passages(
            Document(
                f"{number:02}.txt", title, tuple(Paragraph(n, t) for n, t in enumerate(texts, 1))
            )
        )
    ]


def _open(*documents, tier=Tier.LEXICAL):
    return open_searcher(_passages(documents), ENCODERS[tier], Synonyms({}))


def _rows(hits):
    return [hit.passage.paragraph - 1 for hit in hits]


@pytest.fixture
def limit(monkeypatch):
    """Lower how many passages are ranked, and in how many the vectors may choose them."""

    def lower(candidates, compared=20_000):
        for module in (candidates_module, searcher_module):
            monkeypatch.setattr(module, "MAX_RANKED", candidates)
        for name in ("_MAX_CANDIDATES", "_MAX_CANDIDATES_BY_WORDS"):
            monkeypatch.setattr(candidates_module, name, candidates)
        monkeypatch.setattr(candidates_module, "_MAX_COMPARED", compared)

    return lower


# By words


def _best_rows(bm25, weighted_terms, k):
    """Return the k best rows of those that hold a term, by scoring all of them."""
    scores, holding = np.zeros(bm25._postings.n_rows), set()
    for term, weight in weighted_terms:
        rows, added = bm25.term_scores(term)
        scores[rows] += weight * added
        holding.update(rows.tolist())
    return set(sorted(holding, key=lambda row: (-scores[row], row))[:k])


words = st.lists(st.sampled_from([*NOUNS[:6], "boats", "belled"]), min_size=1, max_size=5)
titles = st.lists(st.sampled_from(NOUNS[2:5]), max_size=2)


@given(st.lists(st.tuples(titles, words), min_size=1, max_size=30), words, words, st.integers(1, 8))
@quick
def test_candidates_by_words_are_exactly_the_best_of_stems_and_of_headings(
    documents, question, before, k
):
    """The hits are the full ranking, without what is neither among the k best by either."""
    opened = _open(*((" ".join(title), [" ".join(text)]) for title, text in documents))
    query = [WeightedText(" ".join(question)), WeightedText(" ".join(before), 0.5)]
    full = opened.search(query, 99)
    passages = list(opened.passages)
    terms = [(stem(w), 1.0) for w in question] + [(stem(w), 0.5) for w in before]
    in_text = BM25Index([extract_terms(passage.text) for passage in passages])
    above = BM25Index([extract_terms(passage.title) for passage in passages])
    chosen = _best_rows(in_text, terms, k) | _best_rows(above, terms, k)
    sources = {passages[row].source for row in chosen}
    with pytest.MonkeyPatch.context() as patches:
        patches.setattr(candidates_module, "MAX_RANKED", k)
        patches.setattr(candidates_module, "_MAX_CANDIDATES_BY_WORDS", k)
        hits = opened.search(query, 99)
    expected = full if len(documents) <= k else [h for h in full if h.passage.source in sources]
    assert [(h.passage, h.score, h.sentence, h.coverage) for h in hits] == [
        (h.passage, h.score, h.sentence, h.coverage) for h in expected
    ]
    assert [hit.rank for hit in hits] == list(range(1, len(hits) + 1))


def test_question_that_few_passages_share_a_word_with_is_ranked_as_in_a_small_corpus(limit):
    """Where all that match are candidates, nothing differs: hits, scores, shares and sentences."""
    rare = ["The otter slept.", "An otter and a heron fished.", "The heron slept near the mill."]
    opened = _open(("", [*_made_up(200), *rare]))
    query = [WeightedText("where did the otter and the heron sleep?")]
    full = opened.search(query, 9)
    limit(3)
    assert opened.search(query, 9) == full
    assert sorted(_rows(full)) == [200, 201, 202]


def test_word_that_only_a_title_holds_finds_what_is_below_it(limit):
    """However many passages hold the question's other words, the title's are candidates."""
    below = ["It sank.", "It rose.", "It broke."]
    opened = _open(("", _made_up(150)), ("Zanzibar", below), ("", _made_up(150, 2)))
    limit(4)
    found = opened.search([WeightedText("zanzibar boat")], 99)
    assert {hit.passage.text for hit in found} > set(below)
    alone = opened.search([WeightedText("zanzibar")], 99)
    assert [hit.passage.text for hit in alone] == below


@pytest.mark.parametrize("tier", [Tier.LEXICAL, Tier.ENCODER])
@pytest.mark.parametrize("compared", [20_000, 50])
def test_introduction_of_a_name_is_a_candidate(limit, tier, compared):
    """Who somebody is, is said in one place, though the name stands denser in many others."""
    introduction = (
        "The harbour was dug in 1802, with stones from the hill and many long delays, by Captain "
        "Ada Finch, whom nobody in the whole village or in its old mill had ever seen before."
    )
    others = [f"A finch, {noun} finch." for noun in NOUNS * 6]
    own = [introduction, "Finch left."]
    opened = _open(("", own), ("", [*others, *_made_up(30)]), tier=tier)
    query = [WeightedText("who is finch?")]
    limit(5, compared)
    (hit,) = (h for h in opened.search(query, 99) if h.passage.text == introduction)
    assert hit.rank == 1 or tier is Tier.ENCODER
    # Its words alone do not bring it among so few.
    elsewhere = opened.search([WeightedText("where did a finch go?")], 99)
    assert introduction not in {hit.passage.text for hit in elsewhere}


def test_follow_up_finds_by_what_was_asked_before(limit):
    """What came before names candidates as well, with its lower weight."""
    opened = _open(("", [*_made_up(200), "An otter slept.", "Nobody rowed."]))
    limit(3)
    query = [WeightedText("and who rowed?"), WeightedText("Where was the otter?", 0.4)]
    assert _rows(opened.search(query, 9)) == [201, 200]
    assert _rows(opened.search(query[:1], 9)) == [201]


# By meaning

CURE = "The physician cured the ill child with herbs."
SALE = "The physician sold grey boats."
PARAPHRASE = "Which medicine helped the patient recover?"


def test_passages_near_in_meaning_are_candidates(limit):
    """In a corpus that can be compared, a passage without a word of the question is found."""
    opened = _open(("", [*_made_up(100), CURE, *_made_up(100, 2)]), tier=Tier.ENCODER)
    query = [WeightedText(PARAPHRASE)]
    full = opened.search(query, 1)
    limit(5)
    assert _rows(opened.search(query, 1)) == _rows(full) == [100]


def test_candidates_of_a_very_large_corpus_are_ranked_by_meaning_as_well(limit):
    """Where the vectors name no candidates, they still rank those that the words found."""
    opened = _open(("", [*PLAIN * 20, SALE, CURE, *PLAIN]), tier=Tier.ENCODER)
    by_words = _open(("", [*PLAIN * 20, SALE, CURE, *PLAIN]))
    query = [WeightedText("Which medicine did the physician give the patient to recover?")]
    assert _rows(by_words.search(query, 2)) == [80, 81]
    limit(10, compared=50)
    hits = opened.search(query, 2)
    assert _rows(hits) == [81, 80]
    assert all({"words", "vectors", "tokens"} == set(hit.parts) for hit in hits)
    assert hits[0].cosine > hits[1].cosine


def test_very_large_corpus_is_not_compared_passage_by_passage(limit, monkeypatch):
    """Beyond the limit no question touches the vectors of all passages; up to it each does."""
    texts = [*PLAIN * 20, CURE]
    opened = _open(("", texts), tier=Tier.ENCODER)
    compared, original = [], QuerySimilarity.best_rows

    def recording(self, rows, k):
        compared.append(k)
        return original(self, rows, k)

    monkeypatch.setattr(QuerySimilarity, "best_rows", recording)
    limit(10, compared=len(texts))
    opened.search([WeightedText(PARAPHRASE)], 3)
    assert compared == [10]
    limit(10, compared=len(texts) - 1)
    opened.search([WeightedText(PARAPHRASE)], 3)
    assert compared == [10]


def test_token_vectors_of_the_best_candidates_are_compared(limit, monkeypatch):
    """In a large corpus those are the best by words and vectors; the rest is not ranked."""
    opened = _open(("", [*_made_up(40), CURE, *_made_up(40, 2)]), tier=Tier.ENCODER)
    compared, original = [], QuerySimilarity.tokens

    def recording(self, rows):
        compared.append(len(rows))
        return original(self, rows)

    monkeypatch.setattr(QuerySimilarity, "tokens", recording)
    monkeypatch.setattr(searcher_module, "_MAX_TOKENS_COMPARED", 5)
    query = [WeightedText(PARAPHRASE)]
    assert len(opened.search(query, 99)) == 81 - _n_copies(opened)
    limit(20)
    hits = opened.search(query, 99)
    assert _rows(hits[:1]) == [40]
    assert compared == [81, 5]
    assert len(hits) <= 5


def test_taught_passage_is_compared_by_tokens_however_its_own_words_rank(limit, monkeypatch):
    """A lesson counts in a large corpus although the passage is far from the question."""
    opened = _open(("", [*_made_up(80), "Fog came."]), tier=Tier.ENCODER)
    monkeypatch.setattr(searcher_module, "_MAX_TOKENS_COMPARED", 5)
    limit(20)
    query = [WeightedText("Which boat rang near the tide?")]
    assert 80 not in _rows(opened.search(query, 99))
    taught = [TaughtQuestion("Which boat rang near the tide?", list(opened.passages)[80].ref)]
    hits = opened.with_taught(taught).search(query, 99)
    assert 80 in _rows(hits)
    assert len(hits) <= 6


def _n_copies(searcher):
    return len(searcher.passages) - len({passage.text for passage in searcher.passages})


@pytest.mark.parametrize("tier", [Tier.LEXICAL, Tier.ENCODER])
def test_question_without_a_candidate_finds_nothing(limit, tier):
    """A large corpus that lacks a question's words and all like them has no hits, and no error."""
    opened = _open(("", PLAIN * 10), tier=tier)
    limit(3, compared=5)
    assert opened.search([WeightedText("qqxzv")], 3) == []
