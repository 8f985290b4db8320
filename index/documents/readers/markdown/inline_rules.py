"""Rules for markdown-it: what people write inside of lines beyond CommonMark."""

import re

from markdown_it import MarkdownIt
from markdown_it.rules_inline import StateInline

from index.documents.readers.markdown.tags import EXPRESSION, TAG, text_of_expression

# The type of a token for markup that says nothing to a reader.
DROPPED = "dropped"
FOOTNOTE = "footnote"
WIKILINK = "wikilink"

_WIKILINK = re.compile(r"(!?)\[\[(?=[^\s\[\]])([^\[\]|\n]*+)(?:\|([^\[\]\n]*+))?\]\](?!\()")
_FOOTNOTE = re.compile(r"\[\^([^\s\[\]]++)\](?!\()")
_MARKED = re.compile(r"==(?=[^\s=])([^=\n]*+)(?<=\S)==(?!=)")
_INSERTED = re.compile(r"\^\^(?=[^\s^])([^^\n]*+)(?<=\S)\^\^(?!\^)")

# The number of atoms, as in H~2~O.
_SUBSCRIPT = re.compile(r"(?<=[A-Za-z)\]])~(\d{1,3})~(?!~)")

# A formula has signs of Markdown and braces of its own.
_FORMULA = re.compile(r"\$\$(?=[^$\\]*+\\)[^$]++\$\$|\$(?=[^\s$])(?=[^$\n\\]*+\\)[^$\n]++(?<=\S)\$")

# [text][name], where no link has this name; between them may be a space before a name with dots.
_UNKNOWN_LINK = re.compile(
    r"(?<!\w)\[(?=[^\W_]|`)([^\[\]\n]++)\]"
    r"(?:\[(?=[A-Za-z])[^\[\]\n]++\]|[ \n]++\[[A-Za-z][\w-]*+(?:\.[\w-]++)++\])"
)
ICON = re.compile(r":(?:material|octicons|fontawesome|simple|lucide)-[\w-]++:(?:\{[^{}\n]*+\})?")
_KEYS = re.compile(r"(?<!\w)\+\+([\w\"]++(?:[+-][\w\"]++)*+)\+\+(?!\w)")
_ROLE = re.compile(r"\{[\w:+.-]++\}`([^`\n]++)`")
_ROLE_TARGET = re.compile(r"<[^<>]*+>$")

# Attributes of what is before them, as kramdown, Pandoc and MkDocs write them.
_ATTRIBUTES = re.compile(
    r"""\{:[^{}\n]*+\}|\{\s*+(?:(?:[#.][\w:.-]++|data-[\w-]++(?![\w=-])|[\w:-]++=(?:"[^"\n]*+"|'[^'\n]*+'|[^\s"'{}]++))\s*+)++\}"""
)
# Strong text that CommonMark does not know for its spaces, at the beginning of a line.
_LOOSE_STRONG = re.compile(r"\*\*([ ]*+)([^*\n]++)\*\*(?!\*)(\w?)")

_FORMULA_SIGNS = ("_", "^", "\\")
_OWN_ID = re.compile(r"[{\s:]#([\w:.-]++)")


def markdown_parser() -> MarkdownIt:
    """Return a parser of Markdown as people write it; `mdx` in its environment turns MDX on."""
    parser = MarkdownIt("commonmark").enable(["table", "strikethrough"])
    parser.validateLink = _is_link  # type: ignore[method-assign]  # markdown-it's own way
    parser.inline.ruler.before("link", "wikilink", _wikilink)
    parser.inline.ruler.before("link", "footnote", _footnote)
    parser.inline.ruler.after("link", "unknown_link", _unknown_link)
    parser.inline.ruler.before("html_inline", "jsx_tag", _jsx_tag)
    parser.inline.ruler.before("html_inline", "braces", _braces)
    parser.inline.ruler.before("html_inline", "signs", _signs)
    parser.inline.ruler.before("emphasis", "loose_strong", _loose_strong)
    return parser


def _is_link(url: str) -> bool:
    """A link to a file is markup as well; `web_address` decides which links lead anywhere."""
    del url
    return True


def _push(state: StateInline, kind: str, content: str, end: int, silent: bool) -> bool:
    if not silent:
        token = state.push(kind, "", 0)
        token.content = content
    state.pos = end
    return True


def _wikilink(state: StateInline, silent: bool) -> bool:
    """[[page]], [[page|label]] and ![[what is embedded]] of Obsidian and wikis."""
    found = _WIKILINK.match(state.src, state.pos)
    if not found:
        return False
    embeds, page, label = found.groups()
    if embeds or page.lower() in ("toc", "_toc_"):
        return _push(state, DROPPED, "", found.end(), silent)
    shown = label or " > ".join(part for part in page.split("#") if part)
    return _push(state, WIKILINK, shown, found.end(), silent)


