"""The texts of a corpus, split into passages: read now, or copied from the former index."""

import posixpath
from collections import Counter
from collections.abc import Callable, Generator, Iterator
from contextlib import closing
from dataclasses import dataclass
from itertools import islice
from pathlib import Path

from index.analysis.languages.codes import ENGLISH
from index.analysis.languages.detection import detect_language, release_detector
from index.construction.corpus_state import CorpusState
from index.documents import (
    CHANGED_WHILE_READ,
    CorpusFile,
    Document,
    Limits,
    Remark,
    SkippedFile,
)
from index.documents.document_reader import DocumentReader
from index.documents.model import NO_VERSION, DeclaredVersion
from index.documents.read_corpus import ReadFile
from index.errors import CorpusReadError, IndexUnusableError
from index.lexical.word_lists import list_words
from index.passages.editions import VersionedText
from index.passages.passage_file import EncodedPassages, WrittenPassages
from index.passages.split_passages import split_passages
from index.passages.split_text import CopiedText, SplitText
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


@dataclass(frozen=True, slots=True)
class _GuessedBefore:
    """A text of the former index that had the language of its neighbours."""

    file: CorpusFile
    copied: CopiedText
    limits: Limits

    def split_in(self, language: str) -> SplitText | CopiedText:
        """Return the text as it is in the former index; in another language it is read again.

        Raises:
            CorpusReadError: It cannot be read any more.
        """
        if language == self.copied.language:
            return self.copied
        with DocumentReader(self.limits) as reader:
            return _split_in(reader.read(self.file), language)


_Guess = OfUnknownLanguage | _GuessedBefore


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
    encoded = EncodedPassages.of(passages)
    return SplitText(encoded, list_words(passages), language, document.declared)


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
        self,
        corpus: CorpusState,
        limits: Limits,
        former: OpenedIndex | None,
        *,
        retry_skipped: bool,
    ) -> None:
        """Find out which files must be read.

        Args:
            corpus: The corpus.
            limits: How much of a file is read.
            former: The index whose unchanged files are copied; None to read every file.
            retry_skipped: Whether to read unchanged files again that could not be read before.
        """
        kept: dict[str, str] = {}
        if former:
            kept = former.sources.documents if retry_skipped else former.sources.hashes
        self.corpus = corpus
        self._limits = limits
        self._former = _Former.of(former) if former else None
        self.to_read = [file for file in corpus.files if kept.get(file.source) != file.sha256]
        self.indexed: list[CorpusFile] = []
        self.skipped: list[SkippedFile] = []
        self.remarks: list[Remark] = []
        self._languages: dict[str, str] = {}
        self._guessed: list[str] = []
        self._declared: dict[str, DeclaredVersion] = {}

    def in_order(
        self,
        read: Generator[ReadFile[SplitText | OfUnknownLanguage], None, None],
        progress: Progress,
    ) -> Generator[tuple[CorpusFile, SplitText | CopiedText], None, None]:
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
        waiting: list[tuple[CorpusFile, _Guess]] = []
        with closing(read):
            for file in progress(list(self.corpus.files), "Reading texts"):
                text: SplitText | CopiedText | _Guess | None
                if self._former is None or file.source in to_read:
                    found = next(read)
                    text, reason = found.content, found.reason
                    if text is not None and found.remark:
                        self.remarks.append(Remark(file.source, found.remark))
                else:
                    text, reason = self._former.find(file, self._limits)
                if text is None:
                    self.skipped.append(SkippedFile(file.source, reason or ""))
                elif isinstance(text, SplitText | CopiedText):
                    yield from self._guess(waiting, neighbours, text.language)
                    neighbours.add(file.source, text.language)
                    yield self._indexed(file, text)
                else:
                    waiting.append((file, text))
                    if len(waiting) == _MAX_WAITING:
                        yield from self._guess(waiting, neighbours, None)
            yield from self._guess(waiting, neighbours, None)
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
            languages=self._languages,
            guessed=self._guessed,
            versions={
                source: (declared.version, declared.is_latest)
                for source, declared in self._declared.items()
            },
        )

    def versioned_texts(self, title_of: Callable[[str], str]) -> Iterator[VersionedText]:
        """Yield what is known of each text and its version.

        Args:
            title_of: Returns the title of a text.
        """
        for source, language in self._languages.items():
            declared = self._declared.get(source, NO_VERSION)
            yield VersionedText(source, language, declared, title_of)

    @property
    def changed_while_read(self) -> bool:
        """Whether a file changed after it was listed, so that the next build must run again."""
        return any(file.reason == CHANGED_WHILE_READ for file in self.skipped)

    def _indexed(
        self, file: CorpusFile, text: SplitText | CopiedText
    ) -> tuple[CorpusFile, SplitText | CopiedText]:
        """Note a text that is indexed, and return it with its file."""
        self.indexed.append(file)
        self._languages[file.source] = text.language
        if text.declared != NO_VERSION:
            self._declared[file.source] = text.declared
        return file, text

    def _guess(
        self,
        waiting: list[tuple[CorpusFile, _Guess]],
        neighbours: _Neighbours,
        following: str | None,
    ) -> Generator[tuple[CorpusFile, SplitText | CopiedText], None, None]:
        """Split the texts that wait for the language of a neighbour, and empty their list."""
        for file, guess in waiting:
            language = neighbours.language_of(file.source, following)
            try:
                text = guess.split_in(language)
            except CorpusReadError as error:
                self.skipped.append(SkippedFile(file.source, error.reason))
                continue
            self._guessed.append(file.source)
            yield self._indexed(file, text)
        waiting.clear()


@dataclass(frozen=True, slots=True)
class _Former:
    """The texts of the former index.

    Attributes:
        sources: The table of its files.
        passages: Its passages.
        rows: The rows of each text's passages.
        guessed: The texts that have the language of their neighbours.
    """

    sources: SourceTable
    passages: WrittenPassages
    rows: dict[str, range]
    guessed: frozenset[str]

    @classmethod
    def of(cls, former: OpenedIndex) -> "_Former":
        """Open the files that texts are copied from.

        Raises:
            IndexUnusableError: They cannot be read.
        """
        try:
            passages = WrittenPassages.open(former.folder)
        except (OSError, ValueError) as error:
            reason = f"a file of it cannot be read: {error}"
            raise IndexUnusableError(former.index_dir, reason) from error
        sources = former.sources
        return cls(sources, passages, former.rows_of_documents, frozenset(sources.guessed))

    def find(
        self, file: CorpusFile, limits: Limits
    ) -> tuple[CopiedText | _GuessedBefore | None, str | None]:
        """Return an unchanged file as the former index has it, or why it cannot be indexed."""
        if file.source in self.sources.skipped:
            return None, self.sources.skipped[file.source][1]
        language = self.sources.languages[file.source]
        declared = self.sources.declared(file.source)
        copied = CopiedText(self.passages, self.rows[file.source], language, declared)
        is_guess = file.source in self.guessed
        return (_GuessedBefore(file, copied, limits) if is_guess else copied), None
