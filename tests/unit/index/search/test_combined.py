"""Several indexes as one: both are searched, each in its own order, the first one's texts first."""

from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.answering.answer import answer_question, extend_history
from bot.answering.example_question import example_question
from bot.answering.explain import explain
from index import (
    CombinedSearcher,
    PassageRef,
    TaughtQuestion,
    Tier,
    WeightedText,
    fingerprint,
    is_sure,
    is_unanswerable,
)
from index.documents import Document, Paragraph
from index.passages.split_passages import split_passages
from tests.support.in_memory import WordEncoder, open_searcher

# With a word of the texts for "choir".
ENCODERS = {
    Tier.LEXICAL: None,
    Tier.ENCODER: WordEncoder({"choir": "hymns", "sings": "sing"}),
}

quick = settings(max_examples=60, deadline=None, derandomize=True)
both_tiers = pytest.mark.parametrize("tier", [Tier.LEXICAL, Tier.ENCODER])

word = st.sampled_from(["bell", "boat", "eel", "lamp", "net", "pier", "tide", "rang.", "the", "zz"])
text = st.lists(word, min_size=1, max_size=8).map(" ".join)
texts = st.dictionaries(
    st.sampled_from(["a.txt", "b.txt", "c.txt"]),
    st.lists(text, min_size=1, max_size=4),
    min_size=1,
)


def _searcher(documents, tier=Tier.ENCODER):
    passages = [
        passage
        for source, paragraphs in sorted(documents.items())
        for passage in split_passages(
            Document(
                source, source, tuple(Paragraph(n, one) for n, one in enumerate(paragraphs, 1))
            )
        )
    ]
    return open_searcher(passages, ENCODERS[tier])


def _german(paragraph):
    document = Document("de.txt", "de", (Paragraph(1, paragraph),), language="de")
    return open_searcher(list(split_passages(document, language="de")))


def _ask(searcher, question, top_k=99):
    return searcher.search([WeightedText(question)], top_k)


def _places(hits):
    return [(hit.passage.source, hit.passage.paragraph) for hit in hits]


OWN = {"rules.txt": ["Quiet hours begin at ten.", "Dogs are welcome."], "tea.txt": ["Tea is free."]}
SHARED = {"rules.txt": ["Quiet hours begin at noon."], "boats.txt": ["Herring boats leave early."]}


@pytest.fixture(params=[Tier.LEXICAL, Tier.ENCODER])
def combined(request):
    """A server's own texts before the shared ones; both have rules."""
    return CombinedSearcher([_searcher(OWN, request.param), _searcher(SHARED, request.param)])


@pytest.mark.parametrize(
    ("question", "source", "text"),
    [
        ("When do quiet hours begin?", "rules.txt", "Quiet hours begin at ten."),
        ("When do the herring boats leave?", "boats.txt", "Herring boats leave early."),
        ("is tea free", "tea.txt", "Tea is free."),
    ],
)
def test_answer_comes_from_whichever_index_has_it(combined, question, source, text):
    """Both collections answer, and a text of the first one hides the other's of the same name."""
    answer = answer_question(question, [], combined)
    assert (answer.quotes[0].source, answer.quotes[0].text) == (source, text)
    assert "Quiet hours begin at noon." not in {quote.text for quote in answer.quotes}


def test_follow_up_points_into_the_index_that_answered(combined):
    """A place that was shown is found again, and so is what stands beside it."""
    answer = answer_question("When do quiet hours begin?", [], combined, top_k=1)
    history = extend_history([], answer)
    after = answer_question("what comes after that?", history, combined)
    assert [quote.text for quote in after.quotes] == ["Dogs are welcome."]


def test_sources_and_places_are_those_that_count(combined):
    """The texts are listed once, and a place leads to the text that counts."""
    assert [info.source for info in combined.sources()] == ["boats.txt", "rules.txt", "tea.txt"]
    assert combined.passage_at("rules.txt", 1).text == "Quiet hours begin at ten."
    assert combined.passage_at("boats.txt", 1).text == "Herring boats leave early."
    assert combined.passage_at("gone.txt", 1) is None
    hidden = fingerprint("Quiet hours begin at noon.")
    assert combined.passage_from(PassageRef("rules.txt", 1, hidden)) is None
    assert combined.passage_from(PassageRef("gone.txt", 1, hidden)) is None
    assert len(list(combined.passages)) == 4


