"""Searching: candidates, order, ties, what matched and where."""

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bot.answering.answer import answer_question
from index import Searcher, Tier, WeightedText, is_sure
from index.analysis.terms import extract_terms
from index.documents import Document, Paragraph
from index.lexical.fields import CONTEXT_WEIGHT
from index.passages.split_passages import split_passages
from index.search.ranking import candidates as candidates_module
from index.vectors.similarity import VectorIndex
from tests.support.in_memory import (
    WordEncoder,
    as_encoder,
    open_searcher,
    opened_index,
    passage_vectors,
)

ENCODERS = {Tier.LEXICAL: None, Tier.ENCODER: WordEncoder()}

quick = settings(
    max_examples=60,
    deadline=None,
    derandomize=True,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
word = st.sampled_from(
    ["bell", "boat", "eel", "lamp", "net", "pier", "tide", "Mr.", "rang.", "the"]
)
text = st.lists(word, min_size=1, max_size=8).map(" ".join)


def _searcher(*paragraphs, title="Notes", tier=Tier.LEXICAL):
    """Return a searcher over texts, or (text, section) pairs, without a corpus."""
    pairs = [p if isinstance(p, tuple) else (p, None) for p in paragraphs]
    numbered = tuple(Paragraph(n, *pair) for n, pair in enumerate(pairs, start=1))
    passages = list(split_passages(Document("notes.txt", title, numbered)))
    return open_searcher(passages, ENCODERS[tier])


def _variants(text, n):
    """Return n texts with the same words that do not read the same."""
    return [text + "." * number for number in range(1, n + 1)]


def _ask(searcher, question, top_k=10):
    return searcher.search([WeightedText(question)], top_k)


def _numbers(hits):
    return [hit.passage.paragraph for hit in hits]


@pytest.mark.parametrize(
    ("question", "paragraph"),
    [
        ("Who dug the harbour?", 1),
        ("When do the herring boats leave?", 2),
        ("How often did the lighthouse burn?", 3),
        ("why did nobody DROWN", 4),
        ("Where does the choir sing?", 5),
    ],
)
def test_search_finds_the_paragraph_that_answers(harbour, question, paragraph):
    """Each question's best hit is the paragraph with its words."""
    assert _numbers(_ask(harbour, question, 1)) == [paragraph]


def test_search_names_rank_parts_share_and_sentence(harbour):
    """A hit says how much of the query it holds, by which sides, and in which sentence."""
    (hit,) = _ask(harbour, "Did the bell of whales ring?", 1)
    sentence = hit.passage.text[hit.sentence.start : hit.sentence.end]
    assert sentence == "Nobody drowned, because the bell rang early."
    assert (hit.rank, set(hit.parts)) == (1, {"words"})
    assert hit.score == pytest.approx(sum(hit.parts.values()))
    assert 0 < hit.coverage < 0.6  # a known word tells less than each of the unknown ones
    assert hit.cosine is None


def test_hit_of_the_encoder_has_scores_by_vectors_and_tokens_as_well():
    """Their sum with the score by words is the score of the hit; a cosine says how near it is."""
    hit = _ask(_searcher("The bell rang.", "Boats left.", tier=Tier.ENCODER), "the bell rang")[0]
    assert set(hit.parts) == {"words", "vectors", "tokens"}
    assert hit.score == pytest.approx(sum(hit.parts.values()))
    assert hit.passage.paragraph == 1
    assert hit.cosine == pytest.approx(1)


def _mixed_searcher():
    """Return a searcher of English and German texts, by an encoder that reads English only."""
    encoder = WordEncoder({"beacon": "lighthouse"})
    encoder.config = replace(encoder.config, english_only=True)
    texts = [
        ("The lighthouse burned.", "en"),
        ("The boats left.", "en"),
        ("The choir sang.", "en"),
        ("Der Leuchtturm brannte im Winter.", "de"),
        ("Das Boot ist von hier.", "de"),
    ]
    passages = [
        passage
        for number, (text, language) in enumerate(texts, start=1)
        for passage in split_passages(
            Document(f"{number}.txt", "Notes", (Paragraph(1, text),)), language=language
        )
    ]
    return open_searcher(passages, encoder)


def test_english_encoder_counts_for_english_passages_only():
    """A passage in another language is neither nearer nor farther than the mean."""
    hits = {hit.passage.source: hit for hit in _ask(_mixed_searcher(), "was there a beacon", 5)}
    assert hits["1.txt"].rank == 1
    assert hits["1.txt"].cosine is not None
    for source in ("4.txt", "5.txt"):
        assert hits[source].cosine is None
        assert (hits[source].parts["vectors"], hits[source].parts["tokens"]) == (0, 0)


def _german_searcher(*texts):
    passages = [
        passage
        for number, text in enumerate(texts, start=1)
        for passage in split_passages(
            Document(f"{number}.txt", "", (Paragraph(1, text),), language="de"), language="de"
        )
    ]
    return open_searcher(passages)


def test_words_of_another_language_are_found_by_other_forms():
    """An unknown form is looked for among the words that look like it."""
    searcher = _german_searcher(
        "Wir lasen im Leuchtturmwaerterhaus.", "Das Boot sank.", "Die Glocke klang."
    )
    (part,) = searcher.expand([WeightedText("Leuchtturmwaerterhaeuschens")])
    kinds = {other.kind for unit in part.units for other in unit.alternatives}
    assert "form" in kinds
    assert [hit.passage.source for hit in _ask(searcher, "Leuchtturmwaerterhaeuschens", 3)] == [
        "1.txt"
    ]


def test_stop_words_of_another_language_order_passages_and_find_none():
    """A question of stop words and a word finds the passages with that word."""
    searcher = _german_searcher(
        "Boot Glocke Hafen Netz.", "Boot unter Hafen Netz.", "Unter Turm Netz Hafen.", "Netz."
    )
    assert [hit.passage.source for hit in _ask(searcher, "Boot unter", 4)] == ["2.txt", "1.txt"]


def test_quoted_words_of_another_language_do_not_outweigh_the_question():
    """Another passage may hold them in other forms."""
    searcher = _german_searcher(
        "Ein alter Turm stand da.",
        "Als der alte Turm brannte, weckte die Glocke alle Fischer im Hafen.",
        "Das Netz.",
        "Das Boot.",
        "Die Flut.",
    )
    question = 'Wann weckte die Glocke vom "alter Turm" alle Fischer im Hafen?'
    assert _ask(searcher, question, 1)[0].passage.source == "2.txt"


def test_question_in_another_language_is_answered_by_words_alone():
    """An encoder that reads English only is not asked about it, and its hits may be sure."""
    searcher = _mixed_searcher()
    question = "wann brannte der Leuchtturm im Winter"
    hits = _ask(searcher, question, 5)
    assert [hit.passage.source for hit in hits] == ["4.txt"]
    assert set(hits[0].parts) == {"words"}
    assert is_sure(searcher.confidence(question, hits), searcher.tier)


def test_tier_of_a_searcher_is_that_of_its_vectors(encoded_index):
    """With vectors it is that of the encoder, unless words alone are asked for."""
    assert _searcher("The bell rang.").tier is Tier.LEXICAL
    assert _searcher("The bell rang.", tier=Tier.ENCODER).tier is Tier.ENCODER
    assert Searcher.open(encoded_index).tier is Tier.ENCODER
    assert Searcher.open(encoded_index, Tier.LEXICAL).tier is Tier.LEXICAL


def test_index_without_vectors_answers_by_words(harbour_index):
    """It is opened for the encoder all the same."""
    searcher = Searcher.open(harbour_index, Tier.ENCODER)
    (hit, *_) = _ask(searcher, "Who dug the harbour?")
    assert searcher.tier is Tier.LEXICAL
    assert (hit.passage.paragraph, set(hit.parts)) == (1, {"words"})


def test_packaged_encoder_finds_a_paragraph_without_a_common_word(encoded_index):
    """The lexical tier finds nothing for the same question."""
    question = "Which fishermen sail at sunrise?"
    assert _ask(Searcher.open(encoded_index, Tier.LEXICAL), question) == []
    assert _numbers(_ask(Searcher.open(encoded_index), question, 1)) == [2]


def test_passage_is_found_by_meaning_without_a_common_word():
    """Words alone find nothing, vectors put the passage with words of the same meaning first."""
    texts = ["Boats left early.", "A physician cured her.", "The mill grinds rye."]
    encoder = WordEncoder({"quack": "physician", "healed": "cured"})
    question = "Which quack healed somebody?"
    passages = list(_searcher(*texts).passages)
    assert _ask(open_searcher(passages), question) == []
    (best, *_) = _ask(open_searcher(passages, encoder), question)
    assert (best.passage.paragraph, best.coverage) == (2, 0)


def _of_kinds(passages, encoder, **kinds):
    """Return a searcher whose vectors are only those of some kinds."""
    opened = opened_index(passages)
    vectors = passage_vectors(opened.passages, encoder, **kinds)
    return Searcher(opened, VectorIndex(vectors, as_encoder(encoder)))


def test_token_vectors_decide_between_two_passages():
    """One vector of a passage says little of its parts; each token finds its own."""
    texts = ["Bell, bell, boat.", "Bell, lamp, boat, net, eel, tide."]
    encoder = WordEncoder({"gong": "bell", "lantern": "lamp"})
    passages = list(_searcher(*texts).passages)
    query = "gong lantern"
    assert _numbers(_ask(_of_kinds(passages, encoder, has_tokens=False), query)) == [1, 2]
    hits = _ask(_of_kinds(passages, encoder), query)
    assert _numbers(hits) == [2, 1]
    assert hits[0].parts["tokens"] > 0 > hits[0].parts["vectors"]


def test_index_without_vectors_of_lines_is_ranked_by_those_of_passages():
    """The cosine of a hit is that of its passage, and tokens still name the sentence."""
    texts = ["Nets dry. The bell rang early. Boats left.", "The mill grinds rye."]
    encoder = WordEncoder({"gong": "bell", "sounded": "rang"})
    passages = list(_searcher(*texts).passages)
    question = "gong sounded early"
    with_lines, without = (
        _ask(_of_kinds(passages, encoder, has_lines=has_lines), question)[0]
        for has_lines in (True, False)
    )
    assert _numbers([with_lines, without]) == [1, 1]
    assert without.cosine < with_lines.cosine
    for hit in (with_lines, without):
        assert hit.passage.text[hit.sentence.start : hit.sentence.end] == "The bell rang early."


def test_hit_without_vectors_of_lines_and_tokens_names_a_sentence_by_words():
    """Nothing says how near a sentence is."""
    passages = list(_searcher("Nets dry. The bell rang.", "Boats left.").passages)
    searcher = _of_kinds(passages, WordEncoder(), has_lines=False, has_tokens=False)
    (hit, *_) = _ask(searcher, "the bell")
    assert set(hit.parts) == {"words", "vectors"}
    assert (hit.sentence.start, hit.passage.paragraph) == (10, 1)


@pytest.mark.parametrize("section", [None, "Bells and gongs"])
def test_sentence_of_a_hit_is_chosen_by_vectors(section):
    """It needs no word of the question; a heading above is no sentence."""
    encoder = WordEncoder({"gong": "bell", "gongs": "bell", "sounded": "rang"})
    text = "Nets dry early. The bell rang. Boats left."
    passages = list(_searcher((text, section), "The mill grinds rye.").passages)
    hit = _ask(open_searcher(passages, encoder), "which gong sounded early")[0]
    assert hit.passage.text[hit.sentence.start : hit.sentence.end] == "The bell rang."
    hit = _ask(open_searcher(passages), "which gong sounded early")[0]
    assert hit.passage.text[hit.sentence.start : hit.sentence.end] == "Nets dry early."


def test_follow_up_mixes_the_scores_of_turns():
    """The cosine with a passage is the mean over the turns, by their weights."""
    searcher = _searcher("bell", "boat", "lamp", tier=Tier.ENCODER)

    def cosines(*query):
        return {hit.passage.text: hit.cosine for hit in searcher.search([*query], 3)}

    bell, boat = cosines(WeightedText("bell")), cosines(WeightedText("boat"))
    both = cosines(WeightedText("bell"), WeightedText("boat", 0.5))
    for text in ("bell", "boat", "lamp"):
        assert both[text] == pytest.approx((bell[text] + 0.5 * boat[text]) / 1.5, abs=1e-4)
    assert both["bell"] == pytest.approx((1 + 0.5 * boat["bell"]) / 1.5, abs=1e-4)


@pytest.mark.parametrize("tier", [Tier.LEXICAL, Tier.ENCODER])
@pytest.mark.parametrize("question", ["", "   ", "?!", "what is it", "How do you do?"])
def test_search_without_a_word_finds_nothing(question, tier):
    """Blank questions and stop words have no hits in any tier."""
    assert _ask(_searcher("The bell rang.", "Boats left.", tier=tier), question) == []


@pytest.mark.parametrize("question", ["zyzzyva", "Whatever became of the qwertyuiop?", "?? 4711"])
def test_search_for_unknown_words_finds_nothing_by_words_and_ranks_all_by_meaning(
    encoded_index, question
):
    """Without a shared word the lexical tier has no hits; the encoder ranks, share 0."""
    assert _ask(Searcher.open(encoded_index, Tier.LEXICAL), question) == []
    hits = _ask(Searcher.open(encoded_index), question)
    assert sorted(_numbers(hits)) == [1, 2, 3, 4, 5]
    assert all(hit.coverage < 0.2 for hit in hits)
    assert np.isfinite([hit.score for hit in hits]).all()


@pytest.mark.parametrize("tier", [Tier.LEXICAL, Tier.ENCODER])
@pytest.mark.parametrize("question", ["bell \udcff", "\ud800", "\x00 bell", "bell" * 2000])
def test_search_for_odd_characters_raises_nothing(encoded_index, question, tier):
    """What a terminal passes on as broken bytes is a question like any other."""
    assert len(_ask(Searcher.open(encoded_index, tier), question)) <= 5


def test_search_for_nothing_finds_nothing(harbour):
    """A query without parts has no hits."""
    assert harbour.search([], 3) == []


@pytest.mark.parametrize(("top_k", "found"), [(-1, 0), (0, 0), (1, 1), (3, 3), (4, 4), (99, 4)])
def test_search_returns_at_most_top_k(top_k, found):
    """Zero or less gives none; more than there is gives what there is."""
    searcher = _searcher("bell one", "bell two", "bell three", "bell four", "boats", "lamps")
    assert len(_ask(searcher, "bell", top_k)) == found


def test_search_breaks_ties_by_place():
    """Passages with the same words come in the order of the text, also among many."""
    searcher = _searcher(*_variants("The bell rang", 40), "Boats left.")
    hits = _ask(searcher, "bell", 40)
    assert _numbers(hits) == list(range(1, 41))
    assert len({hit.score for hit in hits}) == 1
    assert [hit.rank for hit in hits] == list(range(1, 41))


def test_search_keeps_the_first_of_more_equal_passages_than_candidates(monkeypatch):
    """Where more passages are equally good than there are candidates, the first ones are ranked."""
    opened = _searcher(*_variants("The bell rang", 40))
    monkeypatch.setattr(candidates_module, "MAX_RANKED", 4)
    monkeypatch.setattr(candidates_module, "_MAX_CANDIDATES", 4)
    assert _numbers(_ask(opened, "bell", 3)) == [1, 2, 3]


def test_search_in_a_corpus_of_one_paragraph_scores_above_zero():
    """The only passage is found with a positive score, and part of the query matches."""
    (hit,) = _ask(_searcher("The bell rang early."), "When did the bell ring?")
    assert hit.score > 0
    assert 0 < hit.coverage <= 1


def test_search_finds_a_term_that_stands_in_half_of_the_passages():
    """A term whose idf is exactly 0 still matches, and the hit is complete."""
    searcher = _searcher("One eel swims.", "Two eel nets.", "Three boats leave.", "Four men sleep.")
    hits = _ask(searcher, "eel")
    assert _numbers(hits) == [1, 2]
    assert all(0 <= hit.coverage <= 1 for hit in hits)


def test_search_finds_the_sentence_of_a_term_that_stands_in_half_of_the_passages():
    """A sentence that shares a term is named although the term's idf is 0."""
    searcher = _searcher("Nets dry. One eel swims.", "Two eel nets.", "Boats leave.", "Men sleep.")
    hit = _ask(searcher, "eel whales")[0]
    assert hit.sentence is not None
    assert hit.passage.text[hit.sentence.start : hit.sentence.end] == "One eel swims."


def test_search_finds_a_term_that_stands_in_every_passage():
    """A term of all passages finds them all."""
    assert len(_ask(_searcher("bell a lamp", "bell a boat", "bell a net"), "bell")) == 3


def test_search_looks_into_titles_and_sections():
    """A word of the title or of a heading finds the passages below it, and quotes no heading."""
    searcher = _searcher(("They left.", "Boats"), ("It burned.", "Tower"), title="Lowmere")
    (hit,) = _ask(searcher, "tower")
    assert (hit.passage.paragraph, hit.sentence) == (2, None)
    assert hit.coverage == 1
    assert hit.score > 0
    assert _numbers(_ask(searcher, "Lowmere")) == [1, 2]
    assert not any("Tower" in passage.text for passage in searcher.passages)


def test_search_prefers_a_match_in_the_text_to_one_in_a_heading():
    """The passage's own words count more than those of the headings further above it."""
    outer = "Tower \u203a Fires"
    searcher = _searcher(("It burned twice.", outer), ("The tower stands.", "Sights"), "x", "y")
    assert _numbers(_ask(searcher, "tower")) == [2, 1]
    assert 0 < CONTEXT_WEIGHT < 1


def test_search_ranks_equal_texts_by_their_headings():
    """Of two passages with the same words the one below a matching heading comes first."""
    searcher = _searcher(
        ("It burned.", "Boats"), ("It burned!", "Tower"), "Eels.", "Nets.", "Rain."
    )
    assert _numbers(_ask(searcher, "Which tower burned?")) == [2, 1]


def test_search_by_title_finds_a_text_of_stop_words():
    """A corpus whose passages hold only stop words is searched by its title all the same."""
    (hit,) = _ask(_searcher("It is what it is.", title="Herring"), "herring")
    assert (hit.passage.paragraph, hit.sentence) == (1, None)


def test_search_weighs_the_parts_of_a_query():
    """The question counts fully, what was asked before it less; order follows the weights."""
    searcher = _searcher("bell", "boat", "lamp", "net", "pier")
    parts = [WeightedText("boat", 0.4), WeightedText("bell")]
    bell, boat = searcher.search(parts, 5)
    assert (bell.passage.text, boat.passage.text) == ("bell", "boat")
    assert boat.score == pytest.approx(0.4 * bell.score)
    assert boat.coverage == pytest.approx(0.4 / 1.4)


@pytest.mark.parametrize("tier", [Tier.LEXICAL, Tier.ENCODER])
def test_search_leaves_out_a_part_of_no_weight(tier):
    """A part that counts nothing is not read."""
    searcher = _searcher("bell", "boat", "lamp", tier=tier)
    assert searcher.search([WeightedText("bell", 0.0)], 3) == []
    assert searcher.expand([WeightedText("bell", 0.0)]) == []


@pytest.mark.parametrize("tier", [Tier.LEXICAL, Tier.ENCODER])
def test_search_with_a_light_part_only_breaks_no_tier(tier):
    """A query whose only part merely breaks ties is still ranked."""
    hits = _searcher("lamp", "bell", "boat", tier=tier).search([WeightedText("bell", 0.05)], 3)
    assert hits[0].passage.text == "bell"


def test_search_takes_the_first_of_equal_sentences():
    """Of two sentences that match alike the first is named."""
    (hit,) = _ask(_searcher("The bell rang. The bell broke."), "bell")
    assert (hit.sentence.start, hit.sentence.end) == (0, 14)


@given(
    st.lists(text, min_size=1, max_size=8, unique=True), text, st.integers(-1, 10), st.booleans()
)
@quick
def test_search_orders_by_score_and_then_by_place(texts, question, top_k, by_meaning):
    """Hits fall by score and rise by place; they are the best of all that are ranked."""
    tier = Tier.ENCODER if by_meaning else Tier.LEXICAL
    searcher = _searcher(
        "Sentinel.", "Anchor.", *texts, *_variants("Far off", len(texts)), tier=tier
    )
    every, some = _ask(searcher, question, 99), _ask(searcher, question, top_k)
    keys = [(-hit.score, hit.passage.paragraph) for hit in every]
    assert keys == sorted(keys)
    assert some == every[: max(top_k, 0)]
    assert [hit.rank for hit in every] == list(range(1, len(every) + 1))
    assert all(0 <= hit.coverage <= 1 + 1e-9 for hit in every)
    assert len(every) in (0, len(searcher.passages)) or not by_meaning


@given(st.lists(text, min_size=1, max_size=5, unique=True), text)
@quick
def test_search_by_words_finds_exactly_the_passages_that_share_one(texts, question):
    """Every passage with a term of the question is a hit, no other is, and each is whole."""
    searcher = _searcher(
        "Sentinel.", "Anchor.", "Rudder.", *texts, *_variants("Far off", 2 * len(texts))
    )
    wanted = set(extract_terms(question))
    sharing = {p.paragraph for p in searcher.passages if wanted & set(extract_terms(p.text))}
    hits = _ask(searcher, question, 99)
    assert set(_numbers(hits)) == sharing
    assert len(hits) == len(sharing)
    for hit in hits:
        assert 0 < hit.coverage <= 1 + 1e-9
        assert wanted & set(extract_terms(" ".join(hit.sentence.words)))


@pytest.mark.parametrize("tier", [Tier.LEXICAL, Tier.ENCODER])
def test_search_scores_are_the_same_each_time_that_an_index_is_opened(encoded_index, tier):
    """An index that is opened again answers like the one opened before."""
    opened, again = (Searcher.open(encoded_index, tier) for _ in range(2))
    question = [WeightedText("grey stone lighthouse bell")]
    assert opened.search(question, 5) == again.search(question, 5) != []


@pytest.mark.parametrize("n", range(1, 6))
@pytest.mark.parametrize("question", ["bell", "zyzzyva", "the old storm"])
def test_search_of_one_to_five_equal_passages_is_finite_and_finds_the_first(n, question):
    """Equal scores on every side leave finite sums; the others are named as its copies."""
    (hit,) = _ask(_searcher(*["The old bell rang."] * n, tier=Tier.ENCODER), question)
    assert hit.passage.paragraph == 1
    assert np.isfinite(hit.score)
    assert [copy.paragraph for copy in hit.copies] == list(range(2, n + 1))


def test_search_names_the_sentence_with_the_expected_kind_of_answer():
    """Of sentences that fit a question alike, the one that holds such an answer is named."""
    text = "The old pier was built by hand. The old pier was built in 1802."
    for tier in (Tier.LEXICAL, Tier.ENCODER):
        (hit,) = _ask(_searcher(text, tier=tier), "When was the old pier built?")
        assert hit.sentence.start == 32
        (hit,) = _ask(_searcher(text, tier=tier), "old pier built hand")
        assert hit.sentence.start == 0


def test_search_sets_the_kind_of_answer_by_the_question_and_not_by_what_came_before():
    """What was asked before does not say which kind of answer is expected now."""
    searcher = _searcher("The pier was built by hand. The pier was built in 1802.")
    query = [WeightedText("old pier"), WeightedText("when was the pier built", 0.4)]
    assert searcher.search(query, 1)[0].sentence.start == 0


@pytest.mark.parametrize("tier", [Tier.LEXICAL, Tier.ENCODER])
def test_confidence_rises_from_nothing_over_strange_words_to_known_ones(encoded_index, tier):
    """No hit and no word give no confidence at all; the text's own words give the most."""
    opened = Searcher.open(encoded_index, tier)
    strange, known = "qwertyuiop harbour zyzzyva", "Herring boats leave before dawn"
    odds = [opened.confidence(question, _ask(opened, question, 3)) for question in (strange, known)]
    assert -np.inf < odds[0] < odds[1] < np.inf
    assert opened.confidence(known, []) == opened.confidence("what is it", []) == -np.inf


@pytest.mark.parametrize("tier", [Tier.LEXICAL, Tier.ENCODER])
def test_text_that_several_files_hold_is_found_once(tier):
    """The first one is quoted, and knows where else it stands; spaces do not matter."""
    told = "The bell rang at nine."
    passages = [
        *split_passages(Document("a.txt", "A", (Paragraph(1, told), Paragraph(2, "Nine boats.")))),
        *split_passages(Document("b.txt", "B", (Paragraph(1, "The bell  rang at nine."),))),
        *split_passages(Document("c.txt", "C", (Paragraph(1, told, section="Why?"),))),
    ]
    searcher = open_searcher(passages, ENCODERS[tier])
    hits = searcher.search([WeightedText("when did the bell ring?")], 3)
    (found,) = [hit for hit in hits if hit.passage.ref == passages[0].ref]
    assert found.copies == (passages[2].ref,)
    assert passages[2].ref not in [hit.passage.ref for hit in hits]
    assert passages[3].ref in [hit.passage.ref for hit in hits], "it answers another question"


def test_question_in_another_language_is_answered_where_the_encoder_reads_it():
    """It shares no word with the texts; words alone, or an encoder of English, find nothing."""
    text = Document("a.txt", "A", (Paragraph(1, "The lighthouse is grey."), Paragraph(2, "Tea.")))
    passages = list(split_passages(text))
    question = "\u043a\u0430\u043a\u043e\u0439 \u043c\u0430\u044f\u043a?"  # which lighthouse
    encoder = WordEncoder({"\u043c\u0430\u044f\u043a": "lighthouse"})
    searcher = open_searcher(passages, encoder)
    (best, *_) = answer_question(question, [], searcher).quotes
    assert best.text == "The lighthouse is grey."
    assert answer_question(question, [], open_searcher(passages)).reason == "nothing_found"
    english = WordEncoder()
    english.config = replace(english.config, english_only=True)
    assert open_searcher(passages, english).may_refuse(question)


def test_version_in_a_long_report_is_no_more_than_one_word_of_it():
    """Alone a version decides; among many words the passage about the problem is first."""
    searcher = _searcher(
        "Version 6.2.8 brings new fonts and faster tabs.",
        "The bell rings twice where the harbour gate was left open at night.",
        *(f"Ferry number {n} sails at noon." for n in range(30)),
    )
    report = "since 6.2.8 the bell rings twice at night, was the harbour gate left open?"
    assert _numbers(_ask(searcher, "what is new in 6.2.8?", 1)) == [1]
    assert _numbers(_ask(searcher, report, 1)) == [2]
