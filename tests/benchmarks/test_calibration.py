"""The command that fits the judges, on data whose answer is known."""

import numpy as np
import pytest
from rich.console import Console

from tests.benchmarks.calibration import evidence_rows, fit, main


def test_fit_finds_the_weights_that_made_the_labels():
    """From labels drawn with known weights the same ones come back."""
    generator = np.random.default_rng(1)
    rows = generator.random((20_000, 3))
    made_with = np.array([3.0, -2.0, 1.0, -0.5])
    odds = 1 / (1 + np.exp(-(rows @ made_with[:3] + made_with[3])))
    labels = (generator.random(len(rows)) < odds).astype(np.float64)
    assert fit(rows, labels) == pytest.approx(made_with, abs=0.2)


def test_fit_of_kinds_that_can_be_told_apart_stays_finite():
    """The ridge keeps the weights of a perfect division from running away."""
    weights = fit(np.array([[0.0], [0.1], [0.9], [1.0]]), np.array([0.0, 0.0, 1.0, 1.0]))
    assert np.isfinite(weights).all()
    assert weights[0] > 0


def test_evidence_of_a_question_without_words_or_hits_is_nothing(harbour):
    """What cannot be searched for speaks for nothing; a question of the text for something."""
    nothing, something = evidence_rows(harbour, ["who is it?", "When did the storm sink boats?"])
    assert nothing.tolist() == [0, 0, 0]
    share, cosine, known = something
    assert share > 0 < known
    assert cosine == 0, "the index has no vectors"


@pytest.fixture
def squad(tmp_path):
    """Two articles with a question each, in the form of the public set."""
    corpus = tmp_path / "squad" / "corpus"
    corpus.mkdir(parents=True)
    (corpus / "bees.txt").write_text("Bees dance.\n\nThe queen lays eggs in spring.\n")
    (corpus / "rocks.txt").write_text("Basalt is dark.\n\nGranite cools slowly below ground.\n")
    (tmp_path / "squad" / "questions.json").write_text(
        """[{"id": "1", "kind": "direct", "question": "What lays the queen?",
             "source": "bees.txt", "gold": [2]},
            {"id": "2", "kind": "direct", "question": "Where does granite cool?",
             "source": "rocks.txt", "gold": [2]}]"""
    )
    return tmp_path / "squad"


def test_command_prints_weights_and_what_lies_below_each_threshold(squad, harbour_corpus, tmp_path):
    """Each tier has its weights and a table."""
    questions = tmp_path / "questions.json"
    questions.write_text(
        """[{"id": "1", "kind": "direct", "question": "Who dug the harbour?", "gold": [1]},
            {"id": "2", "kind": "off_topic", "question": "How is bread baked?", "gold": []},
            {"id": "3", "kind": "near_miss", "question": "Who built the pier?", "gold": []}]"""
    )
    console = Console(width=120, record=True)
    main(squad, questions, harbour_corpus, console)
    shown = console.export_text()
    assert shown.count("intercept") == 2
    assert "own article" in shown
