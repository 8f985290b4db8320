"""The wheel: what is in it, and that it works wherever it is installed."""

import ast
import os
import shutil
import subprocess
import sys
import tomllib
import zipfile
from pathlib import Path

import pexpect
import pytest

from bot.languages.catalogues import LANGUAGES
from bot.launcher import _OLDEST_PYTHON
from index import Searcher
from tests.support.checkout import REPOSITORY
from tests.system.terminal.wheels import build_wheel

pytestmark = pytest.mark.xdist_group("wheel")

SOURCES = ("pyproject.toml", "README.md", "LICENSE", "bot", "index", "corpus")
LICENSES = ("LICENSE", "bot/answering/message_kinds/ORIGIN.md", "index/vectors/encoder/LICENSE")


@pytest.fixture(scope="module")
def installed(wheel, tmp_path_factory):
    """A folder with what the wheel installs, for PYTHONPATH."""
    folder = tmp_path_factory.mktemp("installed")
    with zipfile.ZipFile(wheel) as archive:
        archive.extractall(folder)
    return folder


@pytest.fixture
def empty(tmp_path, monkeypatch):
    """An empty folder, which is the working folder."""
    folder = tmp_path / "empty"
    folder.mkdir()
    monkeypatch.chdir(folder)
    return folder


def _environment(*folders, **settings):
    """Return the environment in which the packages of these folders are found first."""
    path = os.pathsep.join(map(str, folders))
    return os.environ | {"PYTHONPATH": path, "PYTHONSAFEPATH": "1", "TERM": "xterm"} | settings


def _run(*arguments, env, within=()):
    return subprocess.run(
        [*within, sys.executable, "-m", "pullquote", *arguments],
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        env=env,
        timeout=120,
        check=False,
    )


def test_wheel_holds_everything_and_nothing_else(wheel):
    """The code, what it reads, the sample and the licences; no tests, pages or settings."""
    files = {
        path.relative_to(REPOSITORY).as_posix()
        for package in ("bot", "index")
        for path in (REPOSITORY / package).rglob("*")
        if path.is_file() and path.name != "README.md" and path.suffix != ".pyc"
    }
    assert files >= {f"bot/languages/{language}.po" for language in LANGUAGES if language != "en"}
    assert any(name.startswith("bot/database/schema/migrations/") for name in files)
    assert files >= {f"index/vectors/encoder/{name}" for name in ("model.onnx", "ORIGIN.md")}
    expected = files - {"bot/launcher.py"} | {"pullquote.py"}
    expected |= {"bot/sample_corpus/README.md", "bot/sample_corpus/us-israel-2023.md"}
    about = "pullquote-0.1.0.dist-info"
    expected |= {f"{about}/{name}" for name in ("METADATA", "RECORD", "WHEEL", "entry_points.txt")}
    expected |= {f"{about}/licenses/{name}" for name in LICENSES}
    with zipfile.ZipFile(wheel) as archive:
        names = archive.namelist()
    assert sorted(names) == sorted(expected)


def test_two_builds_are_the_same_bytes(wheel, tmp_path):
    """Another copy, with other times and permissions of its files, gives the same wheel."""
    copy = tmp_path / "copy"
    copy.mkdir()
    for name in SOURCES:
        if (REPOSITORY / name).is_dir():
            kept = shutil.ignore_patterns("__pycache__")
            shutil.copytree(REPOSITORY / name, copy / name, copy_function=shutil.copy, ignore=kept)
        else:
            shutil.copy(REPOSITORY / name, copy / name)
    for path in copy.rglob("*.py"):
        path.chmod(0o600)
    assert build_wheel(copy, tmp_path / "again").read_bytes() == wheel.read_bytes()


def test_own_texts_and_removed_sample_leave_the_build_alone(tmp_path):
    """An owner's texts do not get into the wheel, and the sample may be removed."""
    for name in SOURCES[:3]:
        shutil.copy(REPOSITORY / name, tmp_path / name)
    (tmp_path / "corpus").mkdir()
    (tmp_path / "corpus" / "diary.txt").write_text("Private.")
    for package in ("bot", "index"):
        (tmp_path / package).mkdir()
        shutil.copy(REPOSITORY / package / "__init__.py", tmp_path / package)
    shutil.copy(REPOSITORY / "bot" / "launcher.py", tmp_path / "bot")
    for name in LICENSES[1:]:
        (tmp_path / name).parent.mkdir(parents=True)
        shutil.copy(REPOSITORY / name, tmp_path / name)
    with zipfile.ZipFile(build_wheel(tmp_path, tmp_path / "built")) as archive:
        names = archive.namelist()
    assert "pullquote.py" in names
    assert [name for name in names if "corpus" in name] == []


def _without_network():
    """Return what starts a program in a network of its own, without an interface."""
    command = [shutil.which("unshare") or "unshare", "--net", "--map-root-user"]
    try:
        done = subprocess.run([*command, "true"], capture_output=True, timeout=10, check=False)
    except OSError:
        pytest.skip("needs unshare of util-linux")
    if done.returncode:
        pytest.skip("needs the right to make namespaces of the network")
    return command


