"""Read `.env`, the file of settings in the working folder."""

from pathlib import Path

from bot.errors import SettingsError


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
    except (OSError, UnicodeError) as error:
        raise SettingsError(".env", f"cannot be read as UTF-8 text ({error})") from error
