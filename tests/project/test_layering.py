"""Which folder may import which, what the index may not do, and how full a folder may be."""

import ast
import os
import subprocess
import sys
from functools import cache
from pathlib import Path

import pytest

import bot.answering
import bot.database
import index
from tests.support.checkout import REPOSITORY

pytestmark = pytest.mark.xdist_group("layering")  # each process would parse every module

PACKAGE = Path(index.__file__).parent
BOT = PACKAGE.parent / "bot"
TESTS = REPOSITORY / "tests"
UNIT_TESTS = TESTS / "unit"
MODULES = sorted(PACKAGE.rglob("*.py"))
BOT_MODULES = sorted(BOT.rglob("*.py"))
FORBIDDEN = {"bot", "discord", "dotenv", "click", "rich", "tqdm"}
UNPICKLERS = {"pickle", "cPickle", "_pickle", "dill", "joblib", "marshal", "shelve", "cloudpickle"}

# The folders of the index, lowest first: each may import from those before its own line, and from
# the modules beside them, which import from no folder.
LAYERS = [
    {"analysis"},
    {"documents"},
    {"passages"},
    {"lexical", "vectors"},
    {"storage"},
    {"search", "construction"},
    {"cluster"},
]

# The folders of the Discord application: what features share, lowest first, and the features.
KIT = ["context", "messages", "commands"]
FEATURES = {"texts", "teaching", "admin", "privacy"}
ENTRANCES = {"run", "client", "cogs", "token_check", "stale_components"}

MAX_ENTRIES = 14
UNCOUNTED = {"__init__.py", "README.md", "py.typed", "__pycache__", "languages", "data", "encoder"}


@cache
def _tree(path):
    """Return the syntax tree of a module, parsed once for all tests."""
    return ast.parse(path.read_text(encoding="utf-8"))


@cache
def _imported(path):
    """Return the dotted names that a module imports, wherever in it the import stands."""
    names = set()
    for node in ast.walk(_tree(path)):
        if isinstance(node, ast.Import):
            names |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"relative import in {path}"
            names |= {f"{node.module}.{alias.name}" for alias in node.names}
    return names


def _names_used(path):
    """Yield the names that a module uses or imports."""
    for node in ast.walk(_tree(path)):
        if isinstance(node, ast.Attribute):
            yield node.attr
        elif isinstance(node, ast.Name):
            yield node.id
        elif isinstance(node, ast.alias):
            yield node.name


def test_layering_sees_every_module():
    """The list of modules is not empty and includes the readers."""
    assert {"bm25.py", "build_files.py", "blocks.py"} <= {path.name for path in MODULES}


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


def _pickling(tree):
    """Yield the calls and imports by which some code may pickle an array."""
    for node in ast.walk(tree):
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
    assert list(_pickling(_tree(path))) == []


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
    assert len(list(_pickling(ast.parse(code)))) == 1


@pytest.mark.parametrize(
    ("library", "module"),
    [
        ("rank_bm25", "lexical/bm25.py"),
        ("tokenizers", "vectors/models/word_pieces.py"),
        ("sentencepiece", "vectors/models/word_pieces.py"),
        ("onnxruntime", "vectors/models/encoder.py"),
        ("rapidfuzz", "search/ranking/query_expansion.py"),
    ],
)
def test_library_is_imported_by_one_module(library, module):
    """Each library of the ranking is known to one module only."""
    importers = {p for p in MODULES if library in {n.split(".")[0] for n in _imported(p)}}
    assert importers == {PACKAGE / module}


def test_library_of_the_hub_is_imported_by_the_fetch_alone():
    """Nothing else of the index can reach the network."""
    importers = {p for p in MODULES if "huggingface_hub" in {n.split(".")[0] for n in _imported(p)}}
    fetching = {PACKAGE / "vectors/models" / name for name in ("hub_client.py", "fetch_model.py")}
    assert set() < importers <= fetching


MODEL_LIBRARIES = {"tokenizers", "sentencepiece", "onnxruntime", "huggingface_hub"}


def test_models_are_not_loaded_by_importing_the_package():
    """The encoders' libraries are imported where they are used, not at the top of a module."""
    for path in MODULES:
        for node in _tree(path).body:
            if isinstance(node, ast.Import | ast.ImportFrom):
                assert not MODEL_LIBRARIES & set(ast.unparse(node).split())


