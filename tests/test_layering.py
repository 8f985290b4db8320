"""The index stands alone: it imports nothing from the bot and reads no environment."""

import ast
import subprocess
import sys
from pathlib import Path

import pytest

import index

PACKAGE = Path(index.__file__).parent
BOT = PACKAGE.parent / "bot"
MODULES = sorted(PACKAGE.rglob("*.py"))
FORBIDDEN = {"bot", "discord", "dotenv", "click", "rich", "tqdm"}
UNPICKLERS = {"pickle", "cPickle", "_pickle", "dill", "joblib", "marshal", "shelve", "cloudpickle"}

# What each module may import from the package: never from a later line.
LAYERS = [
    {"errors", "terms", "sentences", "tiers", "answer_type", "files", "word_pieces"},
    {"documents", "synonyms", "encoders", "confidence", "names"},
    {"passages", "engine", "choices", "source_table"},
    {"bm25", "passage_lines"},
    {"lexical", "fusion", "meaning", "wordnet", "manifest"},
    {"expansion"},
    {"store", "hits", "information", "places"},
    {"best_sentence", "headings", "taught"},
    {"sides", "texts"},
    {"searcher", "searching", "vector_files", "intake"},
    {"building", "combined", "live"},
    {"builder"},
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
    assert used.isdisjoint({"eval", "exec", "__import__", "import_module"})
    assert {name.split(".")[0] for name in _imported(path)}.isdisjoint(UNPICKLERS)


# What of numpy pickles, where it is not told otherwise, or reads what was pickled.
PICKLING = {"load", "save", "savez", "savez_compressed", "read_array", "write_array"}


def _pickling(code):
    """Yield the calls and imports by which some code may pickle an array."""
    for node in ast.walk(ast.parse(code)):
        if isinstance(node, ast.Call):
            named = {word.arg: ast.unparse(word.value) for word in node.keywords}
            of, _, name = ast.unparse(node.func).rpartition(".")
            is_numpys = of.split(".")[0] in {"np", "numpy"} and name in PICKLING
            if named.get("allow_pickle", "True" if is_numpys else "False") != "False":
                yield ast.unparse(node)
        elif isinstance(node, ast.ImportFrom) and (node.module or "").startswith("numpy"):
            yield from (alias.name for alias in node.names if alias.name in PICKLING)


@pytest.mark.parametrize("path", MODULES, ids=lambda path: str(path.relative_to(PACKAGE)))
def test_arrays_are_read_and_written_without_pickle(path):
    """Each call of numpy's that could pickle says that it must not."""
    assert list(_pickling(path.read_text(encoding="utf-8"))) == []


@pytest.mark.parametrize(
    "code",
    [
        "np.save(path, array)",
        "np.load(path, allow_pickle=True)",
        "np.load(path, allow_pickle=allowed)",
        "numpy.savez(path, array)",
        "np.lib.format.write_array(stream, array)",
        "from numpy import load",
        "from numpy.lib.format import read_array",
    ],
)
def test_pickling_would_be_noticed(code):
    """The test above knows each way to it."""
    assert len(list(_pickling(code))) == 1


@pytest.mark.parametrize(
    ("library", "module"),
    [
        ("rank_bm25", "bm25.py"),
        ("tokenizers", "encoders.py"),
        ("fastembed", "encoders.py"),
        ("rapidfuzz", "expansion.py"),
    ],
)
def test_library_is_imported_by_one_module(library, module):
    """Each library of the ranking is known to one module only."""
    names = {p.name for p in MODULES if library in {n.split(".")[0] for n in _imported(p)}}
    assert names == {module}


def test_models_are_not_loaded_by_importing_the_package():
    """The encoders' libraries are imported where they are used, not at the top of a module."""
    for path in MODULES:
        for node in ast.parse(path.read_text(encoding="utf-8")).body:
            if isinstance(node, ast.Import | ast.ImportFrom):
                assert not {"tokenizers", "fastembed"} & set(ast.unparse(node).split())


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


def test_asking_loads_no_library_that_it_does_not_need(harbour_index, harbour_corpus):
    """A question to an index that is up to date loads what it needs itself."""
    folders = "--corpus", str(harbour_corpus), "--data", str(harbour_index.parent)
    done = subprocess.run(
        [sys.executable, "-X", "importtime", "-m", "bot", "ask", "Who dug the harbour?", *folders],
        capture_output=True,
        text=True,
        check=True,
        timeout=60,
    )
    loaded = {line.rpartition("|")[2].strip() for line in done.stderr.splitlines()}
    assert {"Stemmer", "tokenizers"} <= loaded
    of_builds = {"nltk", "markdown_it", "lxml", "yaml", "tqdm", "filelock"}
    of_others = {"concurrent.futures.process", "discord", "fastembed", "rapidfuzz"}
    assert loaded.isdisjoint(of_builds | of_others)


@pytest.mark.parametrize("path", sorted(BOT.rglob("*.py")), ids=lambda path: path.stem)
def test_database_is_known_to_one_package_that_knows_no_front_end(path):
    """Only `bot.database` speaks SQL, and it imports neither Discord nor the index."""
    packages = {name.split(".")[0] for name in _imported(path)}
    if not path.is_relative_to(BOT / "database"):
        assert packages.isdisjoint({"sqlalchemy", "alembic", "aiosqlite", "asyncpg"})
        return
    assert packages.isdisjoint(FORBIDDEN - {"bot"} | {"index"})
    ours = {name for name in _imported(path) if name.startswith("bot.")}
    assert all(name.startswith(("bot.database.", "bot.errors.")) for name in ours)
