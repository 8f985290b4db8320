"""Read the visible text of HTML, by events of lxml's parser, in linear time."""

from index.documents.readers.html.decoding import decode_html
from index.documents.readers.html.read import read_html, read_page, words_of_html

__all__ = ["decode_html", "read_html", "read_page", "words_of_html"]
