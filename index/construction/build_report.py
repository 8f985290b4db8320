"""The report of a build."""

from dataclasses import dataclass, field

from index.documents import Remark, SkippedFile
from index.storage.manifest import Manifest
from index.storage.source_table import SourceTable


@dataclass(frozen=True, slots=True)
class BuiltIndex:
    """The manifest of an index, and the table of the files that it was built from."""

    manifest: Manifest
    sources: SourceTable


@dataclass(frozen=True, slots=True)
class BuildReport:
    """The result of a build, compared with the former index.

    Attributes:
        documents: Number of texts in the published index.
        passages: Number of its passages.
        terms: Number of its distinct terms.
        languages: Number of passages in each language, by its code.
        seconds: Wall time of the build, reading included.
        added: Sources that the former index did not have, in the order of the corpus.
        changed: Sources whose file has other bytes than in the former index.
        removed: Sources that only the former index had.
        skipped: Files of the corpus that were left out, with the reason, sorted by source.
        unchanged: Whether the index was up to date, so that nothing was written.
        replaced: Why the former index could not be used; None if it could, or did not exist.
        encoder_problem: Why the requested encoder could not be used, or None.
        vectors_are_pending: Whether the index is searched by words until `add_vectors` has run.
        remarks: What is to be known of how the added and changed files were read, such as a guessed
            encoding, in the order of the corpus.
    """

    documents: int
    passages: int
    terms: int
    languages: dict[str, int]
    seconds: float
    added: list[str]
    changed: list[str]
    removed: list[str]
    skipped: list[SkippedFile]
    unchanged: bool
    replaced: str | None
    encoder_problem: str | None
    vectors_are_pending: bool
    remarks: list[Remark] = field(default_factory=list)

    @classmethod
    def of(
        cls,
        built: BuiltIndex,
        former: BuiltIndex | None,
        *,
        skipped: list[SkippedFile],
        remarks: list[Remark],
        replaced: str | None,
        seconds: float,
    ) -> "BuildReport":
        """Compare the published index with the former one; both are the same if nothing changed."""
        manifest = built.manifest
        now, before = built.sources.documents, former.sources.documents if former else {}
        return cls(
            documents=len(now),
            passages=manifest.passages,
            terms=manifest.terms,
            languages=manifest.languages,
            seconds=seconds,
            added=[source for source in now if source not in before],
            changed=[source for source in now if before.get(source, now[source]) != now[source]],
            removed=[source for source in before if source not in now],
            skipped=sorted(skipped, key=lambda file: file.source),
            unchanged=built is former,
            replaced=replaced,
            encoder_problem=manifest.encoder_problem,
            vectors_are_pending=manifest.vectors_are_pending,
            remarks=remarks,
        )
