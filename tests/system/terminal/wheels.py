"""Build the wheel, and install it alone."""

import subprocess
import sys
import sysconfig
from pathlib import Path


def build_wheel(source: Path, folder: Path) -> Path:
    """Build the wheel of a source folder without network, and return it."""
    command = [sys.executable, "-m", "pip", "wheel", "--quiet", "--no-deps", "--no-index"]
    _run(*command, "--no-build-isolation", "--wheel-dir", folder, source)
    (wheel,) = folder.glob("*.whl")
    return wheel


def install_alone(wheel: Path, folder: Path) -> Path:
    """Install a wheel into an environment of its own, and return the command.

    What the wheel needs is found in the environment of the tests, and the checkout is not: of a
    folder that a `.pth` file names, Python reads no `.pth` files.
    """
    _run(sys.executable, "-m", "venv", "--without-pip", folder)
    python = folder / "bin" / "python"
    pip = [sys.executable, "-m", "pip", "--python", str(python)]
    _run(*pip, "install", "--quiet", "--no-deps", "--no-index", wheel)
    (packages,) = folder.glob("lib/python*/site-packages")
    needed = {sysconfig.get_path(name) for name in ("purelib", "platlib")}
    (packages / "needed.pth").write_text("\n".join(sorted(needed)))
    where = "import bot, index; print(*bot.__path__, *index.__path__)"
    found = _run(python, "-P", "-c", where).split()
    assert found == [str(packages / "bot"), str(packages / "index")]
    return python.with_name("pullquote")


def _run(*command: str | Path) -> str:
    """Run a command, which must succeed, and return what it prints."""
    done = subprocess.run(command, capture_output=True, text=True, timeout=300, check=False)
    assert done.returncode == 0, done.stderr
    return done.stdout
