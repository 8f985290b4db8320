"""Editions of a page: the texts that are the same page in several versions or languages."""

import json
import re
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import chain
from pathlib import Path, PurePosixPath

from index.documents.model import DeclaredVersion
from index.documents.page_paths import PagePath, read_path
from index.documents.versions import NEXT, fit, is_word, precedence
from index.files import write_file

# The file of a build with the pages that have several editions, or a version.
EDITIONS_NAME = "editions.json"

# The name of the version of a text that names none, beside texts of its page that name theirs.
_CURRENT = "current"

# Pages that stand for their folder; in `1.1/` and `1.2/` they may as well be two chapters.
_NAMES_OF_FOLDERS = ("index", "readme")

_VERSION_IN_TITLE = re.compile(r"\b(?:v|version|release)?[ .]?\d+(?:\.(?:\d+|x))*\b[ ,.:-]*")


@dataclass(frozen=True, slots=True)
class Edition:
    """A text that is a page in one version and language.

    Attributes:
        source: The path of the text.
        version: Its version, or None.
        language: The code of its language.
    """

    source: str
    version: str | None
    language: str


@dataclass(frozen=True, slots=True)
class VersionedText:
    """A text of the corpus, as far as it matters for its versions.

    Attributes:
        source: The path of the text.
        language: The code of its language.
        declared: What it says of its version.
        title_of: Returns the title of the text with a source.
    """

    source: str
    language: str
    declared: DeclaredVersion
    title_of: Callable[[str], str]

    @property
    def title(self) -> str:
        """The title without a version in it, in lower case."""
        title = self.title_of(self.source).casefold()
        return " ".join(_VERSION_IN_TITLE.sub(" ", title).split())


Page = tuple[Edition, ...]


@dataclass(frozen=True, slots=True)
class _Member:
    """A text in a group of texts that may be one page, and the version that it is of."""

    text: VersionedText
    path: PagePath
    version: str | None

    @property
    def only_says(self) -> bool:
        """Whether only the text itself names its version, and not its path."""
        return self.version is not None and not self.path.is_told_by_path


def group_editions(texts: Iterable[VersionedText], current: str | None = None) -> list[Page]:
    """Return the pages that have several editions or a version, each with the one to quote first.

    Texts are editions of one page if their paths are the same without version and language; see
    `read_path`. A text without a version, or that stands for its folder, must also have the same
    title. Texts whose paths name no version, but which say theirs themselves, are editions of one
    page if they have the same title and are in one folder, or have the same name in folders beside
    each other.

    Args:
        texts: All texts of the corpus.
        current: The version that the owner calls the current one; None for the highest.
    """
    groups: dict[str, list[_Member]] = {}
    for text in texts:
        path = read_path(text.source, text.language, text.declared.version)
        version = text.declared.version or path.version
        groups.setdefault(path.page, []).append(_Member(text, path, version))
    may_be = (one for one in groups.values() if len(one) > 1 or one[0].version)
    split = chain.from_iterable(map(_split, may_be))
    pages = (_page(members, current) for members in _merge(list(split)))
    return [page for page in pages if _is_kept(page)]


def _split(members: list[_Member]) -> list[list[_Member]]:
    """Return the texts of one path as pages; most often as one."""
    if len(members) == 1:
        only = members[0]
        return [[_with_version(only, None) if _is_only_word(only) else only]]
    if any(member.path.is_of_docusaurus for member in members):
        members = [member if member.version else _with_version(member, NEXT) for member in members]
    versions = {member.version for member in members if member.version}
    if len(versions) == 1 and is_word(next(iter(versions))):
        members, versions = [_with_version(member, None) for member in members], set()
    if not versions:
        return [members]
    named = [member for member in members if member.version]
    plain = [member for member in members if not member.version]
    if PurePosixPath(members[0].path.page).stem.lower() in _NAMES_OF_FOLDERS:
        chapters = _chapters(named)
        if chapters:
            return [[member] for member in members]
    titles = {member.text.title for member in named} if plain else set()
    of_page = [_with_version(one, _CURRENT) for one in plain if one.text.title in titles]
    apart = [[one] for one in plain if one.text.title not in titles]
    return [[*named, *of_page], *apart]


def _chapters(members: list[_Member]) -> bool:
    """Return whether texts of one language have different titles, as chapters do."""
    titles: dict[str, set[str]] = {}
    for member in members:
        titles.setdefault(member.text.language, set()).add(member.text.title)
    return any(len(of_language) > 1 for of_language in titles.values())


def _merge(groups: list[list[_Member]]) -> list[list[_Member]]:
    """Join the texts that only say their version themselves, by their titles."""
    say_it = [group for group in groups if len(group) == 1 and group[0].only_says]
    others = [group for group in groups if not (len(group) == 1 and group[0].only_says)]
    for key in (_folder_and_title, _name_and_title):
        joined: dict[tuple[str, ...], list[list[_Member]]] = {}
        for group in say_it:
            joined.setdefault(key(group[0]), []).append(group)
        say_it = []
        for alike in joined.values():
            members = list(chain.from_iterable(alike))
            is_page = len({member.version for member in members}) == len(members)
            say_it += [members] if is_page else alike
    return [*others, *say_it]


def _folder_and_title(member: _Member) -> tuple[str, ...]:
    folder = PurePosixPath(member.text.source).parent
    return str(folder), member.text.language, member.text.title


def _name_and_title(member: _Member) -> tuple[str, ...]:
    path = PurePosixPath(member.text.source)
    return str(path.parent.parent), path.name, member.text.language, member.text.title


