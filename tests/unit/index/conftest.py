"""What the tests of the index share: a disk that nobody waits for."""

import os

import pytest


@pytest.fixture(autouse=True)
def _lax_disk(monkeypatch):
    """Forces nothing to the disk: each build would wait for it, and no test sees the difference."""
    monkeypatch.setattr(os, "fsync", os.fstat)  # refuses a closed file as well