def _unknown_link(state: StateInline, silent: bool) -> bool:
    """[text][name], whose name another file or program knows."""
    if state.src[state.pos] != "[":
        return False
    found = _UNKNOWN_LINK.match(state.src, state.pos, state.posMax)
    if not found or silent:
        return found is not None and _push(state, WIKILINK, found[1], found.end(), silent)
    end = state.posMax
    state.push("link_open", "a", 1)
    state.pos, state.posMax = found.span(1)
    state.md.inline.tokenize(state)
    state.push("link_close", "a", -1)
    state.pos, state.posMax = found.end(), end
    return True


def _footnote(state: StateInline, silent: bool) -> bool:
    """[^1], if there is such a note."""
    found = _FOOTNOTE.match(state.src, state.pos)
    if not found or found[1] not in state.env.get("notes", {}):
        return False
    return _push(state, FOOTNOTE, found[1], found.end(), silent)


def _jsx_tag(state: StateInline, silent: bool) -> bool:
    """A tag whose attributes may be expressions, and the tag of a fragment."""
    if state.src[state.pos] != "<":
        return False
    for fragment in ("<>", "</>"):
        if state.env.get("mdx") and state.src.startswith(fragment, state.pos):
            return _push(state, DROPPED, "", state.pos + len(fragment), silent)
    found = TAG.match(state.src, state.pos)
    return found is not None and _push(state, "html_inline", found[0], found.end(), silent)


def _braces(state: StateInline, silent: bool) -> bool:
    """An expression of MDX, attributes, or a role of MyST."""
    if state.src[state.pos] != "{":
        return False
    before = state.src[max(0, state.pos - 2) : state.pos]
    is_formula = before.endswith(_FORMULA_SIGNS) and before != "__"
    if not is_formula and (found := _ATTRIBUTES.match(state.src, state.pos)):
        own_id = _OWN_ID.search(found[0])
        return _push(state, DROPPED, own_id[1] if own_id else "", found.end(), silent)
    if found := _ROLE.match(state.src, state.pos):
        return _push(state, "text", _ROLE_TARGET.sub("", found[1]).rstrip(), found.end(), silent)
    found = EXPRESSION.match(state.src, state.pos)
    if not found:
        return False
    if found[0].startswith("{/*") and found[0].endswith("*/}"):
        return _push(state, DROPPED, "", found.end(), silent)
    text = text_of_expression(found[0])
    if text is not None and (state.env.get("mdx") or not text.strip()):
        return _push(state, "text", text, found.end(), silent)
    if not state.env.get("mdx"):
        return False
    return _push(state, DROPPED, "", found.end(), silent)


def _loose_strong(state: StateInline, silent: bool) -> bool:
    """** Name ** at the beginning of a line."""
    start = state.pos
    if state.src[start] != "*" or silent or not _begins_line(state.src, start):
        return False
    found = _LOOSE_STRONG.match(state.src, start, state.posMax)
    if not found or not found[2].strip() or not _is_loose(*found.groups()):
        return False
    end = state.posMax
    state.push("strong_open", "strong", 1)
    state.pos, state.posMax = found.start(2), found.start(2) + len(found[2].rstrip(" "))
    state.md.inline.tokenize(state)
    state.push("strong_close", "strong", -1)
    state.push(DROPPED, "", 0)
    if found[2].endswith(" ") and found[3]:
        state.push("text", "", 0).content = " "
    state.pos, state.posMax = found.start(3), end
    return True


def _is_loose(before: str, inner: str, following: str) -> bool:
    """Return whether CommonMark sees no strong text, but a reader does."""
    if following:  # after a space or a sign that ends something, it would open strong text
        return inner.rstrip(" ").endswith(tuple(":.?!)\u2013\u2014\uff1a\u3002"))
    return bool(before) or inner.endswith(" ")


def _begins_line(text: str, position: int) -> bool:
    while position and text[position - 1] == " ":
        position -= 1
    return position == 0 or text[position - 1] == "\n"


def _signs(state: StateInline, silent: bool) -> bool:
    """==marked==, ^^inserted^^, H~2~O, ++ctrl+c++, :material-check: and formulas."""
    sign = state.src[state.pos]
    if sign == "$" and (found := _FORMULA.match(state.src, state.pos)):
        return _push(state, "text", found[0], found.end(), silent)
    if sign == ":" and (found := ICON.match(state.src, state.pos)):
        return _push(state, DROPPED, "", found.end(), silent)
    rule = {"=": _MARKED, "^": _INSERTED, "+": _KEYS, "~": _SUBSCRIPT}.get(sign)
    found = rule.match(state.src, state.pos) if rule else None
    return found is not None and _push(state, "text", found[1], found.end(), silent)
