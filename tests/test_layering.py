"""The index stands alone: it imports nothing from the bot and reads no environment."""

import ast
from pathlib import Path

import pytest

import index

PACKAGE = Path(index.__file__).parent
MODULES = sorted(PACKAGE.rglob("*.py"))
FORBIDDEN = {"bot", "discord", "dotenv", "click", "rich", "tqdm"}
UNPICKLERS = {"pickle", "cPickle", "_pickle", "dill", "joblib", "marshal", "shelve", "cloudpickle"}

# What each module may import from the package: never from a later line.
LAYERS = [
    {"errors", "terms", "sentences"},
    {"documents"},
    {"passages", "bm25"},
    {"store"},
    {"searcher", "builder"},
    {"live"},
]


def _imported(path):
    """Yield the dotted names that a module imports, wherever in it the import stands."""
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"relative import in {path}"
            yield from (f"{node.module}.{alias.name}" for alias in node.names)


def _names_used(path):
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Attribute):
            yield node.attr
        elif isinstance(node, ast.Name):
            yield node.id
        elif isinstance(node, ast.alias):
            yield node.name


def test_layering_sees_every_module():
    """The list of modules is not empty and includes the readers."""
    assert {"bm25.py", "store.py", "markdown.py"} <= {path.name for path in MODULES}


@pytest.mark.parametrize("path", MODULES, ids=lambda path: str(path.relative_to(PACKAGE)))
def test_index_imports_nothing_of_the_front_ends(path):
    """No module of the index knows the bot or the libraries of its surfaces."""
    assert {name.split(".")[0] for name in _imported(path)}.isdisjoint(FORBIDDEN)


@pytest.mark.parametrize("path", MODULES, ids=lambda path: str(path.relative_to(PACKAGE)))
def test_index_reads_no_environment_and_unpickles_nothing(path):
    """No module reads a variable, unpickles, evaluates or imports by a computed name."""
    used = set(_names_used(path))
    assert used.isdisjoint({"environ", "environb", "getenv", "putenv"})
    assert used.isdisjoint({"eval", "exec", "__import__", "import_module", "allow_pickle"})
    assert {name.split(".")[0] for name in _imported(path)}.isdisjoint(UNPICKLERS)


def test_rank_bm25_is_imported_by_one_module():
    """Only index/bm25.py knows the scoring library."""
    importers = [p.name for p in MODULES if any("rank_bm25" in name for name in _imported(p))]
    assert importers == ["bm25.py"]


@pytest.mark.parametrize("path", MODULES, ids=lambda path: str(path.relative_to(PACKAGE)))
def test_index_modules_import_only_from_lower_layers(path):
    """Inside the package imports lead one way; the package's own door imports any of them."""
    name = path.relative_to(PACKAGE).parts[0].removesuffix(".py")
    if name == "__init__":
        return
    level = next(n for n, layer in enumerate(LAYERS) if name in layer)
    allowed = set().union(*LAYERS[:level])
    used = {found.split(".")[1] for found in _imported(path) if found.startswith("index.")}
    assert used - {name} <= allowed
