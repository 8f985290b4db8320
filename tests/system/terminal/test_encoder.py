"""The encoder in the installed command: found by meaning, and what is said where it is missing."""

import json
from pathlib import Path

import pytest

from tests.support.command import run_pullquote

# No word of it stands in the texts.
BY_MEANING = "Did fire destroy the beacon?"
BY_WORDS = "Who dug the harbour?"


def _paragraphs(done):
    """Return the paragraphs that an answer quotes."""
    assert done.returncode == 0, done.stderr
    return [quote["paragraph"] for quote in json.loads(done.stdout)["quotes"]]


def _index_record():
    """Return what the published index says of its encoder."""
    manifest = json.loads(Path(".pullquote", "index", "manifest.json").read_bytes())
    return manifest["encoder"], bool(manifest["encoder_hash"]), manifest["encoder_problem"]


@pytest.mark.usefixtures("harbour_corpus")
def test_question_is_answered_by_meaning_where_words_find_nothing():
    """After a rebuild the encoder of the package answers, without a download or a word of it."""
    auto, lexical = {"RETRIEVAL": "auto"}, {"RETRIEVAL": "lexical"}
    built = run_pullquote("rebuild", env=auto)
    assert (built.returncode, built.stderr) == (0, "")
    assert _index_record() == ("", True, None)
    done = run_pullquote("ask", BY_MEANING, "--json", env=auto)
    assert _paragraphs(done)[0] == 3
    assert done.stderr == ""
    assert _paragraphs(run_pullquote("ask", BY_MEANING, "--json", env=lexical)) == []


@pytest.mark.usefixtures("harbour_corpus")
def test_first_question_builds_the_index_with_vectors():
    """Nobody needs to know of the rebuild, nor of the setting."""
    done = run_pullquote("ask", BY_MEANING, "--json", env={"RETRIEVAL": ""})
    assert _paragraphs(done)[0] == 3
    assert done.stderr.count("\n") == 1
    assert "Indexed 1 text as 5 passages" in done.stderr


@pytest.mark.usefixtures("harbour_corpus")
def test_tier_of_a_former_version_is_one_line_and_works():
    """A bot whose `.env` names it goes on."""
    run_pullquote("rebuild", env={"RETRIEVAL": "auto"})
    done = run_pullquote("ask", BY_MEANING, "--json", env={"RETRIEVAL": "neural"})
    assert _paragraphs(done)[0] == 3
    said = "RETRIEVAL: 'neural' now means auto; write auto or leave it out\n"
    assert done.stderr == said


@pytest.mark.usefixtures("harbour_corpus")
def test_unknown_tier_is_one_line_and_exit_2():
    """The line names those there are."""
    done = run_pullquote("ask", BY_WORDS, env={"RETRIEVAL": "magic"})
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr.count("\n") == 1
    assert "RETRIEVAL: 'magic' is not a tier; write one of auto, encoder, lexical" in done.stderr


@pytest.mark.usefixtures("harbour_corpus")
def test_model_that_is_not_there_is_one_line_and_words_answer():
    """The rebuild says why, and so does each later start; nothing is fetched or raised."""
    missing = {"RETRIEVAL": "auto", "NEURAL_MODEL": "./no-such-model"}
    built = run_pullquote("rebuild", env=missing)
    assert built.returncode == 0
    assert built.stderr.count("\n") == 1
    assert "no-such-model" in built.stderr
    assert built.stderr.endswith("; answering by words.\n")
    name, has_vectors, problem = _index_record()
    assert (name, has_vectors) == ("./no-such-model", False)
    assert problem
    done = run_pullquote("ask", BY_WORDS, "--json", env=missing)
    assert _paragraphs(done)[0] == 1
    assert done.stderr == built.stderr
    assert _paragraphs(run_pullquote("ask", BY_MEANING, "--json", env=missing)) == []


@pytest.mark.usefixtures("harbour_corpus")
def test_batch_is_answered_by_meaning():
    """Each line of a batch is ranked by vectors, the first one too."""
    lines = "".join(json.dumps({"question": one}) + "\n" for one in (BY_MEANING, BY_WORDS))
    done = run_pullquote("ask", "--batch", stdin=lines, env={"RETRIEVAL": "auto"})
    assert done.returncode == 0
    best = [json.loads(line)["quotes"][0]["paragraph"] for line in done.stdout.splitlines()]
    assert best == [3, 1]


@pytest.mark.usefixtures("harbour_corpus")
def test_words_alone_leave_the_vectors_where_they_are():
    """Who tries the lexical tier does not pay for the encoder again."""
    run_pullquote("rebuild", env={"RETRIEVAL": "auto"})
    manifest = Path(".pullquote", "index", "manifest.json")
    before = manifest.read_bytes()
    run_pullquote("ask", BY_WORDS, env={"RETRIEVAL": "lexical"})
    assert manifest.read_bytes() == before


@pytest.mark.usefixtures("harbour_corpus")
def test_explanation_names_the_tier_and_the_scores():
    """Words, vectors and tokens have a score each."""
    done = run_pullquote("ask", BY_WORDS, "--explain", env={"RETRIEVAL": "auto"})
    assert "tier: encoder" in done.stdout
    (line,) = (line for line in done.stdout.splitlines() if line.startswith("1. "))
    assert "(words +" in line
    assert "; vectors +" in line or ", vectors +" in line
    assert ", tokens +" in line
