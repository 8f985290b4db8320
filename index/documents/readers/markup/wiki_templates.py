"""Show what templates of a MediaWiki hold, as far as that is known without the templates."""

import re
from bisect import bisect_left
from collections import defaultdict
from dataclasses import dataclass, field

# Texts in which braces are no template, and their ends.
_ENDS = re.compile(r"</(nowiki|pre|syntaxhighlight|source|math|code)\b", re.IGNORECASE)
_VERBATIM = re.compile(r"<(nowiki|pre|syntaxhighlight|source|math|code)\b[^<>]*>", re.IGNORECASE)
_TOKEN = re.compile(
    r"\{\{|\}\}|\[\[|\]\]|\||<(?:nowiki|pre|syntaxhighlight|source|math|code)\b", re.IGNORECASE
)
_NAMED = re.compile(r"\s*([\w .-]{1,40}?)\s*=")

# Boxes whose name stands above their text.
_BOXES = frozenset("note notice tip hint warning caution important attention info danger".split())

# Templates that stand for a sign, or for code.
_SIGNS = {"!": "|", "=": "=", "dash": "\u2013", "snd": " \u2013 ", "ndash": "\u2013"}
_CODE_BLOCKS = frozenset(("bc", "hc"))

# Of these the last value is the text, of those all values; the others say nothing.
_LAST = re.compile(r"(?:lang(?:-[\w-]{1,12})?|sort|colou?r|font colou?r)\Z")
_ALL = {"convert": " ", "cvt": " ", "key": "+", "key press": "+", "keypress": "+"}
_SILENT = re.compile(
    r"(?:cit|cite|sfn|harv|ref|efn|note label|anchor|coord|flagicon|commons|main\b|see also|further"
    r"|ipa|audio|respell|cn\b|fact\b|dead link|webarchive|wayback|clear|toc|defaultsort|authority"
    r"|short description|use \w|portal|infobox|navbox|tocright|shortcut)"
)

# Deeper ones are left as they are; a text that is passed on by each would take quadratic time.
_MAX_DEPTH = 40

# A template that stands alone shows its only value if that is a text.
_MIN_WORDS = 6


@dataclass(slots=True)
class _Template:
    """A template that is being read: its name and values, and how deep links are nested in it."""

    values: list[list[str]] = field(default_factory=lambda: [[]])
    n_links: int = 0

    def add(self, text: str) -> None:
        """Add a part of its last value."""
        if text:
            self.values[-1].append(text)

    def ends_line(self) -> bool:
        """Return whether what follows begins a line."""
        return not self.values[-1] or self.values[-1][-1].endswith("\n")


def without_templates(text: str) -> str:
    """Return a page in which each template is replaced by the text that it holds, if any."""
    ends: dict[str, list[int]] = defaultdict(list)
    for end in _ENDS.finditer(text):
        ends[end[1].lower()].append(end.start())
    page = _Template()
    open_ones = [page]
    position = 0
    while token := _TOKEN.search(text, position):
        current = open_ones[-1]
        current.add(text[position : token.start()])
        position = token.end()
        sign = token[0]
        if sign == "{{" and len(open_ones) <= _MAX_DEPTH:
            open_ones.append(_Template())
        elif sign == "}}" and len(open_ones) > 1:
            template = open_ones.pop()
            holder = open_ones[-1]
            is_alone = holder is page and holder.ends_line()
            is_alone = is_alone and text[position : position + 1] in ("", "\n", "\r")
            holder.add(_shown(template, is_alone=is_alone))
        elif sign == "|" and len(open_ones) > 1 and current.n_links <= 0:
            current.values.append([])
        elif sign.startswith("<"):
            position = _end_of_verbatim(text, token.start(), position, ends)
            current.add(text[token.start() : position])
        else:
            current.n_links += {"[[": 1, "]]": -1}.get(sign, 0)
            current.add(sign)
    open_ones[-1].add(text[position:])
    return "".join("|".join(map("".join, one.values)) for one in open_ones)


def _end_of_verbatim(text: str, start: int, position: int, ends: dict[str, list[int]]) -> int:
    """Return where a text in which braces are no template ends; where its tag ends without one."""
    opening = _VERBATIM.match(text, start)
    if opening is None or opening[0].endswith("/>"):
        return position
    found = ends.get(opening[1].lower(), [])
    number = bisect_left(found, opening.end())
    return found[number] if number < len(found) else opening.end()


def _shown(template: _Template, *, is_alone: bool) -> str:
    name, *values = ["".join(value) for value in template.values]
    name = " ".join(name.replace("_", " ").split()).lower()
    named = [_NAMED.match(value) for value in values]
    plain = [
        value[one.end() :].strip() if one else value.strip()
        for value, one in zip(values, named, strict=True)
        if one is None or one[1].isdigit()
    ]
    if name in _SIGNS:
        return _SIGNS[name]
    if not plain or name.startswith("#") or _SILENT.match(name):
        return ""
    if name in _BOXES:
        return f"\n\n'''{name.capitalize()}:''' {plain[0]}\n\n"
    if name in _CODE_BLOCKS:
        return f"\n<pre>{plain[-1]}</pre>\n"
    if is_alone:
        return plain[0] if len(plain) == 1 and len(plain[0].split()) >= _MIN_WORDS else ""
    if name in _ALL:
        return _ALL[name].join(plain[:2])
    if _LAST.match(name):
        return plain[-1]
    has_settings = len(plain) < len(values)
    return "" if has_settings and len(plain) > 1 else plain[0]
