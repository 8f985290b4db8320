"""The one entry of all front ends: reasons, quotes, histories."""

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bot.answering.answer import (
    MAX_QUESTION_CHARS,
    Answer,
    answer_question,
    extend_history,
)
from bot.answering.conversation import MAX_TURNS, Turn, stands_alone
from bot.rendering.answer_json import answer_to_json
from index import EncoderChoice, Searcher, Tier, build_index
from tests.support.data.harbour import HARBOUR


@pytest.mark.parametrize(
    ("question", "reason"),
    [
        ("", "empty_question"),
        (" \n\t", "empty_question"),
        ("?!...", "empty_question"),
        ("\U0001f600\U0001f44d", "empty_question"),
        ("hello", "small_talk"),
        ("How are you?", "small_talk"),
        ("zebra xylophone", "nothing_found"),
        ("who was it", "nothing_found"),
    ],
)
def test_answer_says_why_there_are_no_quotes(harbour, question, reason):
    """A question without an answer comes back with its reason and no quotes."""
    answer = answer_question(question, [], harbour)
    assert (answer.answered, answer.quotes, answer.reason) == (False, (), reason)


def test_answer_quotes_the_paragraph_with_its_place(harbour):
    """The best quote is a paragraph of the text, with its document and number."""
    best = answer_question("How many boats sank in the storm?", [], harbour).quotes[0]
    assert best.text == (
        "A storm in 1887 sank nine boats. Nobody drowned, because the bell rang early."
    )
    assert (best.source, best.title) == ("harbour.txt", "The harbour of Lowmere")
    assert (best.section, best.paragraph) == (None, 4)


def test_answer_highlights_the_sentence_that_answers(harbour):
    """The highlight spans exactly the sentence that shares most with the question."""
    best = answer_question("Why did nobody drown?", [], harbour).quotes[0]
    assert best.highlight is not None
    start, end = best.highlight
    assert best.text[start:end] == "Nobody drowned, because the bell rang early."


def test_answer_by_words_alone_highlights_nothing_where_no_sentence_matches(harbour_index):
    """A paragraph found only by its document's title has no answering sentence."""
    searcher = Searcher.open(harbour_index, Tier.LEXICAL)
    quotes = answer_question("Lowmere harbour", [], searcher, top_k=5).quotes
    by_paragraph = {quote.paragraph: quote for quote in quotes}
    assert by_paragraph[2].highlight is None


def test_answer_gives_every_sentence_of_a_quote(harbour):
    """The sentences' offsets cover the paragraph but for the white space between them."""
    best = answer_question("storm", [], harbour).quotes[0]
    assert [best.text[start:end] for start, end in best.sentences] == [
        "A storm in 1887 sank nine boats.",
        "Nobody drowned, because the bell rang early.",
    ]


@pytest.mark.parametrize(
    ("url", "shown"), [("https://lowmere.example/bell", True), ("file:///etc/passwd", False)]
)
def test_answer_names_where_its_text_is_published(tmp_path, url, shown):
    """The address in a text's front matter stands in its quotes and their JSON, if it is one."""
    (tmp_path / "bell.md").write_text(f"---\nurl: {url}\n---\nThe bell rang.", encoding="utf-8")
    build_index(tmp_path, tmp_path / "index")
    answer = answer_question("Who rang the bell?", [], Searcher.open(tmp_path / "index"))
    assert answer.quotes[0].url == (url if shown else None)
    assert answer_to_json(answer)["quotes"][0].get("url") == answer.quotes[0].url


@pytest.mark.parametrize("top_k", [1, 2, 5])
def test_answer_has_at_most_top_k_quotes_best_first(harbour, top_k):
    """As many quotes as asked for, by falling score."""
    quotes = answer_question("storm boats harbour", [], harbour, top_k=top_k).quotes
    scores = [quote.score for quote in quotes]
    assert len(quotes) == top_k
    assert scores == sorted(scores, reverse=True)


def test_answer_has_three_quotes_by_default(harbour):
    """Without another wish there are three quotes at most."""
    assert len(answer_question("the harbour of Lowmere", [], harbour).quotes) == 3


