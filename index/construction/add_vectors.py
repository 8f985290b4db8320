"""Give a published index the vectors that it lacks, while others search it."""

import time
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import replace
from pathlib import Path
from typing import TypeVar

from index.errors import IndexWriteError, RebuildRunningError
from index.files import link_or_copy
from index.progress import Progress, silently
from index.storage.build_files import open_build
from index.storage.build_folder import BuildFolder, build_lock
from index.storage.manifest import Manifest, read_manifest
from index.vectors.vector_parts import VectorParts
from index.vectors.write_vectors import EncoderChoice, PlannedVectors, encode_missing

T = TypeVar("T")

# An encoding looks this often whether another process has published an index meanwhile.
_LOOK_EVERY_S = 30.0


class _BuildReplacedError(Exception):
    """Another process has published an index since the encoding began."""


def add_vectors(
    index_dir: Path,
    encoder: EncoderChoice,
    *,
    progress: Progress = silently,
    in_background: bool = False,
) -> bool:
    """Encode the passages of the published index and publish it again with their vectors.

    The build lock is held only while it is published. If another process publishes a new index
    meanwhile, its passages are encoded too. An interrupted encoding loses at most half a minute of
    work: the next one goes on from there.

    Args:
        index_dir: The folder of the index.
        encoder: The encoder; an index that asks for another one is left alone.
        progress: Shows how far the encoding is.
        in_background: See `encode_all`. If another process encodes the same texts, it is left to
            that one.

    Returns:
        Whether vectors were published.

    Raises:
        IndexMissingError: There is no index.
        IndexUnusableError: It is damaged, or of another version.
        EncoderUnavailableError: The encoder cannot be used.
        IndexWriteError: The vectors cannot be written.
    """
    read_manifest(index_dir)  # the lock would make a folder that was removed again
    with _encoding_lock(index_dir) as is_first:
        if in_background and not is_first:
            return False
        return _encode_and_publish(index_dir, encoder, progress, in_background=in_background)


@contextmanager
def _encoding_lock(index_dir: Path) -> Iterator[bool]:
    """Tell other processes that this one encodes; yield whether none of them does."""
    from filelock import FileLock, Timeout  # no question needs it

    lock = FileLock(index_dir / "encoding.lock", timeout=0)
    try:
        lock.acquire()
    except Timeout:
        yield False
        return
    except OSError as error:
        raise IndexWriteError(index_dir, error.strerror or str(error)) from error
    try:
        yield True
    finally:
        lock.release()


def _encode_and_publish(
    index_dir: Path, encoder: EncoderChoice, progress: Progress, *, in_background: bool
) -> bool:
    parts = VectorParts(index_dir)
    while _lacks_vectors(manifest := read_manifest(index_dir), encoder):
        opened = open_build(index_dir)
        try:
            planned = encode_missing(
                index_dir / opened.manifest.build,
                encoder,
                parts,
                None,
                opened.manifest.languages,
                within_s=None,
                progress=_while_published(index_dir, opened.manifest.build, progress),
                in_background=in_background,
            )
        except _BuildReplacedError:
            planned = None
        except OSError as error:
            if read_manifest(index_dir).build != opened.manifest.build:
                continue  # another process published its own, and removed this build or the parts
            raise IndexWriteError(index_dir, error.strerror or str(error)) from error
        read_manifest(index_dir)  # the lock would make a folder that was removed again
        with suppress(RebuildRunningError), build_lock(index_dir):  # then it is tried again
            newest = read_manifest(index_dir)
            if planned and newest.build == manifest.build == opened.manifest.build:
                _publish(index_dir, manifest, planned)
                parts.clear()
                return True
            if not newest.vectors_are_pending:  # another process was quicker
                parts.clear()
    return False


def _lacks_vectors(manifest: Manifest, encoder: EncoderChoice) -> bool:
    return manifest.vectors_are_pending and manifest.encoder == encoder.model


def _while_published(index_dir: Path, build: str, progress: Progress) -> Progress:
    """Return the progress; it raises `_BuildReplacedError` once another build is published."""

    def checked(things: list[T], what: str) -> Iterable[T]:
        looked = time.monotonic()
        for thing in progress(things, what):
            if time.monotonic() - looked > _LOOK_EVERY_S:
                if read_manifest(index_dir).build != build:
                    raise _BuildReplacedError
                looked = time.monotonic()
            yield thing

    return checked


def _publish(index_dir: Path, manifest: Manifest, planned: PlannedVectors) -> None:
    """Publish the files of a build again, with the vectors."""
    with BuildFolder.create(index_dir) as folder:
        for name in manifest.files:
            (folder.path / name).parent.mkdir(parents=True, exist_ok=True)
            link_or_copy(index_dir / manifest.build / name, folder.path / name)
        planned.write(folder.path)
        added = replace(
            manifest, build=folder.name, encoder_hash=planned.record.model_hash, files={}, sizes={}
        )
        folder.publish(added)
