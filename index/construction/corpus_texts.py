"""The texts of a corpus, split into passages: read now, or copied from the former index."""

import posixpath
from collections import Counter
from collections.abc import Generator
from contextlib import closing
from dataclasses import dataclass
from itertools import islice
from pathlib import Path

from index.analysis.languages.codes import ENGLISH
from index.analysis.languages.detection import detect_language, release_detector
from index.construction.corpus_state import CorpusState
from index.documents import CHANGED_WHILE_READ, CorpusFile, Document, Remark, SkippedFile
from index.documents.read_corpus import ReadFile
from index.errors import CorpusReadError
from index.lexical.word_lists import list_words
from index.passages.passage_file import EncodedPassages, from_line
from index.passages.split_passages import split_passages
from index.passages.split_text import SplitText
from index.progress import Progress
from index.storage.build_files import OpenedIndex
from index.storage.source_table import SourceTable

# The language is told by the beginning of a text.
_MAX_READ_BLOCKS = 50

# So many texts may wait in memory for one whose language is told.
_MAX_WAITING = 100


@dataclass(frozen=True, slots=True)
class OfUnknownLanguage:
    """A document whose language cannot be told, and the same split as English."""

    document: Document
    as_english: SplitText

    def split_in(self, language: str) -> SplitText:
        """Return the document, split in a language."""
        return self.as_english if language == ENGLISH else _split_in(self.document, language)


def split(document: Document) -> SplitText | OfUnknownLanguage:
    """Split a document; the process that read the document calls it.

    Raises:
        CorpusReadError: It has no passage.
    """
    language = document.language or detect_language(_prose(document))
    as_told = _split_in(document, language or ENGLISH)
    return as_told if language else OfUnknownLanguage(document, as_told)


def _split_in(document: Document, language: str) -> SplitText:
    passages = list(split_passages(document, language=language))
    if not passages:
        raise CorpusReadError(Path(document.source), "it holds nothing but links and marks")
    return SplitText(EncodedPassages.of(passages), list_words(passages), language)


def _prose(document: Document) -> str:
    """Return the beginning of a document without code."""
    texts = (one.text for one in document.paragraphs if one.kind != "code")
    return "\n".join(islice(texts, _MAX_READ_BLOCKS))


class _Neighbours:
    """Gives a text whose language cannot be told that of the texts around it.

    The nearest earlier text of its folder decides, else the next text, else the language that most
    texts have so far.
    """

    def __init__(self) -> None:
        self._of_folders: dict[str, str] = {}
        self._counts: Counter[str] = Counter()

    def add(self, source: str, language: str) -> None:
        """Note the language of a text."""
        self._of_folders[posixpath.dirname(source)] = language
        self._counts[language] += 1

    def language_of(self, source: str, following: str | None) -> str:
        """Return the language of a text, given that of the next one that has any."""
        earlier = self._of_folders.get(posixpath.dirname(source))
        most = self._counts.most_common(1)
        return earlier or following or (most[0][0] if most else ENGLISH)


class CorpusTexts:
    """The texts of a corpus in the order of its files, and the result for each file.

    `indexed`, `skipped` and all methods but `in_order` are complete only after the last
    text of `in_order`.

    Attributes:
        corpus: The corpus.
        to_read: The files that are new or changed, in the order of the corpus.
        indexed: The files that gave passages.
        skipped: The files that cannot be indexed, with the reason.
        remarks: What the owner should know of how files were read now.
    """

    def __init__(
        self, corpus: CorpusState, former: OpenedIndex | None, *, retry_skipped: bool
    ) -> None:
        """Find out which files must be read.

        Args:
            corpus: The corpus.
            former: The index whose unchanged files are copied; None to read every file.
            retry_skipped: Whether to read unchanged files again that could not be read before.
        """
        kept: dict[str, str] = {}
        if former:
            kept = former.sources.documents if retry_skipped else former.sources.hashes
        self.corpus = corpus
        self._former = former
        self.to_read = [file for file in corpus.files if kept.get(file.source) != file.sha256]
        self.indexed: list[CorpusFile] = []
        self.skipped: list[SkippedFile] = []
        self.remarks: list[Remark] = []

    def in_order(
        self,
        read: Generator[ReadFile[SplitText | OfUnknownLanguage], None, None],
        progress: Progress,
    ) -> Generator[tuple[CorpusFile, SplitText], None, None]:
        """Yield the texts that can be indexed, each with its file, in the order of the files.

        Args:
            read: The results of reading `to_read`, in its order.
            progress: Shows how far the reading is.

        Raises:
            IndexUnusableError: A passage of the former index is corrupt.
            EmptyCorpusError: No text gave a passage.
        """
        to_read = {file.source for file in self.to_read}
        neighbours = _Neighbours()
        waiting: list[tuple[CorpusFile, OfUnknownLanguage]] = []
        with closing(read):
            for file in progress(list(self.corpus.files), "Reading texts"):
                if self._former is None or file.source in to_read:
                    found = next(read)
                else:
                    found = self._copy_from_former(file, self._former)
                if found.content is None:
                    self.skipped.append(SkippedFile(file.source, found.reason or ""))
                    continue
                self.indexed.append(file)
                if found.remark:
                    self.remarks.append(Remark(file.source, found.remark))
                if isinstance(found.content, OfUnknownLanguage):
                    waiting.append((file, found.content))
                    if len(waiting) == _MAX_WAITING:
                        yield from _split_waiting(waiting, neighbours, None)
                    continue
                language = found.content.language
                yield from _split_waiting(waiting, neighbours, language)
                neighbours.add(file.source, language)
                yield file, found.content
            yield from _split_waiting(waiting, neighbours, None)
        release_detector()
        if not self.indexed:
            raise self.corpus.empty_corpus_error(self.skipped)

    def source_table(self) -> SourceTable:
        """Return the source table: each file's hash and stamp, and why a file was left out."""
        hashes = {file.source: file.sha256 for file in self.corpus.files}
        skipped = [] if self.changed_while_read else self.skipped
        return SourceTable(
            documents={file.source: file.sha256 for file in self.indexed},
            stamps={file.source: [file.size, file.mtime_ns] for file in self.corpus.files},
            skipped={file.source: [hashes[file.source], file.reason] for file in skipped},
        )

    @property
    def changed_while_read(self) -> bool:
        """Whether a file changed after it was listed, so that the next build must run again."""
        return any(file.reason == CHANGED_WHILE_READ for file in self.skipped)

    def _copy_from_former(
        self, file: CorpusFile, former: OpenedIndex
    ) -> ReadFile[SplitText | OfUnknownLanguage]:
        """Copy an unchanged file from the former index.

        Its lines are copied as they are. They are also decoded, because the words of a passage are
        stored only there: postings are stored by word.

        Args:
            file: The file.
            former: The index to copy from.
        """
        if file.source in former.sources.skipped:
            return ReadFile(file, reason=former.sources.skipped[file.source][1])
        rows = former.rows_of_documents[file.source]
        lines = [former.passages.line(former_row) for former_row in rows]
        passages = [from_line(line) for line in lines]
        encoded = EncodedPassages.of_lines(lines, passages)
        return ReadFile(file, SplitText(encoded, list_words(passages), passages[0].language))


def _split_waiting(
    waiting: list[tuple[CorpusFile, OfUnknownLanguage]],
    neighbours: _Neighbours,
    following: str | None,
) -> Generator[tuple[CorpusFile, SplitText], None, None]:
    """Split the texts that wait for the language of a neighbour, and empty their list."""
    for file, text in waiting:
        yield file, text.split_in(neighbours.language_of(file.source, following))
    waiting.clear()
