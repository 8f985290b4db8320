"""Read PDF: pdfium returns the lines of each page, `layout` joins them to paragraphs."""

from index.documents.readers.pdf.read import read_pdf

__all__ = ["read_pdf"]
