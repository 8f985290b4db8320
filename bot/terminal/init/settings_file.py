"""Write `.env`; a setting that is there is replaced only where the owner agrees."""

from pathlib import Path

from bot.config.env_file import read_dotenv, write_setting
from bot.errors import SettingsError
from bot.terminal.init.dialogue import Dialogue

DOTENV = Path(".env")


def keep_setting(dialogue: Dialogue, variable: str, value: str) -> None:
    """Write a setting into `.env`.

    Raises:
        SettingsError: It has another value there, and nobody can be asked whether to replace it.
    """
    present = (read_dotenv(DOTENV).get(variable) or "").strip()
    if present and present != value:
        may = dialogue.may_replace(f"the value of {variable} in {DOTENV}")
        if may is None:
            raise SettingsError(variable, f"{DOTENV} has another value; --force replaces it")
        if not may:
            dialogue.tell(f"{variable} in {DOTENV} stays as it was.")
            return
    write_setting(DOTENV, variable, value)
    dialogue.tell(f"{variable} is in {DOTENV}, which only you can read.")
