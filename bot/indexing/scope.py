"""Choose the texts that questions are asked of, by path, folder or title."""

from collections.abc import Sequence
from fnmatch import fnmatchcase
from pathlib import PurePosixPath

from bot.errors import NoSuchTextError
from bot.rendering.plain_text import first_names
from index import AnySearcher, SourceInfo


def limit_to(searcher: AnySearcher, patterns: Sequence[str]) -> AnySearcher:
    """Return a searcher of the texts that any of the patterns names; all without patterns.

    Raises:
        NoSuchTextError: A pattern names no text.
    """
    if not patterns:
        return searcher
    texts = searcher.sources()
    chosen: set[str] = set()
    for pattern in patterns:
        named = {text.source for text in texts if is_named(text, pattern)}
        if not named:
            raise NoSuchTextError(pattern, first_names([text.source for text in texts]))
        chosen |= named
    return searcher.within(chosen)


def is_named(text: SourceInfo, pattern: str) -> bool:
    """Return whether a pattern names a text.

    Args:
        text: The text.
        pattern: The path of the text or of a folder above it, with `*`, `?` and `[...]` as in a
            shell, where `*` also matches `/`; or the title, in any case.
    """
    wanted = pattern.strip().removeprefix("./").rstrip("/")
    path = PurePosixPath(text.source)
    paths = (text.source, *map(str, path.parents[:-1]))
    return text.title.casefold() == wanted.casefold() or any(
        fnmatchcase(one, wanted) for one in paths
    )
