"""What a caller of a build chooses: the neural model, and how progress is shown."""

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol, TypeVar

from index.vectors.encoders import NeuralEncoder

T = TypeVar("T")


class Progress(Protocol):
    """Passes things through, so that a caller can show how far the build is."""

    def __call__(self, things: list[T], what: str) -> Iterable[T]:
        """Yield the things; `what` names the work for people."""


@dataclass(frozen=True, slots=True)
class NeuralChoice:
    """A neural model to make vectors with, where a fetched one is kept, whether to fetch it."""

    model: str
    models_dir: Path
    fetch: bool = False

    def encoder(self) -> NeuralEncoder:
        """Load the model, or raise EncoderUnavailableError."""
        return NeuralEncoder(self.model, self.models_dir, fetch=self.fetch)
