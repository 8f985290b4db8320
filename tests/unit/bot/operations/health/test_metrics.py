"""What the figures of a running bot hold."""

import pytest

from bot.answering.answer import Answer
from bot.answering.quote import Quote
from bot.discord_app.questions.models import SearchResult
from bot.operations.health.metrics import Metrics
from tests.support.health_page import StillClock, figure

QUOTE = Quote("Herring.", "harbour.txt", "Harbour", None, 1, 1.0, None, ())


def test_question_is_counted_by_its_outcome_and_timed():
    """It counts as under way until it is answered."""
    clock = StillClock()
    metrics = Metrics(clock)
    with metrics.question() as measured:
        assert figure(metrics, "pullquote_questions_under_way") == 1
        clock.now += 0.3
        measured.outcome = "hesitant"
    assert figure(metrics, "pullquote_questions_under_way") == 0
    assert figure(metrics, "pullquote_questions_total", outcome="hesitant") == 1
    assert figure(metrics, "pullquote_questions_total", outcome="answered") == 0
    assert figure(metrics, "pullquote_question_seconds_bucket", le="0.25") == 0
    assert figure(metrics, "pullquote_question_seconds_bucket", le="0.5") == 1


def test_question_that_raises_counts_as_failed():
    """The exception goes on to the caller."""
    metrics = Metrics()

    def fail():
        with metrics.question() as measured:
            measured.outcome = "answered"
            raise KeyError

    with pytest.raises(KeyError):
        fail()
    assert figure(metrics, "pullquote_questions_total", outcome="failed") == 1
    assert figure(metrics, "pullquote_questions_total", outcome="answered") == 0
    assert figure(metrics, "pullquote_question_seconds_count") == 1


def test_question_that_nothing_is_said_to_is_not_timed():
    """What the bot only overhears says nothing of how long people wait."""
    metrics = Metrics()
    with metrics.question():
        pass
    assert figure(metrics, "pullquote_questions_total", outcome="silent") == 1
    assert figure(metrics, "pullquote_question_seconds_count") == 0


def test_longest_loop_lag_stays():
    """Shorter ones that follow count in the histogram only."""
    metrics = Metrics()
    for seconds in (0.02, 0.2, 0.004):
        metrics.note_loop_lag(seconds)
    assert figure(metrics, "pullquote_loop_lag_max_seconds") == 0.2
    assert figure(metrics, "pullquote_loop_lag_seconds_bucket", le="0.1") == 2


def test_metrics_share_nothing():
    """Two of them in one process count apart."""
    one, other = Metrics(), Metrics()
    with one.question():
        pass
    assert figure(other, "pullquote_questions_total", outcome="silent") == 0


@pytest.mark.parametrize(
    ("answer", "outcome"),
    [
        (Answer("q", (QUOTE,), None, 1.0), "answered"),
        (Answer("q", (QUOTE,), None, 1.0, hesitant=True), "hesitant"),
        (Answer("q", (), "nothing_found", 1.0), "nothing_found"),
        (Answer("q", (), "small_talk", 1.0), "small_talk"),
        (Answer("q", (), "empty_question", 1.0), "empty_question"),
    ],
)
def test_answer_counts_as_what_it_says(answer, outcome):
    """Each kind of answer has an outcome of its own, which is counted from the start."""
    assert SearchResult(answer).outcome == outcome
    assert figure(Metrics(), "pullquote_questions_total", outcome=outcome) == 0
