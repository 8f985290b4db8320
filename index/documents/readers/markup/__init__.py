"""Read markup that another reader understands once it is converted."""

from index.documents.readers.markup.asciidoc import read_asciidoc
from index.documents.readers.markup.mediawiki import read_mediawiki
from index.documents.readers.markup.notebook import read_notebook
from index.documents.readers.markup.open_document import read_open_document
from index.documents.readers.markup.restructured_text import read_restructured_text
from index.documents.readers.markup.rtf import read_rtf

__all__ = [
    "read_asciidoc",
    "read_mediawiki",
    "read_notebook",
    "read_open_document",
    "read_restructured_text",
    "read_rtf",
]
