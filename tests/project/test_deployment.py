"""The lock file of a deployment fits the ranges of the project."""

import re
import tomllib

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

from tests.support.checkout import REPOSITORY

LOCK = (REPOSITORY / ".deploy" / "requirements.txt").read_text(encoding="utf-8")
BUILD = (REPOSITORY / ".deploy" / "build.in").read_text(encoding="utf-8")
PROJECT = tomllib.loads((REPOSITORY / "pyproject.toml").read_text(encoding="utf-8"))
EXTRAS = PROJECT["project"]["optional-dependencies"]
BUILD_REQUIRES = PROJECT["build-system"]["requires"]
DEPLOYED = [
    *PROJECT["project"]["dependencies"],
    *EXTRAS["charts"],
    *EXTRAS["postgres"],
    *BUILD_REQUIRES,
]

# One entry for each package and marker: what is pinned, and below it the hashes of its files.
ENTRIES = re.findall(r"^(\S[^#\n]*?) \\\n((?:    --hash=.*\n)+)", LOCK, re.MULTILINE)
PINS = [Requirement(pin) for pin, _ in ENTRIES]


@pytest.mark.parametrize("requirement", DEPLOYED)
def test_lock_pins_each_dependency_within_its_range(requirement):
    """Each package that the project names is pinned, on each platform to a version it allows."""
    wanted = Requirement(requirement)
    name = canonicalize_name(wanted.name)
    versions = [
        next(iter(pin.specifier)).version for pin in PINS if canonicalize_name(pin.name) == name
    ]
    assert versions
    assert all(wanted.specifier.contains(version) for version in versions)


def test_lock_holds_exact_versions_with_hashes_and_nothing_else():
    """Every line is a comment, a pin of one version, or a SHA-256; none names an index or host."""
    assert all([one.operator for one in pin.specifier] == ["=="] for pin in PINS)
    kinds = re.compile(r"#.*|[a-z0-9-]+==\S+( ; .*)? \\|    --hash=sha256:[0-9a-f]{64}( \\)?")
    assert [line for line in LOCK.splitlines() if not kinds.fullmatch(line)] == []
    assert len(PINS) == len(re.findall(r"^\S+==", LOCK, re.MULTILINE))


def test_lock_is_written_for_the_build_that_the_project_names():
    """The packages that build the project are those of `pyproject.toml`."""
    assert [line for line in BUILD.splitlines() if not line.startswith("#")] == BUILD_REQUIRES


def test_operators_page_says_how_the_lock_is_used_and_renewed():
    """It names the commands that install from the lock file and write it again."""
    page = (REPOSITORY / ".deploy" / "README.md").read_text(encoding="utf-8")
    assert "pip install --require-hashes -r .deploy/requirements.txt" in page
    assert "pip install --no-deps --no-build-isolation ." in page
    assert "bash .deploy/lock --upgrade" in page
