"""Read what pandoc makes a page of: OpenDocument, RTF, AsciiDoc and MediaWiki."""

import re
import subprocess
from collections.abc import Sequence
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Literal

from index.documents.limits import Limits
from index.documents.model import Content, Reading
from index.documents.readers.archive import Archive
from index.documents.readers.charset import decode
from index.documents.readers.composer import Composer
from index.documents.readers.html import read_page

PandocFormat = Literal["odt", "rtf", "asciidoc", "mediawiki"]

# The page that it writes: the title, and what the text says.
_TEMPLATE = "<title>$title$</title>\n$body$"

# The size of its heap. It gives up by itself where it needs more.
_MAX_HEAP = "1g"

# Pandoc ends before the process that waits for it has to.
_SPARE_S = 5

_MAX_REASON_CHARS = 120

_PROPERTIES = "meta.xml"
_RTF = b"{\\rtf"

# Takes in another file, which pandoc may not read.
_INCLUDE = re.compile(r"^include::[^\n]*\n?", re.MULTILINE)


class PandocTimeoutError(ValueError):
    """Pandoc needs longer than it may."""


def read_by_pandoc(data: bytes, form: PandocFormat, limits: Limits) -> Reading:
    """Return the title and the paragraphs of a document.

    Raises:
        ValueError: The file is damaged, encrypted, or exceeds a limit.
    """
    title = _title_of(Archive(data, limits)) if form == "odt" else None
    if form == "rtf" and not data.lstrip().startswith(_RTF):
        raise ValueError("it is damaged or of another format than its name says")
    composer = Composer()
    with TemporaryDirectory() as folder:
        path = Path(folder, "it")
        path.write_bytes(data)
        page = page_of([path], form, limits)
    return composer.reading(read_page(page, composer) or title)


def _title_of(archive: Archive) -> str | None:
    """Return the title in the properties of an OpenDocument file, which pandoc does not read."""
    if _PROPERTIES not in archive:
        return None
    return archive.read_xml(_PROPERTIES).findtext(".//{http://purl.org/dc/elements/1.1/}title")


def read_asciidoc(data: bytes, limits: Limits) -> Content:
    """Return the title and the paragraphs of AsciiDoc; what it includes is left out.

    Raises:
        ValueError: It cannot be read.
    """
    decoded = decode(data)
    text, n_includes = _INCLUDE.subn("", decoded.text)
    reading = read_by_pandoc(text.lstrip("\n").encode(), "asciidoc", limits)
    included = f"files left out that it includes: {n_includes:,}" if n_includes else None
    return Content(*reading, remark=decoded.remark or included)


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
        raise PandocTimeoutError(f"reading it takes longer than {timeout_s} s") from None
    if process.returncode:
        said = " ".join(errors.decode("utf-8", "replace").split())
        if "heap" in said.lower():
            raise ValueError("reading it takes too much memory")
        raise ValueError(f"pandoc cannot read it: {said[:_MAX_REASON_CHARS]}")
    # Notes stand below the block that refers to them; on other pages an aside is no text.
    return page.decode("utf-8", "replace").replace("<aside", "<div").replace("</aside>", "</div>")


def _limit_processor_time(pid: int, seconds: int) -> None:
    """End a process after so many seconds of work, even where this one no longer waits for it."""
    try:
        import resource

        resource.prlimit(pid, resource.RLIMIT_CPU, (seconds, seconds))
    except (ImportError, AttributeError, OSError):  # only Linux has it
        return
