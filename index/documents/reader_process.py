"""The process that reads risky files for `DocumentReader`: JSON lines in, JSON lines out.

It ends itself when a file takes too long, and on Linux its memory is limited. So a hostile file
only makes itself fail.
"""

import faulthandler
import json
import signal
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from index.documents.corpus import CorpusFile, read_document
from index.documents.limits import Limits
from index.documents.reasons import DAMAGED, TOO_MUCH_MEMORY
from index.errors import CorpusReadError

# In addition to the memory at the start; a text of 64 MB needs about half of it.
_MAX_MEMORY_BYTES = 2 * 1024**3


def responses(lines: Iterator[bytes]) -> Iterator[bytes]:
    """Yield for each request, one a line, the document or the reason why it cannot be read."""
    for line in lines:
        request = json.loads(line)
        limits = Limits(**request["limits"])
        # It works without the lock of the interpreter, so also inside a loop of a library.
        faulthandler.dump_traceback_later(limits.timeout_s, exit=True)
        response = _respond(
            CorpusFile(request["source"], request["path"], request["sha256"], 0, 0), limits
        )
        data = json.dumps(response).encode() + b"\n"
        faulthandler.cancel_dump_traceback_later()
        yield data


def _respond(file: CorpusFile, limits: Limits) -> dict[str, Any]:
    try:
        document = read_document(file, limits)
    except CorpusReadError as error:
        return {"reason": error.reason}
    except MemoryError:
        return {"reason": TOO_MUCH_MEMORY}
    except Exception:  # the libraries raise many exceptions for broken files
        return {"reason": DAMAGED}
    return {
        "title": document.title,
        "paragraphs": [one.to_fields() for one in document.paragraphs],
        "url": document.url,
        "date": document.date,
        "language": document.language,
        "remark": document.remark,
        "declared": [document.declared.version, document.declared.is_latest],
    }


def _limit_memory() -> None:
    """Limit the additional memory of the process; only on Linux, where its size is known."""
    status = Path("/proc/self/statm")
    if status.exists():
        import resource

        taken = int(status.read_text(encoding="ascii").split()[0]) * resource.getpagesize()
        _, hard = resource.getrlimit(resource.RLIMIT_AS)
        bound = taken + _MAX_MEMORY_BYTES
        soft = bound if hard == resource.RLIM_INFINITY else min(bound, hard)
        resource.setrlimit(resource.RLIMIT_AS, (soft, hard))


def main() -> None:
    """Respond to the lines of stdin until it is closed."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # the parent process handles Ctrl-C
    _limit_memory()
    for line in responses(iter(sys.stdin.buffer.readline, b"")):
        sys.stdout.buffer.write(line)
        sys.stdout.buffer.flush()


if __name__ == "__main__":
    main()
