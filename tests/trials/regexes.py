"""Look for regular expressions that are not linear: `python -m tests.trials.regexes [--chars N]`.

Each regular expression of the program is run over strings made to be slow: pieces that its parts
match, repeated, before and after what they don't. One that takes much more than four times as long
for four times as many characters is reported, unless it is argued below; the exit code is then 1.
"""

import ast
import importlib
import re
import sys
import time
from collections.abc import Iterator
from itertools import chain, islice, product
from pathlib import Path
from types import ModuleType
from typing import Any

import click

_ROOT = Path(__file__).parents[2]

# Calls that take a regular expression first; `escape` and the like take none.
_CALLS = ("compile", "search", "match", "fullmatch", "split", "findall", "finditer", "sub", "subn")

# Not linear by itself, with the reason why it does no harm.
ARGUED = {
    "index.documents.readers.pdf.read._NO_TITLE": "matched from the beginning of a title, once",
    "bot.discord_app.teaching.unanswered_rows._FORMULA": (
        "only matched from the beginning of a cell, once"
    ),
}

# Made of what a function is given; each is run over short texts only.
NOT_CONSTANT = {
    "bot.evaluation.question_sets.sentence_holds": (
        "escaped words of an answer with white space between"
    ),
    "bot.discord_app.messages.persistent_items._template": (
        "parts of at most 20 characters between colons"
    ),
    "bot.terminal.quote_place._find": (
        "at most eight escaped words with at most 20 other characters between"
    ),
    "bot.answering.quote_references": "the parts of a comprehension, found by its values",
}

# Quadratic time grows sixteenfold, linear fourfold.
_GROWTH = 4
_SUSPECT = 9.0
_MIN_SECONDS = 0.002
_MAX_SECONDS = 0.5
_MAX_PIECES = 8
_ENDS = ("", "\x00", " ", "a")


def modules() -> Iterator[tuple[str, Path]]:
    """Yield the names and files of all modules of the program."""
    for path in sorted(chain((_ROOT / "bot").rglob("*.py"), (_ROOT / "index").rglob("*.py"))):
        parts = path.relative_to(_ROOT).with_suffix("").parts
        if "migrations" not in parts and path.name != "__main__.py":
            yield ".".join(part for part in parts if part != "__init__"), path


def expressions() -> tuple[dict[str, re.Pattern[Any]], list[str]]:
    """Return the regular expressions by where they stand, and the places that cannot be read."""
    found: dict[str, re.Pattern[Any]] = {}
    unread: list[str] = []
    for name, path in modules():
        module = importlib.import_module(name)
        for variable, value in _values(module):
            found[f"{name}.{variable}"] = value
        for place, call in _calls(name, path):
            try:
                source = eval(compile(ast.Expression(call.args[0]), name, "eval"), vars(module))
                if source not in {one.pattern for one in found.values()}:
                    found[place] = re.compile(source)
            except (NameError, TypeError, re.error):
                unread.append(place)
    unique = {(one.pattern, one.flags): place for place, one in reversed(found.items())}
    return {place: found[place] for place in unique.values()}, unread


def _values(module: ModuleType) -> Iterator[tuple[str, re.Pattern[Any]]]:
    """Yield the compiled ones among a module's globals, also in its tuples and dicts."""

    def inside(name: str, value: object) -> Iterator[tuple[str, re.Pattern[Any]]]:
        if isinstance(value, re.Pattern):
            yield name, value
        elif isinstance(value, dict):
            for key, one in value.items():
                yield from inside(f"{name}[{key}]", one)
        elif isinstance(value, tuple):
            for number, one in enumerate(value):
                yield from inside(f"{name}[{number}]", one)

    for name, value in list(vars(module).items()):
        yield from inside(name, value)


def _calls(name: str, path: Path) -> Iterator[tuple[str, ast.Call]]:
    """Yield the calls of `re` in a file, each named by its module and function."""

    def walk(node: ast.AST, place: str) -> Iterator[tuple[str, ast.Call]]:
        for child in ast.iter_child_nodes(node):
            inner = f"{place}.{child.name}" if isinstance(child, ast.FunctionDef) else place
            if isinstance(child, ast.Call) and isinstance(child.func, ast.Attribute):
                owner = child.func.value
                if isinstance(owner, ast.Name) and owner.id == "re" and child.func.attr in _CALLS:
                    yield place, child
            yield from walk(child, inner)

    yield from walk(ast.parse(path.read_text(encoding="utf-8")), name)


