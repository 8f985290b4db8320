"""Pullquote: answers questions with verbatim quotes, in a terminal and on Discord."""
