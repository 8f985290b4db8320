"""The command that trains the weights of `bot/answering/message_kinds/`."""

import json

import numpy as np
import pytest
from rich.console import Console

from bot.answering.message_kinds.classifier import probabilities
from tests.training import message_kinds
from tests.training.message_kinds import kind_of, made_questions, main, read_intents, train

REMARKS = [f"who {verb} you" for verb in ("made", "built", "coded", "wrote", "shaped", "planned")]
REQUESTS = [f"where is my {thing}" for thing in ("phone", "cell", "mobile", "tablet", "laptop")]
QUESTIONS = [f"what is a {thing}" for thing in ("mortgage", "harbour", "verdict", "glacier")]
UTTERANCES = [
    *(("who_made_you", text) for text in REMARKS),
    *(("find_phone", text) for text in REQUESTS),
    *(("definition", text) for text in QUESTIONS),
    ("greeting", "hello"),
]


@pytest.fixture
def intents(tmp_path, monkeypatch):
    """A file of a few utterances, of which every n-gram counts."""
    monkeypatch.setattr(message_kinds, "_MIN_UTTERANCES", 1)
    path = tmp_path / "intents.tsv"
    lines = [f"{intent}\t{text}" for intent, text in [*UTTERANCES, ("fun_fact", "a fact please")]]
    path.write_text("\n".join(lines), encoding="utf-8")
    return path


def test_intents_between_the_kinds_are_left_out(intents):
    """Whether a text has a fun fact depends on the text."""
    assert read_intents(intents) == UTTERANCES


@pytest.mark.parametrize(
    ("utterance", "kind"),
    [
        (("greeting", "hello"), "remark"),
        (("timer", "set a timer"), "request"),
        (("timer", "how do i set a timer"), "question"),
        (("definition", "what is a glacier"), "question"),
    ],
)
def test_kind_of_an_utterance_is_that_of_its_intent(utterance, kind):
    """But how something is done may stand in a manual."""
    assert ("remark", "request", "question")[kind_of(utterance)] == kind


def test_made_questions_speak_of_other_things():
    """No remark or request is among them, and they are the same at each run."""
    made = list(made_questions(UTTERANCES))
    assert made == list(made_questions(UTTERANCES))
    assert not set(made) & {text for _, text in UTTERANCES}
    assert any(text.startswith("who made ") for text in made)
    assert any(text.startswith("where is the ") for text in made)
    assert not any("you" in text.split() and "made" in text.split() for text in made)


def test_training_is_the_same_each_time(intents):
    """The weights can be made again from the same utterances."""
    first, second = train(read_intents(intents)), train(read_intents(intents))
    assert first.rows == second.rows
    np.testing.assert_array_equal(first.weights, second.weights)


def test_trained_weights_tell_what_they_were_trained_on(intents):
    """The likeliest kind of each utterance is its own."""
    learned = train(read_intents(intents))
    for utterance in UTTERANCES:
        assert np.argmax(probabilities(utterance[1], learned)) == kind_of(utterance)


def test_command_writes_weights_and_shows_what_is_told(intents, tmp_path):
    """Utterances that were kept aside and question sets have a line each."""
    questions = tmp_path / "questions.json"
    entries = [
        {"id": "1", "kind": "who", "question": "who dug the harbour", "gold": [1]},
        {"id": "2", "kind": "chitchat", "question": "who coded you", "gold": []},
        {"id": "3", "kind": "conversation", "turns": [{"question": "what is a bell"}]},
        {"id": "4", "kind": "off_topic", "question": "how is bread baked", "gold": []},
    ]
    questions.write_text(json.dumps(entries), encoding="utf-8")
    console = Console(width=200, record=True)
    main(intents, [questions], console, tmp_path / "weights.npz")
    shown = console.export_text()
    assert "kept aside, remark" in shown
    assert f"{questions}, remarks" in shown
    assert f"{(tmp_path / 'weights.npz').stat().st_size} bytes" in shown
