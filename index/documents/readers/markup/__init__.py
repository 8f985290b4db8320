"""Read markup that another reader understands once it is converted."""

from index.documents.readers.markup.mediawiki import read_mediawiki
from index.documents.readers.markup.notebook import read_notebook
from index.documents.readers.markup.pandoc import read_asciidoc, read_by_pandoc
from index.documents.readers.markup.restructured_text import read_restructured_text

__all__ = [
    "read_asciidoc",
    "read_by_pandoc",
    "read_mediawiki",
    "read_notebook",
    "read_restructured_text",
]
