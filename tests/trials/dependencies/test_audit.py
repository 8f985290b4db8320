"""The audit of the locked dependencies tells a finding from a network that is not there."""

import json

import pytest

from tests.trials.dependencies.audit import audit, judge

CLEAN = {"name": "lowmere", "version": "1.0", "vulns": []}
FLAWED = {
    "name": "harbour",
    "version": "2.0",
    "vulns": [{"id": "PYSEC-0", "fix_versions": ["2.1"], "aliases": [], "description": "a leak"}],
}
UNKNOWN = {"name": "pier", "skip_reason": "Dependency not found on PyPI and could not be audited"}

LOCKED = "lowmere==1.0 --hash=sha256:" + 64 * "0"


@pytest.mark.parametrize(
    ("dependencies", "code", "said"),
    [
        ([CLEAN, UNKNOWN], 0, "audit: 1 of 2 dependencies are known to the service, 0 vulner"),
        ([CLEAN, FLAWED], 1, "audit: harbour 2.0: PYSEC-0, mended in 2.1\n"),
        ([UNKNOWN], 0, "audit: not done, because no service of advisories can be reached (it kn"),
    ],
)
def test_audit_fails_on_a_finding_only(dependencies, code, said, capsys):
    """A vulnerability is exit code 1; packages that the service does not know are counted."""
    assert judge(json.dumps({"dependencies": dependencies}), "") == code
    assert capsys.readouterr().out.startswith(said)


@pytest.mark.parametrize(
    ("errors", "code"),
    [
        ("Traceback\nrequests.exceptions.ReadTimeout: read timed out", 0),
        ("Traceback\nrequests.exceptions.JSONDecodeError: Expecting value", 0),
        ("Traceback\npip_audit._service.interface.ServiceError", 0),
        ("ERROR: Tip: your network may be blocking this service. Try another", 0),
        ("ERROR: requirement lowmere does not contain a hash", 1),
        ("No module named pip_audit", 1),
    ],
)
def test_audit_without_a_report_is_forgiven_to_the_network_only(errors, code, capsys):
    """Where nothing was audited, only a service that cannot be reached is no failure."""
    assert judge("", errors) == code
    assert len(capsys.readouterr().out.splitlines()) == 1


def test_audit_without_a_network_says_so_in_one_line(tmp_path, monkeypatch, capsys):
    """Behind a proxy that is not there the real pip-audit finds no service."""
    lock = tmp_path / "requirements.txt"
    lock.write_text(LOCKED, encoding="utf-8")
    monkeypatch.setenv("HTTPS_PROXY", "http://127.0.0.1:9")
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    assert audit(lock) == 0
    (line,) = capsys.readouterr().out.splitlines()
    assert line.startswith("audit: not done, because no service of advisories can be reached")


def test_audit_of_a_lock_without_hashes_fails(tmp_path, capsys):
    """A lock file that pip-audit refuses is not taken for one without findings."""
    lock = tmp_path / "requirements.txt"
    lock.write_text("lowmere==1.0\n", encoding="utf-8")
    assert audit(lock) == 1
    assert "cannot be audited" in capsys.readouterr().out
