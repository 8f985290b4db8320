"""A search of some of the texts: it finds, counts, names and suggests nothing of the others."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.answering.answer import answer_question
from bot.answering.example_question import example_question
from index import CombinedSearcher, TaughtQuestion, Tier, WeightedText
from index.documents import Document, Paragraph
from index.passages.split_passages import split_passages
from tests.support.in_memory import WordEncoder, open_searcher

ENCODERS = {Tier.LEXICAL: None, Tier.ENCODER: WordEncoder()}

quick = settings(max_examples=60, deadline=None, derandomize=True)
both_tiers = pytest.mark.parametrize("tier", [Tier.LEXICAL, Tier.ENCODER])

SOURCES = ["a/one.md", "a/two.md", "b/one.md", "c.md"]
word = st.sampled_from(["bell", "boats", "boat", "herring", "lamp", "lighthouse", "tide", "the"])
text = st.lists(word, min_size=1, max_size=8).map(" ".join)
texts = st.dictionaries(
    st.sampled_from(SOURCES), st.lists(text, min_size=1, max_size=4), min_size=1
)

PORTS = {
    "lowmere/boats.md": ["Herring boats leave Lowmere at dawn.", "Each boat has a brass bell."],
    "lowmere/notes.md": ["Herring boats leave Lowmere at dawn."],
    "seaton/boats.md": ["Trawlers leave Seaton at noon.", "Trawler crews wear oilskins."],
}


def _searcher(documents, tier):
    passages = [
        passage
        for source, paragraphs in sorted(documents.items())
        for passage in split_passages(
            Document(
                source,
                source.split("/")[0],
                tuple(Paragraph(n, one) for n, one in enumerate(paragraphs, 1)),
            )
        )
    ]
    return open_searcher(passages, ENCODERS[tier])


def _ask(searcher, question, top_k=99):
    return searcher.search([WeightedText(question)], top_k)


def _refs(hits):
    return {hit.passage.ref for hit in hits}


@given(texts, st.sets(st.sampled_from(SOURCES)), text, st.sampled_from([*Tier]))
@quick
def test_scope_knows_what_an_index_of_its_texts_alone_knows(documents, sources, question, tier):
    """Lists, words, suggestions and headings are the same; hits and copies are of its texts."""
    chosen = {source: documents[source] for source in documents.keys() & sources}
    scope = _searcher(documents, tier).within(sources)
    assert [info.source for info in scope.sources()] == sorted(chosen)
    assert len(scope.passages) == len(list(scope.passages))
    hits = _ask(scope, question)
    named = {ref.source for hit in hits for ref in (hit.passage.ref, *hit.copies)}
    assert named <= set(chosen)
    if not chosen:
        assert hits == []
        return
    alone = _searcher(chosen, tier)
    assert list(scope.passages) == list(alone.passages)
    assert _refs(hits) == _refs(_ask(alone, question))
    assert scope.headings(9) == alone.headings(9)
    assert scope.nearest_headings(question, 9) == alone.nearest_headings(question, 9)
    assert scope.did_you_mean(question) == alone.did_you_mean(question)
    assert scope.unknown_names(question) == alone.unknown_names(question)
    assert [scope.knows(one) for one in question.split()] == [
        alone.knows(one) for one in question.split()
    ]


@both_tiers
def test_all_texts_are_ranked_as_without_a_scope(tier):
    """A scope of everything changes nothing."""
    searcher = _searcher(PORTS, tier)
    scope = searcher.within(PORTS)
    for question in ("When do the boats leave?", "brass bell", "what do crews wear"):
        assert _ask(scope, question) == _ask(searcher, question)


@pytest.mark.parametrize("tier", [Tier.LEXICAL, Tier.ENCODER])
def test_large_corpus_is_searched_within_its_scope(tier, monkeypatch):
    """Candidates are the best of the scope, not those of the index that are in it."""
    monkeypatch.setattr("index.search.ranking.candidates.MAX_RANKED", 3)
    monkeypatch.setattr("index.search.ranking.candidates._MAX_CANDIDATES", 2)
    documents = {f"all/{n:02}.md": ["The bell, the bell, the bell."] for n in range(20)}
    documents["few/bell.md"] = [
        "A bell rang once.",
        "A tide came in.",
        "A net lay there.",
        "A lamp.",
    ]
    scope = _searcher(documents, tier).within(["few/bell.md"])
    assert _ask(scope, "bell rang once")[0].passage.text == "A bell rang once."


@both_tiers
def test_answers_and_lessons_are_of_the_scope(tier):
    """No copy elsewhere is named, the example is of these texts, other lessons do not count."""
    searcher = _searcher(PORTS, tier)
    lesson = TaughtQuestion("who sails early?", searcher.passage_at("lowmere/boats.md", 1).ref)
    taught = searcher.with_taught([lesson])
    own = taught.within(["lowmere/boats.md"])
    (best, *_) = answer_question("who sails early?", [], own).quotes
    assert (best.text, best.copies) == (PORTS["lowmere/boats.md"][0], ())
    other = taught.within(["seaton/boats.md"])
    assert not other.knows("sails")
    assert "seaton" in str(example_question(other))
    assert taught.within(["seaton/boats.md"]) is other


@both_tiers
def test_scope_of_a_scope_never_widens_it(tier):
    """A text that may not be read is not reached by naming it."""
    scope = _searcher(PORTS, tier).within(["seaton/boats.md"])
    assert scope.within(["lowmere/boats.md"]).sources() == []
    assert _ask(scope.within(PORTS), "herring boats brass bell trawlers") == _ask(
        scope, "herring boats brass bell trawlers"
    )


@both_tiers
def test_scope_of_several_indexes_is_searched_in_each(tier):
    """A text of the first index hides that of the same source; what is left out is not searched."""
    first = {"rules.md": ["Quiet hours begin at ten."], "tea.md": ["Tea is free."]}
    second = {"rules.md": ["Quiet hours begin at noon."], "boats.md": ["Boats leave at dawn."]}
    combined = CombinedSearcher([_searcher(first, tier), _searcher(second, tier)])
    scope = combined.within(["rules.md", "boats.md"])
    assert [info.source for info in scope.sources()] == ["boats.md", "rules.md"]
    found = {
        hit.passage.text for hit in _ask(scope, "when do quiet hours begin, when do boats leave")
    }
    assert found == {"Quiet hours begin at ten.", "Boats leave at dawn."}
    assert not combined.within(["boats.md"]).did_you_mean("quite hours")
    assert combined.within(["gone.md"]).sources() == []
    assert _ask(combined.within(["gone.md"]), "tea") == []
    assert np.isneginf(combined.within(["gone.md"]).confidence("tea", []))
