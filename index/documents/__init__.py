"""The files of the corpus as documents."""

from index.documents.corpus import CorpusFile, SkippedFile, list_corpus, read_document
from index.documents.model import Document, Paragraph

__all__ = ["CorpusFile", "Document", "Paragraph", "SkippedFile", "list_corpus", "read_document"]
