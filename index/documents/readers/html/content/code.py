"""The language of code on a page."""

from functools import lru_cache

# What generators of pages write where no language is meant.
_NO_LANGUAGE = frozenset(
    "default none notranslate text txt plain plaintext output literal html5 auto nohighlight "
    "undefined table tables box wrapper container".split()
)
_PREFIXES = ("language-", "lang-", "highlight-source-", "highlight-", "brush:")


@lru_cache(maxsize=4096)
def language_of(classes: str) -> str:
    """Return the language that the classes of an element name, or an empty string."""
    for one in classes.replace("brush: ", "brush:").split():
        for prefix in _PREFIXES:
            if one.startswith(prefix):
                language = one[len(prefix) :].strip(";").lower()
                if language and language not in _NO_LANGUAGE and len(language) <= 30:
                    return language
                break
    return ""
