"""Read tables in files of their own: each row is a paragraph below the names of the columns."""

from index.documents.readers.spreadsheets.delimited import read_delimited
from index.documents.readers.spreadsheets.workbook import read_workbook

__all__ = ["read_delimited", "read_workbook"]
