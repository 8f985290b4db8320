"""Read Markdown as people write it: with components, admonitions, templates and notes."""

from index.documents.readers.markdown.blocks import read_markdown

__all__ = ["read_markdown"]
