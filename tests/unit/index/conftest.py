"""What the tests of the index share: what each build would wait for or make again."""

import os
from functools import cache

import pytest

from index.vectors.encoders import StaticEncoder

_shared_bulk_encoder = cache(StaticEncoder.bulk_encoder)


@pytest.fixture(autouse=True)
def _lax_disk(monkeypatch):
    """Forces nothing to the disk: each build would wait for it, and no test sees the difference."""
    monkeypatch.setattr(os, "fsync", os.fstat)  # refuses a closed file as well


@pytest.fixture(autouse=True)
def _shared_word_pieces(monkeypatch):
    """Converts the 30,000 word pieces of the static model once, not for each build."""
    monkeypatch.setattr(StaticEncoder, "bulk_encoder", _shared_bulk_encoder)