def test_wheel_in_an_empty_folder_offers_the_sample_and_answers_without_network(installed, empty):
    """`pullquote` asks first, then makes the folder, and answers with the encoder inside."""
    offline = _without_network()
    arguments = [*offline, sys.executable, "-m", "pullquote"]
    env = _environment(installed, RETRIEVAL="encoder")
    child = pexpect.spawn(arguments[0], arguments[1:], env=env, encoding="utf-8", timeout=120)
    child.expect_exact("with a sample text to try? [Y/n]")
    assert list(empty.iterdir()) == []
    child.sendline("")
    child.expect_exact("\r\n? ")
    child.sendline("Which politicians opposed the military aid in Congress?")
    child.expect("us-israel-2023.md")
    child.expect_exact("\r\n? ")
    child.sendeof()
    child.expect(pexpect.EOF)
    child.close()
    assert child.exitstatus == 0
    assert sorted(path.name for path in empty.iterdir()) == [".pullquote", "corpus"]
    done = _run("rebuild", env=env, within=offline)  # on a busy machine vectors come later
    assert done.returncode == 0, done.stderr
    assert Searcher.open(empty / ".pullquote" / "index").manifest.encoder_hash is not None


def test_offer_of_the_sample_can_be_declined(installed, empty):
    """No is one line, and leaves the folder empty."""
    env = _environment(installed)
    child = pexpect.spawn(sys.executable, ["-m", "pullquote"], env=env, encoding="utf-8")
    child.expect_exact("[Y/n]")
    child.sendline("n")
    child.expect_exact("nothing was made; put your texts into a folder 'corpus' and start again")
    child.expect(pexpect.EOF)
    child.close()
    assert (child.exitstatus, list(empty.iterdir())) == (1, [])


def test_sample_is_not_made_where_nobody_can_be_asked(installed, empty):
    """Without a terminal one line says what to do, and nothing is written."""
    done = _run(env=_environment(installed))
    assert (done.returncode, done.stdout, list(empty.iterdir())) == (1, "", [])
    assert done.stderr == (
        "pullquote: corpus: no such folder; put your texts into it, or run `pullquote` in a "
        "terminal, which offers a sample text; `pullquote init` sets up a bot\n"
    )


@pytest.mark.usefixtures("empty")
def test_mistyped_folder_is_not_filled_with_the_sample(installed, tmp_path):
    """A folder that was chosen is only missing."""
    done = _run("--corpus", str(tmp_path / "text"), env=_environment(installed))
    assert (done.returncode, "text: no such folder" in done.stderr) == (1, True)
    assert not (tmp_path / "text").exists()


@pytest.mark.parametrize("name", ["bot", "index"])
@pytest.mark.parametrize("is_package", [True, False], ids=["package", "module"])
def test_foreign_package_of_the_same_name_is_one_clear_line(installed, tmp_path, name, is_package):
    """It is not run, and the line says which it is and what to do."""
    place = tmp_path / "foreign" / (f"{name}/__init__.py" if is_package else f"{name}.py")
    place.parent.mkdir(parents=True)
    place.write_text("raise SystemExit('it ran')\n")
    done = _run("--version", env=_environment(tmp_path / "foreign", installed))
    assert done.returncode == 1
    assert done.stderr == (
        f"{place} is not Pullquote's package '{name}'; move it, or take its folder out of "
        "PYTHONPATH\n"
    )


def test_foreign_distribution_that_overwrote_a_package_is_named(installed, tmp_path):
    """Two distributions with one name cannot share an environment."""
    both = Path(shutil.copytree(installed, tmp_path / "both"))
    (both / "bot" / "__init__.py").write_text("x = 1\n")
    about = both / "a_bot-1.0.dist-info"
    about.mkdir()
    (about / "METADATA").write_text("Metadata-Version: 2.1\nName: a-bot\nVersion: 1.0\n")
    (about / "RECORD").write_text("bot/__init__.py,,\n")
    done = _run("--version", env=_environment(both))
    assert done.returncode == 1
    assert done.stderr.endswith(
        "it comes from a-bot: install pullquote into an environment of its own, as pipx does\n"
    )


def test_package_of_the_working_folder_is_not_looked_at(installed, empty):
    """The command, which Python starts from its own folder, does not see it."""
    (empty / "bot.py").write_text("raise SystemExit('it ran')\n")
    done = _run("--version", env=_environment(installed))
    assert (done.returncode, "0.1.0" in done.stdout) == (0, True)


def test_python_that_is_too_old_is_one_clear_line(installed):
    """Older Pythons can read the module that the command starts, and no other is imported."""
    launcher = (installed / "pullquote.py").read_text(encoding="utf-8")
    ast.parse(launcher, feature_version=(3, 7))
    code = "import sys; sys.version_info = (3, 10, 4); import pullquote; pullquote.main()"
    done = subprocess.run(
        [sys.executable, "-c", code],
        capture_output=True,
        text=True,
        env=_environment(installed),
        check=False,
    )
    assert (done.returncode, done.stdout) == (1, "")
    assert done.stderr == (
        f"Pullquote needs Python 3.11 or newer, and this is 3.10 ({sys.executable}); install it "
        "with a newer one\n"
    )


def test_oldest_python_is_that_of_the_project():
    """The command and pip refuse the same."""
    project = tomllib.loads((REPOSITORY / "pyproject.toml").read_text(encoding="utf-8"))
    assert project["project"]["requires-python"] == f">={'.'.join(map(str, _OLDEST_PYTHON))}"
