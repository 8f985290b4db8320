"""List the files of the corpus and read them as documents."""

from index.documents.corpus import (
    CHANGED_WHILE_READ,
    SYNONYMS_NAME,
    CorpusFile,
    KnownFile,
    Remark,
    SkippedFile,
    list_corpus,
    read_document,
)
from index.documents.document_reader import DocumentReader, check_readable
from index.documents.formats import readable_suffixes
from index.documents.limits import DEFAULT_MAX_FILE_MB, Limits
from index.documents.model import Document, Paragraph

__all__ = [
    "CHANGED_WHILE_READ",
    "DEFAULT_MAX_FILE_MB",
    "SYNONYMS_NAME",
    "CorpusFile",
    "Document",
    "DocumentReader",
    "KnownFile",
    "Limits",
    "Paragraph",
    "Remark",
    "SkippedFile",
    "check_readable",
    "list_corpus",
    "read_document",
    "readable_suffixes",
]
