"""Counters and timers of a running bot, for Prometheus."""

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Literal, get_args

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, ProcessCollector

QuestionOutcome = Literal[
    "answered",
    "hesitant",
    "nothing_found",
    "small_talk",
    "empty_question",
    "refused",
    "busy",
    "silent",
    "failed",
]

# A search takes milliseconds and each request to Discord tenths of a second. The bot promises to
# acknowledge within 1 s; Discord waits 3 s for that, and 900 s for the answer.
_QUESTION_BUCKETS_S = (0.05, 0.1, 0.25, 0.5, 1.0, 2.0, 3.0, 5.0, 10.0, 30.0, 60.0, 900.0)

# The bot promises stalls of at most 0.1 s; commands expire after 3 s.
_LAG_BUCKETS_S = (0.001, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 3.0)


@dataclass(slots=True)
class TimedQuestion:
    """A question that is being answered and timed.

    Attributes:
        outcome: Its outcome; "silent" until the bot has sent something. None for an edit that needs
            no other answer; it is not counted.
    """

    outcome: QuestionOutcome | None = "silent"


class Metrics:
    """The figures of one bot; a process may have several.

    Attributes:
        registry: The registry of all figures.
        waiting: How many questions wait in the queue.
        tasks: How many tasks the event loop has.
    """

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        """Begin at zero.

        Args:
            clock: Monotonic seconds.
        """
        self._clock = clock
        self.registry = CollectorRegistry(auto_describe=True)
        ProcessCollector(registry=self.registry)
        self._questions = Counter(
            "pullquote_questions",
            "Questions by their outcome.",
            ["outcome"],
            registry=self.registry,
        )
        for outcome in get_args(
            QuestionOutcome
        ):  # so that each is exported before its first question
            self._questions.labels(outcome)
        self._question_seconds = Histogram(
            "pullquote_question_seconds",
            "Seconds from a question's arrival to its answer on Discord.",
            buckets=_QUESTION_BUCKETS_S,
            registry=self.registry,
        )
        self._under_way = Gauge(
            "pullquote_questions_under_way",
            "Questions that arrived and are not answered yet, including those that wait.",
            registry=self.registry,
        )
        self.waiting = Gauge(
            "pullquote_questions_waiting",
            "Questions that wait for a search slot.",
            registry=self.registry,
        )
        self.tasks = Gauge(
            "pullquote_tasks",
            "Tasks of the event loop, including those that wait.",
            registry=self.registry,
        )
        self._loop_lag = Histogram(
            "pullquote_loop_lag_seconds",
            "Seconds by which the event loop woke up late.",
            buckets=_LAG_BUCKETS_S,
            registry=self.registry,
        )
        self._max_loop_lag = Gauge(
            "pullquote_loop_lag_max_seconds",
            "Longest lag of the event loop since the start, in seconds.",
            registry=self.registry,
        )
        self._max_lag_s = 0.0

    @contextmanager
    def question(self, outcome: QuestionOutcome | None = "silent") -> Iterator[TimedQuestion]:
        """Count a question, and time it from entering the block to leaving it.

        An exception makes its outcome "failed". Questions without an answer are counted but not
        timed.
        """
        measured, started = TimedQuestion(outcome), self._clock()
        self._under_way.inc()
        try:
            yield measured
        except Exception:
            measured.outcome = "failed"
            raise
        finally:
            self._under_way.dec()
            if measured.outcome is not None:
                self._questions.labels(measured.outcome).inc()
            if measured.outcome not in ("silent", None):
                self._question_seconds.observe(self._clock() - started)

    def note_loop_lag(self, seconds: float) -> None:
        """Record by how much the event loop woke up too late."""
        self._loop_lag.observe(seconds)
        self._max_lag_s = max(self._max_lag_s, seconds)
        self._max_loop_lag.set(self._max_lag_s)
