"""Read reStructuredText: docutils makes HTML of it."""

import re
from typing import Any

from docutils import nodes
from docutils.core import publish_doctree, publish_from_doctree
from docutils.parsers.rst import Directive, directives, languages, roles
from docutils.utils import Reporter, new_document

from index.documents.model import Content
from index.documents.readers.charset import decode
from index.documents.readers.composer import Composer
from index.documents.readers.html import read_page

_DIRECTIVE = re.compile(r"^[ \t]*\.\. ++(?:\|[^|\n]{1,99}\| ++)?([\w.:+-]{1,99})::", re.MULTILINE)
_ROLE = re.compile(r":([\w.:+-]{1,99}):`|`:([\w.:+-]{1,99}):")

# Directives of Sphinx and its extensions that hold code, or nothing that is text.
_CODE = frozenset(
    """code code-block sourcecode ipython ipython3 jupyter-execute prompt testcode testoutput
    console""".split()
)
_WITHOUT_TEXT = frozenset(
    """toctree index contents sectnum currentmodule module default-domain highlight image meta
    automodule autoclass autofunction automethod autoattribute autodata autoexception autosummary
    include raw literalinclude plot graphviz inheritance-diagram testsetup testcleanup
    bibliography minigallery tabularcolumns""".split()
)

# Directives of docutils that Sphinx gives more options.
_WITH_OPTIONS = ("math", "figure", "table", "list-table", "csv-table")

# What Sphinx writes before the number of a version.
_OF_VERSIONS = {
    "versionadded": "Added in version",
    "versionchanged": "Changed in version",
    "versionremoved": "Removed in version",
    "deprecated": "Deprecated since version",
}

# Roles whose text is code.
_CODE_ROLES = frozenset(
    """func meth class mod attr data const exc obj macro type member var option envvar file command
    program keyword token samp regexp kbd download""".split()
)

# Nothing outside of the file is read, and no message of docutils becomes text.
_SETTINGS: dict[str, Any] = {
    "input_encoding": "unicode",
    "output_encoding": "unicode",
    "file_insertion_enabled": False,
    "raw_enabled": False,
    "_disable_config": True,
    "report_level": 5,
    "halt_level": 5,
    "traceback": True,
    "warning_stream": False,
    "syntax_highlight": "none",
    "smart_quotes": False,
    "embed_stylesheet": False,
    "stylesheet_path": None,
    "math_output": "LaTeX",
    "initial_header_level": 2,
    "section_self_link": False,
    "toc_backlinks": False,
    "line_length_limit": 1_000_000,
}

# What docutils gives a page without a title.
_NO_TITLE = "<string>"

# What a role of Sphinx shows: a text before its target, or the target.
_WITH_TARGET = re.compile(r"(.*?)\s*<[^<>]*>", re.DOTALL)


def read_restructured_text(data: bytes) -> Content:
    """Return the title and the paragraphs of a reStructuredText document.

    Directives and roles that docutils does not know, such as those of Sphinx, show what stands in
    them. Files that it includes are left out.

    Raises:
        ValueError: The bytes are not text.
    """
    decoded = decode(data)
    _register_unknown(decoded.text)
    document = publish_doctree(decoded.text, settings_overrides=_SETTINGS)
    for label in list(document.findall(nodes.label)):  # the number of a note, which no text shows
        label.parent.remove(label)
    composer = Composer()
    page = publish_from_doctree(document, writer="html5", settings_overrides=_SETTINGS)
    title = read_page(page, composer)
    named = None if title == _NO_TITLE else title
    return Content(*composer.reading(named), remark=decoded.remark)


class _AnyOption(dict[str, Any]):
    """Options that are all allowed, so that they are no text."""

    def __missing__(self, name: str) -> Any:  # noqa: ANN401  # a converter of docutils
        del name
        return directives.unchanged

    def __bool__(self) -> bool:
        return True


class _Shown(Directive):  # type: ignore[misc]  # docutils has no types
    """A directive that shows what stands in it, below its argument."""

    optional_arguments = 1
    final_argument_whitespace = True
    has_content = True
    option_spec = _AnyOption()

    def run(self) -> list[nodes.Node]:
        holder = nodes.container()
        if argument := " ".join(" ".join(self.arguments).split()):
            argument = f"{_OF_VERSIONS.get(self.name, '')} {argument}".strip()
            holder += nodes.paragraph("", "", nodes.strong("", argument))
        self.state.nested_parse(self.content, self.content_offset, holder)
        return list(holder.children)


class _Code(_Shown):
    """A directive that holds code; its argument is the language."""

    def run(self) -> list[nodes.Node]:
        language = "".join(self.arguments).lower()
        classes = [f"language-{language}"] if language.isidentifier() else []
        block = nodes.literal_block("", "\n".join(self.content), classes=classes)
        return [block] if self.content else []


class _WithoutText(_Shown):
    """A directive that has nothing to read."""

    def run(self) -> list[nodes.Node]:
        return []


def _shown_role(
    name: str, rawtext: str, text: str, *_: object, **__: object
) -> tuple[list[nodes.Node], list[nodes.Node]]:
    """Show the text of a role of Sphinx without its target."""
    found = _WITH_TARGET.fullmatch(text)
    shown = found[1] if found and found[1] else text.lstrip("!")
    if shown.startswith("~"):
        shown = shown.rpartition(".")[2].lstrip("~")
    kind = nodes.literal if name.lower().rpartition(":")[2] in _CODE_ROLES else nodes.inline
    return [kind(rawtext, shown)], []


def _register_known() -> None:
    """Make docutils read what it would refuse."""
    for names, kind in ((_CODE, _Code), (_WITHOUT_TEXT, _WithoutText)):
        for name in names:
            directives.register_directive(name, kind)
    for name in _WITH_OPTIONS:
        known, _ = directives.directive(name, languages.get_language("en"), None)
        more = {"option_spec": _AnyOption(known.option_spec or {})}
        directives.register_directive(name, type(known.__name__, (known,), more))


def _register_unknown(text: str) -> None:
    """Make docutils show the directives and roles of a text that it does not know."""
    language = languages.get_language("en")
    reporter = Reporter("", 5, 5)
    for name in {found[1].lower() for found in _DIRECTIVE.finditer(text)}:
        document = new_document("")
        if directives.directive(name, language, document)[0] is None:
            directives.register_directive(name, _Shown)
    for name in {(found[1] or found[2]).lower() for found in _ROLE.finditer(text)}:
        if roles.role(name, language, 0, reporter)[0] is None:
            roles.register_local_role(name, _shown_role)


_register_known()
