"""The commands with an index in a cluster."""

import json

import pytest

from tests.support.command import run_pullquote
from tests.system.cluster.node import on_opensearch

pytestmark = on_opensearch

QUESTION = "when does the harbour close?"


@pytest.fixture
def settings(address, connection, harbour_corpus):
    """The settings of a process that has the texts."""
    del connection  # it tidies up
    return {"INDEX_URL": str(address), "CORPUS_DIR": str(harbour_corpus)}


def test_rebuild_publishes_and_another_machine_answers(settings, tmp_path):
    """A process without the texts has the same quotes as one with files."""
    expected = run_pullquote("ask", QUESTION, "--json", env=settings | {"INDEX_URL": ""})
    done = run_pullquote("rebuild", env=settings)
    assert done.returncode == 0, done.stderr
    elsewhere = settings | {"CORPUS_DIR": str(tmp_path / "none"), "DATA_DIR": str(tmp_path / "b")}
    found = run_pullquote("ask", QUESTION, "--json", env=elsewhere)
    assert found.returncode == 0, found.stderr
    assert found.stderr == ""
    answers = [json.loads(one.stdout) | {"milliseconds": 0} for one in (found, expected)]
    assert answers[0]["quotes"]
    assert answers[0] == answers[1]
    report = run_pullquote("doctor", "--json", env=elsewhere)
    checks = {check["name"]: check for check in json.loads(report.stdout)["checks"]}
    assert checks["index"]["status"] == "ok"
    assert "OpenSearch 2." in checks["index"]["detail"]


def test_question_before_the_first_rebuild_says_what_to_do(settings, address):
    """It is one line, and the command ends with 1."""
    done = run_pullquote("ask", QUESTION, env=settings)
    assert (done.returncode, done.stdout) == (1, "")
    assert done.stderr == (
        f"pullquote: {address}: no index yet; build it with 'pullquote rebuild'\n"
    )


def test_index_is_copied_to_the_cluster_and_back(settings, tmp_path):
    """The copy is used without a cluster."""
    files = settings | {"INDEX_URL": ""}
    assert run_pullquote("rebuild", env=files).returncode == 0
    for expected in ("Copied the index to opensearch://", "has this index already"):
        done = run_pullquote("index", "copy", "--to", "cluster", env=settings)
        assert done.returncode == 0, done.stderr
        assert expected in done.stdout
    elsewhere = settings | {"DATA_DIR": str(tmp_path / "copy")}
    done = run_pullquote("index", "copy", "--to", "files", env=elsewhere)
    assert done.stdout.startswith("Copied 5 passages to ")
    again = run_pullquote("rebuild", env=files | {"DATA_DIR": str(tmp_path / "copy")})
    assert "The texts have not changed" in again.stdout
