"""Read Word documents: styles, lists with their numbers, tables, footnotes, accepted changes."""

from index.documents.readers.docx.read import read_docx

__all__ = ["read_docx"]
