"""What the bot loads when it starts."""

import subprocess
import sys

import pytest


@pytest.mark.process
def test_bot_starts_without_loading_matplotlib():
    """A bot that draws no figures spends neither the second nor the memory that it takes."""
    code = "import sys, bot.discord_app.run; sys.exit('matplotlib' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], timeout=60, check=False).returncode == 0
