"""The path of a text without its version and language: texts of one page have the same one."""

import re
from dataclasses import dataclass
from functools import lru_cache

from index.analysis.languages.codes import read_code
from index.documents.versions import (
    NEXT,
    UNRELEASED_WORDS,
    fit,
    is_word,
    read_folder,
    read_version,
)

# "de", "pt-BR", "zh_Hans"
_CODE = r"[A-Za-z]{2,3}(?:[-_](?:[A-Za-z]{2}|[A-Za-z]{4}|\d{3})){0,2}"
_LANGUAGE_FOLDER = re.compile(_CODE)
_LANGUAGE_SUFFIX = re.compile(rf"(.+)[._]({_CODE})")

# Folders that hold one folder for each language, and nothing else.
_OF_LANGUAGES = frozenset("i18n l10n locale locales lang langs languages translations".split())

# https://docusaurus.io/docs/versioning and https://docusaurus.io/docs/i18n/introduction: `docs` is
# the version that is not released yet. Other instances of the plugin have a name.
_VERSIONED_DOCS = re.compile(r"(?:(.+)_)?versioned_docs")
_TRANSLATED_DOCS = re.compile(r"docusaurus-plugin-content-docs(?:-(.+))?")

# "install-2.0", "docs v1"
_VERSION_AT_END = re.compile(r"(.+?)[-_. ](v?\d[\w.]*)", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class PagePath:
    """What the path of a text tells.

    Attributes:
        page: The path without version and language.
        version: The version that a folder names, or None.
        is_told_by_path: Whether the path names a version, in a folder or at the end of a name.
        has_language: Whether the path names the language of the text.
        is_of_docusaurus: Whether it is in a folder that Docusaurus makes for old versions.
    """

    page: str
    version: str | None = None
    is_told_by_path: bool = False
    has_language: bool = False
    is_of_docusaurus: bool = False


def read_path(source: str, language: str, declared: str | None = None) -> PagePath:
    """Read the path of a text.

    Args:
        source: The path below the corpus folder.
        language: The language of the text; a folder or suffix that names another one counts as
            an ordinary name, such as `it/` for a department.
        declared: The version that the text itself says, or None.
    """
    parent, _, name = source.rpartition("/")
    folder = _read_folders(parent, language)
    stem, dot, ending = name.rpartition(".")
    suffix = dot + ending if stem else ""
    stem, has_suffix = _without_suffix(stem or name, language)
    above, is_told = folder.page, folder.is_told_by_path
    if declared is not None and not is_told:
        names = [*above.split("/"), stem] if above else [stem]
        *folders, stem = [_without_version(one, declared) for one in names]
        is_told = [*folders, stem] != names
        above = "/".join(folders)
    page = f"{above}/{stem}{suffix}" if above else f"{stem}{suffix}"
    has_language = folder.has_language or has_suffix
    return PagePath(page, folder.version, is_told, has_language, folder.is_of_docusaurus)


# Texts come in the order of their paths, so those of a folder follow each other.
@lru_cache(maxsize=1024)
def _read_folders(parent: str, language: str) -> PagePath:
    """Read the folders above a text; `page` is what is left of them."""
    folders, is_of_docusaurus, version = _of_docusaurus(parent.split("/") if parent else [])
    if version is None and (at := _version_folder(folders)) is not None:
        version = read_folder(folders.pop(at))
    folders, has_language = _without_language(folders, language)
    page = "/".join(folders)
    return PagePath(page, version, version is not None, has_language, is_of_docusaurus)


def _of_docusaurus(folders: list[str]) -> tuple[list[str], bool, str | None]:
    """Return the folders with those of Docusaurus as `docs`, whether it has any, and the version.

    The folder below them is taken away if it names the version.
    """
    for at, name in enumerate(folders):
        versioned = _VERSIONED_DOCS.fullmatch(name)
        translated = _TRANSLATED_DOCS.fullmatch(name)
        found = versioned or translated
        if found is None:
            continue
        below = folders[at + 1] if at + 1 < len(folders) else ""
        version = NEXT if translated and below == "current" else read_folder(below)
        if version is not None:
            return [*folders[:at], found[1] or "docs", *folders[at + 2 :]], True, version
    return folders, False, None


def _version_folder(folders: list[str]) -> int | None:
    """Return the position of the folder that names the version, the outermost of several.

    The name of a branch counts only if there is no other: `main/2.0/` is of version 2.0.
    """
    versions = [read_folder(name) for name in folders]
    named = [at for at, version in enumerate(versions) if version is not None]
    certain = [at for at in named if versions[at] not in UNRELEASED_WORDS]
    return next(iter(certain or named), None)


def _without_language(folders: list[str], language: str) -> tuple[list[str], bool]:
    """Take away the folder that names the language, with the folder of all languages above it."""
    for at, name in enumerate(folders):
        if _LANGUAGE_FOLDER.fullmatch(name) and read_code(name) == language:
            above = folders[:at]
            if above and above[-1].lower() in _OF_LANGUAGES:
                above.pop()
            return [*above, *folders[at + 1 :]], True
    return folders, False


def _without_suffix(stem: str, language: str) -> tuple[str, bool]:
    found = _LANGUAGE_SUFFIX.fullmatch(stem)
    return (found[1], True) if found and read_code(found[2]) == language else (stem, False)


def _without_version(name: str, declared: str) -> str:
    """Return a name without the version at its end, if that is the declared one."""
    found = _VERSION_AT_END.fullmatch(name)
    version = read_version(found[2]) if found else None
    if found is None or version is None or is_word(version):
        return name
    return found[1] if fit(declared, version) else name
