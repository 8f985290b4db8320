"""Read markup that another reader understands once it is converted: notebooks, reStructuredText."""

from index.documents.readers.markup.notebook import read_notebook
from index.documents.readers.markup.restructured_text import read_restructured_text

__all__ = ["read_notebook", "read_restructured_text"]
