"""The `pullquote` command: where its settings come from, and its usage."""

import json
from pathlib import Path

import pytest
from click.testing import CliRunner

from bot.indexing import open_index
from bot.terminal.cli import cli
from index import BuildReport, EncoderUnavailableError
from tests.support.command import run_pullquote
from tests.support.forks import run_forked

pytestmark = pytest.mark.process


def test_dotenv_file_of_the_working_folder_is_read(harbour_corpus):
    """Settings stand in `.env` where the environment has none."""
    harbour_corpus.rename("texts")
    Path(".env").write_text("CORPUS_DIR=texts\nDATA_DIR=built\n", encoding="utf-8")
    done = run_pullquote("rebuild", "--json")
    assert json.loads(done.stdout)["added"] == ["harbour.txt"]
    assert Path("built", "index").is_dir()


def test_real_environment_wins_over_the_dotenv_file(harbour_corpus):
    """A variable of the environment hides the one in `.env`."""
    Path(".env").write_text("LOG_LEVEL=loud\nCORPUS_DIR=nowhere\n", encoding="utf-8")
    env = {"LOG_LEVEL": "ERROR", "CORPUS_DIR": str(harbour_corpus)}
    assert run_forked("rebuild", env=env).returncode == 0


def test_blank_real_environment_leaves_the_value_of_the_dotenv_file(harbour_corpus):
    """A blank variable counts as unset, so the value in `.env` holds."""
    harbour_corpus.rename("texts")
    Path(".env").write_text("CORPUS_DIR=texts\n", encoding="utf-8")
    assert run_forked("rebuild", env={"CORPUS_DIR": ""}).returncode == 0


@pytest.mark.usefixtures("harbour_index")
def test_ask_explains_as_text_and_as_json():
    """`--explain` adds lines below the answer, or a field to the JSON object."""
    done = run_forked("ask", "what did the storm sink?", "--explain")
    assert "sank nine boats" in done.stdout
    assert "tier: lexical" in done.stdout
    done = run_forked("ask", "what did the storm sink?", "--explain", "--json")
    assert json.loads(done.stdout)["explanation"][0] == "tier: lexical"
    assert run_forked("ask", "--batch", "--explain").returncode == 2


@pytest.mark.usefixtures("harbour_index")
def test_command_refuses_a_way_it_does_not_know():
    """A wrong name is wrong usage, and the line names those there are."""
    done = run_forked("evaluate", "q.json", "--compare", "lexical,magic")
    assert done.returncode == 2
    said = " ".join(done.stderr.split())
    assert "'magic' is not one of lexical, encoder, rank_bm25" in said


# `rebuild` while vectors are still to be made


def _report():
    """Return the report of a build whose vectors are still to be made."""
    return BuildReport(
        documents=1,
        passages=5,
        terms=9,
        languages={"en": 5},
        seconds=0.1,
        added=[],
        changed=[],
        removed=[],
        skipped=[],
        unchanged=True,
        replaced=None,
        encoder_problem=None,
        vectors_are_pending=True,
    )


def test_rebuild_ends_with_the_error_of_the_encoder(monkeypatch):
    """The caller learns that the index has no vectors."""

    def encode(_):
        raise EncoderUnavailableError("harbour/tiny", "it is broken")

    monkeypatch.setattr(open_index, "encode", encode)
    monkeypatch.setattr("bot.terminal.cli.lower_priority", lambda: None)
    monkeypatch.setattr(open_index, "rebuild", lambda _: _report())
    done = CliRunner().invoke(cli, ["rebuild"])
    assert isinstance(done.exception, EncoderUnavailableError)