def test_question_that_neither_answers_finds_nothing(combined):
    """The judge refuses where no index can answer, and knows what only one of them names."""
    assert not answer_question("How heavy is a quokka's xylophone?", [], combined).answered
    assert combined.names_something_unknown("And what about Blorkenstein?")
    assert not combined.names_something_unknown("Do they give Tea and Herring away?")


def test_taught_question_reaches_the_index_of_its_text(combined):
    """Teaching is bound to the text that counts, in whichever index it is, and can be undone."""
    for source, text in [("boats.txt", "Herring boats leave early."), ("tea.txt", "Tea is free.")]:
        taught = TaughtQuestion("Which gig is worth it?", PassageRef(source, 1, fingerprint(text)))
        view = combined.with_taught([taught])
        assert _places(_ask(view, "which gig is worth it"))[0] == (source, 1)
        assert view.with_taught([]).search([WeightedText("gig")], 3) == _ask(combined, "gig", 3)
        assert example_question(view) == example_question(combined)


def test_explanation_of_a_combined_search_names_both_tier_and_verdict(combined):
    """What explains one index explains several."""
    lines = list(explain("is tea free", [], combined))
    assert lines[0] == f"tier: {combined.tier}"
    assert "sure" in lines[-1]


def test_nothing_to_combine_is_refused():
    """A combined searcher has at least one searcher."""
    with pytest.raises(ValueError, match="at least one"):
        CombinedSearcher([])


@both_tiers
@given(documents=texts, others=texts, question=text, top_k=st.integers(-1, 9))
@quick
def test_combined_search_keeps_the_order_of_each_index(tier, documents, others, question, top_k):
    """Hits of one index stand in its order, ranks count from 1, and none is hidden or doubled."""
    others = {source: [f"{one} quay" for one in held] for source, held in others.items()}
    first, second = _searcher(documents, tier), _searcher(others, tier)
    combined = CombinedSearcher([first, second])
    hits = _ask(combined, question, top_k)
    own = [place for place in _places(hits) if place[0] in documents]
    others_ = [place for place in _places(hits) if place[0] not in documents]
    counting = [p for p in _places(_ask(second, question)) if p[0] not in documents]
    assert own == _places(_ask(first, question))[: len(own)]
    assert others_ == counting[: len(others_)]
    assert len(hits) == max(0, min(top_k, len(_ask(first, question)) + len(counting)))
    assert [hit.rank for hit in hits] == list(range(1, len(hits) + 1))


@both_tiers
@given(documents=texts, question=text)
@quick
def test_one_searcher_combined_is_that_searcher(tier, documents, question):
    """A list of one index changes no hit and no judgement."""
    alone = _searcher(documents, tier)
    combined = CombinedSearcher([alone])
    assert _ask(combined, question) == _ask(alone, question)
    hits = _ask(alone, question, 3)
    assert combined.confidence(question, hits) == alone.confidence(question, hits)


@pytest.mark.parametrize("is_first", [True, False])
def test_indexes_are_ranked_by_words_until_all_have_vectors(is_first):
    """A passage whose vectors are still to be made is not measured against one that has some."""
    encoded = _searcher({"shared.txt": ["The choir sings.", "Hymns were printed."]})
    pending = _searcher({"own.txt": ["The choir meets at noon.", "Tea."]}, Tier.LEXICAL)
    pending.manifest = replace(pending.manifest, encoder="")
    assert pending.waits_for_vectors
    both = [pending, encoded] if is_first else [encoded, pending]
    combined = CombinedSearcher(both)
    by_words = CombinedSearcher([searcher.by_words() for searcher in both])
    assert combined.tier is Tier.LEXICAL
    assert _ask(combined, "Where is the choir?", 3) == _ask(by_words, "Where is the choir?", 3)
    assert all(hit.cosine is None for hit in _ask(combined, "Where is the choir?", 3))
    assert encoded.tier is Tier.ENCODER
    assert all(hit.cosine is not None for hit in _ask(encoded, "Where is the choir?", 3))


@pytest.mark.parametrize("is_first", [True, False])
def test_index_that_will_have_no_vectors_takes_none_from_the_others(is_first):
    """Texts that the encoder does not read leave the vectors of others in use."""
    encoded = _searcher({"shared.txt": ["The choir sings.", "Hymns were printed."]})
    without = _searcher({"own.txt": ["The choir meets at noon.", "Tea."]}, Tier.LEXICAL)
    both = [without, encoded] if is_first else [encoded, without]
    combined = CombinedSearcher(both)
    assert combined.tier is both[0].tier
    hits = _ask(combined, "Where is the choir?", 9)
    with_cosine = {hit.passage.source for hit in hits if hit.cosine is not None}
    assert with_cosine == {"shared.txt"}
    assert "own.txt" in {hit.passage.source for hit in hits}
    for judged in (is_sure, is_unanswerable):
        alone = _ask(encoded, "Who sings hymns?", 3)
        assert judged(combined.confidence("Who sings hymns?", alone), combined.tier) == judged(
            encoded.confidence("Who sings hymns?", alone), encoded.tier
        )


