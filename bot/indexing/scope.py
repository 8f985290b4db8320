"""Choose the texts that questions are asked of, by path, folder or title."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from fnmatch import fnmatchcase
from pathlib import PurePosixPath

from bot.errors import NoSuchTextError
from bot.rendering.plain_text import first_names
from index import AnySearcher, SourceInfo

# Names every text.
EVERY_TEXT = "*"


@dataclass(frozen=True, slots=True)
class Scope:
    """Which of the texts of a server may be read in one of its channels.

    Attributes:
        patterns: What names them, see `is_named`; None for all.
        shared: Whether the texts that all servers share are among them.
    """

    patterns: tuple[str, ...] | None = None
    shared: bool = True


EVERYTHING = Scope()


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
        named = named_sources(texts, (pattern,))
        if not named:
            raise NoSuchTextError(pattern, first_names([text.source for text in texts]))
        chosen |= named
    return searcher.within(chosen)


def named_sources(texts: Iterable[SourceInfo], patterns: Sequence[str]) -> set[str]:
    """Return the sources of the texts that any of the patterns names."""
    return {text.source for text in texts if any(is_named(text, one) for one in patterns)}


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
        one == wanted or fnmatchcase(one, wanted) for one in paths
    )
