"""Read and change `.env`, the file of settings in the working folder."""

from pathlib import Path

from bot.errors import SettingsError

_OWNER_ONLY = 0o600


def read_dotenv(path: Path) -> dict[str, str | None]:
    """Return the values of such a file; empty if there is no file.

    Raises:
        SettingsError: It cannot be read, or a line is not a setting.
    """
    if not path.exists():
        return {}
    from dotenv import dotenv_values
    from dotenv.parser import parse_stream

    try:
        with path.open(encoding="utf-8") as stream:
            broken = [line.original.line for line in parse_stream(stream) if line.error]
        if broken:
            raise SettingsError(".env", f"line {broken[0]} is not NAME=value")
        return dict(dotenv_values(path))
    except UnicodeError as error:
        raise SettingsError(".env", "it is not UTF-8 text; save it again as such") from error
    except OSError as error:
        reason = f"cannot be read ({error.strerror}); let your user read it, or move it away"
        raise SettingsError(".env", reason) from error


def make_private(path: Path) -> None:
    """Let nobody but the owner read or change such a file, if it is there.

    Raises:
        OSError: That is impossible.
    """
    if path.exists():
        path.chmod(_OWNER_ONLY)


def write_setting(path: Path, variable: str, value: str) -> None:
    """Write a setting into such a file, which other users of the machine cannot read.

    All other lines stay as they are, and so does a line that says the same; without a file one is
    made.

    Raises:
        OSError: The file cannot be written; it is unchanged.
        SettingsError: It cannot be read.
    """
    from dotenv import set_key

    make_private(path)  # before it holds a secret; a new file has this mode
    if read_dotenv(path).get(variable) == value:
        return
    set_key(path, variable, value, quote_mode="auto", follow_symlinks=True)