def _folder(path, package):
    """Return the folder of a package that a module lies in; "" for those beside the folders."""
    parts = path.relative_to(package).parts
    return parts[0] if len(parts) > 1 else ""


def _folders_imported(path, package):
    """Return the folders of a package that a module imports from; "" stands for its modules."""
    prefix = f"{'.'.join(package.relative_to(PACKAGE.parent).parts)}."
    names = {found.removeprefix(prefix) for found in _imported(path) if found.startswith(prefix)}
    heads = {name.split(".")[0] for name in names}
    return {head if (package / head).is_dir() else "" for head in heads}


@pytest.mark.parametrize("path", MODULES, ids=lambda path: str(path.relative_to(PACKAGE)))
def test_index_modules_import_only_from_lower_folders(path):
    """Inside the package imports lead one way; the package's own door imports any of them."""
    folder = _folder(path, PACKAGE)
    if path == PACKAGE / "__init__.py":
        return
    level = next((n for n, layer in enumerate(LAYERS) if folder in layer), 0)
    allowed = {"", folder}.union(*LAYERS[:level])
    assert _folders_imported(path, PACKAGE) <= allowed


@pytest.mark.parametrize("path", BOT_MODULES, ids=lambda path: str(path.relative_to(BOT)))
def test_bot_knows_of_the_index_only_its_face(path):
    """What the bot uses of the index is named in the index's `__all__`."""
    names = {name for name in _imported(path) if name.split(".")[0] == "index"}
    faced = {f"index.{name}" for name in index.__all__}
    assert names <= faced


@pytest.mark.parametrize("path", BOT_MODULES, ids=lambda path: str(path.relative_to(BOT)))
def test_others_know_of_answering_and_the_database_only_the_faces(path):
    """What they use of these packages is named in their `__all__`."""
    for face in (bot.answering, bot.database):
        prefix = f"{face.__name__}."
        if not path.is_relative_to(Path(face.__path__[0])):
            names = {name for name in _imported(path) if name.startswith(prefix)}
            assert names <= {f"{prefix}{name}" for name in face.__all__}


DISCORD = BOT / "discord_app"


@pytest.mark.parametrize(
    "path", sorted(DISCORD.rglob("*.py")), ids=lambda path: str(path.relative_to(DISCORD))
)
def test_features_of_discord_import_the_kit_and_no_other_feature(path):
    """`context` < `messages` < `commands` < `questions` < each feature < `cogs` < `run`."""
    folder = _folder(path, DISCORD)
    if folder == "":
        return
    levels = [*KIT, "questions"]
    allowed = {folder}
    if folder == "gateway":
        allowed |= {"context"}
    elif folder in FEATURES:
        allowed |= set(levels)
    else:
        allowed |= set(levels[: levels.index(folder)])
    assert _folders_imported(path, DISCORD) <= allowed


@pytest.mark.parametrize("path", BOT_MODULES, ids=lambda path: str(path.relative_to(BOT)))
def test_patches_of_discord_are_used_where_the_bot_is_put_together(path):
    """Only `run`, `client`, `cogs` and `token_check` import from `gateway`."""
    gateway = "bot.discord_app.gateway."
    users = {DISCORD / f"{name}.py" for name in ("run", "client", "cogs", "token_check")}
    if path not in users and not path.is_relative_to(DISCORD / "gateway"):
        assert not [name for name in _imported(path) if name.startswith(gateway)]


def test_entrances_of_discord_are_the_only_modules_beside_its_features():
    """They put the features and the gateway together."""
    beside = {path.stem for path in DISCORD.glob("*.py")} - {"__init__"}
    assert beside == ENTRANCES


@pytest.mark.parametrize("path", BOT_MODULES, ids=lambda path: str(path.relative_to(BOT)))
def test_parts_of_the_bot_know_no_surface_above_them(path):
    """Only the command line knows Discord's; what answers knows neither, nor what is rendered."""
    used, folder = _folders_imported(path, BOT), _folder(path, BOT)
    surfaces = {"terminal", "discord_app"}
    if folder == "answering":
        assert used <= {"", "answering", "languages"}
    elif folder == "rendering":
        assert used <= {"", "rendering", "answering", "languages"}
    elif folder == "discord_app":
        assert used.isdisjoint({"terminal", "evaluation"})
    elif path in (BOT / "terminal/cli.py", BOT / "__main__.py"):
        assert used & surfaces
    else:
        assert used.isdisjoint(surfaces - {folder})


