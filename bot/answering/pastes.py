"""Separate what a message asks from the output of programs that is pasted beside it."""

import re
from dataclasses import dataclass

from index import extract_tokens, extract_words

_FENCE = "```"
_LANGUAGE = re.compile(r"[\w+#.-]*\n")

# Lines that programs write: stack traces, log lines with a time, a level or fields, messages of
# compilers and shells, and JSON.
_OUTPUT = re.compile(
    r"""(?:
    Traceback\ \(most\ recent\ call\ last\)
    |File\ ".*",\ line\ \d+
    |at\ (?:\S+:\d+|[\w$<>/\\]*[.$/\\][^\s(]*\ ?\(|[^(]*\(\S+:\d+)
    |(?:Caused\ by|Exception\ in\ thread|During\ handling\ of\ the\ above\ exception)\b
    |\.\.\.\ \d+\ more
    |Unhandled\ [Ee]xception\b|Stack\ trace:|Require\ stack:|Node\.js\ v\d|exit\ status\ \d
    |\#\d+\ (?:\{main\}|\S+\(\d+\))|PHP\ (?:Fatal|Parse|Warning|Notice|Deprecated)\b
    |thrown\ in\ \S+\ on\ line\ \d|At\ line:\d|\+\ (?:CategoryInfo|FullyQualifiedErrorId)\b
    |\S+:\d+:in\ |from\ \S+:\d|-->\ \S+:\d|/\S+:\d+\b|[^\s/]*/\S*:\d+$
    |\d+[ ]+\||[~^][\s~^]*$
    |(?:[A-Za-z_]\w*\.)*[A-Z]\w*(?:Error|Exception|Warning|Interrupt|Exit)(?::|$)
    |\d{1,3}(?:\.\d{1,3}){3}\ \S+\ \S+\ \[
    |(?:ts|time|timestamp|level|lvl)=\S
    |[\w.-]+[ ]+\|[ ]+(?:\W{0,2}(?:\d{4}-|\d\d:)|(?:ERROR|WARN|INFO|DEBUG)\b|\w+=)
    |\W{0,2}\d{4}[-/.]\d\d[-/.]\d\d[T\ ,]+\d\d:\d\d
    |\W{0,2}\d\d:\d\d:\d\d
    |\W{0,2}(?:Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec)\ +\d+\ \d\d:\d\d
    |\W{0,2}(?:ERROR|WARN(?:ING)?|INFO|DEBUG|TRACE|FATAL|CRITICAL)\b
    |(?:npm\ ERR!|error\[\w+\]|thread\ '.*'\ panicked|panic:\ |goroutine\ \d+\ \[)
    |\S+:\d+(?::\d+)?:\ (?:fatal\ )?(?:error|warning|note)\b
    |\[\ *\d+\.\d+\]
    |\$\ \S
    |[][{}]+[,;]?\s*$
    |"[^"]*"\s*:
    )""",
    re.VERBOSE,
)

# A line of output with one of these words says what went wrong.
_TELLING = re.compile(
    r"error|exception|fatal|fail|panick|denied|refused|cannot|not found|invalid|missing|caused by",
    re.IGNORECASE,
)

# An indented line continues the output above it, and below one the name of an error may stand.
_INDENTED = re.compile(r"[ \t]+\S")
_NAME_OF_ERROR = re.compile(r"(?:(?:[a-z_]\w*\.)+\w+|[A-Z]\w*[a-z][A-Z]\w*)(?::|$)")


@dataclass(frozen=True, slots=True)
class Message:
    """The two parts of a message.

    Attributes:
        asked: What the person wrote.
        pasted: The output of programs, the lines that say what went wrong first; may be empty.
    """

    asked: str
    pasted: str


def split_paste(text: str) -> Message:
    """Separate a message's own words from fenced blocks, stack traces and log lines."""
    # Every second piece is fenced; the last fence may be missing. A piece of one line is a name.
    pasted: list[str] = []
    pieces = text.split(_FENCE)
    for position in range(1, len(pieces), 2):
        if "\n" in pieces[position]:
            pasted += _LANGUAGE.sub("", pieces[position], count=1).splitlines()
            pieces[position] = "\n"
        else:
            pieces[position] = f"{_FENCE}{pieces[position]}{_FENCE}"
    own: list[str] = []
    lines = "".join(pieces).splitlines()
    for line, is_output in zip(lines, _output_among(lines), strict=True):
        (pasted if is_output else own).append(line)
    pasted = [line.strip() for line in pasted if line.strip()]
    pasted.sort(key=lambda line: _TELLING.search(line) is None)
    return Message("\n".join(own).strip(), "\n".join(dict.fromkeys(pasted)))


def _output_among(lines: list[str]) -> list[bool]:
    """Return for each line whether a program wrote it.

    Besides what looks so, these are the indented lines below, and one or two lines between others
    of output that hold no word of a sentence, such as "throw err;".
    """
    found: list[bool] = []
    before = ""
    for line in lines:
        goes_on = _INDENTED.match(line) or (_INDENTED.match(before) and _NAME_OF_ERROR.match(line))
        is_below_output = bool(found) and found[-1]
        found.append(bool(_OUTPUT.match(line.strip()) or (is_below_output and goes_on)))
        before = line
    for first, last in zip(range(len(lines)), range(2, len(lines)), strict=False):
        for end in (last, last + 1):
            between = lines[first + 1 : end]
            if end < len(lines) and found[first] and found[end] and not any(map(_says, between)):
                found[first + 1 : end] = [True] * len(between)
    return found


def _says(line: str) -> bool:
    """Return whether a line asks, or has a stop word as sentences have."""
    return line.rstrip().endswith("?") or len(extract_words(line)) < len(extract_tokens(line))


def read_message(text: str) -> Message:
    """Return what a message asks, and the output beside it.

    A message without words of its own asks about the first line of its output that says what went
    wrong.
    """
    message = split_paste(text)
    if message.pasted and not extract_words(message.asked):
        first, _, rest = message.pasted.partition("\n")
        return Message(first, rest)
    return message
