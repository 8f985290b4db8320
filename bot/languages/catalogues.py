"""Translate what the bot says into the reader's language, with gettext's catalogues, by Babel."""

import gettext
import io
import re
from functools import cache
from importlib import resources

# The messages in the code are English; each other language has a `.po` file beside this module.
# The codes are Discord's: https://discord.com/developers/docs/reference#locales
LANGUAGES = (
    "en",
    "de",
    "es",
    "fr",
    "he",
    "ar",
    "ja",
    "ko",
    "zh-CN",
    "zh-TW",
    "pt-BR",
    "it",
    "nl",
    "vi",
    "pl",
    "ru",
    "tr",
    "uk",
)

# The language of a locale that names none of them, by the locale's beginning.
_USUAL = {language.partition("-")[0].lower(): language for language in reversed(LANGUAGES)}
_EXACT = {language.lower(): language for language in LANGUAGES}

_RIGHT_TO_LEFT = frozenset({"he", "ar"})

# Marks around text of another direction, which keep the order of the line: the direction of the
# first letter, or left to right. https://unicode.org/reports/tr9/#Explicit_Directional_Isolates
_FIRST_STRONG_ISOLATE, _LEFT_TO_RIGHT_ISOLATE, _POP_ISOLATE = "\u2068", "\u2066", "\u2069"

# A command with its subcommands; words after it may match, too.
_COMMAND = re.compile(r"(?<![\w/])/[a-z]+(?: [a-z]+)*")


class Catalogue:
    """The bot's words in one language, called with the English message of the code.

    `say("paragraph")` returns the translation unchanged; `say("{count} questions", count=3)` fills
    its placeholders. In right-to-left languages each text value is isolated, so that it does not
    change the order of the line. Translations contain commands such as "/ask" in English; they are
    replaced by their names in the language.
    """

    def __init__(self, language: str, translations: gettext.NullTranslations) -> None:
        self.language = language
        self._translations = translations
        self._right_to_left = language in _RIGHT_TO_LEFT

    @property
    def locale(self) -> str:
        """The language as Babel names it, such as "pt_BR"."""
        return babel_locale(self.language)

    def __call__(self, message: str, /, **values: object) -> str:
        """Return the translation of a message, with its placeholders filled if values are given."""
        return self._fill(self._translations.gettext(message), values)

    def many(self, one: str, other: str, count: int, /, **values: object) -> str:
        """Return the translation of a message with a plural; `{count}` is filled, too.

        Args:
            one: The English message for one of them.
            other: The English message for any other number.
            count: How many there are, from 0.
            values: The values of other placeholders.
        """
        message = self._translations.ngettext(one, other, count)
        return self._fill(message, {"count": count, **values})

    def as_it_is(self, message: str) -> str:
        """Return the translation of a message without marks of direction, as for names."""
        return self._translations.gettext(message)

    def language_name(self, code: str) -> str:
        """Return the name of a language by its code; the code itself if there is no name."""
        from babel import Locale  # it takes 20 ms, and few messages need it

        return self.isolated(Locale.parse(self.locale).languages.get(code, code))

    def isolated(self, text: str) -> str:
        """Return text of any language, isolated so that it keeps the order of its line."""
        if not self._right_to_left:
            return text
        return f"{_FIRST_STRONG_ISOLATE}{text}{_POP_ISOLATE}"

    def _fill(self, message: str, values: dict[str, object]) -> str:
        message = _COMMAND.sub(self._command, message)
        if self._right_to_left:
            values = {
                name: self.isolated(value) if isinstance(value, str) else value
                for name, value in values.items()
            }
        return message.format(**values) if values else message

    def _command(self, found: re.Match[str]) -> str:
        """Return a command under the names that Discord's menus give it in the language."""
        names = (f"/{word}" for word in found[0].lstrip("/").split())
        typed = "/" + " ".join(self._translations.gettext(name).lstrip("/") for name in names)
        # Without isolation its slash would be at the wrong end between Hebrew words.
        return f"{_LEFT_TO_RIGHT_ISOLATE}{typed}{_POP_ISOLATE}" if self._right_to_left else typed


ENGLISH = Catalogue("en", gettext.NullTranslations())


@cache
def catalogue(language: str) -> Catalogue:
    """Return the catalogue of one of LANGUAGES.

    Raises:
        KeyError: The bot does not speak it.
    """
    if language not in LANGUAGES:
        raise KeyError(language)
    return ENGLISH if language == "en" else Catalogue(language, _read(language))


def for_locale(locale: str | None) -> Catalogue:
    """Return the catalogue for a locale such as "de", "es-419" or "pt-BR".

    The country matters only where the bot speaks a language in several ways; of these the first is
    the usual one. For other languages and None, it is English.
    """
    code = (locale or "en").replace("_", "-").lower()
    return catalogue(_EXACT.get(code) or _USUAL.get(code.partition("-")[0], "en"))


def babel_locale(language: str) -> str:
    """Return the name that Babel has for one of LANGUAGES: "pt_BR" for "pt-BR"."""
    return language.replace("-", "_")


def to_translate(message: str) -> str:
    """Return the message unchanged; marks a constant that is translated where it is used."""
    return message


def _read(language: str) -> gettext.GNUTranslations:
    # Imported here because it takes 30 ms, which commands in a terminal need not wait for.
    from babel.messages.mofile import write_mo
    from babel.messages.pofile import read_po

    compiled = io.BytesIO()
    with resources.files("bot.languages").joinpath(f"{language}.po").open("rb") as file:
        write_mo(compiled, read_po(file, locale=babel_locale(language)))
    compiled.seek(0)
    return gettext.GNUTranslations(compiled)
