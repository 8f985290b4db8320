"""Write the files of one build, taking over what a former index has of unchanged documents."""

from collections.abc import Sequence
from contextlib import closing
from datetime import UTC, datetime
from functools import partial
from pathlib import Path

from index.analysis import wordnet
from index.construction.read_files import read_files
from index.documents import CHANGED_WHILE_READ, CorpusFile, Limits, SkippedFile
from index.errors import EncoderUnavailableError
from index.lexical.fields import LexicalIndex, LexicalWriter
from index.passages.passage_file import PassageLines, PassageWriter, from_line
from index.progress import Progress
from index.storage.build_files import BuildWriter, OpenedIndex
from index.storage.manifest import Manifest
from index.storage.source_table import SourceTable
from index.vectors.encoders import NeuralChoice, static_encoder
from index.vectors.tiers import NEURAL, STATIC
from index.vectors.write_vectors import (
    Reused,
    remove_vectors,
    write_vectors,
    write_word_vectors,
)

# Comparing a word with this many takes under a millisecond (256 dimensions); rarer words are
# found by their letters only.
_MAX_COMPARED_WORDS = 20_000

# One waits for the interpreter while the other adds up vectors; more only wait.
_VECTOR_THREADS = 2


class NothingToIndexError(Exception):
    """No file of the corpus gave a passage."""


class Build:
    """One build: what it takes in, and what it found on the way.

    Attributes:
        skipped_files: What cannot be indexed, in the order of the files.
    """

    def __init__(
        self,
        index_dir: Path,
        files: Sequence[CorpusFile],
        limits: Limits,
        neural: NeuralChoice | None,
        progress: Progress,
    ) -> None:
        self._writer = BuildWriter(index_dir)
        self._files = files
        self._limits = limits
        self._neural = neural
        self._progress = progress
        self.skipped_files: list[SkippedFile] = []
        self._documents: dict[str, CorpusFile] = {}
        self._n_passages = self._n_terms = 0
        self._wordnet = wordnet.is_installed()
        self._neural_problem: str | None = None

    def run(self, former: OpenedIndex | None, synonyms: str, *, thorough: bool) -> None:
        """Write the files of the build; after an error there are none.

        Args:
            former: What is in force; parts of unchanged files are taken over.
            synonyms: The owner's, as text.
            thorough: Whether files that could not be read the last time are read again.

        Raises:
            NothingToIndexError: There is no passage.
            IndexUnusableError: The former index is damaged.
            IndexWriteError: A file cannot be written.
            WordNetUnusableError: WordNet cannot be read.
        """
        with self._writer.writing() as writer:
            reused = self._take_in(former, thorough=thorough)
            if not self._documents:
                raise NothingToIndexError
            passages, first_sentences = PassageLines.open(writer.folder)
            lexical = LexicalIndex.open(writer.folder)
            self._n_passages, self._n_terms = len(passages), lexical.n_terms
            words = sorted(lexical.commonest_words(_MAX_COMPARED_WORDS))
            write_word_vectors(writer.folder, words)
            writer.write_related(wordnet.related_words(words))
            writer.write_synonyms(synonyms)
            write = partial(
                write_vectors,
                writer.folder,
                passages=passages,
                first_sentences=first_sentences,
                progress=self._progress,
                reused=reused,
            )
            known = former.vectors if former else {}
            many = static_encoder().for_many()
            write(STATIC, many, former=known.get(STATIC), n_threads=_VECTOR_THREADS)
            if self._neural is not None:
                same_model = former and former.manifest.neural_model == self._neural.model
                try:
                    write(
                        NEURAL,
                        self._neural.encoder(),
                        former=known.get(NEURAL) if same_model else None,
                    )
                except EncoderUnavailableError as error:
                    self._neural_problem = str(error)
                    remove_vectors(writer.folder, NEURAL)
            writer.write_sources(self.sources())

    def discard(self) -> None:
        """Remove what was written."""
        self._writer.discard()

    def manifest(self, fingerprint: str, listed_at_ns: int) -> Manifest:
        """Return the manifest of what was written.

        Where a file changed while it was read, its fingerprint is none that a corpus can have, so
        that the next build looks again.
        """
        tried = self._neural.model if self._neural else None
        return Manifest(
            build=self._writer.build,
            built_at=datetime.now(UTC).isoformat(timespec="seconds"),
            listed_at_ns=listed_at_ns,
            corpus_fingerprint="" if self._changed_while_read else fingerprint,
            limits=str(self._limits),
            documents=len(self._documents),
            files=self._writer.files,
            sizes=self._writer.sizes,
            passages=self._n_passages,
            terms=self._n_terms,
            wordnet=self._wordnet,
            neural_model=tried if self._neural_problem is None else None,
            neural_tried=tried,
            neural_problem=self._neural_problem,
        )

    def sources(self) -> SourceTable:
        """Return what was found of each file."""
        hashes = {file.source: file.sha256 for file in self._files}
        skipped = [] if self._changed_while_read else self.skipped_files
        return SourceTable(
            documents={source: file.sha256 for source, file in self._documents.items()},
            stamps={file.source: [file.size, file.mtime_ns] for file in self._files},
            skipped={file.source: [hashes[file.source], file.reason] for file in skipped},
        )

    @property
    def _changed_while_read(self) -> bool:
        return any(file.reason == CHANGED_WHILE_READ for file in self.skipped_files)

    def _take_in(self, former: OpenedIndex | None, *, thorough: bool) -> list[Reused]:
        """Write the passages and their words; return which of them a former index has."""
        self.skipped_files.clear()
        self._documents.clear()
        reused: list[Reused] = []
        first_rows = [0]
        folder = self._writer.folder
        with (
            LexicalWriter(folder) as words,
            PassageWriter(folder) as lines,
            closing(read_files(self._files, self._limits, former, retry_skipped=thorough)) as read,
        ):
            for file in self._progress(list(self._files), "Reading texts"):
                document = next(read)
                if document.reason is not None:
                    self.skipped_files.append(SkippedFile(file.source, document.reason))
                    continue
                self._documents[file.source] = file
                for line in document.lines:
                    passage = from_line(line)
                    lines.add(line, len(passage.sentences))
                    words.add(passage)
                if document.former_first is not None:
                    reused.append(Reused(range(first_rows[-1], len(lines)), document.former_first))
                first_rows.append(len(lines))
            if self._documents:
                lines.finish()
                words.finish(self._progress)
                self._writer.write_first_rows(first_rows)
                times_s = [file.mtime_ns // 10**9 for file in self._documents.values()]
                self._writer.write_changed_at(times_s)
        return reused
