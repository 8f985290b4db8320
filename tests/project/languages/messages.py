"""Find every message in the code, and bring the `.po` files up to date with them."""

import ast
from collections.abc import Iterator
from functools import cache

from babel.messages.catalog import Catalog, Message
from babel.messages.pofile import read_po, write_po

from bot.languages import LANGUAGES
from bot.languages.catalogues import babel_locale
from tests.project.languages.command_texts import (
    IN_CLIENTS,
    CommandText,
    registered_commands,
    texts_of,
)
from tests.support.checkout import REPOSITORY

BOT = REPOSITORY / "bot"
FOLDER = BOT / "languages"
TRANSLATED = [language for language in LANGUAGES if language != "en"]

# Calls, and how many of their first arguments are messages: `say(...)`, `say.many(...)`,
# constants, and the names of menus.
CALLS = {"say": 1, "many": 2, "to_translate": 1, "locale_str": 1}


def messages_in_code() -> Catalog:
    """Return a catalogue of what the bot's code says, without translations.

    Read from the syntax tree: Babel's own extractor reads tokens, which do not show what stands
    inside an f-string before Python 3.12, and it takes the key in `say(WORDS["key"])` for a
    message.
    """
    template = Catalog(charset="utf-8")
    for message, place in _places_of_messages():
        template.add(message, locations=[(place, 0)])
    return template


@cache
def _places_of_messages() -> tuple[tuple[str | tuple[str, ...], str], ...]:
    """Return each message of the code with the path of its module, read once."""
    return tuple(
        (message, path.relative_to(REPOSITORY).as_posix())
        for path in sorted(BOT.rglob("*.py"))
        for message in messages_in(path.read_text(encoding="utf-8"))
    )


@cache
def _texts_of_commands() -> tuple[CommandText, ...]:
    """Return the texts of all commands, which are the same for every language."""
    return tuple(texts_of(registered_commands()))


def messages_for(language: str) -> Catalog:
    """Return a catalogue, without translations, of all that the bot says in a language.

    That is what its code says, and the texts of its commands; names that are typed have no
    translation into languages that Discord's clients do not have, as nobody could type it.
    """
    template = messages_in_code()
    for text in _texts_of_commands():
        if text.is_name and language not in IN_CLIENTS:
            template.delete(text.message)  # the code may have named it, too
        else:
            template.add(text.message, auto_comments=[text.path])
    return template


def messages_in(code: str) -> Iterator[str | tuple[str, ...]]:
    """Yield each message of a module; one with a plural is a pair.

    Raises:
        ValueError: A message is put together as an f-string, which has no translation.
    """
    for node in ast.walk(ast.parse(code)):
        if not isinstance(node, ast.Call):
            continue
        name = getattr(node.func, "attr", getattr(node.func, "id", ""))
        arguments = node.args[: CALLS.get(name, 0)]
        if any(isinstance(argument, ast.JoinedStr) for argument in arguments):
            raise ValueError(f"line {node.lineno}: {name}() of an f-string")
        constants = [a.value for a in arguments if isinstance(a, ast.Constant)]
        texts = [value for value in constants if isinstance(value, str)]
        if texts and len(texts) == len(arguments):
            yield texts[0] if len(texts) == 1 else tuple(texts)


def read_catalogue(language: str) -> Catalog:
    """Return the catalogue of a language as its file has it."""
    with (FOLDER / f"{language}.po").open("rb") as file:
        return read_po(file, locale=babel_locale(language))


def update_catalogues() -> dict[str, list[str]]:
    """Add new messages to each `.po` file and drop what the bot no longer says.

    Returns:
        For each language the messages without a translation.
    """
    lacking = {}
    for language in TRANSLATED:
        held = read_catalogue(language)
        held.update(messages_for(language), no_fuzzy_matching=True, update_creation_date=False)
        with (FOLDER / f"{language}.po").open("wb") as file:
            write_po(
                file, held, width=100, sort_output=True, include_lineno=False, ignore_obsolete=True
            )
        lacking[language] = [str(entry.id) for entry in held if entry.id and not all(forms(entry))]
    return lacking


def forms(entry: Message) -> list[str]:
    """Return the translations of a message: one, or one for each plural form."""
    held = entry.string or ""
    return [held] if isinstance(held, str) else [form or "" for form in held]
