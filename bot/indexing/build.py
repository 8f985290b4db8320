"""Build an index according to the settings, and watch its progress."""

import contextlib
import os
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TypeVar

from bot.config.settings import Settings
from index import (
    MAX_WAIT_S,
    BuildReport,
    EncoderChoice,
    IndexInspection,
    Progress,
    Tier,
    build_index,
    inspect_index,
    publish_in_cluster,
)

T = TypeVar("T")

# With this niceness a bot on the same machine gets nine tenths of a shared processor.
_NICENESS = 10


class BuildStoppedError(Exception):
    """A build was asked to stop."""


@dataclass(frozen=True, slots=True)
class Step:
    """A step of a build, and how much of it is done."""

    what: str
    done: int
    total: int


class BuildProgress:
    """The progress of a build; one thread builds and writes it, others read it.

    Attributes:
        step: The current step; None before the first one.
        stopped: Whether the build was asked to stop.
    """

    def __init__(self) -> None:
        self.step: Step | None = None
        self.stopped = False

    def __call__(self, things: list[T], what: str) -> Iterator[T]:
        """Yield the things.

        Raises:
            BuildStoppedError: The build was asked to stop.
        """
        for n, thing in enumerate(things):
            if self.stopped:
                raise BuildStoppedError
            self.step = Step(what, n, len(things))
            yield thing
        self.step = Step(what, len(things), len(things))

    def stop(self) -> None:
        """Stop the build before its next item."""
        self.stopped = True


def lower_priority() -> None:
    """Lower the priority of this process, if the system allows it, so that bots answer first."""
    if hasattr(os, "nice"):  # not on Windows
        with contextlib.suppress(OSError):  # a service may not be allowed to
            os.nice(_NICENESS)


def encoder_choice(
    settings: Settings, models_dir: Path, *, fetch: bool = False
) -> EncoderChoice | None:
    """Return the encoder that the settings name; None to search by words alone."""
    if settings.retrieval is Tier.LEXICAL:
        return None
    return EncoderChoice(
        settings.neural_model,
        models_dir,
        fetch=fetch,
        hub_token=settings.hf_token,
        max_token_mb=settings.max_vectors_mb,
    )


def build(
    settings: Settings,
    progress: Progress,
    *,
    thorough: bool = True,
    fetch: bool = False,
    within_s: float = MAX_WAIT_S,
) -> BuildReport:
    """Bring the index of the settings' folders up to date.

    Args:
        settings: Name the texts, the index, the tier and the model.
        progress: Is told the progress of the build.
        thorough: Whether to verify every byte of the published index, and to look again for what
            was missing the last time.
        fetch: Whether to fetch a missing encoder that the settings name.
        within_s: If the encoder needs longer, the index is published without vectors.

    Raises:
        PassageIndexError: It could not be built; the published index stays in use.
    """
    return build_index(
        settings.texts_dir,
        settings.index_dir,
        encoder=encoder_choice(settings, settings.models_dir, fetch=fetch),
        within_s=within_s,
        thorough=thorough,
        max_file_mb=settings.max_file_mb,
        names_authors=settings.message_authors == "names",
        current_version=settings.current_version,
        progress=progress,
    )


def inspect(settings: Settings) -> IndexInspection:
    """Compare the index of the settings' folders with the texts; nothing is changed.

    Raises:
        PassageIndexError: The index or the texts cannot be used.
        OSError: A file cannot be read.
    """
    return inspect_index(
        settings.texts_dir,
        settings.index_dir,
        encoder=encoder_choice(settings, settings.models_dir),
        max_file_mb=settings.max_file_mb,
        names_authors=settings.message_authors == "names",
        current_version=settings.current_version,
    )


def publish(settings: Settings, progress: Progress) -> None:
    """Publish the index of the settings' folder in the cluster that they name; else do nothing.

    An index that is published there already is not published again.

    Raises:
        PassageIndexError: The cluster cannot be used, or another process publishes there.
    """
    if settings.cluster_address is not None:
        publish_in_cluster(settings.index_dir, settings.cluster_address, progress)
