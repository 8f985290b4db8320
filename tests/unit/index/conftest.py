"""What the tests of the index share: no wait for the disk, and a model that is made up."""

import os
from pathlib import Path

import pytest

from index import EncoderUnavailableError
from index.search import searcher
from index.vectors import write_vectors
from index.vectors.models.encoder import Encoder
from index.vectors.write_vectors import EncoderChoice
from tests.support.in_memory import WordEncoder, as_encoder


@pytest.fixture(autouse=True)
def _lax_disk(monkeypatch):
    """Forces nothing to the disk: each build would wait for it, and no test sees the difference."""
    monkeypatch.setattr(os, "fsync", os.fstat)  # refuses a closed file as well


class MadeUpModel:
    """What builds and searchers find in the place of a model.

    Attributes:
        encoder: The encoder, which records what it reads.
        sha256: The checksum of its files.
        problem: Why it cannot be used; None if it can.
        finds: How often it was looked for.
    """

    choice = EncoderChoice("", Path("models"))

    def __init__(self) -> None:
        self.encoder = WordEncoder({"skipper": "captain"})
        self.sha256 = "a" * 64
        self.problem: str | None = None
        self.finds = 0

    @property
    def read(self) -> list[str]:
        """The texts that were encoded."""
        return self.encoder.read

    def find(self, choice: EncoderChoice, _: object) -> tuple[Encoder, str]:
        """Stand for `EncoderChoice.find`."""
        self.finds += 1
        return self.open(choice.model), self.sha256

    def open(self, name: str, *_: object) -> Encoder:
        """Stand for `open_encoder`."""
        if self.problem:
            raise EncoderUnavailableError(name, self.problem)
        return as_encoder(self.encoder)


@pytest.fixture
def model(monkeypatch) -> MadeUpModel:
    """The model that builds and searchers find."""
    made_up = MadeUpModel()
    monkeypatch.setattr(
        write_vectors.EncoderChoice, "find", lambda choice, *rest: made_up.find(choice, *rest)
    )
    monkeypatch.setattr(searcher, "open_encoder", made_up.open)
    return made_up