def test_answer_refuses_what_the_text_hardly_touches(harbour):
    """One known word among many unknown ones is not enough."""
    question = "zebra xylophone quartz basalt violin ostrich pyramid tundra bell"
    assert answer_question(question, [], harbour).reason == "nothing_found"
    assert answer_question("bell", [], harbour).answered


@pytest.mark.parametrize(
    ("question", "hesitant"),
    [
        ("Which harbour was dug by Captain Ada Finch?", False),
        ("Which harbour was dug by Captain Ada Mumford?", True),
        ("which harbour was dug by captain ada scaredly?", False),
    ],
)
def test_answer_hesitates_where_the_question_names_somebody_unknown(harbour, question, hesitant):
    """What fits but for the name may be about another; an ordinary unknown word is no name."""
    answer = answer_question(question, [], harbour)
    assert answer.quotes[0].paragraph == 1
    assert answer.hesitant is hesitant


def test_answer_reads_a_question_no_further_than_its_limit(harbour):
    """Words beyond the limit are not searched for; the question stays as it was typed."""
    question = "x" * MAX_QUESTION_CHARS + " storm"
    answer = answer_question(question, [], harbour)
    assert answer.reason == "nothing_found"
    assert answer.question == question


def test_follow_up_is_understood_from_the_history(harbour):
    """A question of stop words finds what the question before it was about."""
    answer = answer_question("and when was that?", [Turn("the storm")], harbour)
    assert answer.quotes[0].paragraph == 4
    assert answer_question("and when was that?", [], harbour).reason == "nothing_found"


def test_new_words_outweigh_the_history(harbour):
    """A follow-up with strong words of its own leaves the old topic."""
    history = [Turn("When did the lighthouse burn?")]
    answer = answer_question("Who sings in June on the pier?", history, harbour)
    assert answer.quotes[0].paragraph == 5


