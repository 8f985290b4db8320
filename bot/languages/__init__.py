"""The bot's own words in the languages it speaks; quotes stay as they are written."""

from bot.languages.catalogues import (
    ENGLISH,
    LANGUAGES,
    Catalogue,
    catalogue,
    for_locale,
    to_translate,
)

__all__ = ["ENGLISH", "LANGUAGES", "Catalogue", "catalogue", "for_locale", "to_translate"]
