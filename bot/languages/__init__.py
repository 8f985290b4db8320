"""The bot's own words in all its languages; quotes are not translated."""

from bot.languages.catalogues import (
    ENGLISH,
    LANGUAGES,
    Catalogue,
    catalogue,
    for_locale,
    to_translate,
)

__all__ = ["ENGLISH", "LANGUAGES", "Catalogue", "catalogue", "for_locale", "to_translate"]
