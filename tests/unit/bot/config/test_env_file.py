"""Settings that are written into `.env`."""

import os
import stat
from pathlib import Path

import pytest

from bot.config.env_file import read_dotenv, write_setting
from bot.errors import SettingsError

posix = pytest.mark.skipif(os.name != "posix", reason="only POSIX knows of such rights")

OTHERS = "# Mine\nLOG_LEVEL=DEBUG\nDISCORD_TOKEN=\nHEALTH_PORT=9464"


def test_setting_is_written_beside_the_other_lines():
    """A line of the setting is replaced in its place, another one is added; the rest stays."""
    path = Path(".env")
    path.write_text(OTHERS, encoding="utf-8")
    write_setting(path, "DISCORD_TOKEN", "abc.def-g_h")
    write_setting(path, "CORPUS_DIR", "my 'own' texts\\x #1")
    lines = path.read_text(encoding="utf-8").splitlines()
    assert lines[:2] == ["# Mine", "LOG_LEVEL=DEBUG"]
    assert lines[3] == "HEALTH_PORT=9464"
    assert read_dotenv(path) == {
        "LOG_LEVEL": "DEBUG",
        "DISCORD_TOKEN": "abc.def-g_h",
        "HEALTH_PORT": "9464",
        "CORPUS_DIR": "my 'own' texts\\x #1",
    }


@posix
@pytest.mark.parametrize("mode", [None, 0o644, 0o600])
def test_file_is_for_its_owner_only(mode):
    """A new file is, and so is one that others could read before."""
    path = Path(".env")
    if mode is not None:
        path.write_text(OTHERS, encoding="utf-8")
        path.chmod(mode)
    write_setting(path, "DISCORD_TOKEN", "abc")
    assert stat.S_IMODE(path.stat().st_mode) == 0o600


@posix
def test_link_stays_a_link():
    """The file that it leads to is changed, and is for its owner only."""
    Path("real").write_text(OTHERS, encoding="utf-8")
    Path(".env").symlink_to("real")
    write_setting(Path(".env"), "DISCORD_TOKEN", "abc")
    assert Path(".env").is_symlink()
    assert read_dotenv(Path("real"))["DISCORD_TOKEN"] == "abc"
    assert stat.S_IMODE(Path("real").stat().st_mode) == 0o600


def test_line_that_says_the_same_stays_as_it_is():
    """Neither its quotes nor its place change."""
    path = Path(".env")
    path.write_text('DISCORD_TOKEN="abc"\nLOG_LEVEL=INFO\n', encoding="utf-8")
    write_setting(path, "DISCORD_TOKEN", "abc")
    assert path.read_text(encoding="utf-8") == 'DISCORD_TOKEN="abc"\nLOG_LEVEL=INFO\n'


def test_file_that_cannot_be_read_says_what_to_do():
    """A file in another encoding and one that may not be opened are two things."""
    path = Path(".env")
    path.write_bytes("NAME=ä".encode("latin-1"))
    with pytest.raises(SettingsError, match="not UTF-8 text; save it again"):
        read_dotenv(path)
    path.unlink()
    path.mkdir()
    with pytest.raises(SettingsError, match=r"cannot be read \(Is a directory\); let your user"):
        read_dotenv(path)