@settings(
    max_examples=80, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(question=st.text(st.characters(), max_size=80), earlier=st.text(max_size=40))
def test_answer_never_fails_and_only_quotes(harbour, question, earlier):
    """Whatever is typed, each quote is a run of the text's own characters."""
    answer = answer_question(f"{question} storm", [Turn(earlier)], harbour)
    assert (answer.reason is None) == answer.answered
    assert answer.milliseconds >= 0
    assert all(quote.text in HARBOUR for quote in answer.quotes)


@pytest.mark.parametrize("question", ["\ud800", "\x00", "a\x00b", "\u202e storm", "((((", "*" * 99])
def test_answer_survives_hostile_questions(harbour, question):
    """Lone surrogates, control characters and signs are ordinary questions."""
    assert answer_question(question, [], harbour).question == question


@pytest.mark.parametrize("reason", ["small_talk", "empty_question"])
def test_history_keeps_no_trace_of_greetings_and_blanks(reason):
    """What asks nothing does not become a turn."""
    before = [Turn("the pier")]
    assert extend_history(before, Answer("hi", (), reason, 0.1)) == before


@pytest.mark.parametrize("question", ["who sings", "zebra"])
def test_history_gains_a_question(harbour, question):
    """A question becomes the newest turn, answered or not; the old list stays as it was."""
    before = [Turn("the pier")]
    after = extend_history(before, answer_question(question, before, harbour))
    assert after[:-1] == before == [Turn("the pier")]
    assert after[-1].question == question


def test_history_keeps_only_the_newest_turns():
    """The oldest turn goes when there are too many."""
    history: list[Turn] = []
    for number in range(MAX_TURNS + 3):
        turn = Turn(f"turn {number}")
        history = extend_history(history, Answer(turn.question, (), None, 0.1, turn=turn))
    assert [turn.question for turn in history] == [
        f"turn {number}" for number in range(3, MAX_TURNS + 3)
    ]


def test_history_keeps_no_more_of_a_question_than_is_read(harbour):
    """An over-long question takes no more memory than the limit."""
    (turn,) = extend_history([], answer_question("x" * 9999, [], harbour))
    assert len(turn.question) == MAX_QUESTION_CHARS


def _ask_in_turn(searcher, *questions):
    """Ask the questions of one conversation and return the answers."""
    history: list[Turn] = []
    answers = []
    for question in questions:
        answers.append(answer_question(question, history, searcher))
        history = extend_history(history, answers[-1])
    return answers


def _paragraphs(answer):
    return [quote.paragraph for quote in answer.quotes]


def test_second_one_is_the_second_quote_shown(encoded_harbour):
    """Pointing at a quote shows its paragraph alone."""
    first, pointed = _ask_in_turn(
        encoded_harbour, "what did the storm sink?", "show me the second one"
    )
    assert _paragraphs(pointed) == [_paragraphs(first)[1]]


def test_paragraph_before_and_after_are_the_neighbours_in_the_text(harbour):
    """What comes before or after is the text's own order; beyond its ends there is nothing."""
    answers = _ask_in_turn(
        harbour, "who sings on the pier?", "what comes before that?", "and the one before?"
    )
    assert [_paragraphs(answer)[0] for answer in answers] == [5, 4, 3]
    (_, beyond) = _ask_in_turn(harbour, "who sings on the pier?", "what comes after that?")
    assert beyond.reason == "nothing_found"


def test_more_shows_the_next_quotes_of_the_same_question(encoded_harbour):
    """Asked for more, the bot goes on where it stopped, until there is no more."""
    answers = _ask_in_turn(encoded_harbour, "what did the storm sink?", "more", "more please")
    assert sorted(_paragraphs(answers[0]) + _paragraphs(answers[1])) == [1, 2, 3, 4, 5]
    assert answers[2].reason == "nothing_found"


def test_follow_up_after_pointing_is_understood_from_the_question(harbour):
    """Pointing at a quote does not change what the conversation is about."""
    *_, last = _ask_in_turn(harbour, "the storm", "the second one", "and when was that?")
    assert _paragraphs(last)[0] == 4


def test_history_does_not_speak_for_another_question(harbour):
    """A question that stands alone and finds nothing is refused in a conversation, too."""
    _, off_topic = _ask_in_turn(harbour, "the storm", "best quantum laptop keyboard 2023")
    assert off_topic.reason == "nothing_found"


def test_doubtful_answer_is_hesitant(harbour):
    """A name that the texts never mention makes the bot hesitate."""
    sure, doubtful = (
        answer_question(question, [], harbour)
        for question in ("which storm sank nine boats?", "which storm sank Zebulon's nine boats?")
    )
    assert (sure.hesitant, doubtful.hesitant) == (False, True)


def test_small_talk_gets_an_example_question(harbour):
    """A greeting is answered with an example question, which the texts answer."""
    example = answer_question("hello", [], harbour).example
    assert example == "what do the texts say about The harbour of Lowmere?"
    assert answer_question(example, [], harbour).answered


@pytest.mark.parametrize("message", ["hello", "", "who dug the harbour?", "more"])
def test_searcher_without_texts_quotes_nothing(harbour, message):
    """It may have none, where none may be read; then there is no example either."""
    answer = answer_question(message, [], harbour.within(()))
    assert (answer.quotes, answer.example) == ((), None)


def test_pointing_where_nothing_was_shown_finds_nothing(harbour):
    """Without a quote to point at, or beyond the last one, no other quote is given."""
    assert answer_question("the second one", [], harbour).reason == "nothing_found"
    *_, beyond = _ask_in_turn(harbour, "the storm", "the ninth one")
    assert beyond.reason == "nothing_found"


def test_more_stays_as_hesitant_as_the_answer_was(encoded_harbour):
    """Asking for more does not make a doubtful answer sure."""
    doubtful, more = _ask_in_turn(encoded_harbour, "which storm sank Zebulon's nine boats?", "more")
    assert doubtful.hesitant
    assert more.hesitant
    assert more.answered


def test_pointing_at_a_place_that_changed_finds_nothing(harbour, harbour_corpus, harbour_index):
    """After a rebuild that moved the paragraph, another text is not passed off as the quote."""
    history = extend_history([], answer_question("who dug the harbour?", [], harbour))
    text = (harbour_corpus / "harbour.txt").read_text(encoding="utf-8")
    moved = text.replace("Lowmere\n", "Lowmere\n\nDogs bark loudly at the gulls.\n", 1)
    (harbour_corpus / "harbour.txt").write_text(moved, encoding="utf-8")
    build_index(harbour_corpus, harbour_index)
    answer = answer_question("the first one", history, Searcher.open(harbour_index))
    assert answer.reason == "nothing_found"


def test_pointing_at_a_part_of_a_long_paragraph_shows_that_part(tmp_path):
    """Each part of a very long paragraph is a place of its own."""
    filler = "The tide came in and went out again. " * 60
    (tmp_path / "corpus").mkdir()
    (tmp_path / "corpus" / "long.txt").write_text(f"{filler}A whale sang. {filler}")
    build_index(tmp_path / "corpus", tmp_path / "index")
    first, pointed = _ask_in_turn(
        Searcher.open(tmp_path / "index"), "which whale sang?", "the first one"
    )
    assert [quote.text for quote in pointed.quotes] == [first.quotes[0].text]
    assert "A whale sang." in pointed.quotes[0].text


@pytest.mark.parametrize("question", ["the storm", "which storm sank Zebulon's nine boats?", "eel"])
def test_verdict_does_not_depend_on_how_many_quotes_are_asked_for(harbour, question):
    """One quote or ten: the answer is as sure, hesitant or refused."""
    verdicts = {
        (answer.answered, answer.hesitant)
        for answer in (answer_question(question, [], harbour, top_k=k) for k in (1, 3, 10))
    }
    assert len(verdicts) == 1


ANSWERED = "How many boats sank in the storm?"


@pytest.mark.parametrize(
    "question", ["why so?", "Did it work?", "how come?", "why so many?", "Really?", "is it true?"]
)
def test_short_question_after_an_answer_is_answered(encoded_harbour, question):
    """It asks about what was shown, so it is neither refused nor taken for small talk."""
    history = extend_history([], answer_question(ANSWERED, [], encoded_harbour))
    answer = answer_question(question, history, encoded_harbour)
    assert answer.answered
    assert answer.quotes[0].paragraph == 4


@pytest.mark.parametrize("question", ["btw, bitcoin?", "new topic: zebras"])
def test_short_question_of_a_new_topic_is_refused(harbour, question):
    """It is announced to be about something else than the answer before."""
    history = extend_history([], answer_question(ANSWERED, [], harbour))
    assert answer_question(question, history, harbour).reason == "nothing_found"


@pytest.mark.parametrize("question", ["why so long?", "is it cool?"])
def test_same_words_without_an_answer_before_are_small_talk(harbour, question):
    """There is nothing that they could be about."""
    assert answer_question(question, [], harbour).reason == "small_talk"
    history = extend_history([], answer_question("zebra xylophone", [], harbour))
    assert answer_question(question, history, harbour).reason == "small_talk"


@pytest.mark.parametrize("remark", ["thanks!", "how are you?", "ok cool", "are you a bot?"])
def test_small_talk_after_an_answer_stays_small_talk(harbour, remark):
    """Thanks and talk to the bot itself ask nothing of the texts."""
    history = extend_history([], answer_question(ANSWERED, [], harbour))
    assert answer_question(remark, history, harbour).reason == "small_talk"


STORMS = [
    f"In {year} a storm sank nine boats while the keeper rang the bell on the pier."
    for year in range(1850, 1890)
]
ABOUT_STORMS = "Which storm sank nine boats, and did the keeper ring the bell on the pier?"


def _log_of_storms(tmp_path, tier):
    """Return a searcher of a text about storms whose last paragraph is about a choir."""
    (tmp_path / "corpus").mkdir()
    text = "\n\n".join(["The log", *STORMS, "In June people gather to sing hymns together."])
    (tmp_path / "corpus" / "log.txt").write_text(text, encoding="utf-8")
    encoder = EncoderChoice("", tmp_path / "models") if tier is Tier.ENCODER else None
    build_index(tmp_path / "corpus", tmp_path / "index", encoder=encoder, within_s=None)
    return Searcher.open(tmp_path / "index", tier)


@pytest.mark.parametrize("tier", [Tier.LEXICAL, Tier.ENCODER])
def test_question_that_its_history_outweighs_is_answered_by_its_own_hits(tmp_path, tier):
    """What is shown as sure is what the question alone finds, not what was talked about before."""
    searcher = _log_of_storms(tmp_path, tier)
    answer = answer_question("Which choir sings on the pier?", [Turn(ABOUT_STORMS)], searcher)
    assert not answer.hesitant
    assert answer.quotes[0].paragraph == len(STORMS) + 1
    history = extend_history([Turn(ABOUT_STORMS)], answer)
    more = answer_question("more", history, searcher)
    six = answer_question("Which choir sings on the pier?", [Turn(ABOUT_STORMS)], searcher, top_k=6)
    shown = [quote.paragraph for quote in (*answer.quotes, *more.quotes)]
    assert shown == [quote.paragraph for quote in six.quotes]


def test_words_that_lead_back_do_not_keep_a_question_at_another_subject(tmp_path):
    """Where the question alone scores much better than in its history, the history is left out."""
    searcher = _log_of_storms(tmp_path, Tier.ENCODER)
    question = "Do people gather in June to sing their hymns together?"
    assert not stands_alone(question)
    answer = answer_question(question, [Turn(ABOUT_STORMS)], searcher)
    assert (answer.quotes[0].paragraph, answer.hesitant) == (len(STORMS) + 1, False)
    follow_up = answer_question("Did they ring it again in 1872?", [Turn(ABOUT_STORMS)], searcher)
    assert "In 1872 a storm" in follow_up.quotes[0].text


class _CountingSearcher:
    """Searches an index and notes how many hits each search asks for."""

    def __init__(self, searcher):
        self._searcher = searcher
        self.asked_for = []

    def __getattr__(self, name):
        return getattr(self._searcher, name)

    def search(self, query, top_k):
        """Note the number of hits, and search."""
        self.asked_for.append(top_k)
        return self._searcher.search(query, top_k)


def test_follow_up_is_searched_for_no_more_hits_than_are_shown(harbour):
    """Only the hits of a question that stands alone are looked for among more of its own."""
    for question, is_alone in (("and when was that?", False), ("Who sings on the pier?", True)):
        searcher = _CountingSearcher(harbour)
        answer_question(question, [Turn("the storm")], searcher)
        assert (max(searcher.asked_for) > 3) is is_alone


@pytest.mark.parametrize("message", ["the well", "Well", "wells", "birthday?", "test", "testing"])
def test_word_that_greets_is_a_question_where_the_texts_hold_it(tmp_path, harbour, message):
    """Elsewhere it is small talk, or found nowhere."""
    (tmp_path / "farm").mkdir()
    text = "Wells of the farm\n\nOn his birthday he dug a well.\n\nA test of its water was good."
    (tmp_path / "farm" / "farm.txt").write_text(text, encoding="utf-8")
    build_index(tmp_path / "farm", tmp_path / "index")
    assert answer_question(message, [], Searcher.open(tmp_path / "index")).answered
    assert not answer_question(message, [], harbour).answered


@pytest.mark.parametrize(
    ("text", "question", "reason"),
    [
        ("Ask the harbour master for a berth.", "whom do I ask for a berth?", None),
        ("There are 2 life rings.", "are there two life rings?", None),
        ("Tea is free.", "whom do I ask for a berth?", "small_talk"),
        ("Tea is free.", "are there two life rings?", "small_talk"),
    ],
)
def test_what_may_be_a_remark_is_a_question_where_a_passage_has_its_words(
    tmp_path, text, question, reason
):
    """The classifier is a little more sure of a remark than of a question; a number is a word."""
    (tmp_path / "corpus").mkdir()
    (tmp_path / "corpus" / "a.txt").write_text(text, encoding="utf-8")
    build_index(tmp_path / "corpus", tmp_path / "index")
    searcher = Searcher.open(tmp_path / "index")
    assert answer_question(question, [], searcher).reason == reason


def test_greeting_is_small_talk_also_where_the_texts_hold_it(tmp_path):
    """A text that greets its readers does not answer "hello"."""
    (tmp_path / "corpus").mkdir()
    (tmp_path / "corpus" / "letter.txt").write_text("A letter\n\nHello, and thanks to all.")
    build_index(tmp_path / "corpus", tmp_path / "index")
    searcher = Searcher.open(tmp_path / "index")
    for message in ("hello", "thanks", "happy birthday!"):
        assert answer_question(message, [], searcher).reason == "small_talk"
