"""What counts as a problem, what as a complaint, and the state of an index."""

from dataclasses import replace

import pytest

from bot.operations.health.status import GATEWAY_GRACE_S, IndexState
from index import LiveSearcher, build_index
from tests.support.health_page import WELL


def test_bot_that_is_well_has_nothing_to_say():
    """There is neither a problem nor a complaint."""
    assert WELL.problems == WELL.complaints == []


@pytest.mark.parametrize(("away_s", "problems"), [(GATEWAY_GRACE_S, 0), (GATEWAY_GRACE_S + 1, 1)])
def test_missing_connection_becomes_a_problem_in_time(away_s, problems):
    """Until then it is being resumed, which takes a while now and then."""
    away = replace(WELL, gateway=replace(WELL.gateway, connected=1, away_s=away_s))
    assert len(away.problems) == problems
    assert away.complaints == []


def test_problem_says_how_many_connections_are_missing():
    """The line also says for how long they have been missing."""
    away = replace(WELL, gateway=replace(WELL.gateway, connected=1, away_s=150.4))
    (line,) = away.problems
    assert line.startswith("1 of 2 connections to Discord's gateway missing, the longest for 150 s")


def test_what_the_bot_answers_in_spite_of_is_no_problem():
    """A database that fails and an index that cannot be opened are complaints."""
    index_state = replace(WELL.index_state, problem="its manifest is corrupt")
    limping = replace(WELL, index_state=index_state, database_problem="it is locked")
    assert limping.problems == []
    assert "its manifest is corrupt" in limping.complaints[0]
    assert limping.complaints[1] == "answering without the database: it is locked"


def test_state_of_an_index_is_that_of_the_newest_good_one(harbour_index, harbour_corpus):
    """A published one counts at once; one that cannot be opened is a problem until the next."""
    live = LiveSearcher(harbour_index)
    state = IndexState.of(live)
    assert (state.documents, state.passages, state.problem) == (1, 5, None)
    assert state.size_bytes == sum(
        file.stat().st_size for file in harbour_index.glob("build-*/**/*") if file.is_file()
    )
    manifest = harbour_index / "manifest.json"
    manifest.write_text("{}", encoding="utf-8")
    assert "last good" not in (IndexState.of(live).problem or "")
    assert IndexState.of(live).problem is not None
    assert IndexState.of(live).passages == 5
    (harbour_corpus / "more.txt").write_text("More\n\nThe ferry leaves at noon.\n", "utf-8")
    build_index(harbour_corpus, harbour_index)
    assert (IndexState.of(live).documents, IndexState.of(live).problem) == (2, None)