def _is_only_word(member: _Member) -> bool:
    """Return whether a folder such as `dev/` may as well be one that names no version."""
    version = member.path.version
    is_word_alone = version is not None and version == member.version and is_word(version)
    return is_word_alone and not member.path.is_of_docusaurus


def _with_version(member: _Member, version: str | None) -> _Member:
    return _Member(member.text, member.path, version)


def _page(members: Sequence[_Member], current: str | None) -> Page:
    """Return the editions of a page, that of the current version first."""

    def rank(member: _Member) -> tuple[object, ...]:
        version = member.version
        is_current = fit(current, version) if current and version else 0
        return (member.text.declared.is_latest, is_current, precedence(version))

    ordered = sorted(members, key=rank, reverse=True)
    return tuple(Edition(one.text.source, one.version, one.text.language) for one in ordered)


def _is_kept(page: Page) -> bool:
    return any(one.version for one in page) or len({one.language for one in page}) > 1


def write_editions(folder: Path, pages: Sequence[Page]) -> None:
    """Write the pages to the folder of a build; OSError if they cannot be written."""
    rows = [[[one.source, one.version, one.language] for one in page] for page in pages]
    write_file(folder / EDITIONS_NAME, [json.dumps(rows).encode()])


class Editions:
    """The editions of the pages of an index. Threads may share it."""

    def __init__(self, pages: Sequence[Page]) -> None:
        """Use pages of `group_editions`."""
        self._pages = tuple(pages)

    @classmethod
    def open(cls, folder: Path) -> "Editions":
        """Read what `write_editions` wrote; OSError or ValueError if it is damaged."""
        rows = json.loads((folder / EDITIONS_NAME).read_bytes())
        return cls([tuple(Edition(*edition) for edition in page) for page in rows])

    def within(self, sources: Collection[str]) -> "Editions":
        """Return the editions of these texts alone."""
        if not self._pages:
            return self
        kept = (tuple(one for one in page if one.source in sources) for page in self._pages)
        return Editions([page for page in kept if page])

    def without(self, sources: Collection[str]) -> "Editions":
        """Return the editions without these texts."""
        return self.within(self._by_source.keys() - sources)

    @classmethod
    def of_several(cls, several: Iterable["Editions"]) -> "Editions":
        """Return the editions of several indexes; a page is of one index."""
        with_pages = [editions for editions in several if editions._pages]
        if len(with_pages) == 1:
            return with_pages[0]
        return cls([page for editions in with_pages for page in editions._pages])

    def version_of(self, source: str) -> str | None:
        """Return the version of a text, or None."""
        found = self._by_source.get(source)
        return found[1].version if found else None

    def other_versions(self, source: str) -> tuple[str, ...]:
        """Return the other versions of the page of a text, the highest first; may be empty."""
        found = self._by_source.get(source)
        if found is None:
            return ()
        page, edition = found
        versions = {one.version for one in self._pages[page] if one.version}
        return tuple(sorted(versions - {edition.version}, key=precedence, reverse=True))

    def translated_page(self, source: str) -> int | None:
        """Return the number of the page of a text that is there in several languages, else None."""
        found = self._by_source.get(source)
        return found[0] if found and found[0] in self._translated else None

    @cached_property
    def versions(self) -> tuple[str, ...]:
        """All versions, the highest first."""
        named = {one.version for page in self._pages for one in page if one.version}
        return tuple(sorted(named, key=precedence, reverse=True))

    @cached_property
    def folders(self) -> frozenset[str]:
        """The names, in lower case, of the folders above texts with versions."""
        paths = (one.source for page in self._pages for one in page if one.version)
        folders = {path.rpartition("/")[0] for path in paths}
        return frozenset(name for folder in folders for name in folder.casefold().split("/"))

    @cached_property
    def superseded(self) -> frozenset[str]:
        """The texts that are not quoted, because their page has a current version."""
        found: set[str] = set()
        for editions in self._by_language():
            current = editions[0].version
            found.update(one.source for one in editions if one.version != current)
        return frozenset(found)

    @property
    def has_translations(self) -> bool:
        """Whether a page is there in several languages."""
        return bool(self._translated)

    def fitting(self, asked: Collection[str]) -> frozenset[str]:
        """Return the texts of the versions that are asked for.

        Of each page and language these are, for each version that is asked for, the texts of that
        version, else those of the best version of its series; see `fit`.
        """
        found: set[str] = set()
        for version in asked:
            fits: dict[str | None, int] = {one: fit(version, one) for one in self.versions}
            if any(fits.values()):
                for editions in self._by_language():
                    found.update(_fitting(editions, fits))
        return frozenset(found)

    def _by_language(self) -> Iterable[list[Edition]]:
        """Yield the editions of each page in each language, the current one first."""
        for page in self._pages:
            editions: dict[str, list[Edition]] = {}
            for one in page:
                editions.setdefault(one.language, []).append(one)
            yield from editions.values()

    @cached_property
    def _by_source(self) -> dict[str, tuple[int, Edition]]:
        return {one.source: (n, one) for n, page in enumerate(self._pages) for one in page}

    @cached_property
    def _translated(self) -> frozenset[int]:
        several = (len({one.language for one in page}) > 1 for page in self._pages)
        return frozenset(n for n, is_translated in enumerate(several) if is_translated)


NO_EDITIONS = Editions(())


def _fitting(editions: Sequence[Edition], fits: Mapping[str | None, int]) -> list[str]:
    same = [one.source for one in editions if fits.get(one.version) == 2]
    if same:
        return same
    best = next((one.version for one in editions if fits.get(one.version)), None)
    return [one.source for one in editions if best and one.version == best]
