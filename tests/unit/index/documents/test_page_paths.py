"""Paths of texts: what is left without version and language."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from index.documents.page_paths import read_path

names = st.sampled_from(["docs", "guide", "install", "web", "api"])


def _read(source, language="en", declared=None):
    found = read_path(source, language, declared)
    return found.page, found.version


@pytest.mark.parametrize(
    ("source", "page", "version"),
    [
        ("docs/install.md", "docs/install.md", None),
        ("docs/2.0/install.md", "docs/install.md", "2.0"),
        ("v1/docs/install.md", "docs/install.md", "v1"),
        ("en/latest/install.html", "install.html", "latest"),
        ("web/versioned_docs/version-1.x/install.md", "web/docs/install.md", "1.x"),
        ("web/api_versioned_docs/version-2.0/a.md", "web/api/a.md", "2.0"),
        ("main/2.0/install.md", "main/install.md", "2.0"),
        ("2.0/api/v1/users.md", "api/v1/users.md", "2.0"),
        ("2026.03/minutes.md", "2026.03/minutes.md", None),
    ],
)
def test_version_is_taken_out_of_a_path(source, page, version):
    """It is the outermost folder with the name of one; a branch only where nothing else is."""
    assert _read(source) == (page, version)


@pytest.mark.parametrize(
    ("source", "language", "page"),
    [
        ("docs/de/install.md", "de", "docs/install.md"),
        ("docs/pt-BR/install.md", "pt", "docs/install.md"),
        ("i18n/de/install.md", "de", "install.md"),
        ("install.de.md", "de", "install.md"),
        ("install_de.md", "de", "install.md"),
        ("install.zh-Hans.md", "zh", "install.md"),
        ("web/i18n/de/docusaurus-plugin-content-docs/current/a.md", "de", "web/docs/a.md"),
        ("web/i18n/de/docusaurus-plugin-content-docs-api/version-1.0/a.md", "de", "web/api/a.md"),
        ("it/install.md", "en", "it/install.md"),
        ("how_to.md", "en", "how_to.md"),
        ("de/install.md", "fr", "de/install.md"),
    ],
)
def test_language_is_taken_out_only_if_the_text_is_in_it(source, language, page):
    """A department may be called `it`."""
    assert _read(source, language)[0] == page


@pytest.mark.parametrize(
    ("source", "declared", "page"),
    [
        ("install-2.0.md", "2.0", "install.md"),
        ("docs-1.x/install.md", "1.4", "docs/install.md"),
        ("install v2.md", "2.1", "install.md"),
        ("install-2.0.md", "3.0", "install-2.0.md"),
        ("install-2.0.md", None, "install-2.0.md"),
    ],
)
def test_declared_version_is_taken_from_the_end_of_a_name(source, declared, page):
    """Only that one: other numbers in names mean something else."""
    assert _read(source, declared=declared)[0] == page


@given(st.lists(names, min_size=1, max_size=4), st.data())
def test_version_and_language_may_stand_anywhere(parts, data):
    """All texts that differ in nothing else are one page."""
    *folders, name = parts
    at = data.draw(st.integers(0, len(folders)))
    versioned = [*folders[:at], "2.0", *folders[at:]]
    at = data.draw(st.integers(0, len(versioned)))
    both = [*versioned[:at], "de", *versioned[at:]]
    plain = "/".join([*folders, f"{name}.md"])
    assert _read("/".join([*both, f"{name}.md"]), "de") == (plain, "2.0")
    assert _read(plain, "de") == (plain, None)
