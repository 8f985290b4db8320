"""The vectors of a build: whether those of an index are wanted still, and how they are made."""

from collections.abc import Mapping
from pathlib import Path

from index.errors import EncoderUnavailableError
from index.progress import Progress
from index.storage.manifest import Manifest
from index.vectors.vector_files import VectorFiles
from index.vectors.vector_parts import VectorParts
from index.vectors.write_vectors import EncoderChoice, encode_missing, find_encoder


def vectors_fit(
    manifest: Manifest,
    encoder: EncoderChoice | None,
    *,
    thorough: bool,
    waits: bool,
    progress: Progress,
) -> bool:
    """Return whether an index needs no build because of its vectors.

    Vectors that are not made yet are added later, unless the build waits for them. An encoder that
    could not be loaded, or has other files now, is looked for by thorough builds only, not at every
    start.
    """
    if encoder is None:
        return True
    if manifest.encoder != encoder.model:
        return False
    if manifest.vectors_are_pending:
        return not waits
    if not thorough:
        return True
    return _hash_of(encoder, manifest.languages, progress) in (None, manifest.encoder_hash)


def write_vectors(
    folder: Path,
    index_dir: Path,
    encoder: EncoderChoice | None,
    former: VectorFiles | None,
    languages: Mapping[str, int],
    *,
    within_s: float | None,
    progress: Progress,
) -> tuple[str | None, str | None]:
    """Write the vectors of a build into its folder; else keep the former ones for a later build.

    Args:
        folder: The folder of the build.
        index_dir: The folder of the index.
        encoder: The encoder; None for no vectors.
        former: The vectors of the index that the build replaces.
        languages: The number of passages in each language.
        within_s: If encoding takes more seconds, no vectors are written; None for no limit.
        progress: Wraps the passages that are encoded.

    Returns:
        The SHA-256 of the encoder's files, None without vectors; and why there are none, None if
        there are, or are still to be made, or were not asked for.
    """
    parts, problem, planned = VectorParts(index_dir), None, None
    try:
        if encoder is not None:
            planned = encode_missing(
                folder, encoder, parts, former, languages, within_s=within_s, progress=progress
            )
    except EncoderUnavailableError as error:
        problem = str(error)
    if planned is None:
        if former is not None:
            parts.keep(former)
        return None, problem
    planned.write(folder)
    return planned.record.model_hash, None


def _hash_of(
    encoder: EncoderChoice, languages: Mapping[str, int], progress: Progress
) -> str | None:
    """Return the SHA-256 of an encoder's files; None if it cannot be used."""
    try:
        return find_encoder(encoder, languages, progress)[2]
    except EncoderUnavailableError:
        return None
