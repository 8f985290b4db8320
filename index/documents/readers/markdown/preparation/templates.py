"""Template tags of Hugo, Jekyll, Liquid and GitBook."""

import re
from dataclasses import dataclass
from typing import Literal

# A tag {{< name ... >}}, {{% name ... %}} or {% name ... %}.
TEMPLATE_TAG = re.compile(
    r"\{\{(?:<|%)\s*+(?P<slash>/)?\s*+(?P<hugo>[\w./-]++)(?P<arguments>(?:[^{}\n]|\}(?!\}))*?)"
    r"/?(?:>|%)\}\}"
    r"|\{%-?\s*+(?P<liquid>[\w./-]++)(?P<values>(?:[^%\n]|%(?!\}))*+)%\}"
)

# {{ value }} and {# comment #}.
_VALUE = re.compile(r"\{\{(?![<%{])[^{}\n]{0,200}+\}\}|\{#(?=\s)(?:[^#\n]|#(?!\}))*+#\}")

_RAW = re.compile(r"\{%-?\s*+raw\s*+-?%\}((?:[^{\n]|\{(?!%))*+)\{%-?\s*+endraw\s*+-?%\}")

_ARGUMENT = re.compile(r"""(?<![\w-])(?:([\w-]++)\s*+=\s*+)?+(?:"([^"]*+)"|'([^']*+)')""")

_SHOWN = ("title", "label", "summary", "name", "header", "caption", "heading", "text", "content")

# Tags whose first text is their label; that of others is an address or an id.
_LABELLED = frozenset(
    """tab details expand notice callout admonition hint collapse accordion alert card step
    steps button""".split()
)
_TYPES = frozenset("note info tip warning caution danger success error primary".split())
_CODE = frozenset(("highlight", "code-block", "codeblock", "code-toggle", "code"))
_COMMENTS = frozenset(("comment",))
_WITHOUT_TEXT = frozenset(
    "include include_relative embed file youtube img link post_url ref relref gist param".split()
)
# Stands for nothing until the spaces around it are looked at. Unicode has no such character.
_SIGN = "\ufdd0"
_GAP = re.compile(" ?\ufdd0++(?=[ .,;:!?)]|$)|\ufdd0++")


@dataclass(frozen=True, slots=True)
class TemplateTag:
    """A template tag.

    Attributes:
        name: Without "end" or a slash before it.
        use: Whether it opens or closes something, or begins or ends code, raw text or a comment.
        label: What it shows, or "".
        language: Of the code that it opens, else "".
    """

    name: str
    use: Literal["open", "close", "code", "raw", "comment"]
    label: str = ""
    language: str = ""


def parse_template_tag(match: "re.Match[str]") -> TemplateTag:
    """Return the tag that `TEMPLATE_TAG` matched."""
    name = match["hugo"] or match["liquid"]
    arguments = (match["arguments"] or match["values"] or "").strip().rstrip("-").strip()
    if match["slash"]:
        return TemplateTag(name, "close")
    if match["liquid"] and name.startswith("end") and len(name) > len("end"):
        return TemplateTag(name[len("end") :], "close")
    if name in _CODE:
        words = [word.strip("\"'") for word in arguments.split()[:1] if "=" not in word]
        return TemplateTag(name, "code", _label(name, arguments), "".join(words))
    if name == "raw":
        return TemplateTag(name, "raw")
    if name in _COMMENTS:
        return TemplateTag(name, "comment")
    return TemplateTag(name, "open", _label(name, arguments))


def without_templates(text: str) -> str:
    """Return a part of a line without its template tags; the labels in them stay."""
    if "{%" not in text and "{{" not in text and "{#" not in text:
        return text
    if "raw" in text and (parts := _RAW.split(text))[1:]:
        return "".join(
            part if number % 2 else without_templates(part) for number, part in enumerate(parts)
        )
    text = TEMPLATE_TAG.sub(lambda match: parse_template_tag(match).label or _SIGN, text)
    return _GAP.sub("", _VALUE.sub(_SIGN, text))


def _label(name: str, arguments: str) -> str:
    given: dict[str, str] = {}
    unnamed: list[str] = []
    for key, one, two in _ARGUMENT.findall(arguments):
        if key:
            given.setdefault(key, one or two)
        else:
            unnamed.append(one or two)
    shown = next((given[key] for key in _SHOWN if given.get(key)), "")
    if name in _WITHOUT_TEXT:
        return given.get("content", "") or given.get("caption", "")
    unnamed = [one for one in unnamed if one.lower() not in _TYPES]
    if not shown and name in _LABELLED and unnamed:
        return unnamed[-1]
    if not shown and name in ("details", "tab") and "=" not in arguments:
        return arguments.strip("\"'")
    return shown