@pytest.mark.parametrize("package", [BOT, PACKAGE, TESTS], ids=lambda package: package.name)
def test_no_folder_is_too_full_to_look_through(package):
    """A reader finds what they look for among at most 14 entries."""
    folders = [package, *(p for p in package.rglob("*") if p.is_dir() and p.name != "__pycache__")]
    counts = {
        str(folder.relative_to(package)): len({p.name for p in folder.iterdir()} - UNCOUNTED)
        for folder in folders
        if folder.name not in UNCOUNTED
    }
    assert len(counts) > 5
    assert {name: count for name, count in counts.items() if count > MAX_ENTRIES} == {}


@pytest.mark.parametrize(
    "path",
    sorted((TESTS / "unit").rglob("test_*.py")),
    ids=lambda path: str(path.relative_to(TESTS)),
)
def test_unit_tests_lie_as_their_modules_do(path):
    """`unit/index/lexical/test_bm25.py` tests `index/lexical/bm25.py`."""
    module = path.with_name(path.name.removeprefix("test_")).relative_to(UNIT_TESTS)
    assert (REPOSITORY / module).is_file()


@pytest.mark.parametrize(
    ("tier", "needed"),
    [("lexical", {"Stemmer"}), ("auto", {"Stemmer", "tokenizers", "onnxruntime"})],
)
def test_asking_loads_no_library_that_it_does_not_need(harbour_index, harbour_corpus, tier, needed):
    """A question to an index that is up to date loads what it needs itself."""
    if tier != "lexical":
        encoder = index.EncoderChoice("", harbour_index.parent / "models")
        index.build_index(harbour_corpus, harbour_index, encoder=encoder, within_s=None)
    folders = "--corpus", str(harbour_corpus), "--data", str(harbour_index.parent)
    done = subprocess.run(
        [sys.executable, "-X", "importtime", "-m", "bot", "ask", "Who dug the harbour?", *folders],
        capture_output=True,
        text=True,
        check=True,
        timeout=60,
        env={**os.environ, "RETRIEVAL": tier},
    )
    loaded = {line.rpartition("|")[2].strip() for line in done.stderr.splitlines()}
    assert needed == loaded & {"Stemmer", "tokenizers", "onnxruntime"}
    of_builds = {"nltk", "markdown_it", "lxml", "yaml", "tqdm", "filelock"}
    of_others = {"concurrent.futures.process", "discord", "huggingface_hub", "rapidfuzz"}
    assert loaded.isdisjoint(of_builds | of_others)


@pytest.mark.parametrize("path", BOT_MODULES, ids=lambda path: str(path.relative_to(BOT)))
def test_database_is_known_to_one_package_that_knows_no_front_end(path):
    """Only `bot.database` speaks SQL; of all else it knows how the index names a passage."""
    packages = {name.split(".")[0] for name in _imported(path)}
    if not path.is_relative_to(BOT / "database"):
        assert packages.isdisjoint({"sqlalchemy", "alembic", "aiosqlite", "asyncpg"})
        return
    assert packages.isdisjoint(FORBIDDEN - {"bot"})
    assert {name for name in _imported(path) if name.startswith("index")} <= {"index.PassageRef"}
    ours = {name for name in _imported(path) if name.startswith("bot.")}
    assert all(name.startswith(("bot.database.", "bot.errors.")) for name in ours)


@pytest.mark.parametrize(("given", "used"), [(None, "1"), ("3", "3")])
def test_products_of_matrices_take_one_thread_unless_told_otherwise(given, used):
    """The library that numpy multiplies with reads the variable when numpy is imported."""
    variable = "OPENBLAS_NUM_THREADS"
    env = {name: value for name, value in os.environ.items() if name != variable}
    code = f"import bot, os, sys; print(os.environ['{variable}'], 'numpy' in sys.modules)"
    done = subprocess.run(
        [sys.executable, "-c", code],
        env=env | ({variable: given} if given else {}),
        capture_output=True,
        text=True,
        check=True,
    )
    assert done.stdout.split() == [used, "False"]
