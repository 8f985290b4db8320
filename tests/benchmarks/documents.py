"""Measure how fast PDF and Word files are read: `python -m tests.benchmarks.documents FOLDER`.

Prints pages a second for PDF, documents a second for Word, and the peak memory, beside pdftotext
and pandoc if they are installed. Seconds are those of the processor, and count the start of a
process: ours reads all files in one, the others begin one for each file.
"""

import argparse
import contextlib
import os
import shutil
import subprocess
import sys
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

from rich.console import Console
from rich.table import Table

from index.documents import list_corpus, read_document

# The memory of a process is given in kB on Linux, and in bytes on macOS.
_KB_PER_MB = 1024
_UNITS_PER_KB = 1 if sys.platform.startswith("linux") else 1024


@dataclass(frozen=True, slots=True)
class Measured:
    """What a program took for the files of one kind.

    Attributes:
        program: Its name.
        processor_s: Seconds of the processor.
        peak_mb: The largest memory of a process.
        n_unread: Files that it could not read.
    """

    program: str
    processor_s: float
    peak_mb: float
    n_unread: int


def main() -> None:
    """Read the files of a folder with each program, and print what that took."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("folder", type=Path, help="holds .pdf and .docx files")
    folder = parser.parse_args().folder
    table = Table("files", "program", "processor s", "a second", "peak MB", "unread")
    for suffix, programs in ((".pdf", _pdf_programs()), (".docx", _word_programs())):
        paths = sorted(path for path in folder.rglob(f"*{suffix}") if path.is_file())
        if not paths:
            continue
        n_read = sum(map(_n_pages, paths)) if suffix == ".pdf" else len(paths)
        what = f"{n_read:,} {'pages' if suffix == '.pdf' else 'documents'}"
        for one in (_ours(folder, suffix), *(_theirs(*program, paths) for program in programs)):
            rate = n_read / one.processor_s
            figures = f"{one.processor_s:.2f}", f"{rate:.0f}", f"{one.peak_mb:.0f}"
            table.add_row(what, one.program, *figures, str(one.n_unread))
    Console(highlight=False).print(table)


def read_all(folder: str, suffix: str) -> None:
    """Read the files of one kind, and print how many cannot be read; runs in its own process."""
    n_unread = 0
    for file in list_corpus(Path(folder))[0]:
        if file.path.suffix.lower() == suffix:
            try:
                read_document(file)
            except Exception:  # the process that reads files says "it is damaged"
                n_unread += 1
    sys.stdout.write(str(n_unread))


def _pdf_programs() -> list[tuple[str, list[str]]]:
    return [("pdftotext", ["pdftotext", "-layout"])] if shutil.which("pdftotext") else []


def _word_programs() -> list[tuple[str, list[str]]]:
    path = shutil.which("pandoc")
    with contextlib.suppress(ImportError, OSError):
        import pypandoc

        path = path or pypandoc.get_pandoc_path()
    return [("pandoc", [path, "--from=docx", "--to=plain"])] if path else []


def _n_pages(path: Path) -> int:
    import pypdfium2

    try:
        return len(pypdfium2.PdfDocument(path))
    except pypdfium2.PdfiumError:
        return 0


def _ours(folder: Path, suffix: str) -> Measured:
    call = f"from tests.benchmarks.documents import read_all; read_all({str(folder)!r}, {suffix!r})"
    command = [sys.executable, "-c", call]
    _, printed, processor_s, peak_mb = _run(command)
    return Measured("ours", processor_s, peak_mb, int(printed))


def _theirs(name: str, command: Sequence[str], paths: Iterable[Path]) -> Measured:
    arguments = ["-"] if name == "pdftotext" else []
    runs = [_run([*command, str(path), *arguments]) for path in paths]
    return Measured(
        name,
        sum(processor_s for _, _, processor_s, _ in runs),
        max(peak_mb for *_, peak_mb in runs),
        sum(code != 0 for code, *_ in runs),
    )


def _run(command: Sequence[str]) -> tuple[int, bytes, float, float]:
    """Run a program; return its exit code, its output, its processor's seconds and its peak MB."""
    out = subprocess.PIPE
    with subprocess.Popen(command, stdout=out, stderr=subprocess.DEVNULL) as process:
        printed = process.stdout.read() if process.stdout else b""
        _, status, usage = os.wait4(process.pid, 0)
        process.returncode = os.waitstatus_to_exitcode(status)
    peak_mb = usage.ru_maxrss / _UNITS_PER_KB / _KB_PER_MB
    return process.returncode, printed, usage.ru_utime + usage.ru_stime, peak_mb


if __name__ == "__main__":
    main()
