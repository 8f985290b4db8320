"""Components of JSX and wrapping HTML: they go, their labels and what is inside stay."""

import re

from index.documents.readers.markdown.preparation.labels import (
    DISCLOSURE,
    HIDDEN,
    WHOLE,
    is_block_tag,
    is_component,
    labels_of,
    labels_of_tabs,
    scope_of,
    texts_in_expressions,
)
from index.documents.readers.markdown.preparation.line_cursor import (
    LineCursor,
    spaces_before,
    without_indent,
)
from index.documents.readers.markdown.preparation.page import Html, Label, Page
from index.documents.readers.markdown.tags import (
    EXPRESSION,
    TAG,
    Tag,
    parse_tag,
    text_of_expression,
)

_MAX_TAG_LINES = 120
_MAX_SUMMARY_LINES = 20
_BEGINS_TAG = re.compile(r"</?[A-Za-z]")
_NAMES = re.compile(r"<(/?)([A-Za-z][\w.-]*)")
_SUMMARY = re.compile(r"<summary\b[^<>]*>", re.IGNORECASE)
_HEADING = re.compile(r" {0,3}#{1,6}\s")

# What an attribute must be so that HTML's reader knows what to do with a tag of JSX.
_KEPT_ATTRIBUTES = frozenset(
    "href src alt id name colspan rowspan start value type hidden class".split()
)
_OF_JSX = {"colSpan": "colspan", "rowSpan": "rowspan", "className": "class"}


