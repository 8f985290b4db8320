"""Read Markdown as people write it: with components, admonitions, templates and notes."""

from index.documents.readers.markdown.blocks import add_markdown, read_markdown

__all__ = ["add_markdown", "read_markdown"]