def pieces(pattern: re.Pattern[Any]) -> list[str]:
    """Return short strings that parts of a pattern match: its literals and signs of its classes."""
    source = pattern.pattern
    text = source.decode("latin-1") if isinstance(source, bytes) else source
    words = [word for word in re.findall(r"[A-Za-z]{2,}", text) if word not in ("ux", "xx")]
    signs = [sign for sign in "aA1 \n.,-:<>/'\"([_=*;#\u2010\u00e9" if _matches(pattern, sign)]
    found = list(dict.fromkeys([*signs, *words, "a", "1", " "]))
    return found[:_MAX_PIECES]


def _matches(pattern: re.Pattern[Any], sign: str) -> bool:
    """Return whether a character is in a pattern, or in one of the classes that it names."""
    source = pattern.pattern
    text = source.decode("latin-1") if isinstance(source, bytes) else source
    classes = {"w": r"\w", "d": r"\d", "s": r"\s", "S": r"\S", "W": r"\W"}
    named = [known for known in classes.values() if known in text]
    return sign in text or any(re.match(one, sign) for one in named) or "^" in text or "." in text


def strings(pattern: re.Pattern[Any], n_chars: int) -> Iterator[str]:
    """Yield strings of about so many characters that are slow for a pattern."""
    parts = pieces(pattern)
    pumps = chain(parts, (first + second for first, second in product(parts, parts)))
    for pump in pumps:
        body = pump * (n_chars // len(pump))
        for start, end in product(("", *islice(parts, 1)), _ENDS):
            yield start + body + end


def seconds(pattern: re.Pattern[Any], text: str, repeats: int = 1) -> float:
    """Return the shortest time, of some tries, to find all matches."""
    data: Any = text.encode("utf-8") if isinstance(pattern.pattern, bytes) else text
    best = float("inf")
    for _ in range(repeats):
        started = time.perf_counter()
        for _ in pattern.finditer(data):
            pass
        best = min(best, time.perf_counter() - started)
    return best


def growth(pattern: re.Pattern[Any], n_chars: int) -> tuple[float, str]:
    """Return the worst growth of time for four times as many characters, and the string's start."""
    worst, by = 0.0, ""
    for short, long in zip(
        strings(pattern, n_chars), strings(pattern, n_chars * _GROWTH), strict=True
    ):
        took = seconds(pattern, long)
        if took < _MIN_SECONDS:
            continue
        if took > _MAX_SECONDS:
            return took / seconds(pattern, short), repr(long[:12])
        ratio = seconds(pattern, long, 3) / max(seconds(pattern, short, 3), 1e-7)
        if ratio >= _SUSPECT:  # or another process used the CPU
            ratio = seconds(pattern, long, 9) / max(seconds(pattern, short, 9), 1e-7)
        if ratio > worst:
            worst, by = ratio, long
    return worst, f"{by[:12]!r}...{by[-4:]!r}"


@click.command()
@click.option("--chars", default=1000, show_default=True, help="Length of the shorter strings.")
@click.argument("only", nargs=-1)
def main(chars: int, only: tuple[str, ...]) -> None:
    """Run every regular expression, or those of some modules, over strings made to be slow."""
    found, _ = expressions()
    wrong = 0
    for place, pattern in found.items():
        if only and not place.startswith(only):
            continue
        ratio, by = growth(pattern, chars)
        if ratio >= _SUSPECT:
            reason = ARGUED.get(place)
            wrong += reason is None
            click.echo(
                f"{place}: x{ratio:.0f} on {by}: {reason or 'NOT LINEAR'} {pattern.pattern!r}"
            )
    click.echo(f"{len(found)} regular expressions, {wrong} not linear and not argued")
    sys.exit(1 if wrong else 0)


if __name__ == "__main__":
    main()
