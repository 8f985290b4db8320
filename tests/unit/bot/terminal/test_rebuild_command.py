"""`pullquote rebuild`: what it prints while vectors are still to be made."""

import pytest
from click.testing import CliRunner

from bot.indexing import open_index, watch
from bot.terminal.cli import cli
from index import BuildReport, EncoderUnavailableError


def _report(*, unchanged):
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
        unchanged=unchanged,
        replaced=None,
        encoder_problem=None,
        vectors_are_pending=True,
    )


@pytest.fixture
def _broken(monkeypatch):
    """The encoder fails, after a first build and after one of a change."""

    def encode(_):
        raise EncoderUnavailableError("harbour/tiny", "it is broken")

    monkeypatch.setattr(open_index, "encode", encode)
    monkeypatch.setattr("bot.terminal.cli.lower_priority", lambda: None)
    monkeypatch.setattr(open_index, "rebuild", lambda _: _report(unchanged=True))
    monkeypatch.setattr(
        watch,
        "watch_and_rebuild",
        lambda _: iter([_report(unchanged=True), _report(unchanged=False)]),
    )


@pytest.mark.usefixtures("_broken")
def test_watch_goes_on_after_an_encoder_that_fails():
    """A line says why; the next change is indexed as ever."""
    done = CliRunner().invoke(cli, ["rebuild", "--watch"])
    assert done.exception is None
    assert "Nothing to do" not in done.stdout
    assert "Indexed 1 document" in done.stdout
    assert done.stderr.count("harbour/tiny: the encoder cannot be used (it is broken)") == 2


@pytest.mark.usefixtures("_broken")
def test_rebuild_ends_with_the_error_of_the_encoder():
    """The caller learns that the index has no vectors."""
    done = CliRunner().invoke(cli, ["rebuild"])
    assert isinstance(done.exception, EncoderUnavailableError)
