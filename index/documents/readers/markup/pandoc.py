"""Run pandoc, which makes a page of OpenDocument, RTF, AsciiDoc and MediaWiki."""

import re
import subprocess
from collections.abc import Sequence
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Literal

from index.documents.limits import Limits
from index.documents.model import Reading
from index.documents.readers.composer import Composer
from index.documents.readers.html import read_page
from index.documents.reasons import TOO_MUCH_MEMORY, too_slow

PandocFormat = Literal["odt", "rtf", "asciidoc", "mediawiki"]

# The page that it writes: the title, and what the text says.
_TEMPLATE = "<title>$title$</title>\n$body$"

# The size of its heap. It gives up by itself where it needs more.
_MAX_HEAP = "1g"

# Pandoc ends before the process that waits for it has to.
_SPARE_S = 5

_MAX_REASON_CHARS = 120

# A note is an item of a list in an aside, and ends with a link back. Its number is not in the text.
_BEFORE_NOTES = re.compile(r"<aside\b[^<>]*>\s*<ol[^<>]*>")
_NOTE = re.compile(r'<li id="fn\d+"[^<>]*>')
_AFTER_NOTE = re.compile(r'(class="footnote-back"[^<>]*>[^<>]*</a></p>)\s*</li>')
_AFTER_NOTES = re.compile(r"</ol>\s*</aside>")


class PandocTimeoutError(ValueError):
    """Pandoc needs longer than it may."""


def read_by_pandoc(data: bytes, form: PandocFormat, limits: Limits) -> Reading:
    """Return the title and the paragraphs of a document.

    Raises:
        ValueError: Pandoc cannot read it, or not within the limits.
    """
    composer = Composer()
    with TemporaryDirectory() as folder:
        path = Path(folder, "it")
        path.write_bytes(data)
        page = page_of([path], form, limits)
    return composer.reading(read_page(page, composer))


def page_of(paths: Sequence[Path], form: PandocFormat, limits: Limits) -> str:
    """Return the page that pandoc makes of files, each parsed by itself.

    It reads no other files and nothing from the network, and its memory and time are limited.

    Raises:
        ValueError: Pandoc cannot read them, or not within the limits.
    """
    import pypandoc

    with TemporaryDirectory() as folder:
        template = Path(folder, "page.html")
        template.write_text(_TEMPLATE, encoding="utf-8")
        command = [
            *(pypandoc.get_pandoc_path(), "+RTS", f"-M{_MAX_HEAP}", "-RTS"),
            *("--sandbox", "--file-scope", "--wrap=none", "--mathml", "--reference-location=block"),
            *(f"--template={template}", f"--from={form}", "--to=html5", *map(str, paths)),
        ]
        try:
            return _run(command, max(limits.timeout_s - _SPARE_S, 1))
        except PandocTimeoutError:
            raise
        except ValueError as error:  # it names the files by paths that are gone
            raise ValueError(str(error).replace(f"{paths[0].parent}/", "")) from None


def _run(command: Sequence[str], timeout_s: int) -> str:
    process = subprocess.Popen(  # noqa: S603  # no shell, and no part of the text is an argument
        command, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.PIPE
    )
    _limit_processor_time(process.pid, timeout_s)
    try:
        page, errors = process.communicate(timeout=timeout_s)
    except subprocess.TimeoutExpired:
        process.kill()
        process.communicate()
        raise PandocTimeoutError(too_slow(timeout_s)) from None
    if process.returncode:
        said = " ".join(errors.decode("utf-8", "replace").split())
        if "heap" in said.lower():
            raise ValueError(TOO_MUCH_MEMORY)
        raise ValueError(
            f"pandoc cannot read it; save it in another format ({said[:_MAX_REASON_CHARS]})"
        )
    return _with_notes(page.decode("utf-8", "replace"))


def _with_notes(page: str) -> str:
    """Return a page whose notes are paragraphs below the block that refers to them."""
    page = _NOTE.sub("<div>", _BEFORE_NOTES.sub("<div>", page))
    return _AFTER_NOTES.sub("</div>", _AFTER_NOTE.sub(r"\1</div>", page))


def _limit_processor_time(pid: int, seconds: int) -> None:
    """End a process after so many seconds of work, even where this one no longer waits for it."""
    try:
        import resource

        resource.prlimit(pid, resource.RLIMIT_CPU, (seconds, seconds))
    except (ImportError, AttributeError, OSError):  # only Linux has it
        return
