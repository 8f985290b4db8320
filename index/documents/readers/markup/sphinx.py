"""Directives and roles of Sphinx and its extensions, as docutils can read them."""

import re
from typing import Any

from docutils import nodes
from docutils.parsers.rst import Directive, directives, languages, roles
from docutils.parsers.rst.states import Inliner
from docutils.utils import Reporter, new_document

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

# Directives of Sphinx that describe a thing, also after the name of a domain such as "py:".
_OBJECTS = frozenset(
    """function method classmethod staticmethod decorator decoratormethod coroutinefunction class
    exception attribute property data constant macro type struct union enum enumerator member var
    describe object option cmdoption program-option envvar confval setting directive role opcode
    pdbcommand templatetag templatefilter fieldlookup django-admin django-admin-option signal
    """.split()
)

# What Sphinx writes above the text of an admonition that docutils does not know.
_LABELS = {"seealso": "See also", "todo": "Todo"}

# The setting with the titles of a text's labels.
TITLES = "titles_of_labels"

# Roles that refer to another place, which is shown by its title.
_REFERENCES = frozenset(("ref", "numref", "doc"))

# Roles whose text is code.
_CODE_ROLES = frozenset(
    """func meth class mod attr data const exc obj macro type member var option envvar file command
    program keyword token samp regexp kbd download""".split()
)

# What a role of Sphinx shows: a text before its target, or the target.
_WITH_TARGET = re.compile(r"(.*?)\s*<[^<>]*>", re.DOTALL)


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
        argument = self._inline(" ".join(" ".join(self.arguments).split()))
        shown = self._content(nodes.container()).children
        if label := _LABELS.get(self.name.lower()):
            above = [nodes.paragraph("", "", *argument)] if argument else []
            return [nodes.admonition("", nodes.title("", label), *above, *shown)]
        above = [nodes.paragraph("", "", nodes.strong("", "", *argument))] if argument else []
        return [*above, *shown]

    def _inline(self, text: str) -> list[nodes.Node]:
        found: list[nodes.Node] = self.state.inline_text(text, self.lineno)[0] if text else []
        return found

    def _content(self, holder: nodes.Element) -> nodes.Element:
        self.state.nested_parse(self.content, self.content_offset, holder)
        return holder


class _Version(_Shown):
    """A directive that says since when something holds."""

    def run(self) -> list[nodes.Node]:
        version, _, rest = " ".join(" ".join(self.arguments).split()).partition(" ")
        said = self._inline(rest)
        shown = list(self._content(nodes.container()).children)
        if not said and shown and isinstance(shown[0], nodes.paragraph):
            said = shown.pop(0).children
        label = f"{_OF_VERSIONS[self.name.lower()]} {version}"
        text = [nodes.Text(": "), *said] if said else [nodes.Text(".")]
        return [nodes.paragraph("", "", nodes.Text(label), *text), *shown]


class _Object(_Shown):
    """A directive that describes a function, an option or the like: a term and what it means."""

    def run(self) -> list[nodes.Node]:
        lines = [line.strip().rstrip("\\") for line in "\n".join(self.arguments).split("\n")]
        names = [" ".join(line.split()) for line in lines if line]
        definition = self._content(nodes.definition())
        is_mark = not definition.children and not any("(" in name for name in names)
        if is_mark or not names:  # it only says where the index leads to
            return list(definition.children)
        terms = [nodes.term("", "", nodes.literal("", name)) for name in names]
        item = nodes.definition_list_item("", *terms, definition)
        return [nodes.definition_list("", item)]


class _Class(_Object):
    """The directive of Sphinx, or the one of docutils, which names a style."""

    def run(self) -> list[nodes.Node]:
        name = "".join(self.arguments)
        is_style = name.islower() and not set(name) & set("(.")
        return list(self._content(nodes.container()).children) if is_style else super().run()


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
    name: str, rawtext: str, text: str, lineno: int, inliner: Inliner, *_: object, **__: object
) -> tuple[list[nodes.Node], list[nodes.Node]]:
    """Show the text of a role of Sphinx without its target."""
    del lineno
    found = _WITH_TARGET.fullmatch(text)
    short = name.lower().rpartition(":")[2]
    if found and found[1]:
        shown = found[1]
    elif short in _REFERENCES:
        titles = getattr(inliner.document.settings, TITLES, {})
        shown = titles.get(" ".join(text.lower().split())) or _page_of(text)
    else:
        shown = text.lstrip("!")
        shown = shown.rpartition(".")[2].lstrip("~") if shown.startswith("~") else shown
        shown = shown.lstrip(".") or shown
    kind = nodes.literal if short in _CODE_ROLES else nodes.inline
    return [kind(rawtext, shown)], []


def _page_of(reference: str) -> str:
    """Return the name of the page that a path leads to."""
    above, _, name = reference.rpartition("/")
    return above.rpartition("/")[2] or name if name == "index" else name or reference


def _register_known() -> None:
    """Make docutils read what it would refuse."""
    kinds = (_CODE, _Code), (_WITHOUT_TEXT, _WithoutText), (_OF_VERSIONS, _Version)
    for names, kind in (*kinds, (("class",), _Class)):
        for name in names:
            directives.register_directive(name, kind)
    for name in _WITH_OPTIONS:
        known, _ = directives.directive(name, languages.get_language("en"), None)
        more = {"option_spec": _AnyOption(known.option_spec or {})}
        directives.register_directive(name, type(known.__name__, (known,), more))


def register_unknown(text: str) -> None:
    """Make docutils show the directives and roles of a text that it does not know."""
    language = languages.get_language("en")
    reporter = Reporter("", 5, 5)
    for name in {found[1].lower() for found in _DIRECTIVE.finditer(text)}:
        document = new_document("")
        if directives.directive(name, language, document)[0] is None:
            is_object = name.rpartition(":")[2] in _OBJECTS
            directives.register_directive(name, _Object if is_object else _Shown)
    for name in {(found[1] or found[2]).lower() for found in _ROLE.finditer(text)}:
        if roles.role(name, language, 0, reporter)[0] is None:
            roles.register_local_role(name, _shown_role)


_register_known()
