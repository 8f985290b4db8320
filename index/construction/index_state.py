"""Whether the published index is up to date, and whether a build can copy from it."""

from dataclasses import dataclass, replace
from pathlib import Path

from index.analysis import wordnet
from index.construction.build_report import BuiltIndex
from index.construction.build_vectors import vectors_fit
from index.construction.corpus_state import CorpusState
from index.documents import Limits, SkippedFile
from index.errors import IndexMissingError, IndexUnusableError
from index.progress import Progress
from index.storage.build_files import OpenedIndex, open_build, read_sources, verify_build
from index.storage.build_folder import remove_leftovers
from index.storage.manifest import Manifest
from index.vectors.write_vectors import EncoderChoice


@dataclass(frozen=True, slots=True)
class BuildRequest:
    """The arguments of `build_index`."""

    corpus_dir: Path
    index_dir: Path
    limits: Limits
    encoder: EncoderChoice | None
    within_s: float | None
    thorough: bool
    progress: Progress
    current_version: str | None = None


@dataclass(frozen=True, slots=True)
class IndexState:
    """The published index compared with the corpus.

    Attributes:
        request: The request.
        corpus: The corpus as it is now.
        former: The published index; None if it cannot be used or does not exist.
        unusable: Why the published index cannot be used; None if it can or does not exist.
    """

    request: BuildRequest
    corpus: CorpusState
    former: BuiltIndex | None
    unusable: str | None

    @classmethod
    def of(cls, request: BuildRequest) -> "IndexState":
        """Verify the index and list the corpus; raises as `build_index` does."""
        excluded = [request.index_dir, *([request.encoder.models_dir] if request.encoder else [])]

        def listed(trusted: BuiltIndex | None) -> CorpusState:
            return CorpusState.of(request.corpus_dir, request.limits, excluded, trusted)

        if not request.thorough:
            former, unusable = _verify(request.index_dir, thorough=False)
            return cls(request, listed(former), former, unusable)
        from concurrent.futures import ThreadPoolExecutor  # no question needs it

        with ThreadPoolExecutor(1) as pool:  # either takes a while where there are many bytes
            verified = pool.submit(_verify, request.index_dir, thorough=True)
            corpus = listed(None)
            return cls(request, corpus, *verified.result())

    def index_if_up_to_date(self) -> BuiltIndex | None:
        """Return the published index if there is nothing to build, else None."""
        former = self.former
        if former is None or former.manifest.corpus_fingerprint != self.corpus.fingerprint:
            return None
        return former if self._fits_request(former.manifest) else None

    def skipped(self) -> list[SkippedFile]:
        """Return the files that the up-to-date index leaves out, with the reasons."""
        unreadable = self.former.sources.skipped.items() if self.former else ()
        found = (SkippedFile(source, reason) for source, (_, reason) in unreadable)
        return [*self.corpus.skipped, *found]

    def remove_leftovers(self) -> None:
        """Remove the files of crashed builds; call it only while holding the build lock."""
        if self.unusable is None:  # an unreadable index may become readable again
            remove_leftovers(
                self.request.index_dir, keep=self.former.manifest.build if self.former else None
            )

    def verified_thoroughly(self) -> "IndexState":
        """Return the state after checking every byte of the index that files are copied from."""
        if self.former is None or self.request.thorough:
            return self
        former, unusable = _verify(self.request.index_dir, thorough=True)
        return replace(self, former=former, unusable=unusable)

    def open_former(self) -> OpenedIndex | None:
        """Open the index to copy unchanged files and vectors from; None if there is no such index.

        Raises:
            IndexUnusableError: The index is damaged.
        """
        return open_build(self.request.index_dir) if self.former else None

    def without_former(self, reason: str) -> "IndexState":
        """Return this state without the former index, which is damaged; `reason` says how."""
        return replace(self, former=None, unusable=reason)

    def _fits_request(self, manifest: Manifest) -> bool:
        thorough = self.request.thorough
        if manifest.current_version != self.request.current_version:
            return False
        if thorough and manifest.wordnet != wordnet.is_installed():
            return False
        return vectors_fit(
            manifest,
            self.request.encoder,
            thorough=thorough,
            waits=self.request.within_s is None,
            progress=self.request.progress,
        )


def _verify(index_dir: Path, *, thorough: bool) -> tuple[BuiltIndex | None, str | None]:
    """Return the published index, or None and the reason why it cannot be used.

    Both are None if no index was published.
    """
    try:
        manifest = verify_build(index_dir, thorough=thorough)
        return BuiltIndex(manifest, read_sources(index_dir, manifest)), None
    except IndexMissingError:
        return None, None
    except IndexUnusableError as error:
        return None, error.reason