def test_searcher_by_words_keeps_its_taught_questions():
    """Lessons help by their words; a searcher without vectors is its own view by words."""
    encoded = _searcher({"shared.txt": ["The choir sings.", "Tea is served at four."]})
    (tea,) = (passage.ref for passage in encoded.passages if "Tea" in passage.text)
    by_words = encoded.with_taught([TaughtQuestion("when is the break?", tea)]).by_words()
    assert by_words.by_words() is by_words
    assert _ask(by_words, "when is the break?", 1)[0].passage.ref == tea


@both_tiers
def test_earlier_questions_count_by_their_weight_in_which_index_leads(tier):
    """A question of little weight does not decide which index has the better answer."""
    rules = "Dogs sleep. Tea is free. Quiet hours begin at ten. Rooms have keys."
    own = {"notes.txt": ["Herring boats leave late."], "rules.txt": [rules]}
    shared = {"boats.txt": ["Herring boats leave early."]}
    combined = CombinedSearcher([_searcher(own, tier), _searcher(shared, tier)])
    weight = {Tier.LEXICAL: 0.1, Tier.ENCODER: 0.25}[tier]
    query = [
        WeightedText("Do herring boats in Lowmere leave early?"),
        WeightedText(rules, weight),
    ]
    assert _places(combined.search(query[:1], 1)) == [("boats.txt", 1)]
    assert _places(combined.search(query, 1)) == [("boats.txt", 1)]


@pytest.mark.parametrize("tier", [Tier.LEXICAL, Tier.ENCODER])
def test_text_that_two_indexes_hold_is_found_once(tier):
    """The quote of the first index names the place in the second one."""
    told = "Quiet hours begin at ten."
    indexes = [
        _searcher({"own.txt": [told]}, tier),
        _searcher({"shared.txt": [told, "Tea."]}, tier),
    ]
    hits = _ask(CombinedSearcher(indexes), "When do quiet hours begin?", top_k=3)
    assert [hit.passage.text for hit in hits].count(told) == 1
    (found,) = [hit for hit in hits if hit.passage.text == told]
    assert [copy.source for copy in found.copies] == ["shared.txt"]
    assert [hit.rank for hit in hits] == [*range(1, len(hits) + 1)]


@both_tiers
def test_confidence_of_several_indexes_is_that_of_the_hits_that_are_shown(tier):
    """Earlier questions raise other hits, in another index, than those that answer."""
    storms = [
        f"In {year} a storm sank nine boats while the keeper rang the bell on the pier."
        for year in range(1850, 1890)
    ]
    combined = CombinedSearcher(
        [
            _searcher({"log.txt": storms}, tier),
            _searcher({"choir.txt": ["In June people gather to sing hymns together."]}, tier),
        ]
    )
    before = "Which storm sank nine boats, and did the keeper ring the bell on the pier?"
    history = extend_history([], answer_question(before, [], combined))
    question = "Which choir sings on the pier?"
    answer = answer_question(question, history, combined)
    alone = answer_question(question, [], combined)
    assert answer.quotes[0].source == alone.quotes[0].source == "choir.txt"
    assert answer.hesitant == alone.hesitant
    # The same question about what no text has is as unsure after an answer as without one.
    unknown = "Which zebra eats xylophones?"
    assert answer_question(unknown, history, combined).reason == "nothing_found"


def test_only_indexes_that_read_a_question_tell_its_names():
    """A German index beside an English one knows what it holds, but finds no unknown name."""
    english = _searcher({"own.txt": ["The bell rang at the pier."]}, Tier.LEXICAL)
    german = _german("Der W\u00e4rter Zebulon wohnt in dem Leuchtturm und hat ein Boot.")
    question = "who is zebulon"
    assert CombinedSearcher([english]).names_something_unknown(question)
    assert not CombinedSearcher([german]).names_something_unknown(question)
    for indexes in ([english, german], [german, english]):
        combined = CombinedSearcher(indexes)
        assert not combined.names_something_unknown(question)
        assert combined.names_something_unknown("who is hezekiah")
        assert not combined.names_something_unknown("wo wohnt der W\u00e4rter Hesekiel")
