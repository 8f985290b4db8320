"""Take from a page, line by line, what is not Markdown but is written into it."""

import re
from collections.abc import Callable

from index.documents.readers.markdown.preparation.admonitions import (
    read_admonition,
    read_definition,
)
from index.documents.readers.markdown.preparation.code_spans import outside_code
from index.documents.readers.markdown.preparation.comments import (
    name_in_comment,
    without_comments_before,
)
from index.documents.readers.markdown.preparation.components import Components
from index.documents.readers.markdown.preparation.fences import (
    Fence,
    code_directive,
    opening_fence,
    read_directive,
    read_options,
)
from index.documents.readers.markdown.preparation.line_cursor import (
    LineCursor,
    indent_of,
    spaces_before,
    without_indent,
)
from index.documents.readers.markdown.preparation.page import Page, without_signs
from index.documents.readers.markdown.preparation.scripts import skip_script
from index.documents.readers.markdown.preparation.template_lines import TemplateLines
from index.documents.readers.markdown.preparation.templates import without_templates

_LIST_ITEM = re.compile(r"\A *(?:[-*+]|\d{1,9}[.)])(?: +|$)")
_NOTE = re.compile(r" {0,3}\[\^([^\s\[\]]+)\]:[ \t]*(.*)")
_LEFT_OUT = re.compile(
    r"""(?:\[toc\]|\[\[_?toc_?\]\]|\{:[^{}]*\}|-{1,2}8<-{1,2}\s.*|<<<\s*@?[\w./].*|\*\[[^\]]+\]:\s.*
    |\{\*\s.*\*\}|\([\w-]+\)=|\\newpage|:{1,2}[\w-]+\{[^{}]*\})\s*""",
    re.IGNORECASE | re.VERBOSE,
)
_OBSIDIAN_COMMENT = re.compile(r"%%(?:[^%\n]|%(?!%))*+%%")
_MICROSOFT_MARK = re.compile(
    r"\[!(?:div|video|include|code[\w-]*+)\b[^\]\n]*+\](?:\([^)\n]*+\))?", re.I
)
# A link whose address has spaces.
_SPACED_LINK = re.compile(
    r"\]\(\s*+((?:[#./]|https?://|[\w-]++(?=[^()\n]*?\.(?:md|mdx|html)\b))[^()<>\"'\n]*+)\)"
)
_SPECIAL = ("{{", "{%", "{#", "%%", "[!", "](")


def prepare_page(text: str, *, mdx: bool) -> Page:
    """Return the Markdown of a page without components, admonitions, templates and comments.

    Their labels, HTML that is read as a whole, and footnotes are parts of the page. Code is left
    as it is, except for the indentation of what is around it.
    """
    return _Preparation(without_signs(text), mdx=mdx).run()