class Components:
    """Reads the lines that begin with a tag."""

    def __init__(self, page: Page, cursor: LineCursor, *, mdx: bool) -> None:
        self._page = page
        self._cursor = cursor
        self._mdx = mdx
        self._never_closed: set[str] = set()

    def read_tags(self, line: str) -> bool:
        """Read a line that begins with a tag; False if it is part of a paragraph."""
        content, n_lines = self._whole_tag(line.strip())
        found = TAG.match(content)
        if not found:
            return self._read_fragment(line)
        tag = parse_tag(found)
        name = tag.name
        if (name in WHOLE or name in HIDDEN) and not tag.closes:
            return not tag.is_empty and self._read_whole(name, spaces_before(line))
        if not is_block_tag(name, mdx=self._mdx):
            return self._read_tags_above_heading(content)
        if tag.attributes.keys() & {"hidden"} and not tag.closes and not tag.is_empty:
            return self._read_whole(name, spaces_before(line))
        if not self._stands_alone(content, tag, found.end()):
            return False
        content, n_lines = self._whole_summary(content, n_lines)
        self._cursor.skip(n_lines)
        self._read_content(content, spaces_before(line))
        return True

    def read_last_line(self, line: str) -> bool:
        """Read a line of text that ends with the closing tag of the component around it."""
        content, indent = line.rstrip(), spaces_before(line)
        position = self._page.find("tag")
        closing = f"</{self._page.containers[position].name}>" if position is not None else None
        if closing is None or not content.endswith(closing):
            return False
        self._page.lines.append(content[: -len(closing)].rstrip())
        self._cursor.skip(1)
        self._read_content(closing, indent)
        return True

    def _read_fragment(self, line: str) -> bool:
        if line.strip() not in ("<>", "</>"):
            return False
        self._page.add_gap()
        self._cursor.skip(1)
        return True

    def _read_tags_above_heading(self, content: str) -> bool:
        """Read a line of tags alone above a heading, which would hide the heading."""
        following = self._cursor.peek(1)
        if TAG.sub("", content).strip() or not _HEADING.match(following or ""):
            return False
        self._page.add_gap()
        self._cursor.skip(1)
        return True

    def _whole_tag(self, content: str) -> tuple[str, int]:
        """Return the line, with those after it if a tag goes on there; and how many they are."""
        if TAG.match(content) or not _BEGINS_TAG.match(content):
            return content, 1
        ahead = self._cursor.ahead(_MAX_TAG_LINES).lstrip()
        found = TAG.match(ahead)
        if not found:
            return content, 1
        rest = ahead[found.end() :].split("\n", 1)[0]
        return found[0] + rest.rstrip(), found[0].count("\n") + 1

    def _whole_summary(self, content: str, n_lines: int) -> tuple[str, int]:
        """Return the content up to the end of a <summary> that goes on in the next lines."""
        if not _SUMMARY.search(content) or "</summary" in content:
            return content, n_lines
        lines = [content]
        for count in range(n_lines, n_lines + _MAX_SUMMARY_LINES):
            following = self._cursor.peek(count)
            if following is None:
                break
            lines.append(following.strip())
            if "</summary" in following:
                return " ".join(lines), count + 1
        return content, n_lines

    def _stands_alone(self, content: str, tag: Tag, end: int) -> bool:
        """Return whether a line is a block: tags alone, or what they wrap."""
        rest = content[end:].strip()
        if not rest or tag.closes:
            return True
        if self._page.is_in_paragraph:
            return False
        if tag.name in DISCLOSURE:
            return True
        if not is_component(tag.name) and not self._mdx:
            return bool(rest.startswith("<") and _SUMMARY.search(rest))
        if tag.is_empty:
            return rest.startswith("<")
        depth = 1
        for found in TAG.finditer(content, end):
            inner = parse_tag(found)
            depth += -1 if inner.closes else not inner.is_empty
            if depth == 0:
                after = content[found.end() :].lstrip()
                return not after or after.startswith("<")
        return True

    def _read_content(self, rest: str, indent: str) -> None:
        """Read tags, and the texts between them, up to the end of a line."""
        while rest:
            found = TAG.match(rest)
            tag = parse_tag(found) if found else None
            if found and tag and is_block_tag(tag.name, mdx=self._mdx):
                rest = rest[found.end() :].lstrip()
                if tag.name == "summary" and not tag.closes:
                    rest = self._read_summary(rest, indent)
                elif tag.closes:
                    self._close(tag.name, indent)
                else:
                    self._open(tag, indent)
                continue
            rest = self._read_text(rest, indent)

    def _read_text(self, rest: str, indent: str) -> str:
        """Add the text up to the next end of an open component, and return what is after it."""
        position = self._page.find("tag")
        end = -1
        if position is not None:
            end = rest.find(f"</{self._page.containers[position].name}>")
        text, rest = (rest, "") if end < 0 else (rest[:end], rest[end:])
        if text.strip():
            self._page.lines.append(indent + text.strip())
        return rest

    def _read_summary(self, rest: str, indent: str) -> str:
        text, _, rest = rest.partition("</summary>")
        position = self._page.find("tag", "details")
        label = Label((" ".join(text.split()),), "all" if position is not None else "none")
        if text.strip():
            self._page.add_part(label, indent)
            if position is not None:
                self._page.containers[position].has_end = True
        return rest.lstrip()

    def _open(self, tag: Tag, indent: str) -> None:
        labels = labels_of(tag) or self._label_of_tab(tag)
        page = self._page
        if not tag.is_empty:
            container = page.container(tag.name, "tag", indent)
            container.labels = labels_of_tabs(tag)[::-1]
            scope = scope_of(tag.name)
            page.open(container, Label(tuple(labels), scope) if labels else None, indent)
            return
        page.add_gap()
        words, rows = texts_in_expressions(tag)
        if words and not labels:
            page.add_part(Label((words,), "next"), indent)
        elif labels or rows:
            page.add_part(Label((*labels, *rows)), indent)

    def _label_of_tab(self, tag: Tag) -> list[str]:
        """Return the label that the component around it has for a tab."""
        position = self._page.find("tag")
        around = self._page.containers[position] if position is not None else None
        return [around.labels.pop()] if around and around.labels and "ab" in tag.name else []

    def _close(self, name: str, indent: str) -> None:
        position = self._page.find("tag", name)
        if position is None:
            self._page.add_gap()
        else:
            self._page.close(position, indent)

    def _read_whole(self, name: str, indent: str) -> bool:
        """Read an element up to its end as HTML; False if it has none."""
        end = self._end_of(name)
        if end is None:
            return False
        n_lines, n_chars = end
        removed = self._page.removed
        lines = [without_indent(self._cursor.at(n), removed) for n in range(n_lines)]
        last = self._cursor.at(n_lines)
        lines.append(
            without_indent(last[:n_chars], removed) if n_lines else last[:n_chars].lstrip()
        )
        self._page.add_gap()
        if name in WHOLE:
            text = "\n".join(lines)
            self._page.add_part(Html(html_of_jsx(text) if self._mdx else text), indent)
        self._cursor.skip(n_lines + 1)
        rest = last[n_chars:].strip()
        if rest:
            self._read_content(rest, indent)
        return True

    def _end_of(self, name: str) -> tuple[int, int] | None:
        """Return the line, counted from this one, and the offset where an element ends."""
        if name in self._never_closed:
            return None
        depth = 0
        count = 0
        while (line := self._cursor.peek(count)) is not None:
            for found in _NAMES.finditer(line):
                if found[2] != name:
                    continue
                depth += -1 if found[1] else 1
                if depth == 0:
                    end = line.find(">", found.end())
                    return count, end + 1 if end >= 0 else len(line)
            count += 1
        self._never_closed.add(name)
        return None


def html_of_jsx(text: str) -> str:
    """Return HTML for JSX: attributes that HTML knows, and the texts of expressions."""

    def plain(match: "re.Match[str]") -> str:
        tag = parse_tag(match)
        if tag.closes:
            return f"</{tag.name}>"
        written = [
            f' {_OF_JSX.get(name, name).lower()}="{_quoted(value)}"'
            for name, value in (tag.attributes | tag.expressions).items()
            if _OF_JSX.get(name, name).lower() in _KEPT_ATTRIBUTES
        ]
        return f"<{tag.name}{''.join(written)}{' /' if tag.is_empty else ''}>"

    return EXPRESSION.sub(_text_of_jsx, TAG.sub(plain, text))


def _text_of_jsx(match: "re.Match[str]") -> str:
    text = text_of_expression(match[0])
    return "" if text is None else text.replace("&", "&amp;").replace("<", "&lt;")


def _quoted(value: str) -> str:
    return value.replace("&", "&amp;").replace('"', "&quot;").replace("<", "&lt;")
