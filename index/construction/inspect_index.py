"""Compare the published index with the corpus, and write nothing."""

from dataclasses import dataclass, field
from pathlib import Path

from index.construction.build_report import BuiltIndex
from index.construction.corpus_state import CorpusState
from index.construction.index_state import BuildRequest, IndexState
from index.documents import DEFAULT_MAX_FILE_MB, Limits, SkippedFile
from index.errors import EmptyCorpusError, IndexMissingError, SynonymsError
from index.progress import silently
from index.storage.build_files import read_sources, verify_build
from index.storage.manifest import Manifest
from index.vectors.write_vectors import EncoderChoice


@dataclass(frozen=True, slots=True)
class IndexInspection:
    """The published index, and how it fits the corpus.

    Attributes:
        manifest: Its manifest; None if no index was published.
        is_up_to_date: Whether a build would find nothing to do.
        skipped: Files of the corpus that it leaves out, with the reasons.
        corpus_problem: Why no index can be built from the corpus; None if one can.
    """

    manifest: Manifest | None
    is_up_to_date: bool = False
    skipped: list[SkippedFile] = field(default_factory=list)
    corpus_problem: str | None = None


def inspect_index(
    corpus_dir: Path,
    index_dir: Path,
    *,
    encoder: EncoderChoice | None = None,
    max_file_mb: int = DEFAULT_MAX_FILE_MB,
    names_authors: bool = False,
    current_version: str | None = None,
) -> IndexInspection:
    """Check every byte of the published index, and compare it with the corpus.

    The arguments are those of `build_index`.

    Raises:
        IndexUnusableError: The index is damaged, or of another version or analysis.
        IndexNewerError: A newer version of the program made it.
    """
    limits = Limits(max_file_mb, names_authors=names_authors)
    request = BuildRequest(
        corpus_dir,
        index_dir,
        limits,
        encoder,
        within_s=0,
        thorough=False,
        progress=silently,
        current_version=current_version,
    )
    built = _verified(index_dir)
    manifest = built.manifest if built else None
    excluded = [index_dir, *([encoder.models_dir] if encoder else [])]
    try:
        corpus = CorpusState.of(corpus_dir, limits, excluded, built)
    except (EmptyCorpusError, SynonymsError) as error:
        return IndexInspection(manifest, corpus_problem=str(error))
    state = IndexState(request, corpus, built, None)
    return IndexInspection(manifest, state.index_if_up_to_date() is not None, state.skipped())


def _verified(index_dir: Path) -> BuiltIndex | None:
    try:
        manifest = verify_build(index_dir, thorough=True)
    except IndexMissingError:
        return None
    return BuiltIndex(manifest, read_sources(index_dir, manifest))
