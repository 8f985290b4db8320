"""Tests of the order in which the parts of the stand-in import each other."""

import ast
import re
from pathlib import Path

import pytest

from tests import standin

FOLDER = Path(standin.__file__).parent

# The parts in each line of the layout, from the lowest to the highest.
LAYERS = [
    re.findall(r"`(\w+)(?:/|\.py)`", line.partition(":")[0])
    for line in (standin.__doc__ or "").partition("Layout;")[2].splitlines()
    if line.startswith("- ")
]
PARTS = [part for layer in LAYERS for part in layer]


def _imported_parts(file):
    """Return the parts of the stand-in that a file imports."""
    modules = [
        node.module or ""
        for node in ast.walk(ast.parse(file.read_text(encoding="utf-8")))
        if isinstance(node, ast.ImportFrom)
    ]
    return {name.split(".")[2] for name in modules if name.startswith("tests.standin.")}


@pytest.mark.parametrize("part", PARTS)
def test_part_imports_only_parts_above_it(part):
    """Each part imports only itself and parts of earlier lines of the layout."""
    files = [FOLDER / f"{part}.py", *(FOLDER / part).rglob("*.py")]
    imported = {name for file in files if file.is_file() for name in _imported_parts(file)}
    layer = next(layer for layer in LAYERS if part in layer)
    allowed = {name for earlier in LAYERS[: LAYERS.index(layer)] for name in earlier}
    assert imported - {part} <= allowed


def test_layout_names_every_part():
    """The docstring of `tests.standin` lists every module and folder but the tests."""
    found = {path.stem for path in FOLDER.glob("[a-z]*") if not path.name.startswith("test_")}
    assert found == set(PARTS)
