"""Why a file cannot be read and, after a semicolon, what its owner can do: shared by readers."""

SAVE_AGAIN = "open it in the program that made it and save it again"
DAMAGED = f"it is damaged or of another format than its name says; {SAVE_AGAIN}"
ENCRYPTED = "it is encrypted; save a copy without a password"
OLD_OR_ENCRYPTED = (
    "it is encrypted, or of a format older than its name says; save a copy in the present format "
    "without a password"
)
STRICT = "it is saved as Strict Open XML; save it in the usual format of Word or Excel"
NO_PARAGRAPH = "it holds no paragraph; if it shows text, save it in another format"
EMPTY = "it is empty: it holds no paragraph; copy it again or remove it"
_AS_TEXT = "save it as text in UTF-8"
NO_TEXT_FILE = f"not a text file; {_AS_TEXT}"
UNKNOWN_ENCODING = f"not a text in any known encoding; {_AS_TEXT}"
INVALID_TEXT = f"not a valid text; {_AS_TEXT}"
CRASHED = "reading it crashed; save it in another format"
TOO_MUCH_MEMORY = "reading it takes too much memory; divide it into several files"


def too_slow(timeout_s: int) -> str:
    """Return the reason for a file that takes longer to read than it may."""
    return f"reading it takes longer than {timeout_s} s; divide it into several files"


def too_large(limit: str) -> str:
    """Return the reason for a file that exceeds a limit, such as "it has more than 9 pages"."""
    return f"{limit}; divide it into several files"
