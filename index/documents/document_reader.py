"""Read the files of a corpus, slow and risky ones in a separate process."""

import contextlib
import json
import subprocess
import sys
import time
from dataclasses import asdict
from pathlib import Path
from types import TracebackType
from typing import Any

from index.documents.corpus import CorpusFile, list_corpus, read_document
from index.documents.formats import FORMATS
from index.documents.limits import DEFAULT_LIMITS, Limits
from index.documents.model import DeclaredVersion, Document, Paragraph
from index.documents.reasons import CRASHED, too_slow
from index.errors import CorpusReadError

# The folder above the package, so that the process runs the same code as this one.
_PACKAGES_DIR = Path(__file__).parents[2]


class DocumentReader:
    """Reads documents one by one; as a context manager it ends its process on exit.

    The process is started for the first file that needs it, and reads all later ones. If a file
    makes it hang or crash, only that file fails, and the next file gets a new process.
    """

    def __init__(self, limits: Limits = DEFAULT_LIMITS) -> None:
        self._limits = limits
        self._process: subprocess.Popen[bytes] | None = None

    def __enter__(self) -> "DocumentReader":
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self._end_process()

    def read(self, file: CorpusFile) -> Document:
        """Read one file with the reader for its suffix.

        Raises:
            CorpusReadError: The file cannot be read within the limits, or has no paragraph.
        """
        if file.size < FORMATS[file.path.suffix.lower()].min_isolated_bytes:
            return read_document(file, self._limits)
        started = time.monotonic()
        response = self._request(file)
        if response is None:
            self._end_process()
            overdue = time.monotonic() - started >= self._limits.timeout_s
            reason = too_slow(self._limits.timeout_s) if overdue else CRASHED
            raise CorpusReadError(file.path, reason)
        if "reason" in response:
            raise CorpusReadError(file.path, response["reason"])
        paragraphs = tuple(map(Paragraph.of_fields, response["paragraphs"]))
        return Document(
            file.source,
            response["title"],
            paragraphs,
            response["url"],
            response["date"],
            response["language"],
            response["remark"],
            DeclaredVersion(*response["declared"]),
        )

    def _request(self, file: CorpusFile) -> dict[str, Any] | None:
        """Let the process read a file and return its response; None if it ended without one."""
        path = str(file.path.resolve())
        request = {
            "source": file.source,
            "path": path,
            "sha256": file.sha256,
            "limits": asdict(self._limits),
        }
        self._process = self._process or _start_process()
        with contextlib.suppress(OSError):
            send, receive = self._process.stdin, self._process.stdout
            if send and receive:
                send.write(json.dumps(request).encode() + b"\n")
                send.flush()
                line = receive.readline()
                if line.endswith(b"\n"):
                    response: dict[str, Any] = json.loads(line)
                    return response
        return None

    def _end_process(self) -> None:
        if self._process is not None:
            self._process.kill()
            self._process.communicate()
            self._process = None


def check_readable(path: Path, max_file_mb: int) -> None:
    """Read the only file of a folder as a build would.

    Raises:
        CorpusReadError: A build would skip the file.
    """
    limits = Limits(max_file_mb)
    files, skipped = list_corpus(path.parent, limits)
    if skipped or not files:
        reason = skipped[0].reason if skipped else "its name is that of no text"
        raise CorpusReadError(path, reason)
    with DocumentReader(limits) as reader:
        reader.read(files[0])


def _start_process() -> subprocess.Popen[bytes]:
    return subprocess.Popen(
        [sys.executable, "-m", "index.documents.reader_process"],
        cwd=_PACKAGES_DIR,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
    )