class _Preparation:
    def __init__(self, text: str, *, mdx: bool) -> None:
        self._cursor = LineCursor(text.split("\n"))
        self._page = Page()
        self._mdx = mdx
        self._components = Components(self._page, self._cursor, mdx=mdx)
        self._fence: Fence | None = None
        self._templates = TemplateLines(self._page, self._cursor)
        self._list_indent = 0
        self._in_indented_code = False

    def run(self) -> Page:
        cursor, page = self._cursor, self._page
        while not cursor.is_at_end:
            line = cursor.line
            if not line.strip():
                page.lines.append("" if page.removed else line)
                cursor.skip(1)
            elif self._fence:
                self._read_code(self._fence, line)
            else:
                self._end_indented(line)
                line = self._dedented(line)
                if self._is_indented_code(line):
                    page.lines.append(line)
                    cursor.skip(1)
                else:
                    self._read(line)
        return page

    def _read(self, line: str) -> None:
        """Read a line that is not code, and those that belong to it."""
        stripped = line.strip()
        for reads in self._readers(stripped):
            if reads(line):
                return
        self._follow_list(line)
        self._page.lines.append(self._without_special(line))
        self._cursor.skip(1)

    def _readers(self, stripped: str) -> "tuple[Callable[[str], bool], ...]":
        """Return what may read a line that begins with these characters."""
        if "```" in stripped or "~~~" in stripped or stripped.startswith(":::"):
            return (self._read_fence, self._read_admonition)
        if stripped.startswith("<"):
            return (self._read_comment, self._components.read_tags)
        if stripped.startswith(("{{", "{%")):
            return (self._read_left_out, self._templates.read, self._read_script)
        if stripped.startswith(("import", "export", "{", "}")):
            return (self._read_left_out, self._read_script)
        if stripped.startswith((">", "!", "?", "=", "@", "///")):
            return (self._read_admonition,)
        if stripped.startswith("[^"):
            return (self._read_note,)
        if stripped.startswith("%%"):
            return (self._read_obsidian_comment,)
        if stripped.startswith(": "):
            return (self._read_definition,)
        if stripped.startswith(("[", "-", "*[", "(", "\\", ":")):
            return (self._read_left_out, self._components.read_last_line)
        if stripped.endswith(">"):
            return (self._components.read_last_line,)
        return ()

    def _without_special(self, line: str) -> str:
        if self._templates.is_raw or not any(sign in line for sign in _SPECIAL):
            return line

        def change(text: str) -> str:
            text = without_templates(text)
            text = _OBSIDIAN_COMMENT.sub("", text) if "%%" in text else text
            text = _MICROSOFT_MARK.sub("", text) if "[!" in text else text
            return _SPACED_LINK.sub(_in_angles, text) if "](" in text else text

        return outside_code(line, change).rstrip(" ") + line[len(line.rstrip(" ")) :]

    # Indentation

    def _dedented(self, line: str) -> str:
        """Return a line without the indentation of the containers around it."""
        indent = indent_of(line)
        for container in self._page.containers:
            if container.removed is None:
                inside = indent - container.indent
                inside = min(inside, 4) if container.kind == "indented" else inside
                container.removed = container.removed_before + max(inside, 0)
        return without_indent(line, self._page.removed)

    def _end_indented(self, line: str) -> None:
        """Close the containers that end where their indentation does."""
        indent = indent_of(line)
        for position, container in enumerate(self._page.containers):
            if container.kind == "indented" and indent <= container.indent:
                self._page.close(position, " " * (container.indent - self._page.removed))
                return

    def _is_indented_code(self, line: str) -> bool:
        indent = len(line) - len(line.lstrip(" "))
        starts_block = not self._page.is_in_paragraph or self._in_indented_code
        self._in_indented_code = not self._mdx and starts_block and indent >= self._list_indent + 4
        return self._in_indented_code

    def _follow_list(self, line: str) -> None:
        """Remember how far the lines of the list item that is open are indented."""
        indent = len(line) - len(line.lstrip(" "))
        if item := _LIST_ITEM.match(line):
            self._list_indent = item.end()
        elif indent < self._list_indent and not self._page.is_in_paragraph:
            self._list_indent = indent

    # What is read

    def _read_fence(self, line: str) -> bool:
        page, cursor, signs = self._page, self._cursor, line.strip()
        if (position := page.find("fence")) is not None:
            container = page.containers[position]
            if signs.startswith(container.fence) and not signs.strip(signs[0]):
                page.close(position, spaces_before(line))
                cursor.skip(1)
                return True
        fence = opening_fence(line)
        if fence is None or read_directive(fence, page, cursor, spaces_before(line)):
            return fence is not None
        if fence.sign == ":":
            return False
        self._follow_list(line)
        self._fence = fence
        cursor.skip(1)
        if (language := code_directive(fence)) is not None:
            line = line[: line.index(fence.info)] + language
            read_options(cursor)
        page.lines.append(line)
        return True

    def _read_code(self, fence: Fence, line: str) -> None:
        if self._ends_container(line):
            self._fence = None  # nobody closed it in the admonition or tab that it is in
            self._page.lines.append(fence.sign * fence.n_signs)
            return
        line = without_indent(line, self._page.removed)
        if fence.is_quoted and not line.lstrip().startswith(">"):
            self._fence = None  # the quote ends, and the line is read once more
            return
        if fence.is_closed_by(line):
            self._fence = None
        self._page.lines.append(line)
        self._cursor.skip(1)

    def _ends_container(self, line: str) -> bool:
        """Return whether a line is not indented as the admonition or tab around it is."""
        indent = indent_of(line)
        opened = (one for one in self._page.containers if one.kind == "indented")
        return any(indent <= container.indent for container in opened)

    def _read_admonition(self, line: str) -> bool:
        return read_admonition(line, self._page, self._cursor)

    def _read_definition(self, line: str) -> bool:
        return read_definition(line, self._page, self._cursor)

    def _read_script(self, line: str) -> bool:
        if skip_script(line, self._cursor, mdx=self._mdx):
            self._page.add_gap()
            return True
        return False

    def _read_left_out(self, line: str) -> bool:
        if not _LEFT_OUT.fullmatch(line.strip()):
            return False
        self._page.add_gap()
        self._cursor.skip(1)
        return True

    def _read_comment(self, line: str) -> bool:
        stripped = line.strip()
        if not stripped.startswith("<!--"):
            return False
        if name := name_in_comment(stripped):
            self._page.add_gap()
            self._page.lines.append(f"{spaces_before(line)}`{name}`")
            self._cursor.skip(1)
            return True
        if (text := without_comments_before(self._cursor.line)) is not None:
            self._cursor.replace(text)  # and read it once more
            return True
        last = self._cursor.find("-->")
        if last is None or not self._cursor.at(last).rstrip().endswith("-->"):
            return False
        self._page.add_gap()
        self._cursor.skip(last + 1)
        return True

    def _read_obsidian_comment(self, line: str) -> bool:
        if line.count("%%") % 2 == 0:
            return False
        last = self._cursor.find("%%", start=1)
        if last is None:
            return False
        self._page.add_gap()
        self._cursor.skip(last + 1)
        return True

    def _read_note(self, line: str) -> bool:
        found = _NOTE.match(line)
        if not found:
            return False
        lines = [found[2]]
        count, n_blank = 1, 0
        while (following := self._cursor.peek(count)) is not None:
            count += 1
            if not following.strip():
                n_blank += 1
                continue
            is_inside = indent_of(following) - indent_of(line) - self._page.removed >= 2
            if not is_inside and (n_blank or _NOTE.match(following)):
                count -= 1
                break
            lines += [""] * n_blank + [without_indent(following, self._page.removed + 4)]
            n_blank = 0
        self._page.notes.setdefault(found[1], "\n".join(lines))
        self._page.add_gap()
        self._cursor.skip(count - n_blank)
        return True


def _in_angles(link: "re.Match[str]") -> str:
    address = link[1].strip()
    return f"](<{address}>)" if " " in address else link[0]
