"""Separate what a message asks from the output of programs that is pasted beside it."""

import re
from dataclasses import dataclass

from index import extract_words

_FENCE = "```"
_LANGUAGE = re.compile(r"[\w+#.-]*\n")

# Lines that programs write: stack traces, log lines with a time or a level, messages of compilers
# and shells, and JSON.
_OUTPUT = re.compile(
    r"""\s*(?:
    Traceback\ \(most\ recent\ call\ last\)
    |File\ ".*",\ line\ \d+
    |at\ (?:\S+:\d+|[\w$<>/\\]*[.$/\\][^\s(]*\ ?\(|[^(]*\(\S+:\d+)
    |(?:Caused\ by|Exception\ in\ thread|During\ handling\ of\ the\ above\ exception)\b
    |\.\.\.\ \d+\ more
    |(?:[A-Za-z_]\w*\.)*[A-Z]\w*(?:Error|Exception|Warning|Interrupt|Exit)(?::|$)
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

# An indented line continues the output above it.
_INDENTED = re.compile(r"[ \t]+\S")


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
    in_output = False
    for line in "".join(pieces).splitlines():
        in_output = bool(_OUTPUT.match(line) or (in_output and _INDENTED.match(line)))
        (pasted if in_output else own).append(line)
    pasted = [line.strip() for line in pasted if line.strip()]
    pasted.sort(key=lambda line: _TELLING.search(line) is None)
    return Message("\n".join(own).strip(), "\n".join(dict.fromkeys(pasted)))


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
